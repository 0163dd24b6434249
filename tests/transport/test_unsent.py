"""Only what is certain counts as not sent: over our transports, over those of a caller, over both protocols."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import trustme

import vocobase
from tests.fake_time import hasty
from tests.transport.h2_server import MISBEHAVIOURS, H2Server, Misbehaviour, go_away_as_if_not_processed
from tests.transport.server import Behaviour, Server, answer, reset, silence, truncate
from vocobase import AsyncVocobase, Vocobase
from vocobase._transport import async_pool as _async_pools
from vocobase._transport import pool as _pools
from vocobase._transport.attempt import WatchedRequest

KEY = "rg_live_x"
AGENT = answer(200, {"id": "a"})
CALL = answer(200, {"call_id": "c1"})


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with hasty():
        yield


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server encrypts with, whom clients trust."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = httpx.create_ssl_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(_pools, "tls", lambda: trusting)
    monkeypatch.setattr(_async_pools, "tls", lambda: trusting)
    return context


def dial(vb: Any) -> Any:
    return vb.calls.start("a1", "+919876543210")


def run_sync(url: str, *calls: Callable[[Any], Any], **options: Any) -> Any:
    if "client" in options:
        with (
            httpx.Client(**options.pop("client")) as client,
            Vocobase(KEY, base_url=url, http_client=client, **options) as vb,
        ):
            return [call(vb) for call in calls][-1]
    with Vocobase(KEY, base_url=url, **options) as vb:
        return [call(vb) for call in calls][-1]


def run_async(url: str, *calls: Callable[[Any], Any], **options: Any) -> Any:
    async def main() -> Any:
        async with contextlib.AsyncExitStack() as stack:
            if "client" in options:
                client = httpx.AsyncClient(**options.pop("client"))
                options["http_client"] = await stack.enter_async_context(client)
            vb = await stack.enter_async_context(AsyncVocobase(KEY, base_url=url, **options))
            return [await call(vb) for call in calls][-1]

    return asyncio.run(main())


both = pytest.mark.parametrize("run", [run_sync, run_async])
HTTP2 = {"http1": False, "http2": True, "trust_env": False}


@both
@pytest.mark.parametrize("reads_first", [False, True])
@pytest.mark.parametrize("misbehave", MISBEHAVIOURS, ids=lambda found: found.__name__)
def test_a_dial_that_an_http2_server_has_carried_out_is_never_sent_again(
    run: Callable[..., Any], misbehave: Misbehaviour, reads_first: bool
) -> None:
    calls = [lambda vb: vb.agents.get("a"), dial] if reads_first else [dial]
    with H2Server(misbehave) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run(server.url, *calls, client=HTTP2)
        assert server.carried_out == ["/calls/start"]


@both
def test_a_request_without_a_body_is_sent_once_over_http2_as_well(run: Callable[..., Any]) -> None:
    with H2Server(go_away_as_if_not_processed) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run(server.url, lambda vb: vb.agents.get("a"), lambda vb: vb.documents.confirm("d"), client=HTTP2)
        assert server.carried_out == ["/documents/d/confirm"]


def surplus_then_reset(peer: socket.socket) -> None:
    peer.sendall(b"nothing that is HTTP\r\n\r\n")
    reset(peer)


@both
@pytest.mark.parametrize("of", ["own", "client"])
@pytest.mark.parametrize("fault", [reset, truncate, surplus_then_reset])
def test_a_dial_that_an_http1_server_has_carried_out_is_never_sent_again(
    run: Callable[..., Any], fault: Behaviour, of: str
) -> None:
    options = {"client": {"trust_env": False}} if of == "client" else {}
    with Server([AGENT, fault]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run(server.url, lambda vb: vb.agents.get("a"), dial, **options)
        assert len(server.requests) == 2


@both
@pytest.mark.parametrize("of", ["own", "client"])
def test_a_server_that_is_not_there_has_not_got_a_dial(run: Callable[..., Any], of: str) -> None:
    options = {"client": {"trust_env": False}} if of == "client" else {}
    with Server([]) as server:
        url = server.url
    with pytest.raises(vocobase.ConnectionFailedError, match="cannot connect") as caught:
        run(url, dial, **options)
    assert caught.value.sent is False


@both
@pytest.mark.parametrize("of", ["proxy", "client"])
def test_a_proxy_that_refuses_to_connect_has_not_got_a_dial(run: Callable[..., Any], of: str) -> None:
    with Server([answer(407, b"")]) as proxy:
        options = {"proxy": proxy.url} if of == "proxy" else {"client": {"proxy": proxy.url}}
        with pytest.raises(vocobase.ConnectionFailedError, match="the proxy refused: 407") as caught:
            run("https://api.example", dial, max_retries=0, **options)
    assert caught.value.sent is False
    assert proxy.requests[0].startswith(b"CONNECT api.example:443 ")


@both
def test_a_proxy_that_forwards_a_dial_and_breaks_may_have_passed_it_on(run: Callable[..., Any]) -> None:
    with Server([reset]) as proxy:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run("http://localhost:1", dial, proxy=proxy.url)
    assert len(proxy.requests) == 1


def relay(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def greet_http(peer: socket.socket) -> bool:
    peer.recv(65536)
    peer.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    return True


def greet_socks(peer: socket.socket) -> bool:
    peer.recv(100)
    peer.sendall(b"\x05\x00")
    peer.recv(100)
    peer.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    return True


def garble_socks(peer: socket.socket) -> bool:
    peer.recv(100)
    peer.sendall(b"?")
    return False


def refuse_socks(peer: socket.socket) -> bool:
    peer.recv(100)
    peer.sendall(b"\x05\x00")
    peer.recv(100)
    # General failure.
    peer.sendall(b"\x05\x01\x00\x01\x00\x00\x00\x00\x00\x00")
    return False


@contextlib.contextmanager
def tunnel(greet: Callable[[socket.socket], bool], to: int = 0) -> Iterator[int]:
    """A proxy that greets, and then passes everything on to a port."""

    def talk(peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            if greet(peer):
                with socket.create_connection(("127.0.0.1", to)) as target:
                    threading.Thread(target=relay, args=(target, peer), daemon=True).start()
                    relay(peer, target)

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@both
def test_a_proxy_of_socks_that_sends_garbage_has_not_got_a_dial(run: Callable[..., Any]) -> None:
    with tunnel(garble_socks) as port:
        with pytest.raises(vocobase.ConnectionFailedError) as caught:
            run("http://localhost:1", dial, proxy=f"socks5://127.0.0.1:{port}", max_retries=0)
    assert caught.value.sent is False
    del caught
    gc.collect()


# httpcore does not close the connection to a SOCKS proxy that refused.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@both
def test_a_proxy_of_socks_that_refuses_has_not_got_a_dial(run: Callable[..., Any]) -> None:
    with tunnel(refuse_socks) as port:
        with pytest.raises(vocobase.ConnectionFailedError, match="proxy refused") as caught:
            run("http://localhost:1", dial, proxy=f"socks5://127.0.0.1:{port}", max_retries=0)
    assert caught.value.sent is False
    del caught
    gc.collect()


@both
@pytest.mark.parametrize(("scheme", "greet"), [("http", greet_http), ("socks5", greet_socks)])
def test_a_dial_through_a_tunnel_is_sent_once_and_counts_as_sent_when_its_response_is_lost(
    run: Callable[..., Any], scheme: str, greet: Callable[[socket.socket], bool], tls: ssl.SSLContext
) -> None:
    with Server([AGENT, CALL, reset], tls) as server:
        with tunnel(greet, to=int(server.url.rpartition(":")[2])) as port:
            proxy = f"{scheme}://127.0.0.1:{port}"
            read = lambda vb: vb.agents.get("a")  # noqa: E731
            assert run(server.url, read, dial, proxy=proxy).call_id == "c1"
            assert server.connections == 1
            with pytest.raises(vocobase.OutcomeUnknownError):
                run(server.url, dial, proxy=proxy)
        assert len(server.requests) == 3


class Wrapping(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Send in a way of its own, then fail with an error that usually comes before."""

    def __init__(self, error: Exception, way: str) -> None:
        self.error, self.way = error, way
        self.inner, self.async_inner = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.way == "same":
            self.inner.handle_request(request).close()
        elif self.way == "content":
            self._copy(request, request.content)
        elif self.way == "read":
            self._copy(request, request.read())
        else:
            assert isinstance(request.stream, httpx.SyncByteStream)
            self._copy(request, b"".join(request.stream))
        raise self.error

    def _copy(self, request: httpx.Request, content: bytes) -> None:
        with httpx.Client(trust_env=False) as client:
            client.request(request.method, request.url, content=content)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.way == "same":
            await (await self.async_inner.handle_async_request(request)).aclose()
        elif self.way == "content":
            self._copy(request, request.content)
        elif self.way == "read":
            self._copy(request, await request.aread())
        else:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            self._copy(request, b"".join([piece async for piece in request.stream]))
        raise self.error

    def close(self) -> None:
        self.inner.close()

    async def aclose(self) -> None:
        self.inner.close()
        await self.async_inner.aclose()


LATER = [
    httpx.ConnectError("x"),
    httpx.ConnectTimeout("x"),
    httpx.PoolTimeout("x"),
    httpx.ProxyError("x"),
    httpx.UnsupportedProtocol("x"),
    httpx.LocalProtocolError("x"),
    RuntimeError("Event loop is closed"),
    KeyError("x"),
    vocobase.ConfigurationError("x"),
    vocobase.ConnectionFailedError("x", sent=False),
]


@both
@pytest.mark.parametrize("way", ["same", "content", "read", "stream"])
@pytest.mark.parametrize("error", LATER, ids=lambda error: type(error).__name__)
def test_a_transport_of_the_caller_that_took_a_dial_may_have_sent_it_whatever_it_raises(
    run: Callable[..., Any], error: Exception, way: str
) -> None:
    with Server([CALL]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run(server.url, dial, transport=Wrapping(error, way))
        assert len(server.requests) == 1


@both
@pytest.mark.parametrize("error", LATER[3:6], ids=lambda error: type(error).__name__)
def test_a_transport_of_the_caller_that_never_took_a_dial_is_trusted_with_few_errors(
    run: Callable[..., Any], error: Exception
) -> None:
    class Failing(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise error

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise error

    with pytest.raises(vocobase.OutcomeUnknownError):
        run("http://127.0.0.1", dial, transport=Failing())
    error = httpx.ConnectError("x")
    with pytest.raises(vocobase.ConnectionFailedError) as caught:
        run("http://127.0.0.1", dial, transport=Failing())
    assert caught.value.sent is False
    # Whether a request without a body was taken cannot be seen.
    with pytest.raises(vocobase.OutcomeUnknownError):
        run("http://127.0.0.1", lambda vb: vb.documents.confirm("d"), transport=Failing())


@both
def test_a_subclass_of_the_http_client_may_do_anything(run: Callable[..., Any]) -> None:
    seen: list[bytes] = []

    class Client(httpx.Client):
        def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
            seen.append(request.read())
            raise httpx.ConnectError("x")

    class AsyncClient(httpx.AsyncClient):
        async def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
            seen.append(await request.aread())
            raise httpx.ConnectError("x")

    client = Client() if run is run_sync else AsyncClient()
    with pytest.raises(vocobase.OutcomeUnknownError):
        run("http://127.0.0.1", dial, http_client=client)
    assert len(seen) == 1


@both
def test_a_transport_that_sends_a_dial_again_is_stopped(run: Callable[..., Any]) -> None:
    class Again(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def __init__(self) -> None:
            self.inner, self.async_inner = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            try:
                return self.inner.handle_request(request)
            except httpx.RemoteProtocolError:
                return self.inner.handle_request(request)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            try:
                return await self.async_inner.handle_async_request(request)
            except httpx.RemoteProtocolError:
                return await self.async_inner.handle_async_request(request)

        def close(self) -> None:
            self.inner.close()

        async def aclose(self) -> None:
            await self.async_inner.aclose()

    def hang_up(peer: socket.socket) -> None:
        peer.close()

    with Server([hang_up, CALL]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError, match="a second time"):
            run(server.url, dial, transport=Again())
        assert len(server.requests) == 1
    with Server([hang_up, AGENT]) as server:
        assert run(server.url, lambda vb: vb.agents.get("a"), transport=Again()).id == "a"


@both
def test_a_transport_that_reads_the_body_again_is_stopped(run: Callable[..., Any]) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.ByteStream)
        for _ in range(2):
            assert list(request.stream)
        return httpx.Response(200)

    with pytest.raises(vocobase.OutcomeUnknownError, match="a second time"):
        run_sync("http://127.0.0.1", dial, transport=httpx.MockTransport(handle))


@both
def test_headers_that_are_not_http_are_not_sent(run: Callable[..., Any]) -> None:
    with Server([CALL]) as server:
        with pytest.raises(vocobase.ConnectionFailedError, match="not valid HTTP") as caught:
            # Nothing of ours lets them through; a method that h11 refuses does as well.
            run(server.url, lambda vb: vb._core.pool.send(*unsendable(server.url)))
        assert caught.value.sent is False
        assert server.requests == []


def unsendable(url: str) -> Any:
    from vocobase._base.clock import SYSTEM, Deadline
    from vocobase._policy.messages import Request
    from vocobase._policy.options import resolve_timeout

    request = Request("GET", url, {"x y": "1"}, None, "agents.get")
    return request, resolve_timeout(5), Deadline(SYSTEM, 5)


@both
def test_a_method_that_looks_like_a_proxys_is_a_request_like_any_other(run: Callable[..., Any]) -> None:
    with Server([reset]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run(server.url, lambda vb: vb.request("CONNECT", "/calls/start", json={}))
        assert len(server.requests) == 1


@both
def test_a_server_that_hangs_up_at_once_has_not_got_a_dial(run: Callable[..., Any]) -> None:
    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # Whether the end is seen before the request is written, or only after, is a race; both are right.
        with pytest.raises((vocobase.ConnectionFailedError, vocobase.OutcomeUnknownError)):
            run(url, dial, max_retries=0)
        listener.shutdown(socket.SHUT_RDWR)


@both
def test_the_timeout_of_a_callers_client_proves_nothing_about_a_dial(run: Callable[..., Any]) -> None:
    with Server([silence]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            run(server.url, dial, client={"trust_env": False}, timeout=0.3)
        assert len(server.requests) == 1


def test_a_request_without_an_attempt_is_read_like_any_other() -> None:
    assert WatchedRequest("POST", "http://127.0.0.1", content=b"x").content == b"x"


class Unclosable(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is complete, on a connection that breaks when it is given back."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"success": true, "data": {"call_id": "c1"}}'

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        raise httpx.CloseError("broken")

    async def aclose(self) -> None:
        raise httpx.CloseError("broken")


@both
def test_a_connection_that_breaks_when_it_is_given_back_leaves_the_outcome_unknown(
    run: Callable[..., Any],
) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Unclosable()))
    with pytest.raises(vocobase.OutcomeUnknownError, match="broken"):
        run("http://127.0.0.1", dial, transport=transport)


@both
def test_a_server_whose_certificate_is_not_trusted_has_not_got_a_dial(run: Callable[..., Any]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Server([CALL], context) as server:
        with pytest.raises(vocobase.ConnectionFailedError, match="certificate verify failed") as caught:
            run(server.url, dial, max_retries=0)
        assert caught.value.sent is False
        assert server.requests == []


@both
def test_many_requests_go_over_one_encrypted_connection(run: Callable[..., Any], tls: ssl.SSLContext) -> None:
    """None of the writes waits for a system that has taken all of it already."""
    with Server([CALL], tls) as server:
        assert run(server.url, *[dial] * 50, timeout=20).call_id == "c1"
        assert server.connections == 1


@both
def test_the_error_of_a_tool_that_stopped_a_request_is_not_translated(run: Callable[..., Any]) -> None:
    class Stopped(Exception):
        pass

    class Stopping(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise Stopped

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise Stopped

    with pytest.raises(Stopped):
        run("http://127.0.0.1", dial, transport=Stopping())
