"""Addresses of servers, proxies, the environment and presigned transfers that are wrong, or meant to do harm."""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.contract.scenario import wav
from tests.transfers.aio.support import async_run
from tests.transfers.support import Api, api
from tests.transport.support import KEY, dial
from tests.transport.transports import Failing
from tests.transport.tunnels import speaking
from vocobase import AsyncVocobase, VocobaseError

CANARY = "signature=canary"

# What a response may name in place of an address of its object store.
IN_THE_CLEAR = [
    f"http://store.example/a?{CANARY}",
    f"HTTP://store.example/a?{CANARY}",
    f"http://127.0.0.2/a?{CANARY}",
    f"http://localhost.example/a?{CANARY}",
    f"http://127.0.0.1.example/a?{CANARY}",
    f"http://169.254.169.254/latest/meta-data/?{CANARY}",
    f"http://[::2]/a?{CANARY}",
    f"http://0.0.0.0/a?{CANARY}",
]
NO_ADDRESSES = [
    f"ftp://store.example/a?{CANARY}",
    f"file:///etc/passwd?{CANARY}",
    f"data:text/plain,{CANARY}",
    f"//store.example/a?{CANARY}",
    f"/a?{CANARY}",
    f"https:///a?{CANARY}",
    f"https:a?{CANARY}",
    f"https://user@store.example/a?{CANARY}",
    f"https://user:password@store.example/a?{CANARY}",
    f"http://127.0.0.1@store.example/a?{CANARY}",
    f"http://localhost\\@store.example/a?{CANARY}",
    f"https://store.example:99999/a?{CANARY}",
    f"https://store.example:port/a?{CANARY}",
    f"https://[::1/a?{CANARY}",
    f"https://{'a' * 64}.example/a?{CANARY}",
    f"https://a..example/a?{CANARY}",
    f"https://store.example\n/a?{CANARY}",
    f"https://\u2100.example/a?{CANARY}",
    f"https://\ufffd/a?{CANARY}",
    f"https://xn--0/a?{CANARY}",
]
OF_OTHER_TYPES = [None, 5, True, {"a": 1}, ["https://store.example/"], ""]
LEADS: dict[str, Callable[[Any, Path], Any]] = {
    "documents.upload": lambda vb, _: vb.documents.upload(b"# T", name="a.md"),
    "background_audio.upload": lambda vb, _: vb.background_audio.upload(wav(), slug="tone"),
    "documents.download": lambda vb, place: vb.documents.download("d1", place / "a"),
    "calls.download_recording": lambda vb, place: vb.calls.download_recording("c1", place / "a"),
}


def naming(url: Any) -> Api:
    """Return the API with this address in every response that names one."""
    return api(
        POST_documents_upload={"document_id": "d1", "upload_url": url, "expires_in": 900},
        POST_agent_background_audio={"id": "b1", "upload_url": url},
        GET_documents_d1={"id": "d1", "file_size": 4, "mime_type": "text/markdown", "download_url": url},
        GET_calls_c1_recording_url={"recording_url": url},
    )


@pytest.mark.parametrize("helper", LEADS)
@pytest.mark.parametrize("url", [*IN_THE_CLEAR, *NO_ADDRESSES, *OF_OTHER_TYPES])
async def test_a_file_goes_nowhere_but_over_https(url: Any, helper: str, tmp_path: Path) -> None:
    """The rule of base_url holds for every address that a response names: nothing crosses a network in the clear."""
    use = LEADS[helper]
    transport = naming(url)
    sent: list[httpx.Request] = []
    respond = transport.respond

    def watched(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return respond(request)

    transport.respond = watched  # type: ignore[method-assign]
    with pytest.raises(VocobaseError) as caught:
        await async_run(transport, lambda vb: use(vb, tmp_path))
    assert {request.url.host for request in sent} == {"api.example"}
    assert isinstance(caught.value, vocobase.ResponseError)
    assert "canary" not in str(caught.value)
    if url in IN_THE_CLEAR:
        assert "must be https" in str(caught.value)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "store.localhost"])
async def test_an_object_store_on_this_machine_needs_no_encryption(host: str, tmp_path: Path) -> None:
    transport = naming(f"http://{host}:9000/a?{CANARY}")
    seen: list[httpx.URL] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.port != 9000:
            return Api.respond(transport, request)
        seen.append(request.url)
        return httpx.Response(200, content=b"abcd")

    transport.respond = respond  # type: ignore[method-assign]
    await async_run(transport, lambda vb: vb.documents.upload(b"# T", name="a.md"))
    await async_run(transport, lambda vb: vb.calls.download_recording("c1", tmp_path / "a"))
    assert len(seen) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_transfer_follows_no_redirect(status: int, tmp_path: Path) -> None:
    """A store that is spoken to over https cannot send a file on, in the clear or to anyone else."""

    def away(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"location": "http://other.example/a"})

    transport = api(away)
    with pytest.raises(vocobase.UploadRejectedError, match=str(status)):
        await async_run(transport, lambda vb: vb.documents.upload(b"# T", name="a.md"))
    with pytest.raises(vocobase.ResponseError, match=str(status)):
        await async_run(transport, lambda vb: vb.calls.download_recording("c1", tmp_path / "a"))
    assert {request.url.host for request in transport.stored} == {"store.example"}


async def test_a_callers_client_that_follows_redirects_follows_none_of_a_transfer(tmp_path: Path) -> None:
    transport = api(lambda _: httpx.Response(307, headers={"location": "http://other.example/a"}))
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as mine:
        async with AsyncVocobase(KEY, base_url="https://api.example/api/v2", http_client=mine) as vb:
            with pytest.raises(vocobase.UploadRejectedError):
                await vb.documents.upload(b"# T", name="a.md")
    assert {request.url.host for request in transport.stored} == {"store.example"}


WRONG_HOSTS = [
    "https://\udcff",
    "https://" + "a" * 64 + ".example",
    "https://a..example",
    "http://[::1",
    "https://host:99999",
    "https://host:port",
    "https://[fe80::1%25eth0",
    "https://",
    "ftp://host",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("address", [*WRONG_HOSTS, 5, b"https://host", {}, ["https://host"]])
def test_an_unusable_base_url_is_refused_when_the_client_is_created(address: Any) -> None:
    with pytest.raises(vocobase.ConfigurationError):
        AsyncVocobase(KEY, base_url=address)


async def async_call(**options: Any) -> None:
    async with AsyncVocobase(KEY, **options) as vb:
        await dial(vb)


LIMITS: dict[str, Any] = {"timeout": vocobase.Timeout(1.0, 0.3, 0.3, 0.3), "max_retries": 0}


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "address",
    [
        "https://\udcff",
        "http://a..b:80",
        f"http://{'a' * 64}.b",
        "http://[::1",
        "http://h:99999",
        "http://h:x",
        "socks9://h",
        "ftp://h",
        "::::",
        "http://%zz@h:x",
    ],
)
async def test_a_proxy_of_the_environment_that_cannot_be_used_is_a_configuration_error(
    address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, name, address)
    with pytest.raises(vocobase.ConfigurationError, match="proxy"):
        await async_call(base_url="https://api.example", **LIMITS)
    monkeypatch.delenv(name)
    with pytest.raises(vocobase.ConfigurationError, match="proxy"):
        await async_call(base_url="https://api.example", proxy=address, **LIMITS)


# What a proxy may send, each part after the client has sent something.
SOCKS = [
    [b""],
    [b"\x05"],
    [b"\x04\x00"],
    [b"\x05\xff"],
    [b"\x05\x09"],
    [b"\x05\x00", b""],
    [b"\x05\x00", b"\x05"],
    [b"\x05\x00", b"\x05\x00\x00"],
    [b"\x05\x00", b"\x05\x00\x00\x01\x7f"],
    [b"\x05\x00", b"\x05\x00\x00\x03"],
    [b"\x05\x00", b"\x05\x00\x00\x03\xffab"],
    [b"\x05\x00", b"\x05\x00\x00\x03\x02\xff\xfe\x00\x50"],
    [b"\x05\x00", b"\x05\x00\x00\x04\x00\x00"],
    [b"\x05\x00", b"\x05\x00\x00\x09\x00\x00"],
    [b"\x05\x00", b"\x05\x63\x00\x01\x00\x00\x00\x00\x00\x00"],
    [b"\x05\x02", b"\x01"],
    [b"\x05\x02", b"\x01\x01"],
    [b"\x05\x02", b"\x07\x00", b""],
    [b"HTTP/1.1 200 OK\r\n\r\n"],
    [b"\x05\x00", b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", b"\xff" * 99],
    *([b"\x05\x00", b"\x05\x00\x00" + random.Random(seed).randbytes(6)] for seed in range(4)),
]


@pytest.mark.parametrize("number", range(len(SOCKS)))
# httpcore leaves the socket of a proxy that was not understood to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_socks_proxy_may_say_anything(number: int) -> None:
    with speaking(SOCKS[number]) as port:
        with pytest.raises((vocobase.OutcomeUnknownError, vocobase.ConnectionFailedError)) as caught:
            await async_call(
                base_url="https://api.example", proxy=f"socks5://user:canary@127.0.0.1:{port}", **LIMITS
            )
    assert "canary" not in str(caught.value)
    del caught
    gc.collect()


HTTP = [
    b"",
    b"\x00",
    b"HTTP/1.1 \xff\xff OK\r\n\r\n",
    b"HTTP/1.1 99999999999 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\xff\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: \xff\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 429 X\r\nRetry-After: \xff\r\nContent-Length: 0\r\n\r\n"[:-1],
    b"HTTP/1.1 503 X\r\nRetry-After: " + b"9" * 5000 + b"\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n\r\n\xff",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 1000\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 30_000 + b"\r\n",
]


@pytest.mark.parametrize("number", range(len(HTTP)))
@pytest.mark.parametrize("role", ["server", "proxy"])
async def test_a_server_and_a_proxy_may_say_anything(number: int, role: str) -> None:
    """After a dial each of it is an unknown outcome; a proxy that opens no tunnel has passed nothing on."""
    with speaking([HTTP[number]]) as port:
        if role == "server":
            with pytest.raises(vocobase.OutcomeUnknownError):
                await async_call(base_url=f"http://127.0.0.1:{port}", **LIMITS)
        else:
            with pytest.raises((vocobase.OutcomeUnknownError, vocobase.ConnectionFailedError)):
                await async_call(base_url="https://api.example", proxy=f"http://127.0.0.1:{port}", **LIMITS)


@pytest.mark.parametrize(
    "error",
    [
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        UnicodeDecodeError("utf-8", b"", 0, 1, "x"),
        AssertionError,
        RuntimeError,
        LookupError,
        ArithmeticError,
    ],
)
async def test_whatever_a_transport_raises_after_a_dial_is_an_unknown_outcome_with_that_as_its_cause(
    error: Any,
) -> None:
    kind = error if isinstance(error, type) else type(error)
    with pytest.raises(vocobase.OutcomeUnknownError) as caught:
        await async_call(transport=Failing(error), max_retries=0)
    assert isinstance(caught.value.__cause__, vocobase.ConnectionFailedError)
    assert isinstance(caught.value.__cause__.__cause__, kind)


class OfATool(Exception):
    """Raised by a tool of the program, such as one that plays recordings back."""


async def test_an_error_that_a_tool_raises_inside_a_transport_passes_unchanged() -> None:
    with pytest.raises(OfATool):
        await async_call(transport=Failing(OfATool), max_retries=0)
