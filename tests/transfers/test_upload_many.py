"""Several files at once: every path gets its result, and nothing is left behind."""

from __future__ import annotations

import _thread
import asyncio
import pickle
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.contract.scenario import wav
from tests.fake_time import FakeRuntime, HastyClock
from tests.transfers.support import Run, api, both, no_pauses, run_async, run_sync  # noqa: F401
from vocobase import AsyncVocobase, Budget, LocalPacer, UploadsFailedError, Vocobase
from vocobase._base.runtime import AsyncRuntime, current_runtime, installed
from vocobase._transfers.batch import Batch
from vocobase_sandbox import Sandbox


class Store(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Count concurrent transfers; `on_put` receives the content of each PUT, and may respond or raise."""

    def __init__(self, on_put: Callable[[bytes], Any] = lambda content: None) -> None:
        self.on_put = on_put
        self.lock = threading.Lock()
        self.records: dict[str, str] = {}
        self.busy = self.most = self.made = 0

    def api(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v2")
        with self.lock:
            if request.method == "DELETE":
                del self.records[path.rpartition("/")[2]]
                return httpx.Response(200, json={"success": True, "data": {"message": "gone"}})
            if path == "/documents/upload":
                self.made += 1
                key = f"d{self.made}"
                self.records[key] = "uploading"
                data = {"document_id": key, "upload_url": f"https://store.example/{key}?canary"}
                return httpx.Response(200, json={"success": True, "data": data})
            key = path.split("/")[2]
            self.records[key] = "ready"
            return httpx.Response(200, json={"success": True, "data": {"id": key, "status": "ready"}})

    def begin(self) -> None:
        with self.lock:
            self.busy += 1
            self.most = max(self.most, self.busy)

    def end(self) -> None:
        with self.lock:
            self.busy -= 1

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example":
            request.read()
            return self.api(request)
        self.begin()
        try:
            content = b"".join(request.stream)  # type: ignore[arg-type]
            return self.on_put(content) or httpx.Response(200)
        finally:
            self.end()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example":
            await request.aread()
            return self.api(request)
        self.begin()
        try:
            content = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
            return self.on_put(content) or httpx.Response(200)
        finally:
            self.end()


def make_files(folder: Path, count: int, size: int = 100) -> list[Path]:
    paths = [folder / f"{number:02}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"%02d" % number + b"x" * (size - 2))
    return paths


@both
def test_documents_come_in_the_order_of_the_paths_and_few_at_once(run: Run, tmp_path: Path) -> None:
    paths = make_files(tmp_path, 12)
    together = threading.Barrier(3) if run is run_sync else None

    def meet(content: bytes) -> None:
        if together is not None:
            together.wait(timeout=10)

    store = Store(meet)
    told: list[tuple[int, int]] = []
    with Sandbox(seed=1, rate_limits=False) as sandbox:
        transport = sandbox.transport() if run is run_sync else sandbox.async_transport()
        documents = run(
            transport,
            lambda vb: vb.documents.upload_many(paths, on_progress=lambda *now: told.append(now)),
            api_key=sandbox.api_key,
            base_url=sandbox.base_url,
        )
    assert [document.name for document in documents] == [path.name for path in paths]
    assert told[-1] == (1200, 1200)
    assert [sent for sent, _ in told] == sorted(sent for sent, _ in told)
    assert len(run(store, lambda vb: vb.documents.upload_many(iter(paths), concurrency=3))) == 12
    assert store.most == 3


@both
def test_one_failure_loses_no_other_result(run: Run, tmp_path: Path) -> None:
    paths: list[Any] = make_files(tmp_path, 5)
    paths[1] = tmp_path / "missing.md"
    (tmp_path / "a.exe").write_bytes(b"MZ")
    paths[3] = str(tmp_path / "a.exe")

    def refuse_last(content: bytes) -> httpx.Response | None:
        return httpx.Response(403) if content.startswith(b"04") else None

    store = Store(refuse_last)
    with pytest.raises(UploadsFailedError, match="3 of 5 files") as caught:
        run(store, lambda vb: vb.documents.upload_many(paths, concurrency=2))
    results = caught.value.results
    assert [result.path for result in results] == paths
    assert [result.document is None for result in results] == [False, True, False, True, True]
    assert [type(result.error).__name__ for result in results] == [
        "NoneType",
        "UploadError",
        "NoneType",
        "UploadRejectedError",
        "UploadRejectedError",
    ]
    assert caught.value.__cause__ is results[1].error
    assert "\n" not in str(caught.value)
    assert "canary" not in str(caught.value) + repr(results)
    assert set(store.records.values()) == {"ready"}
    again = pickle.loads(pickle.dumps(caught.value))
    assert [str(result.error) for result in again.results] == [str(result.error) for result in results]


@both
def test_a_refused_key_is_tried_once_and_reported_for_every_path(run: Run, tmp_path: Path) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        return httpx.Response(
            401, json={"success": False, "error": {"code": "UNAUTHORIZED", "message": "no"}}
        )

    with pytest.raises(UploadsFailedError) as caught:
        run(
            httpx.MockTransport(respond),
            lambda vb: vb.documents.upload_many(make_files(tmp_path, 6), concurrency=1),
        )
    assert len(seen) == 1
    errors = {type(result.error) for result in caught.value.results}
    assert errors == {vocobase.AuthenticationError}


@both
@pytest.mark.parametrize(
    ("paths", "options", "words"),
    [
        ("a.md", {}, "list of paths"),
        (Path("a.md"), {}, "list of paths"),
        (5, {}, "list of paths"),
        ([b"content"], {}, "not bytes; for other sources use documents.upload"),
        ([], {"concurrency": 0}, "from 1 to 16"),
        ([], {"concurrency": True}, "from 1 to 16"),
        ([], {"concurrency": 17}, "from 1 to 16"),
        ([], {"transfer_timeout": -1}, "positive"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_sent(
    run: Run, paths: Any, options: Any, words: str
) -> None:
    store = Store()
    with pytest.raises(vocobase.ConfigurationError, match=words):
        run(store, lambda vb: vb.documents.upload_many(paths, **options))
    assert store.made == 0
    assert run(store, lambda vb: vb.documents.upload_many([])) == []


@both
def test_an_error_of_the_callback_ends_all_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    def fail(sent: int, size: int) -> None:
        if sent > 300_000:
            raise ZeroDivisionError

    store = Store()
    with pytest.raises(ZeroDivisionError):
        run(
            store,
            lambda vb: vb.documents.upload_many(
                make_files(tmp_path, 8, 200_000), concurrency=2, on_progress=fail
            ),
        )
    assert "uploading" not in store.records.values()
    assert store.made < 8


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
        run_sync(store, lambda vb: vb.documents.upload_many(paths, concurrency=3, on_progress=wait))
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


def test_each_file_takes_two_permits_of_the_shared_budget(tmp_path: Path) -> None:
    taken: list[Any] = []

    class Counting(LocalPacer):
        def reserve(self, budget: Budget, account: str) -> float:
            taken.append(budget)
            return 0.0

    current_runtime().clock.shared[LocalPacer] = Counting()
    run_sync(Store(), lambda vb: vb.documents.upload_many(make_files(tmp_path, 3)))
    run_async(Store(), lambda vb: vb.documents.upload_many(make_files(tmp_path, 3)))
    assert len(taken) == 12


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


class Full:
    """A budget with some places, and none for a long time afterwards."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.asked = threading.Event()

    def reserve(self, budget: Any, account: str) -> float:
        self.places -= 1
        if self.places >= 0:
            return 0.0
        self.asked.set()
        return 60.0


@both
def test_requests_after_a_failure_are_paced_too(run: Run, tmp_path: Path) -> None:
    pacer = Full(1000)
    store = Store(lambda content: httpx.Response(403))
    with pytest.raises(UploadsFailedError):
        run(store, lambda vb: vb.documents.upload_many(make_files(tmp_path, 3)), pace=pacer)
    assert store.records == {}
    # Two places each that were taken beforehand: one for the record, one for its removal.
    assert pacer.places == 1000 - 6
    with pytest.raises(vocobase.UploadExpiredError):
        gone = httpx.Response(403, text="<Error><Message>Request has expired</Message></Error>")
        run(Store(lambda content: gone), lambda vb: vb.documents.upload(b"x", name="a.md"), pace=pacer)
    assert pacer.places == 1000 - 6 - 4


@both
def test_a_third_request_acquires_its_own_permit(run: Run) -> None:
    pacer = Full(1000)
    transport = api(POST_documents_d1_confirm=httpx.Response(400, json={}))
    with pytest.raises(vocobase.ValidationFailedError):
        run(transport, lambda vb: vb.documents.upload(b"x", name="a.md"), pace=pacer)
    assert transport.seen[-1] == "DELETE /documents/d1"
    assert pacer.places == 1000 - 3


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
        run_sync(
            store, lambda vb: vb.documents.upload_many(make_files(tmp_path, 6), concurrency=1), pace=pacer
        )
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


@both
def test_a_file_that_no_longer_exists_is_reported(run: Run, tmp_path: Path) -> None:
    paths = make_files(tmp_path, 2)
    store = Store(lambda content: paths[1].unlink(missing_ok=True))
    with pytest.raises(UploadsFailedError) as caught:
        run(store, lambda vb: vb.documents.upload_many(paths, concurrency=1))
    first, second = caught.value.results
    assert first.document is not None
    assert "No such file" in str(second.error)


def test_it_works_against_the_sandbox_over_a_socket(tmp_path: Path) -> None:
    paths = make_files(tmp_path, 6, 150_000)
    with Sandbox(seed=1) as sandbox, sandbox.serve() as server:
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            documents = vb.documents.upload_many(paths)
            assert {document.status for document in documents} == {"ready"}
            assert vb.documents.list().total == 6
