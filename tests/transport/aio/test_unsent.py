"""Only what is certain counts as not sent: over our transports, over those of a caller, over both protocols."""

from __future__ import annotations

import contextlib
import gc
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import trustme

import vocobase
from tests.fake_time import hasty
from tests.transport.aio.support import async_run, async_time_out
from tests.transport.h2_server import MISBEHAVIOURS, H2Server, Misbehaviour, go_away_as_if_not_processed
from tests.transport.server import Behaviour, Server, answer, reset, silence, truncate
from tests.transport.support import AGENT, CALL, dial, read
from tests.transport.transports import Again, Failing, Unclosable, Wrapping
from tests.transport.tunnels import garble_socks, greet_http, greet_socks, refuse_socks, tunnel

HTTP2 = {"http1": False, "http2": True, "trust_env": False}


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with hasty():
        yield


@pytest.mark.parametrize("reads_first", [False, True])
@pytest.mark.parametrize("misbehave", MISBEHAVIOURS, ids=lambda found: found.__name__)
async def test_a_dial_that_an_http2_server_has_carried_out_is_never_sent_again(
    misbehave: Misbehaviour, reads_first: bool
) -> None:
    calls = [read, dial] if reads_first else [dial]
    with H2Server(misbehave) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await async_run(server.url, *calls, client=HTTP2)
        assert server.carried_out == ["/calls/start"]


async def test_a_request_without_a_body_is_sent_once_over_http2_as_well() -> None:
    with H2Server(go_away_as_if_not_processed) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await async_run(server.url, read, lambda vb: vb.documents.confirm("d"), client=HTTP2)
        assert server.carried_out == ["/documents/d/confirm"]


def surplus_then_reset(peer: socket.socket) -> None:
    peer.sendall(b"nothing that is HTTP\r\n\r\n")
    reset(peer)


@pytest.mark.parametrize("of", ["own", "client"])
@pytest.mark.parametrize("fault", [reset, truncate, surplus_then_reset])
async def test_a_dial_that_an_http1_server_has_carried_out_is_never_sent_again(
    fault: Behaviour, of: str
) -> None:
    options = {"client": {"trust_env": False}} if of == "client" else {}
    with Server([AGENT, fault]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await async_run(server.url, read, dial, **options)
        assert len(server.requests) == 2


@pytest.mark.parametrize("of", ["own", "client"])
async def test_a_server_that_is_not_there_has_not_got_a_dial(of: str) -> None:
    options = {"client": {"trust_env": False}} if of == "client" else {}
    with Server([]) as server:
        url = server.url
    with pytest.raises(vocobase.ConnectionFailedError, match="cannot connect") as caught:
        await async_run(url, dial, **options)
    assert caught.value.sent is False


@pytest.mark.parametrize("of", ["proxy", "client"])
async def test_a_proxy_that_refuses_to_connect_has_not_got_a_dial(of: str) -> None:
    with Server([answer(407, b"")]) as proxy:
        options = {"proxy": proxy.url} if of == "proxy" else {"client": {"proxy": proxy.url}}
        with pytest.raises(vocobase.ConnectionFailedError, match="the proxy refused: 407") as caught:
            await async_run("https://api.example", dial, max_retries=0, **options)
    assert caught.value.sent is False
    assert proxy.requests[0].startswith(b"CONNECT api.example:443 ")


async def test_a_proxy_that_forwards_a_dial_and_breaks_may_have_passed_it_on() -> None:
    with Server([reset]) as proxy:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await async_run("http://localhost:1", dial, proxy=proxy.url)
    assert len(proxy.requests) == 1


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_proxy_of_socks_that_sends_garbage_has_not_got_a_dial() -> None:
    with tunnel(garble_socks) as port:
        with pytest.raises(vocobase.ConnectionFailedError) as caught:
            await async_run("http://localhost:1", dial, proxy=f"socks5://127.0.0.1:{port}", max_retries=0)
    assert caught.value.sent is False
    del caught
    gc.collect()


# httpcore does not close the connection to a SOCKS proxy that refused.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_proxy_of_socks_that_refuses_has_not_got_a_dial() -> None:
    with tunnel(refuse_socks) as port:
        with pytest.raises(vocobase.ConnectionFailedError, match="proxy refused") as caught:
            await async_run("http://localhost:1", dial, proxy=f"socks5://127.0.0.1:{port}", max_retries=0)
    assert caught.value.sent is False
    del caught
    gc.collect()


@pytest.mark.parametrize(("scheme", "greet"), [("http", greet_http), ("socks5", greet_socks)])
async def test_a_dial_through_a_tunnel_is_sent_once_and_counts_as_sent_when_its_response_is_lost(
    scheme: str, greet: Callable[[socket.socket], bool], tls: ssl.SSLContext
) -> None:
    with Server([AGENT, CALL, reset], tls) as server:
        with tunnel(greet, to=int(server.url.rpartition(":")[2])) as port:
            proxy = f"{scheme}://127.0.0.1:{port}"
            assert (await async_run(server.url, read, dial, proxy=proxy)).call_id == "c1"
            assert server.connections == 1
            with pytest.raises(vocobase.OutcomeUnknownError):
                await async_run(server.url, dial, proxy=proxy)
        assert len(server.requests) == 3


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


@pytest.mark.parametrize("way", ["same", "content", "read", "stream"])
@pytest.mark.parametrize("error", LATER, ids=lambda error: type(error).__name__)
async def test_a_transport_of_the_caller_that_took_a_dial_may_have_sent_it_whatever_it_raises(
    error: Exception, way: str
) -> None:
    with Server([CALL]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await async_run(server.url, dial, transport=Wrapping(error, way))
        assert len(server.requests) == 1


@pytest.mark.parametrize("error", LATER[3:6], ids=lambda error: type(error).__name__)
async def test_a_transport_of_the_caller_that_never_took_a_dial_is_trusted_with_few_errors(
    error: Exception,
) -> None:
    with pytest.raises(vocobase.OutcomeUnknownError):
        await async_run("http://127.0.0.1", dial, transport=Failing(error))
    cannot_connect = Failing(httpx.ConnectError("x"))
    with pytest.raises(vocobase.ConnectionFailedError) as caught:
        await async_run("http://127.0.0.1", dial, transport=cannot_connect)
    assert caught.value.sent is False
    # Whether a request without a body was taken cannot be seen.
    with pytest.raises(vocobase.OutcomeUnknownError):
        await async_run("http://127.0.0.1", lambda vb: vb.documents.confirm("d"), transport=cannot_connect)


async def test_a_subclass_of_the_http_client_may_do_anything() -> None:
    seen: list[bytes] = []

    class AsyncReader(httpx.AsyncClient):
        async def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            seen.extend([piece async for piece in request.stream])
            raise httpx.ConnectError("x")

    with pytest.raises(vocobase.OutcomeUnknownError):
        await async_run("http://127.0.0.1", dial, http_client=AsyncReader())
    assert len(seen) == 1


async def test_a_transport_that_sends_a_dial_again_is_stopped() -> None:
    def hang_up(peer: socket.socket) -> None:
        peer.close()

    with Server([hang_up, CALL]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError, match="a second time"):
            await async_run(server.url, dial, transport=Again())
        assert len(server.requests) == 1
    with Server([hang_up, AGENT]) as server:
        assert (await async_run(server.url, read, transport=Again())).id == "a"


async def test_a_transport_that_reads_the_body_again_is_stopped() -> None:
    async def handle(request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.ByteStream)
        for _ in range(2):
            assert [piece async for piece in request.stream]
        return httpx.Response(200)

    with pytest.raises(vocobase.OutcomeUnknownError, match="a second time"):
        await async_run("http://127.0.0.1", dial, transport=httpx.MockTransport(handle))


async def test_headers_that_are_not_http_are_not_sent() -> None:
    with Server([CALL]) as server:
        with pytest.raises(vocobase.ConnectionFailedError, match="not valid HTTP") as caught:
            # Nothing of ours lets them through; a method that h11 refuses does as well.
            await async_run(server.url, lambda vb: vb._core.pool.send(*unsendable(server.url)))
        assert caught.value.sent is False
        assert server.requests == []


def unsendable(url: str) -> Any:
    from vocobase._base.clock import SYSTEM, Deadline
    from vocobase._policy.messages import Request
    from vocobase._policy.options import resolve_timeout

    request = Request("GET", url, {"x y": "1"}, None, "agents.get")
    return request, resolve_timeout(5), Deadline(SYSTEM, 5)


async def test_a_method_that_looks_like_a_proxys_is_a_request_like_any_other() -> None:
    with Server([reset]) as server:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await async_run(server.url, lambda vb: vb.request("CONNECT", "/calls/start", json={}))
        assert len(server.requests) == 1


async def test_a_server_that_hangs_up_at_once_has_not_got_a_dial() -> None:
    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # Whether the end is seen before the request is written, or only after, is a race; both are right.
        with pytest.raises((vocobase.ConnectionFailedError, vocobase.OutcomeUnknownError)):
            await async_run(url, dial, max_retries=0)
        listener.shutdown(socket.SHUT_RDWR)


async def test_the_timeout_of_a_callers_client_proves_nothing_about_a_dial() -> None:
    with Server([silence]) as server:
        error = await async_time_out(server, client={"trust_env": False})
        assert type(error) is vocobase.OutcomeUnknownError
        assert len(server.requests) == 1


async def test_a_connection_that_breaks_when_it_is_given_back_leaves_the_outcome_unknown() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Unclosable()))
    with pytest.raises(vocobase.OutcomeUnknownError, match="broken"):
        await async_run("http://127.0.0.1", dial, transport=transport)


async def test_a_server_whose_certificate_is_not_trusted_has_not_got_a_dial() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Server([CALL], context) as server:
        with pytest.raises(vocobase.ConnectionFailedError, match="certificate verify failed") as caught:
            await async_run(server.url, dial, max_retries=0)
        assert caught.value.sent is False
        assert server.requests == []


async def test_many_requests_go_over_one_encrypted_connection(tls: ssl.SSLContext) -> None:
    """None of the writes waits for a system that has taken all of it already."""
    with Server([CALL], tls) as server:
        assert (await async_run(server.url, *[dial] * 50, timeout=20)).call_id == "c1"
        assert server.connections == 1


async def test_the_error_of_a_tool_that_stopped_a_request_is_not_translated() -> None:
    class Stopped(Exception):
        pass

    with pytest.raises(Stopped):
        await async_run("http://127.0.0.1", dial, transport=Failing(Stopped))
