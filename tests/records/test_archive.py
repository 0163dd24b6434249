"""Archives that were killed, cut or cancelled, and the names of their files."""

from __future__ import annotations

import asyncio
import shutil
import threading
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

from tests.records.archives import (
    WAV,
    Bucket,
    Recordings,
    check_whole,
    manifest,
    two_calls,  # noqa: F401
)
from tests.records.export_source import Table, call
from tests.records.killing import audited  # noqa: F401
from tests.records.sync.archives import archive
from tests.transfers.aio.support import async_run
from tests.transfers.support import (
    no_pauses,  # noqa: F401
)
from tests.transfers.sync.support import run
from vocobase._base.runtime import current_runtime
from vocobase.records.aio.archiving import archive_to
from vocobase.records.archive import NAME, file_name, suffix_of


class Killed(BaseException):
    """The process ends here."""


def test_killed_at_any_step_nothing_is_lost_or_doubled(
    tmp_path: Path, audit: list[Any], stack: ExitStack
) -> None:
    points, step = 0, 0
    this = threading.get_ident()
    table = stack.enter_context(closing(Table()))
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
            run(Recordings(), archive(table, folder))
        except Killed:
            points, ended = points + 1, False
        finally:
            audit.clear()
        for path in folder.rglob("*.wav"):
            assert path.read_bytes() == WAV + path.stem.encode()
        run(Recordings(), archive(table, folder))
        check_whole(folder, *names)
        assert not list(folder.rglob("*.part"))
        shutil.rmtree(folder)
        if ended:
            break
    table.close()
    assert points >= 200


def test_a_manifest_cut_at_any_byte_of_its_last_line_is_continued(table: Table, tmp_path: Path) -> None:
    run(Recordings(), archive(table, tmp_path))
    whole = (tmp_path / NAME).read_bytes()
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in range(start, len(whole)):
        current_runtime().clock.shared.clear()  # or these runs would wait for the requests per minute
        (tmp_path / NAME).write_bytes(whole[:cut])
        run(Recordings(), archive(table, tmp_path))
        check_whole(tmp_path, "s1", "s2")


async def test_a_cancelled_run_leaves_whole_files_and_is_continued(table: Table, tmp_path: Path) -> None:
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

    await async_run(Recordings(), cancel)
    assert len(manifest(tmp_path)) == len(bucket.puts) == 1
    run(Recordings(), archive(table, tmp_path, sink=bucket))
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
