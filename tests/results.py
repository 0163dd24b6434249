"""What a function of another module returns, while everything else continues."""

from __future__ import annotations

from typing import Any

import pytest


def results_of(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[Any]:
    """Return the list to which each later result of a function is added."""
    results: list[Any] = []
    function = getattr(owner, name)

    def call(*args: Any, **options: Any) -> Any:
        results.append(function(*args, **options))
        return results[-1]

    monkeypatch.setattr(owner, name, call)
    return results
