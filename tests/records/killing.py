"""Ends of a run at any step that changes the disk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

HOOKS: list[Callable[[str, tuple[Any, ...]], None]] = []


@pytest.fixture(name="audit")
def audited() -> Iterator[list[Callable[[str, tuple[Any, ...]], None]]]:
    """Yield the hooks in use; one that was added to Python can never be removed."""
    if not getattr(sys, "_vocobase_audit", False):
        sys.addaudithook(lambda event, arguments: [hook(event, arguments) for hook in HOOKS] and None)
        sys._vocobase_audit = True  # type: ignore[attr-defined]
    yield HOOKS
    HOOKS.clear()
