"""A callback that would never run is refused by every method that takes one, before anything is done."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.client.callbacks import NEVER_RUN, awaited, takers
from vocobase import AsyncVocobase, InvalidArgumentError

KEY = "rg_live_x"


def refuse(request: httpx.Request) -> httpx.Response:
    raise AssertionError(request)


@pytest.fixture
def needed(tmp_path: Path) -> dict[str, Any]:
    """Arguments that the methods cannot do without."""
    return {
        "agent_id": "a",
        "call_id": "c",
        "call_ids": ["c"],
        "campaign_id": "c",
        "folder": tmp_path,
        "jobs": [],
        "ledger": tmp_path / "ledger.sqlite",
        "paths": [],
        "session_id": "s",
        "slug": "lobby",
        "source": tmp_path / "people.csv",
    }


async def async_done(result: Any) -> Any:
    """Wait for a result, if there is something to wait for: not every method is a coroutine."""
    if isinstance(result, Awaitable):
        return await result
    return result


async def test_no_method_takes_a_callback_that_would_never_run(needed: dict[str, Any]) -> None:
    async with AsyncVocobase(KEY, transport=httpx.MockTransport(refuse)) as vb:
        tried = list[str]()
        for name, method, parameter, required in takers(vb):
            for callback, words in NEVER_RUN:
                given = {**{each: needed[each] for each in required}, parameter: callback}
                with pytest.raises(InvalidArgumentError) as caught:
                    await async_done(method(**given))
                what = parameter if name == "with_options" else f"{name}: {parameter}"
                assert str(caught.value) == f"{what} must be {words}."
            tried.append(name)
        assert tried == [
            "agents.documents.sync",
            "background_audio.ensure",
            "background_audio.upload",
            "calls.start_many",
            "calls.wait",
            "calls.wait_all",
            "calls.work",
            "campaigns.import_contacts",
            "documents.download_all",
            "documents.upload",
            "documents.upload_many",
            "sessions.wait",
            "with_options",
            "with_options",
        ]
    assert not needed["ledger"].exists()


def test_nor_does_the_constructor() -> None:
    for callback, words in NEVER_RUN:
        with pytest.raises(InvalidArgumentError) as caught:
            AsyncVocobase(KEY, on_response=callback)
        assert str(caught.value) == f"on_response must be {words}."
        with pytest.raises(InvalidArgumentError) as caught:
            AsyncVocobase(KEY, on_event=callback)
        assert str(caught.value) == f"on_event must be {words}."
    with pytest.raises(InvalidArgumentError, match="api_key must be a plain function, not an async function"):
        AsyncVocobase(awaited)
