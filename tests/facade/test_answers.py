"""Bodies of answers that are not as documented."""

from __future__ import annotations

import asyncio
import io
import pickle
from typing import Any

import httpx
import pytest

import vocobase
from vocobase import AsyncVocobase, LocalPacer, ResponseInfo, Vocobase
from vocobase._operations import Budget
from vocobase._sources import document_type, open_source


def client(response: httpx.Response | Exception) -> Vocobase:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    return Vocobase("rg_live_x", transport=httpx.MockTransport(respond), max_retries=0)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"error": "just text"}', "just text"),
        (b'{"error": {"message": "no code"}}', "no code"),
        (b'{"error": {"code": null, "message": null}}', "400."),
        (b'["a list"]', "a list"),
        (b"[" * 100_000, "400"),
        (b"<html><title>Bad\n gateway</title>", "Bad gateway"),
        (b"\xff\xfe", "400"),
        (b"", "400."),
        (
            b'{"error": {"code": "X", "message": "key rg_live_abc and whsec_abc"}}',
            r"rg_live_\*\*\* and whsec_\*\*\*",
        ),
        (b'{"error": {"code": "X", "message": "' + b"x" * 5000 + b'"}}', r"\.\.\."),
    ],
)
def test_any_error_body_gives_one_line(body: bytes, text: str) -> None:
    with (
        client(httpx.Response(400, content=body)) as vb,
        pytest.raises(vocobase.ValidationFailed, match=text) as caught,
    ):
        vb.agents.get("a")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 800


def test_a_success_that_says_it_failed_is_a_response_error() -> None:
    body = {"success": False, "error": {"code": "X", "message": "not really"}}
    with (
        client(httpx.Response(200, json=body)) as vb,
        pytest.raises(vocobase.ResponseError, match="not really"),
    ):
        vb.agents.get("a")


def test_a_payload_without_envelope_is_read_as_it_is() -> None:
    with client(httpx.Response(200, json={"id": "a1"})) as vb:
        assert vb.agents.get("a1").id == "a1"
    with client(httpx.Response(200, json=[{"id": "a1"}])) as vb:
        assert [agent.id for agent in vb.agents.list()] == ["a1"]
    with client(httpx.Response(200, json="text")) as vb:
        assert len(vb.agents.list()) == 0


def test_an_error_of_a_transport_that_httpx_does_not_know_is_not_hidden() -> None:
    with client(KeyError("bug of a transport")) as vb, pytest.raises(KeyError):
        vb.agents.get("a")


def test_a_damaged_gzip_body_is_a_response_error() -> None:
    response = httpx.Response(
        200, stream=httpx.ByteStream(b"\x1f\x8b\x08damaged"), headers={"content-encoding": "gzip"}
    )
    with client(response) as vb, pytest.raises(vocobase.ResponseError, match="damaged"):
        vb.agents.get("a")


def test_a_header_that_cannot_be_written_is_refused() -> None:
    with (
        Vocobase("rg_live_x", headers={"X": "ü€"}) as vb,
        pytest.raises(vocobase.ConfigurationError, match="written"),
    ):
        vb.agents.get("a")


def test_sources_that_cannot_be_measured_are_refused() -> None:
    class Pipe(io.RawIOBase):
        def seekable(self) -> bool:
            return False

    with pytest.raises(vocobase.UploadError, match="measured"), open_source(Pipe()):  # type: ignore[arg-type]
        pass
    assert document_type("a.jpe", None) == "image/jpeg"


def test_the_async_client_has_the_same_options() -> None:
    seen: list[ResponseInfo] = []

    async def main() -> None:
        transport = httpx.MockTransport(
            lambda _: httpx.Response(200, json={"success": True, "data": {"id": "a"}})
        )
        vb = AsyncVocobase("rg_live_x", transport=transport)
        pacer = LocalPacer()
        view = vb.with_options(
            timeout=5, max_retries=1, headers={"X": "y"}, pace=pacer, on_response=seen.append
        )
        assert (await view.agents.get("a")).id == "a"
        for _ in range(9):
            await view.calls.get("c")
        assert pacer.reserve(Budget.CALLS, "x") == 0.0
        await view.calls.get("c")
        with pytest.raises(vocobase.TimeoutExceeded, match="no room"):
            await view.calls.get("c")
        assert view.with_options() is not view
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(vb)
        await vb.close()
        with pytest.raises(vocobase.ConfigurationError, match="closed"):
            await view.agents.get("a")

    asyncio.run(main())
    assert [info.status for info in seen] == [200] * 11


def test_waiting_goes_on_until_the_processing_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from vocobase._async import waiting as async_waiting
    from vocobase._sync import waiting as sync_waiting

    pauses: list[float] = []

    async def async_sleep(seconds: float) -> None:
        pauses.append(seconds)

    class Time:
        monotonic = staticmethod(lambda: 0.0)
        sleep = staticmethod(pauses.append)

    monkeypatch.setattr(sync_waiting, "time", Time)
    monkeypatch.setattr(async_waiting, "asyncio", type("Asyncio", (), {"sleep": staticmethod(async_sleep)}))

    def make() -> httpx.MockTransport:
        answers = [False, True]

        def respond(request: httpx.Request) -> httpx.Response:
            call: dict[str, Any] = {"call_id": "c1", "status": "completed"}
            if request.url.path.endswith("/calls"):
                return httpx.Response(200, json={"success": True, "data": {"calls": [call]}})
            session = {"processing_complete": answers.pop(0), "transcript": []}
            return httpx.Response(200, json={"success": True, "data": {**call, "session": session}})

        return httpx.MockTransport(respond)

    async def main() -> None:
        async with AsyncVocobase("rg_live_x", transport=make()) as vb:
            assert (await vb.calls.wait("c1")).session is not None

    with Vocobase("rg_live_x", transport=make()) as vb:
        assert vb.calls.wait("c1").session is not None
    asyncio.run(main())
    assert len(pauses) == 2
    assert all(6.0 < pause < 8.0 for pause in pauses)
