"""Clients that are closed, forked or cancelled while requests are on the way."""

from __future__ import annotations

import asyncio
import itertools
import os
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx
import pytest

import vocobase
from tests.forks import in_child
from tests.transport.server import Server
from tests.transport.support import AGENT, KEY
from vocobase import AsyncVocobase, Vocobase
from vocobase._policy.messages import Request
from vocobase._transport import async_pool as _async_pools
from vocobase._transport import deadline as _deadline
from vocobase._transport.async_own_transport import AsyncOwnTransport
from vocobase._transport.routes import Routes


def test_a_thread_that_waits_for_a_response_wakes_up_when_the_client_is_closed(
    maybe_tls: ssl.SSLContext | None,
) -> None:
    asked, over = threading.Event(), threading.Event()

    def never(_: object) -> None:
        asked.set()
        over.wait()

    with Server([never], maybe_tls) as server, ThreadPoolExecutor(1) as thread:
        vb = Vocobase(KEY, base_url=server.url, timeout=90)
        call = thread.submit(vb.calls.start, "a", "+919876543210")
        asked.wait()
        # Until the thread waits in the kernel, which nothing reports; earlier would also do.
        time.sleep(0.1)
        vb.close()
        with pytest.raises(vocobase.OutcomeUnknownError):
            call.result(timeout=30)
        over.set()


def before_it_has_a_connection(vb: Vocobase, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = Routes.choose

    def late(self: Routes[Any], url: httpx.URL) -> Any:
        vb.close()
        return choose(self, url)

    monkeypatch.setattr(Routes, "choose", late)


def while_it_connects(vb: Vocobase, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = _deadline.Backend.connect_tcp

    def late(self: _deadline.Backend, *args: Any, **settings: Any) -> httpcore.NetworkStream:
        stream = connect(self, *args, **settings)
        vb.close()
        return stream

    monkeypatch.setattr(_deadline.Backend, "connect_tcp", late)


@pytest.mark.parametrize("close", [before_it_has_a_connection, while_it_connects])
def test_a_request_that_outlives_its_client_leaves_no_connection(
    close: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server([AGENT]) as server:
        vb = Vocobase(KEY, base_url=server.url)
        close(vb, monkeypatch)
        assert vb.agents.get("a").id == "a"
        assert server.hung_up.wait(60)


def test_a_task_that_outlives_its_client_leaves_no_connection() -> None:
    async def main(server: Server) -> None:
        vb = AsyncVocobase(KEY, base_url=server.url)
        call = asyncio.create_task(vb.agents.get("a"))
        # Until it waits for the first time, on its way to a connection.
        await asyncio.sleep(0)
        await vb.close()
        assert (await call).id == "a"
        assert await asyncio.to_thread(server.hung_up.wait, 60)

    with Server([AGENT]) as server:
        asyncio.run(main(server))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_closes_its_client_but_not_the_connections_of_its_parent() -> None:
    with Server([AGENT]) as server, Vocobase(KEY, base_url=server.url) as vb:
        vb.agents.get("a")
        assert in_child(lambda: vb.close() is None)
        assert vb.agents.get("a").id == "a"
        assert server.connections == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_closes_its_client_although_a_thread_of_its_parent_was_inside() -> None:
    class Locked(httpx.BaseTransport):
        def __init__(self) -> None:
            self.lock, self.inside, self.free = threading.Lock(), threading.Event(), threading.Event()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            with self.lock:
                self.inside.set()
                self.free.wait()
                return httpx.Response(200, json={"success": True, "data": {"id": "a"}})

        def close(self) -> None:
            with self.lock:
                pass

    transport = Locked()
    with ThreadPoolExecutor(1) as thread, Vocobase(KEY, transport=transport) as vb:
        call = thread.submit(vb.agents.get, "a")
        transport.inside.wait()
        ended = in_child(lambda: vb.close() is None)
        transport.free.set()
        assert call.result().id == "a"
        assert ended


def test_a_request_that_is_cancelled_anywhere_leaves_its_connection_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_async_pools, "LIMITS", httpx.Limits(max_connections=1))
    body = b'{"success": true, "data": {"id": "a"}}'
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def main(steps: int, used: bool) -> bool:
        async with AsyncVocobase(KEY, base_url="http://127.0.0.1", max_retries=0) as vb:
            assert vb._core.pool._routes is not None
            inside: Any = vars(vb._core.pool._routes.transports[None])["_pool"]
            # No socket, so that it always takes the same number of steps.
            vars(inside)["_network_backend"] = httpcore.AsyncMockBackend([reply] * 3)
            if used:
                await vb.agents.get("a")
            request = asyncio.create_task(vb.agents.get("a"))
            for _ in range(steps):
                await asyncio.sleep(0)
            cancelled = request.cancel()
            await asyncio.wait([request])
            assert "Requests: 0 active, 0 queued | Connections: 0 active" in repr(inside)
            assert (await vb.agents.get("a")).id == "a"
            return cancelled

    for used in (False, True):
        steps = next(steps for steps in itertools.count() if not asyncio.run(main(steps, used)))
        assert steps > 3


class Broken(httpcore.AsyncConnectionInterface):
    """A connection that no request uses, and that cannot even be closed."""

    def is_idle(self) -> bool:
        return False

    async def aclose(self) -> None:
        raise OSError("broken")


def test_a_cancellation_goes_on_whatever_becomes_of_a_lost_connection() -> None:
    async def main() -> None:
        async with AsyncOwnTransport() as transport:
            inside: Any = vars(transport)["_pool"]
            inside._connections.append(Broken())
            await transport.forget(Request("GET", "http://127.0.0.1", {}))
            assert inside.connections == []

    asyncio.run(main())


def test_a_pool_that_keeps_its_requests_elsewhere_is_left_alone() -> None:
    async def main() -> None:
        async with AsyncOwnTransport() as transport:
            inside: Any = vars(transport)["_pool"]
            kept = vars(inside).pop("_requests")
            await transport.forget(Request("GET", "http://127.0.0.1", {}))
            inside._requests = kept

    asyncio.run(main())
