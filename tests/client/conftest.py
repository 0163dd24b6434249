"""Fixtures of the tests of routes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client.routes import MOVED
from vocobase_raw.routes import ROUTES
from vocobase_sandbox import Sandbox


@pytest.fixture
def inferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever openapi.json says of its evidence, these two routes are inferred here and one is not."""
    for key, level in (
        ("campaigns.stop", "inferred"),
        ("agents.documents.unlink", "inferred"),
        ("campaigns.start", "reference"),
    ):
        method, path, _ = ROUTES[key]
        monkeypatch.setitem(ROUTES, key, (method, path, level))


@pytest.fixture
def moved() -> Iterator[Sandbox]:
    with Sandbox(routes=MOVED) as sandbox:
        yield sandbox
