"""Archives: every recording and transcript once, whatever happened to the runs before."""

from __future__ import annotations

import hashlib
import json
import stat
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.records.aio.archives import async_archive
from tests.records.archives import (
    Bucket,
    Recordings,
    check_whole,
    files,
    manifest,
    session,
    two_calls,  # noqa: F401
)
from tests.records.export_source import NOON, Table, call
from tests.records.killing import audited  # noqa: F401
from tests.transfers.aio.support import async_run
from tests.transfers.support import (
    expired,
    no_pauses,  # noqa: F401
)
from vocobase import AuthenticationError, DownloadError, ExportError, InvalidArgumentError, ResponseError
from vocobase._base.locks import FileLock
from vocobase.records.aio.archiving import LOCK
from vocobase.records.archive import NAME, ArchiveResult


async def test_recordings_and_transcripts_lie_in_folders_by_date_with_their_hashes(
    table: Table, tmp_path: Path
) -> None:
    folder, api, steps = tmp_path / "new" / "archive", Recordings(), []
    result = await async_run(api, async_archive(table, folder, on_progress=lambda *step: steps.append(step)))
    assert result == ArchiveResult(2, 2, ())
    check_whole(folder, "s1", "s2")
    assert json.loads((folder / "2026-11-28" / "s1.transcript.json").read_bytes()) == {
        "session_id": "s1",
        "call_id": "c1",
        "created_at": "2026-11-28T12:00:00.000+00:00",
        "transcript": list(call(1).transcript or ()),
    }
    assert steps == [(1, 2), (2, 2)]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in folder.rglob("*")} == {0}


async def test_a_second_run_requests_only_what_is_new(table: Table, tmp_path: Path) -> None:
    await async_run(Recordings(), async_archive(table, tmp_path))
    table.put(call(1), call(3))
    api = Recordings()
    assert await async_run(api, async_archive(table, tmp_path)) == ArchiveResult(1, 1, ())
    assert api.seen == ["GET /sessions/s3"]
    check_whole(tmp_path, "s1", "s2", "s3")


async def test_only_final_records_with_files_that_fulfil_the_filters(
    tmp_path: Path, stack: ExitStack
) -> None:
    table = stack.enter_context(closing(Table()))
    table.put(
        call(1),
        call(2, is_final=False),
        call(3, has_recording=False, transcript=()),
        call(4, has_recording=None, transcript=None),
        call(5, NOON - timedelta(days=9)),
        call(6, None, has_recording=False),
    )
    result = await async_run(
        Recordings(), async_archive(table, tmp_path, filters={"since": NOON, "until": None})
    )
    assert result == ArchiveResult(1, 1, ())
    assert await async_run(Recordings(), async_archive(table, tmp_path, recordings=False)) == ArchiveResult(
        0, 2, ()
    )
    assert "unknown/s6.transcript.json" in files(tmp_path)
    assert await async_run(Recordings(), async_archive(table, tmp_path, transcripts=False)) == ArchiveResult(
        1, 0, ()
    )


async def test_a_link_that_has_expired_is_replaced_by_a_fresh_one(table: Table, tmp_path: Path) -> None:
    api = Recordings()
    api.store = [expired, api.recording]
    table.remove("s2")
    assert (await async_run(api, async_archive(table, tmp_path))).recordings == 1
    assert api.seen == ["GET /sessions/s1"] * 2
    check_whole(tmp_path, "s1")


async def test_a_recording_that_is_missing_is_listed_and_tried_again(table: Table, tmp_path: Path) -> None:
    missing = httpx.Response(404, json={"success": False, "error": {"code": "NOT_FOUND", "message": "no"}})
    api = Recordings(GET_sessions_s1=missing, GET_sessions_s2=session("s2", recording_url=None))
    result = await async_run(api, async_archive(table, tmp_path))
    assert (result.recordings, result.transcripts) == (0, 2)
    assert [failure.session_id for failure in result.failed] == ["s1", "s2"]
    assert str(result.failed[1].error) == "records.archive: session 's2' has no recording."
    assert await async_run(Recordings(), async_archive(table, tmp_path)) == ArchiveResult(2, 0, ())
    check_whole(tmp_path, "s1", "s2")


async def test_a_link_that_cannot_be_used_is_listed(table: Table, tmp_path: Path) -> None:
    api = Recordings(GET_sessions_s1=session("s1", recording_url="ftp://store.example/x"))
    (failure,) = (await async_run(api, async_archive(table, tmp_path))).failed
    assert isinstance(failure.error, ResponseError)


async def test_an_error_that_all_would_meet_ends_the_run(table: Table, tmp_path: Path) -> None:
    refused = httpx.Response(401, json={"success": False, "error": {"code": "UNAUTHORIZED", "message": "no"}})
    with pytest.raises(AuthenticationError):
        await async_run(Recordings(GET_sessions_s1=refused), async_archive(table, tmp_path))
    await async_run(Recordings(), async_archive(table, tmp_path))
    check_whole(tmp_path, "s1", "s2")


async def test_files_go_to_a_sink_and_the_folder_has_only_the_manifest(table: Table, tmp_path: Path) -> None:
    bucket = Bucket()
    await async_run(Recordings(), async_archive(table, tmp_path, sink=bucket))
    assert files(tmp_path) == {}
    assert {entry["name"]: entry["sha256"] for entry in manifest(tmp_path)} == {
        name: hashlib.sha256(content).hexdigest() for name, content in bucket.files.items()
    }
    assert len(bucket.files) == 4


@pytest.mark.parametrize("when", ["dies_before", "dies_after"])
async def test_a_sink_that_fails_at_any_put_loses_and_doubles_nothing(
    when: str, table: Table, tmp_path: Path
) -> None:
    for step in range(1, 5):
        bucket, folder = Bucket(), tmp_path / str(step)
        setattr(bucket, when, step)
        with pytest.raises(ConnectionResetError):
            await async_run(Recordings(), async_archive(table, folder, sink=bucket))
        await async_run(Recordings(), async_archive(table, folder, sink=bucket))
        assert len(bucket.files) == 4 == len(manifest(folder))
        assert len(bucket.puts) == 5


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is damaged"),
        (b"{\n", "is damaged"),
        (b"[]\n", "is damaged"),
        (b'{"version": 2}\n', "has version 2, not 1"),
        (b'{"version": 1, "records": "two"}\n', "it has an archive of other records; pass another folder"),
        (b'{"version": 1, "records": "one"}\n{}\n', "is damaged"),
    ],
)
async def test_a_manifest_that_cannot_be_used_is_one_line(
    content: bytes, text: str, table: Table, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(ExportError, match=text) as caught:
        await async_run(Recordings(), async_archive(table, tmp_path))
    assert "\n" not in str(caught.value)
    assert (tmp_path / NAME).read_bytes() == content


async def test_a_second_run_at_the_same_time_is_one_line(table: Table, tmp_path: Path) -> None:
    with FileLock(tmp_path / LOCK), pytest.raises(ExportError, match="another run is writing the folder"):
        await async_run(Recordings(), async_archive(table, tmp_path))


async def test_a_full_disk_is_one_line_and_the_next_run_continues(
    table: Table, tmp_path: Path, audit: list[Any]
) -> None:
    await async_run(Recordings(), async_archive(table, tmp_path, recordings=False))

    def full(event: str, arguments: tuple[Any, ...]) -> None:
        # Other events come without arguments.
        name = str(arguments[0]) if event in ("open", "os.rename") else ""
        if str(tmp_path) in name and name.endswith(".part"):
            raise OSError(28, "No space left on device")

    audit.append(full)
    with pytest.raises((DownloadError, ExportError), match="No space left on device"):
        await async_run(Recordings(), async_archive(table, tmp_path))
    audit.clear()
    await async_run(Recordings(), async_archive(table, tmp_path))
    check_whole(tmp_path, "s1", "s2")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"sink": 1}, "sink must be an object with a method put"),
        ({"recordings": 1}, "recordings must be True or False"),
        ({"tz": "Mars/Base"}, "tz must be the name of a time zone"),
        ({"on_progress": 1}, "on_progress"),
        ({"filters": {"agents": "x"}}, "there is no filter agents"),
        ({"folder": 1}, "folder"),
    ],
)
async def test_arguments_that_cannot_be_used(
    options: dict[str, Any], text: str, table: Table, tmp_path: Path
) -> None:
    with pytest.raises(InvalidArgumentError, match=text):
        await async_run(Recordings(), async_archive(table, **{"folder": tmp_path / "x", **options}))
    assert not (tmp_path / "x").exists()
