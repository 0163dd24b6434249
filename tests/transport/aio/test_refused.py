"""What a client refuses before it sends anything is a ConfigurationError, never an unknown outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.fake_time import hasty
from tests.transport.aio.support import async_run
from tests.transport.server import Server, error
from tests.transport.support import KEY, LOCAL, dial
from vocobase import AsyncVocobase, Budget, ConfigurationError


async def test_a_dial_on_a_closed_client_was_not_sent() -> None:
    vb = AsyncVocobase(KEY, base_url=LOCAL)
    await vb.close()
    with pytest.raises(ConfigurationError, match="closed"):
        await dial(vb)


class Closing:
    """A pacer that closes the client while it waits for a permit."""

    vb: Any = None

    def try_acquire(self, budget: Budget, account: str) -> float:
        if not self.vb._core.pool._state.closed:
            self.vb._core.pool._state.closed = True
            return 0.01
        return 0.0


async def test_a_client_that_is_closed_while_a_dial_waits_for_a_permit_has_not_sent_it() -> None:
    pacer = Closing()
    async with AsyncVocobase(KEY, base_url=LOCAL, pace=pacer) as vb:
        pacer.vb = vb
        with pytest.raises(ConfigurationError, match="closed"):
            await dial(vb)


async def test_a_client_that_is_closed_while_a_dial_waits_to_be_sent_again_has_not_sent_it() -> None:
    with Server([error(429, "LIMIT_REACHED", "slow down")]) as server, hasty():
        async with AsyncVocobase(KEY, base_url=server.url) as vb:

            def closed(_: vocobase.ResponseInfo) -> None:
                vb._core.pool._state.closed = True

            vb._core = vb._core.view(on_response=closed)
            with pytest.raises(ConfigurationError, match="closed"):
                await dial(vb)
        assert len(server.requests) == 1


async def test_a_dial_on_a_closed_client_of_the_caller_was_not_sent() -> None:
    client = httpx.AsyncClient()
    await client.aclose()
    with pytest.raises(ConfigurationError, match="closed"):
        await async_run(LOCAL, dial, http_client=client)


async def test_a_client_of_the_caller_that_is_closed_in_the_last_moment_has_not_sent_a_dial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As httpx itself finds it, after we have looked.
    class Closed:
        def __get__(self, *_: Any) -> bool:
            return False

    client: Any = httpx.AsyncClient()
    client._state = type(client._state).CLOSED
    monkeypatch.setattr(httpx.AsyncClient, "is_closed", Closed())
    with pytest.raises(ConfigurationError, match="has been closed"):
        await async_run(LOCAL, dial, http_client=client)


async def test_a_request_that_cannot_be_written_was_not_sent() -> None:
    async with AsyncVocobase(KEY, base_url=LOCAL) as vb:
        vb._core.base_url = "http://127.0.0.1:x"
        with pytest.raises(ConfigurationError, match="cannot be written"):
            await dial(vb)


async def test_files_are_not_uploaded_one_by_one_with_a_closed_client(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(5)]
    for path in paths:
        path.write_text("x")
    vb = AsyncVocobase(KEY, base_url=LOCAL)
    await vb.close()
    with pytest.raises(vocobase.UploadsFailedError) as caught:
        await vb.documents.upload_many(paths, concurrency=1)
    errors = {id(result.error) for result in caught.value.results}
    assert len(errors) == 1, "one refusal stands for all"
    assert isinstance(caught.value.__cause__, ConfigurationError)
