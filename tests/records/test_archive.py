"""Archives: every recording and transcript once, whatever happened to the runs before."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest

from tests.records.export_source import NOON, Table, call
from tests.records.killing import audited  # noqa: F401
from tests.transfers.support import Api, Run, both, expired, no_pauses, run_async, run_sync  # noqa: F401
from vocobase import AuthenticationError, DownloadError, ExportError, InvalidArgumentError, ResponseError
from vocobase._base.locks import FileLock
from vocobase._base.runtime import current_runtime
from vocobase._core.aio.core import AsyncCore
from vocobase.records.aio.archiving import LOCK, archive_to
from vocobase.records.archive import NAME, ArchiveResult, file_name, suffix_of
from vocobase.records.sync import archiving as sync_archiving

STORE = "https://store.example/bucket/"
WAV = b"RIFF....WAVE"


class Recordings(Api):
    """An API whose sessions have a recording each, unless a test says otherwise."""

    def __init__(self, **answers: Any) -> None:
        super().__init__(self.recording, **answers)

    def respond(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if request.url.host != "store.example" and f"GET_sessions_{name}" not in self.answers:
            self.seen.append(f"GET /sessions/{name}")
            return httpx.Response(200, json={"success": True, "data": session(name)})
        return super().respond(request)

    @staticmethod
    def recording(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=WAV + request.url.path.rpartition("/")[2].encode())


def session(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name, "status": "completed", "recording_url": STORE + name, **changes}


def archive(table: Table, folder: Path, **options: Any) -> Any:
    """Return a call that archives with a client of either kind."""

    def run(vb: Any) -> Any:
        core = vb._core
        function = archive_to if isinstance(core, AsyncCore) else sync_archiving.archive_to
        return function(table, core, folder, **options)

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / NAME).read_text().splitlines()[1:]]


def check_whole(folder: Path, *names: str) -> None:
    """Require a recording and a transcript for each session, and nothing else, with their hashes."""
    found = files(folder)
    expected = {f"2026-11-28/{name}{suffix}" for name in names for suffix in (".wav", ".transcript.json")}
    assert found.keys() == expected
    assert {entry["name"]: (entry["bytes"], entry["sha256"]) for entry in manifest(folder)} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }
    assert len(manifest(folder)) == len(found)
    for name in names:
        assert found[f"2026-11-28/{name}.wav"] == WAV + name.encode()


@pytest.fixture
def table() -> Iterator[Table]:
    table = Table()
    table.put(call(1), call(2))
    yield table
    table.close()


@both
def test_recordings_and_transcripts_lie_in_folders_by_date_with_their_hashes(
    run: Run, table: Table, tmp_path: Path
) -> None:
    folder, api, steps = tmp_path / "new" / "archive", Recordings(), []
    result = run(api, archive(table, folder, on_progress=lambda *step: steps.append(step)))
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


@both
def test_a_second_run_requests_only_what_is_new(run: Run, table: Table, tmp_path: Path) -> None:
    run(Recordings(), archive(table, tmp_path))
    table.put(call(1), call(3))
    api = Recordings()
    assert run(api, archive(table, tmp_path)) == ArchiveResult(1, 1, ())
    assert api.seen == ["GET /sessions/s3"]
    check_whole(tmp_path, "s1", "s2", "s3")


@both
def test_only_final_records_with_files_that_fulfil_the_filters(run: Run, tmp_path: Path) -> None:
    table = Table()
    table.put(
        call(1),
        call(2, is_final=False),
        call(3, has_recording=False, transcript=()),
        call(4, has_recording=None, transcript=None),
        call(5, NOON - timedelta(days=9)),
        call(6, None, has_recording=False),
    )
    result = run(Recordings(), archive(table, tmp_path, filters={"since": NOON, "until": None}))
    assert result == ArchiveResult(1, 1, ())
    assert run(Recordings(), archive(table, tmp_path, recordings=False)) == ArchiveResult(0, 2, ())
    assert "unknown/s6.transcript.json" in files(tmp_path)
    assert run(Recordings(), archive(table, tmp_path, transcripts=False)) == ArchiveResult(1, 0, ())


@both
def test_a_link_that_has_expired_is_replaced_by_a_fresh_one(run: Run, table: Table, tmp_path: Path) -> None:
    api = Recordings()
    api.store = [expired, api.recording]
    table.remove("s2")
    assert run(api, archive(table, tmp_path)).recordings == 1
    assert api.seen == ["GET /sessions/s1"] * 2
    check_whole(tmp_path, "s1")


@both
def test_a_recording_that_is_missing_is_listed_and_tried_again(
    run: Run, table: Table, tmp_path: Path
) -> None:
    missing = httpx.Response(404, json={"success": False, "error": {"code": "NOT_FOUND", "message": "no"}})
    api = Recordings(GET_sessions_s1=missing, GET_sessions_s2=session("s2", recording_url=None))
    result = run(api, archive(table, tmp_path))
    assert (result.recordings, result.transcripts) == (0, 2)
    assert [failure.session_id for failure in result.failed] == ["s1", "s2"]
    assert str(result.failed[1].error) == "records.archive: session 's2' has no recording."
    assert run(Recordings(), archive(table, tmp_path)) == ArchiveResult(2, 0, ())
    check_whole(tmp_path, "s1", "s2")


@both
def test_a_link_that_cannot_be_used_is_listed(run: Run, table: Table, tmp_path: Path) -> None:
    api = Recordings(GET_sessions_s1=session("s1", recording_url="ftp://store.example/x"))
    (failure,) = run(api, archive(table, tmp_path)).failed
    assert isinstance(failure.error, ResponseError)


@both
def test_an_error_that_all_would_meet_ends_the_run(run: Run, table: Table, tmp_path: Path) -> None:
    refused = httpx.Response(401, json={"success": False, "error": {"code": "UNAUTHORIZED", "message": "no"}})
    with pytest.raises(AuthenticationError):
        run(Recordings(GET_sessions_s1=refused), archive(table, tmp_path))
    run(Recordings(), archive(table, tmp_path))
    check_whole(tmp_path, "s1", "s2")


class Bucket:
    """A sink in memory that a test can end at any put."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.puts: list[str] = []
        self.dies_before: int | None = None
        self.dies_after: int | None = None

    def put(self, name: str, content: BinaryIO) -> None:
        self.puts.append(name)
        if len(self.puts) == self.dies_before:
            raise ConnectionResetError("killed before")
        self.files[name] = content.read()
        if len(self.puts) == self.dies_after:
            raise ConnectionResetError("killed after")


@both
def test_files_go_to_a_sink_and_the_folder_has_only_the_manifest(
    run: Run, table: Table, tmp_path: Path
) -> None:
    bucket = Bucket()
    run(Recordings(), archive(table, tmp_path, sink=bucket))
    assert files(tmp_path) == {}
    assert {entry["name"]: entry["sha256"] for entry in manifest(tmp_path)} == {
        name: hashlib.sha256(content).hexdigest() for name, content in bucket.files.items()
    }
    assert len(bucket.files) == 4


@both
@pytest.mark.parametrize("when", ["dies_before", "dies_after"])
def test_a_sink_that_fails_at_any_put_loses_and_doubles_nothing(
    when: str, run: Run, table: Table, tmp_path: Path
) -> None:
    for step in range(1, 5):
        bucket, folder = Bucket(), tmp_path / str(step)
        setattr(bucket, when, step)
        with pytest.raises(ConnectionResetError):
            run(Recordings(), archive(table, folder, sink=bucket))
        run(Recordings(), archive(table, folder, sink=bucket))
        assert len(bucket.files) == 4 == len(manifest(folder))
        assert len(bucket.puts) == 5


class Killed(BaseException):
    """The process ends here."""


def test_killed_at_any_step_nothing_is_lost_or_doubled(tmp_path: Path, audit: list[Any]) -> None:
    points, step = 0, 0
    this = threading.get_ident()
    table = Table()
    table.put(*(call(number) for number in range(11)))
    names = [f"s{number}" for number in range(11)]
    while True:
        step += 1
        current_runtime().clock.shared.clear()  # or these runs would wait for the requests per minute
        counted, folder = 0, tmp_path / str(step)

        def kill(event: str, arguments: tuple[Any, ...], step: int = step) -> None:
            nonlocal counted
            changes = event in ("os.rename", "os.remove", "os.mkdir", "os.truncate")
            opens = event == "open" and str(tmp_path) in str(arguments[0])
            if threading.get_ident() == this and (changes or opens):
                counted += 1
                if counted == step:
                    raise Killed

        audit.append(kill)
        ended = True
        try:
            run_sync(Recordings(), archive(table, folder))
        except Killed:
            points, ended = points + 1, False
        finally:
            audit.clear()
        for path in folder.rglob("*.wav"):
            assert path.read_bytes() == WAV + path.stem.encode()
        run_sync(Recordings(), archive(table, folder))
        check_whole(folder, *names)
        assert not list(folder.rglob("*.part"))
        shutil.rmtree(folder)
        if ended:
            break
    table.close()
    assert points >= 200


def test_a_manifest_cut_at_any_byte_of_its_last_line_is_continued(table: Table, tmp_path: Path) -> None:
    run_sync(Recordings(), archive(table, tmp_path))
    whole = (tmp_path / NAME).read_bytes()
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in range(start, len(whole)):
        current_runtime().clock.shared.clear()  # or these runs would wait for the requests per minute
        (tmp_path / NAME).write_bytes(whole[:cut])
        run_sync(Recordings(), archive(table, tmp_path))
        check_whole(tmp_path, "s1", "s2")


def test_a_cancelled_run_leaves_whole_files_and_is_continued(table: Table, tmp_path: Path) -> None:
    entered, released = threading.Event(), threading.Event()

    class Slow(Bucket):
        def put(self, name: str, content: BinaryIO) -> None:
            entered.set()
            released.wait(10)
            super().put(name, content)

    bucket = Slow()

    async def cancel(vb: Any) -> None:
        task = asyncio.create_task(archive_to(table, vb._core, tmp_path, sink=bucket))
        await asyncio.to_thread(entered.wait, 10)
        task.cancel()
        released.set()
        with suppress(asyncio.CancelledError):
            await task

    run_async(Recordings(), cancel)
    assert len(manifest(tmp_path)) == len(bucket.puts) == 1
    run_sync(Recordings(), archive(table, tmp_path, sink=bucket))
    assert len(bucket.puts) == len(bucket.files) == 4


def test_names_stay_in_their_folder_and_differ_even_where_case_does_not_count() -> None:
    assert file_name("2026-11-28", "3c90c3cc-0d44", ".wav") == "2026-11-28/3c90c3cc-0d44.wav"
    odd = ["../../etc/passwd", "A", "a.", "con", "é", "e\u0301", "x" * 300, "\ud800", "a/b", "a_b."]
    names = [file_name("d", name, ".wav") for name in odd]
    assert len({name.casefold() for name in names}) == len(odd)
    for name in names:
        assert name.count("/") == 1
        assert ".." not in name
        assert len(name) < 60


def test_the_extension_is_that_of_the_audio() -> None:
    kinds = {b"RIFF": ".wav", b"ID3\x04": ".mp3", b"\xff\xfb\x90": ".mp3", b"OggS": ".ogg", b"": ".bin"}
    assert {start: suffix_of(start) for start in kinds} == kinds


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
def test_a_manifest_that_cannot_be_used_is_one_line(
    content: bytes, text: str, table: Table, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(ExportError, match=text) as caught:
        run_sync(Recordings(), archive(table, tmp_path))
    assert "\n" not in str(caught.value)
    assert (tmp_path / NAME).read_bytes() == content


def test_a_second_run_at_the_same_time_is_one_line(table: Table, tmp_path: Path) -> None:
    with FileLock(tmp_path / LOCK), pytest.raises(ExportError, match="another run is writing the folder"):
        run_sync(Recordings(), archive(table, tmp_path))


@pytest.mark.parametrize(
    ("ending", "error"), [("recording", DownloadError), (".part", (DownloadError, ExportError))]
)
def test_a_full_disk_is_one_line_and_the_next_run_continues(
    ending: str, error: Any, table: Table, tmp_path: Path, audit: list[Any]
) -> None:
    run_sync(Recordings(), archive(table, tmp_path, recordings=False))

    def full(event: str, arguments: tuple[Any, ...]) -> None:
        name = str(arguments[0])
        if event in ("open", "os.rename") and str(tmp_path) in name and name.endswith(".part"):
            raise OSError(28, "No space left on device")

    audit.append(full)
    with pytest.raises(error, match="No space left on device"):
        run_sync(Recordings(), archive(table, tmp_path))
    audit.clear()
    run_sync(Recordings(), archive(table, tmp_path))
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
def test_arguments_that_cannot_be_used(
    options: dict[str, Any], text: str, table: Table, tmp_path: Path
) -> None:
    with pytest.raises(InvalidArgumentError, match=text):
        run_sync(Recordings(), archive(table, **{"folder": tmp_path / "x", **options}))
    assert not (tmp_path / "x").exists()
