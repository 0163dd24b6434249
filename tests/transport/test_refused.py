"""What a client refuses before it sends anything is a ConfigurationError, never an unknown outcome."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.fake_time import hasty
from tests.forks import in_child
from tests.transport.server import Server, answer, error
from vocobase import AsyncVocobase, Budget, ConfigurationError, Vocobase
from vocobase._policy.operations import OPERATIONS
from vocobase._policy.retry import final_error, is_not_processed

KEY = "rg_live_x"
LOCAL = "http://127.0.0.1:1"


def dial(vb: Any) -> Any:
    return vb.calls.start("a1", "+919876543210")


def run_sync(prepare: Callable[[Any], None], **options: Any) -> Any:
    vb = Vocobase(KEY, **{"base_url": LOCAL, **options})
    prepare(vb)
    try:
        return dial(vb)
    finally:
        vb.close()


def run_async(prepare: Callable[[Any], None], **options: Any) -> Any:
    async def main() -> Any:
        vb = AsyncVocobase(KEY, **{"base_url": LOCAL, **options})
        prepare(vb)
        try:
            return await dial(vb)
        finally:
            await vb.close()

    return asyncio.run(main())


both = pytest.mark.parametrize("run", [run_sync, run_async])


def close(vb: Any) -> None:
    closing = vb.close()
    if closing is not None:
        with pytest.raises(StopIteration):
            closing.send(None)


@both
def test_a_dial_on_a_closed_client_was_not_sent(run: Callable[..., Any]) -> None:
    with pytest.raises(ConfigurationError, match="closed"):
        run(close)


class Closing:
    """A pacer that closes the client while it waits for a permit."""

    vb: Any = None

    def reserve(self, budget: Budget, account: str) -> float:
        if not self.vb._core.pool._state.closed:
            self.vb._core.pool._state.closed = True
            return 0.01
        return 0.0


@both
def test_a_client_that_is_closed_while_a_dial_waits_for_a_permit_has_not_sent_it(
    run: Callable[..., Any],
) -> None:
    pacer = Closing()
    with pytest.raises(ConfigurationError, match="closed"):
        run(lambda vb: setattr(pacer, "vb", vb), pace=pacer)


@both
def test_a_client_that_is_closed_while_a_dial_waits_to_be_sent_again_has_not_sent_it(
    run: Callable[..., Any],
) -> None:
    def prepare(vb: Any) -> None:
        def closed(_: vocobase.ResponseInfo) -> None:
            vb._core.pool._state.closed = True

        vb._core = vb._core.view(on_response=closed)

    with Server([error(429, "LIMIT_REACHED", "slow down")]) as server:
        with hasty(), pytest.raises(ConfigurationError, match="closed"):
            run(prepare, base_url=server.url)
        assert len(server.requests) == 1


def test_a_dial_on_a_closed_client_of_the_caller_was_not_sent() -> None:
    client = httpx.Client()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        run_sync(lambda vb: None, http_client=client)


@both
def test_a_client_of_the_caller_that_is_closed_in_the_last_moment_has_not_sent_a_dial(
    run: Callable[..., Any],
) -> None:
    # As httpx itself finds it, after we have looked.
    class Closed:
        def __get__(self, *_: Any) -> bool:
            return False

    client: Any = httpx.Client() if run is run_sync else httpx.AsyncClient()
    client._state = type(client._state).CLOSED
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(client), "is_closed", Closed())
        with pytest.raises(ConfigurationError, match="has been closed"):
            run(lambda vb: None, http_client=client)


def test_a_dial_on_another_event_loop_was_not_sent() -> None:
    with Server([answer(200, {"id": "a"})]) as server:
        vb = AsyncVocobase(KEY, base_url=server.url)
        with asyncio.Runner() as first:
            first.run(vb.agents.get("a"))
            with asyncio.Runner() as second, pytest.raises(ConfigurationError, match="event loop"):
                second.run(dial(vb))
            first.run(vb.close())
        assert len(server.requests) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_dial_over_a_transport_of_the_caller_in_a_forked_process_was_not_sent() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": True, "data": {"id": "a", "call_id": "c"}})

    with Vocobase(KEY, base_url=LOCAL, transport=httpx.MockTransport(handle)) as vb:
        vb.agents.get("a")

        def child() -> bool:
            with pytest.raises(ConfigurationError, match="another process"):
                dial(vb)
            return True

        assert in_child(child)


@pytest.mark.parametrize("kind", [ConfigurationError, vocobase.InvalidArgumentError])
@pytest.mark.parametrize("key", sorted(OPERATIONS))
def test_no_refusal_becomes_an_unknown_outcome(key: str, kind: type[ConfigurationError]) -> None:
    refusal = kind("x")
    assert is_not_processed(refusal)
    assert final_error(OPERATIONS[key], refusal) is refusal


@both
def test_a_request_that_cannot_be_written_was_not_sent(run: Callable[..., Any]) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        run(lambda vb: setattr(vb._core, "base_url", "http://127.0.0.1:x"), transport=None)


def test_files_are_not_uploaded_one_by_one_with_a_closed_client(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(5)]
    for path in paths:
        path.write_text("x")
    vb = Vocobase(KEY, base_url=LOCAL)
    vb.close()
    with pytest.raises(vocobase.UploadsFailedError) as caught:
        vb.documents.upload_many(paths, concurrency=1)
    errors = {id(result.error) for result in caught.value.results}
    assert len(errors) == 1, "one refusal stands for all"
    assert isinstance(caught.value.__cause__, ConfigurationError)
