"""Pages are slices of one list, newest first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.support import Api, Receiver
from tests.sandbox.values import BOUNDED
from vocobase_sandbox import Sandbox

PAGED = {"/agent": ("agents", 7), "/calls": ("calls", 9), "/documents": ("documents", 23)}


@pytest.fixture(scope="module")
def crowd() -> Iterator[Api]:
    """An account with several pages of everything that is paged, some of it deleted."""
    with Sandbox(clock="manual", rate_limits=False, concurrency=0) as sandbox:
        api = Api(sandbox, Receiver())
        with api.client, api.bare:
            agents: list[str] = []
            documents: list[str] = []
            link = {"name": "Page", "url": "https://example.com/"}
            for number in range(25):
                documents.append(api.ok("POST", "/documents/web-link", link)["id"])
                if number < 9:
                    agents.append(api.agent()["id"])
                    api.call(agents[0])
                api.advance(1)
            for key in agents[3:5]:
                api.ok("DELETE", f"/agent/{key}")
            for key in documents[10:12]:
                api.ok("DELETE", f"/documents/{key}")
            yield api


@pytest.mark.parametrize("path", PAGED)
@given(limit=st.integers(1, 100), offset=st.integers(0, 30) | st.integers(0, 10**40))
@settings(BOUNDED, max_examples=40)
def test_a_page_is_a_cut_of_the_whole_list(crowd: Api, path: str, limit: int, offset: int) -> None:
    rows, total = PAGED[path]
    whole = crowd.ok("GET", path, params={"limit": 100})[rows]
    page = crowd.ok("GET", path, params={"limit": limit, "offset": offset})
    assert page[rows] == whole[offset : offset + limit]
    assert (page["total"], page["limit"], page["offset"]) == (total, limit, offset)


@pytest.mark.parametrize("path", PAGED)
@given(limit=st.integers(1, 12))
@BOUNDED
def test_pages_show_every_row_once_and_the_newest_first(crowd: Api, path: str, limit: int) -> None:
    rows, total = PAGED[path]
    shown = [
        row
        for offset in range(0, total, limit)
        for row in crowd.ok("GET", path, params={"limit": limit, "offset": offset})[rows]
    ]
    keys = [row.get("id") or row["call_id"] for row in shown]
    assert len(keys) == len(set(keys)) == total
    times = [row["created_at"] for row in shown]
    assert times == sorted(times, reverse=True)
