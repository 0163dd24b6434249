"""Several files at once: every path gets its result, and nothing is left behind."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.transfers.aio.support import async_run
from tests.transfers.stores import Full, Store, make_files
from tests.transfers.support import api, no_pauses  # noqa: F401
from vocobase import Budget, LocalPacer, UploadsFailedError
from vocobase._base.runtime import current_runtime
from vocobase_sandbox import Sandbox


async def test_documents_come_in_the_order_of_the_paths_and_few_at_once(tmp_path: Path) -> None:
    paths = make_files(tmp_path, 12)
    store = Store(meet=3)
    told: list[tuple[int, int]] = []
    with Sandbox(seed=1, rate_limits=False) as sandbox:
        documents = await async_run(
            sandbox.async_transport(),
            lambda vb: vb.documents.upload_many(paths, on_progress=lambda *now: told.append(now)),
            api_key=sandbox.api_key,
            base_url=sandbox.base_url,
        )
    assert [document.name for document in documents] == [path.name for path in paths]
    assert told[-1] == (1200, 1200)
    assert [sent for sent, _ in told] == sorted(sent for sent, _ in told)
    assert len(await async_run(store, lambda vb: vb.documents.upload_many(iter(paths), concurrency=3))) == 12
    assert store.most == 3


async def test_one_failure_loses_no_other_result(tmp_path: Path) -> None:
    paths: list[Any] = make_files(tmp_path, 5)
    paths[1] = tmp_path / "missing.md"
    (tmp_path / "a.exe").write_bytes(b"MZ")
    paths[3] = str(tmp_path / "a.exe")

    def refuse_last(content: bytes) -> httpx.Response | None:
        return httpx.Response(403) if content.startswith(b"04") else None

    store = Store(refuse_last)
    with pytest.raises(UploadsFailedError, match="3 of 5 files") as caught:
        await async_run(store, lambda vb: vb.documents.upload_many(paths, concurrency=2))
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


async def test_a_refused_key_is_tried_once_and_reported_for_every_path(tmp_path: Path) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        return httpx.Response(
            401, json={"success": False, "error": {"code": "UNAUTHORIZED", "message": "no"}}
        )

    with pytest.raises(UploadsFailedError) as caught:
        await async_run(
            httpx.MockTransport(respond),
            lambda vb: vb.documents.upload_many(make_files(tmp_path, 6), concurrency=1),
        )
    assert len(seen) == 1
    errors = {type(result.error) for result in caught.value.results}
    assert errors == {vocobase.AuthenticationError}


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
async def test_wrong_arguments_are_refused_before_anything_is_sent(
    paths: Any, options: Any, words: str
) -> None:
    store = Store()
    with pytest.raises(vocobase.ConfigurationError, match=words):
        await async_run(store, lambda vb: vb.documents.upload_many(paths, **options))
    assert store.made == 0
    assert await async_run(store, lambda vb: vb.documents.upload_many([])) == []


async def test_an_error_of_the_callback_ends_all_and_leaves_nothing(tmp_path: Path) -> None:
    def fail(sent: int, size: int) -> None:
        if sent > 300_000:
            raise ZeroDivisionError

    store = Store()
    with pytest.raises(ZeroDivisionError):
        await async_run(
            store,
            lambda vb: vb.documents.upload_many(
                make_files(tmp_path, 8, 200_000), concurrency=2, on_progress=fail
            ),
        )
    assert "uploading" not in store.records.values()
    assert store.made < 8


async def test_each_file_takes_two_permits_of_the_shared_budget(tmp_path: Path) -> None:
    taken: list[Any] = []

    class Counting(LocalPacer):
        def try_acquire(self, budget: Budget, account: str) -> float:
            taken.append(budget)
            return 0.0

    current_runtime().clock.shared[LocalPacer] = Counting()
    await async_run(Store(), lambda vb: vb.documents.upload_many(make_files(tmp_path, 3)))
    assert len(taken) == 6


async def test_requests_after_a_failure_are_paced_too(tmp_path: Path) -> None:
    pacer = Full(1000)
    store = Store(lambda content: httpx.Response(403))
    with pytest.raises(UploadsFailedError):
        await async_run(store, lambda vb: vb.documents.upload_many(make_files(tmp_path, 3)), pace=pacer)
    assert store.records == {}
    # Two places each that were taken beforehand: one for the record, one for its removal.
    assert pacer.places == 1000 - 6
    with pytest.raises(vocobase.UploadExpiredError):
        gone = httpx.Response(403, text="<Error><Message>Request has expired</Message></Error>")
        await async_run(
            Store(lambda content: gone), lambda vb: vb.documents.upload(b"x", name="a.md"), pace=pacer
        )
    assert pacer.places == 1000 - 6 - 4


async def test_a_third_request_acquires_its_own_permit() -> None:
    pacer = Full(1000)
    transport = api(POST_documents_d1_confirm=httpx.Response(400, json={}))
    with pytest.raises(vocobase.ValidationFailedError):
        await async_run(transport, lambda vb: vb.documents.upload(b"x", name="a.md"), pace=pacer)
    assert transport.seen[-1] == "DELETE /documents/d1"
    assert pacer.places == 1000 - 3


async def test_a_file_that_no_longer_exists_is_reported(tmp_path: Path) -> None:
    paths = make_files(tmp_path, 2)
    store = Store(lambda content: paths[1].unlink(missing_ok=True))
    with pytest.raises(UploadsFailedError) as caught:
        await async_run(store, lambda vb: vb.documents.upload_many(paths, concurrency=1))
    first, second = caught.value.results
    assert first.document is not None
    assert "No such file" in str(second.error)
