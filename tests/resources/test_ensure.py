"""The lists that are tested in `aio/` and `sync/`."""

from __future__ import annotations

from tests.resources.lists import LISTS


def test_the_lists_were_found() -> None:
    assert len(LISTS) >= 12
