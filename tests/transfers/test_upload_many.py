"""Several files at once: an interrupt or a cancellation leaves nothing behind."""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.scenario import wav
from tests.fake_time import FakeRuntime, HastyClock
from tests.transfers.stores import Full, Store, make_files
from tests.transfers.support import api, no_pauses  # noqa: F401
from tests.transfers.sync.support import run
from vocobase import AsyncVocobase, Vocobase
from vocobase._base.runtime import AsyncRuntime, installed
from vocobase._transfers.batch import Batch
from vocobase_sandbox import Sandbox


def test_ctrl_c_ends_all_transfers_and_removes_their_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = make_files(tmp_path, 6, 300_000)
    started = threading.Barrier(2)
    go_on = threading.Event()
    stop = Batch.stop

    def stopped(batch: Batch) -> None:
        stop(batch)
        go_on.set()

    monkeypatch.setattr(Batch, "stop", stopped)

    def wait(sent: int, size: int) -> None:
        if sent == 65_536:
            started.wait(timeout=10)
            go_on.wait(timeout=10)

    store = Store()
    main = threading.get_ident()

    def press() -> None:
        started.wait(timeout=10)
        signal.pthread_kill(main, signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    with pytest.raises(KeyboardInterrupt):
        run(store, lambda vb: vb.documents.upload_many(paths, concurrency=3, on_progress=wait))
    presser.join()
    assert "uploading" not in store.records.values()
    assert store.made < 6


@pytest.mark.parametrize("moment", ["create", "put", "confirm"])
def test_a_cancellation_removes_the_records_of_unfinished_uploads(moment: str, tmp_path: Path) -> None:
    paths = make_files(tmp_path, 6)

    async def main() -> Store:
        reached = asyncio.Event()

        class Slow(Store):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                answer = await super().handle_async_request(request)
                now = {"POST /api/v2/documents/upload": "create", "PUT": "put"}.get(
                    request.method if request.method == "PUT" else f"{request.method} {request.url.path}",
                    "confirm" if request.method == "POST" else "delete",
                )
                if now == moment:
                    reached.set()
                    await asyncio.sleep(0.1)
                return answer

        store = Slow()
        async with AsyncVocobase("rg_live_x", transport=store) as vb:
            task = asyncio.create_task(vb.documents.upload_many(paths, concurrency=3))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return store

    store = asyncio.run(main())
    assert store.made <= 3
    assert "uploading" not in store.records.values()
    assert store.records == {}


def test_a_second_cancellation_does_not_wait_and_the_record_is_still_removed() -> None:
    async def main() -> Store:
        reached, go_on, removed = asyncio.Event(), asyncio.Event(), asyncio.Event()

        class Slow(Store):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                answer = await super().handle_async_request(request)
                reached.set()
                await go_on.wait()
                if request.method == "DELETE":
                    removed.set()
                return answer

        store = Slow()
        async with AsyncVocobase("rg_live_x", transport=store) as vb:
            task = asyncio.create_task(vb.documents.upload(b"x", name="a.md"))
            await reached.wait()
            for _ in range(2):
                task.cancel()
                await asyncio.sleep(0)
            with pytest.raises(asyncio.CancelledError):
                await task
            assert store.records == {"d1": "uploading"}
            go_on.set()
            await removed.wait()
        return store

    assert asyncio.run(main()).records == {}


@pytest.mark.parametrize("lost", [False, True])
def test_a_cancellation_waits_for_the_clean_up_that_has_begun(lost: bool, tmp_path: Path) -> None:
    async def main() -> Store:
        reached = asyncio.Event()

        class Slow(Store):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if request.method == "DELETE":
                    reached.set()
                    await asyncio.sleep(0.1)
                    if lost:
                        raise httpx.ConnectError("gone")
                return await super().handle_async_request(request)

        store = Slow(lambda content: httpx.Response(403))
        async with AsyncVocobase("rg_live_x", transport=store, max_retries=0) as vb:
            task = asyncio.create_task(vb.documents.upload(b"x", name="a.md"))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return store

    assert list(asyncio.run(main()).records) == (["d1"] if lost else [])


# The second one is as if the signal came just before the thread began to wait, so that it does not wake up.
@pytest.mark.parametrize(
    "interrupt", [lambda main: signal.pthread_kill(main, signal.SIGINT), lambda _: _thread.interrupt_main()]
)
def test_ctrl_c_ends_a_wait_for_permits(
    interrupt: Callable[[int], None], tmp_path: Path, stack: ExitStack
) -> None:
    short = FakeRuntime(HastyClock(), lambda seconds: time.sleep(min(seconds, 0.01)))
    stack.enter_context(installed(short, AsyncRuntime()))
    pacer, store, main = Full(4), Store(), threading.get_ident()

    def press() -> None:
        pacer.asked.wait(timeout=10)
        interrupt(main)

    presser = threading.Thread(target=press)
    presser.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(store, lambda vb: vb.documents.upload_many(make_files(tmp_path, 6), concurrency=1), pace=pacer)
    presser.join()
    assert time.monotonic() - started < 10
    assert set(store.records.values()) == {"ready"}
    assert store.made == 2


def test_a_cancellation_ends_a_wait_for_permits(tmp_path: Path) -> None:
    pacer, store = Full(5), Store()

    async def cancel_its_wait(upload: Coroutine[Any, Any, object]) -> None:
        pacer.asked.clear()
        task = asyncio.create_task(upload)
        while not pacer.asked.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def main() -> None:
        async with AsyncVocobase("rg_live_x", transport=store, pace=pacer) as vb:
            await cancel_its_wait(vb.documents.upload_many(make_files(tmp_path, 6), concurrency=1))
            await cancel_its_wait(vb.documents.upload(b"x", name="a.md"))
            await cancel_its_wait(vb.background_audio.upload(wav(), slug="tone"))

    asyncio.run(main())
    assert set(store.records.values()) == {"ready"}
    assert store.made == 2


def test_it_works_against_the_sandbox_over_a_socket(tmp_path: Path) -> None:
    paths = make_files(tmp_path, 6, 150_000)
    with Sandbox(seed=1) as sandbox, sandbox.serve() as server:
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            documents = vb.documents.upload_many(paths)
            assert {document.status for document in documents} == {"ready"}
            assert vb.documents.list().total == 6
