"""Bodies of answers that are not as documented."""

from __future__ import annotations

import pickle
import traceback
from typing import Any

import httpx
import pytest

import vocobase
from tests.core.hooks import async_read
from vocobase import AsyncVocobase, LocalPacer, ResponseInfo


def async_client(response: httpx.Response | Exception) -> AsyncVocobase:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    return AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond), max_retries=0)


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
async def test_any_error_body_gives_one_line(body: bytes, text: str) -> None:
    async with async_client(httpx.Response(400, content=body)) as vb:
        with pytest.raises(vocobase.ValidationFailedError, match=text) as caught:
            await vb.agents.get("a")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 800


async def test_a_success_that_says_it_failed_is_a_response_error() -> None:
    body = {"success": False, "error": {"code": "X", "message": "not really"}}
    async with async_client(httpx.Response(200, json=body)) as vb:
        with pytest.raises(vocobase.ResponseError, match="not really"):
            await vb.agents.get("a")


async def test_a_payload_without_envelope_is_read_as_it_is() -> None:
    async with async_client(httpx.Response(200, json={"id": "a1"})) as vb:
        assert (await vb.agents.get("a1")).id == "a1"
    async with async_client(httpx.Response(200, json=[{"id": "a1"}])) as vb:
        assert [agent.id for agent in await vb.agents.list()] == ["a1"]


@pytest.mark.parametrize("data", [{"total": 0}, {"agents": None}, {"agents": []}, []])
async def test_an_empty_list_may_be_left_out_when_the_total_says_so(data: Any) -> None:
    async with async_client(httpx.Response(200, json={"success": True, "data": data})) as vb:
        assert len(await vb.agents.list()) == 0


@pytest.mark.parametrize("data", [None, "ok", 5, [], True])
async def test_a_success_without_the_expected_object_is_an_error_and_after_a_dial_an_unknown_outcome(
    data: Any,
) -> None:
    async with async_client(httpx.Response(200, json={"success": True, "data": data})) as vb:
        with pytest.raises(vocobase.ResponseError, match="an object was expected"):
            await vb.agents.get("a")
        with pytest.raises(vocobase.OutcomeUnknownError, match=r"calls\.start"):
            await vb.calls.start("a", "+919876543210")


@pytest.mark.parametrize("data", [None, "text", {}, {"voices": "x"}, {"total": 1}, {"a": [1], "b": [2]}])
async def test_a_list_that_cannot_be_told_is_an_error_not_an_empty_page(data: Any) -> None:
    async with async_client(httpx.Response(200, json={"success": True, "data": data})) as vb:
        with pytest.raises(vocobase.ResponseError):
            await vb.voices.list()


async def test_a_204_is_a_deletion_that_was_done_and_after_a_dial_an_unknown_outcome() -> None:
    async with async_client(httpx.Response(204)) as vb:
        await vb.agents.delete("a")
        assert await vb.request("PUT", "/brand/new", json={}) is None
        with pytest.raises(vocobase.OutcomeUnknownError):
            await vb.calls.start("a", "+919876543210")


async def test_a_deletion_needs_no_payload_to_be_one() -> None:
    async with async_client(httpx.Response(200, json={"success": True, "data": None})) as vb:
        assert (await vb.agents.delete("a")).message is None
        assert (await vb.agents.documents.unlink("a", "d")).message is None


async def test_an_unknown_outcome_names_the_request_so_that_vocobase_can_look_it_up() -> None:
    async with async_client(httpx.Response(500, json={}, headers={"x-request-id": "req-1"})) as vb:
        with pytest.raises(vocobase.OutcomeUnknownError, match=r"HTTP 500 \(request req-1\)\. The API"):
            await vb.calls.start("a", "+919876543210")
    async with async_client(httpx.Response(500, json={"error": {"code": "X"}})) as vb:
        with pytest.raises(vocobase.OutcomeUnknownError, match=r"HTTP 500 X\. The API"):
            await vb.calls.start("a", "+919876543210")


@pytest.mark.parametrize("call_id", [None, ""])
async def test_a_started_call_without_its_identifier_is_an_unknown_outcome(call_id: Any) -> None:
    async with async_client(httpx.Response(200, json={"success": True, "data": {"call_id": call_id}})) as vb:
        with pytest.raises(vocobase.OutcomeUnknownError, match="`call_id` is missing"):
            await vb.calls.start("a", "+919876543210")


async def test_an_unreadable_success_is_described_without_its_content() -> None:
    url = b'{"upload_url": "https://store.example/a?X-Amz-Signature=canary"'
    async with async_client(
        httpx.Response(200, content=url, headers={"Content-Type": "application/json"})
    ) as vb:
        with pytest.raises(vocobase.ResponseError, match="63 bytes, application/json") as caught:
            await vb.agents.get("a")
    assert "canary" not in repr((caught.value, caught.value.__cause__, caught.value.__context__))


async def test_control_characters_of_the_server_do_not_reach_a_terminal() -> None:
    body = rb'{"success": false, "error": {"code": "X", "message": "a\u001b[2Jb\u2028c\ud800\u0000"}}'
    async with async_client(httpx.Response(400, content=body)) as vb:
        with pytest.raises(vocobase.ValidationFailedError) as caught:
            await vb.agents.get("a")
    assert str(caught.value).isprintable()
    assert "a [2Jb c" in str(caught.value)


async def test_an_error_is_never_its_own_cause() -> None:
    async with async_client(httpx.Response(200, content=b"<html>")) as vb:
        with pytest.raises(vocobase.ResponseError) as caught:
            await vb.agents.get("a")
    assert caught.value.__cause__ is not caught.value


async def test_a_bug_of_the_listener_does_not_lose_the_answer_to_a_dial(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(info: ResponseInfo) -> None:
        raise KeyError("bug")

    async with async_client(httpx.Response(200, json={"success": True, "data": {"call_id": "c1"}})) as vb:
        assert (await vb.with_options(on_response=broken).calls.start("a", "+919876543210")).call_id == "c1"
        await vb.with_options(on_response=broken).request("GET", "/numbers/+919876543210")
    assert "on_response failed for POST /calls/start" in caplog.text
    assert "on_response failed for GET (custom)" in caplog.text
    assert "9876543210" not in caplog.text


async def test_tools_that_show_the_variables_of_a_traceback_show_no_key() -> None:
    key = "rg_live_canary_0123456789"
    transport = httpx.MockTransport(lambda _: httpx.Response(500))
    async with AsyncVocobase(key, transport=transport, max_retries=0) as vb:
        try:
            await vb.agents.get("a")
        except vocobase.ServerError as error:
            shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    ours = [line for line in shown.splitlines() if key in line and "vb =" not in line and "key =" not in line]
    assert ours == []


async def test_an_echoed_key_is_in_no_pickle() -> None:
    key = "rg_live_canary_0123456789"
    body = {"success": False, "error": {"code": "X\nY", "message": f"echo {key}"}}
    async with async_client(httpx.Response(400, json=body)) as vb:
        with pytest.raises(vocobase.ValidationFailedError) as caught:
            await vb.agents.get("a")
    assert key.encode() not in pickle.dumps(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_callers_client_may_read_answers_in_a_hook_and_may_fail() -> None:
    async def strict(response: httpx.Response) -> None:
        response.raise_for_status()

    good = httpx.MockTransport(lambda _: httpx.Response(200, json={"success": True, "data": {"id": "a"}}))
    async with httpx.AsyncClient(transport=good, event_hooks={"response": [async_read]}) as mine:
        async with AsyncVocobase("rg_live_x", http_client=mine) as vb:
            assert (await vb.agents.get("a")).id == "a"
    with pytest.raises(vocobase.ConfigurationError, match="closed"):
        async with AsyncVocobase("rg_live_x", http_client=mine) as vb:
            await vb.agents.get("a")
    bad = httpx.MockTransport(lambda _: httpx.Response(500))
    async with httpx.AsyncClient(transport=bad, event_hooks={"response": [strict]}) as mine:
        async with AsyncVocobase("rg_live_x", http_client=mine) as vb:
            with pytest.raises(vocobase.OutcomeUnknownError) as caught:
                await vb.calls.start("a", "+919876543210")
    assert "\n" not in str(caught.value)


async def test_a_transport_that_raises_errors_of_the_system_is_a_broken_connection() -> None:
    async with async_client(ConnectionResetError("reset")) as vb:
        with pytest.raises(vocobase.ConnectionFailedError):
            await vb.agents.get("a")
        with pytest.raises(vocobase.OutcomeUnknownError):
            await vb.calls.start("a", "+919876543210")


@pytest.mark.parametrize("proxy", ["", "user:s3cret@proxy:8080", "ftp://x"])
def test_a_proxy_that_cannot_be_used_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(vocobase.ConfigurationError, match="proxy") as caught:
        AsyncVocobase("rg_live_x", proxy=proxy)
    assert "s3cret" not in str(caught.value)


def test_only_one_way_to_the_network_may_be_given() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with pytest.raises(vocobase.ConfigurationError, match="only one"):
        AsyncVocobase("rg_live_x", transport=transport, proxy="http://localhost:1")


async def test_an_error_of_a_transport_that_httpx_does_not_know_is_not_hidden() -> None:
    async with async_client(KeyError("bug of a transport")) as vb:
        with pytest.raises(KeyError):
            await vb.agents.get("a")


async def test_a_damaged_gzip_body_is_a_response_error() -> None:
    response = httpx.Response(
        200, stream=httpx.ByteStream(b"\x1f\x8b\x08damaged"), headers={"content-encoding": "gzip"}
    )
    async with async_client(response) as vb:
        with pytest.raises(vocobase.ResponseError, match="damaged"):
            await vb.agents.get("a")


@pytest.mark.parametrize("headers", [{"X": "ü€"}, {"": "x"}, {"X": "secret "}, {"X Y": "z"}, ["X"]])
def test_a_header_that_cannot_be_written_is_refused_without_its_value(headers: Any) -> None:
    with pytest.raises(vocobase.ConfigurationError, match="header") as caught:
        AsyncVocobase("rg_live_x", headers=headers)
    assert "secret" not in str(caught.value)


async def test_an_identifier_of_any_length_is_sent_or_refused_in_one_line() -> None:
    async with async_client(httpx.Response(200, json={"id": "a"})) as vb:
        with pytest.raises(vocobase.ConfigurationError, match="cannot be written"):
            await vb.with_options(max_retries=1, pace=False).agents.get("x" * 70_000)


async def test_a_view_has_options_of_its_own_and_is_closed_with_its_client() -> None:
    seen: list[ResponseInfo] = []
    vb = async_client(httpx.Response(200, json={"success": True, "data": {"id": "a"}}))
    pacer = LocalPacer()
    view = vb.with_options(timeout=5, max_retries=1, headers={"X": "y"}, pace=pacer, on_response=seen.append)
    assert (await view.agents.get("a")).id == "a"
    await view.calls.get("c")
    assert view.with_options() is not view
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(vb)
    await vb.close()
    with pytest.raises(vocobase.ConfigurationError, match="closed"):
        await view.agents.get("a")
    assert [info.status for info in seen] == [200] * 2
