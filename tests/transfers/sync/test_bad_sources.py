# Derived from tests/transfers/aio/test_bad_sources.py by scripts/derive_sync.py; edit that instead.
"""Sources that cannot be sent, or change meanwhile: a clear error, and nothing is left behind."""

from __future__ import annotations

import codecs
import io
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.transfers.support import DOCUMENT, REMOVED, api, no_pauses, ok  # noqa: F401
from tests.transfers.sync.support import run
from vocobase_sandbox import Sandbox


class Pipe(io.RawIOBase):
    def readable(self) -> bool:
        return True


class Codec(io.BytesIO):
    def read(self, size: int | None = -1) -> Any:
        return super().read(size).decode()


class BrokenDisk(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if size:
            raise OSError(5, "Input/output error")
        return b""


class BytesPath:
    def __fspath__(self) -> bytes:
        return b"a.md"


WRONG: list[tuple[Any, type[Exception], str]] = [
    (None, vocobase.InvalidArgumentError, "NoneType"),
    (5, vocobase.InvalidArgumentError, "int"),
    (bytearray(b"x"), vocobase.InvalidArgumentError, "bytearray"),
    (["a.md"], vocobase.InvalidArgumentError, "list"),
    (Pipe, vocobase.UploadError, "seekable"),
    (lambda: io.StringIO("text"), vocobase.UploadRejectedError, "text mode"),
    (lambda: codecs.getreader("utf-8")(io.BytesIO(b"x" * 9)), vocobase.UploadRejectedError, "text mode"),
    (lambda: Codec(b"text"), vocobase.UploadRejectedError, "text mode"),
    (lambda: BrokenDisk(b"text"), vocobase.UploadError, "Input/output error"),
    (BytesPath, vocobase.UploadError, "cannot be read"),
    ("a\0b.md", vocobase.UploadError, "cannot be read"),
    ("x" * 5000 + ".md", vocobase.UploadError, "cannot be read"),
    ("/dev/zero", vocobase.UploadRejectedError, "not a regular file"),
    ("/dev/null", vocobase.UploadRejectedError, "not a regular file"),
    ("/", vocobase.UploadError, "cannot be read"),
]


@pytest.mark.parametrize(
    ("source", "kind", "words"), WRONG, ids=[str(number) for number in range(len(WRONG))]
)
def test_it_is_refused_in_one_line(source: Any, kind: type[Exception], words: str) -> None:
    transport = api()
    given = source() if callable(source) else source
    with pytest.raises(kind, match=words) as caught:
        run(transport, lambda vb: vb.documents.upload(given, name="a.md"))
    assert transport.seen == (REMOVED if isinstance(given, BrokenDisk) else [])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_fifo_and_a_socket_are_refused_without_waiting(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.md"
    os.mkfifo(fifo)
    with pytest.raises(vocobase.UploadRejectedError, match="not a regular file"):
        run(api(), lambda vb: vb.documents.upload(fifo))
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{short}/s.md")
        with pytest.raises(vocobase.UploadError, match="cannot be read"):
            run(api(), lambda vb: vb.documents.upload(f"{short}/s.md"))


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_text("x")

    def deny(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("vocobase._transfers.sources._without_waiting", deny)
    with pytest.raises(vocobase.UploadError, match=r"cannot be read: Permission denied\.") as caught:
        run(api(), lambda vb: vb.documents.upload(path))
    assert isinstance(caught.value.__cause__, PermissionError)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 100)


def rewrite(path: Path) -> None:
    content = path.read_bytes()
    os.utime(path, ns=(1, 1))
    path.write_bytes(content[::-1])


@pytest.mark.parametrize("change", [grow, shrink, rewrite])
def test_a_file_that_changes_while_it_is_sent_is_not_confirmed(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(os.urandom(300_000))
    transport = api()

    def once(sent: int, size: int) -> None:
        if sent == 65_536:
            change(path)

    with pytest.raises(vocobase.UploadError, match=r"changed|shorter"):
        run(transport, lambda vb: vb.documents.upload(path, on_progress=once))
    assert transport.seen == REMOVED


def test_a_file_that_is_deleted_or_replaced_after_opening_is_sent_in_its_old_state(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"as it was")

    def vanish(request: httpx.Request) -> httpx.Response:
        path.unlink(missing_ok=True)
        return ok(request)

    transport = api(vanish)
    run(transport, lambda vb: vb.documents.upload(path))
    assert transport.bodies[1] == b"as it was"
    assert transport.seen == DOCUMENT


def test_a_file_object_that_grows_is_not_confirmed() -> None:
    file = io.BytesIO(b"x" * 200_000)

    def append(sent: int, size: int) -> None:
        position = file.tell()
        file.seek(0, io.SEEK_END)
        file.write(b"more")
        file.seek(position)

    transport = api()
    with pytest.raises(vocobase.UploadError, match="changed"):
        run(transport, lambda vb: vb.documents.upload(file, name="a.md", on_progress=append))
    assert transport.seen == REMOVED


@pytest.mark.parametrize("buffering", [-1, 0])
def test_a_file_of_the_caller_that_is_written_to_while_it_is_sent_is_not_confirmed(
    buffering: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(os.urandom(300_000))

    def once(sent: int, size: int) -> None:
        if sent == 65_536:
            rewrite(path)

    transport = api()
    with path.open("rb", buffering=buffering) as file:
        with pytest.raises(vocobase.UploadError, match="changed"):
            run(transport, lambda vb: vb.documents.upload(file, on_progress=once))
    assert transport.seen == REMOVED


def test_a_file_object_without_a_file_below_is_sent(tmp_path: Path) -> None:
    class Memory(io.RawIOBase):
        def __init__(self) -> None:
            self.inner = io.BytesIO(b"from memory")

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            return self.inner.seek(offset, whence)

        def tell(self) -> int:
            return self.inner.tell()

        def readinto(self, buffer: Any) -> int:
            return self.inner.readinto(buffer)

    transport = api()
    with tempfile.SpooledTemporaryFile(max_size=1000) as spooled, io.BufferedReader(Memory()) as buffered:
        spooled.write(b"from memory")
        spooled.seek(0)
        for file in (buffered, spooled):
            run(transport, lambda vb, file=file: vb.documents.upload(file, name="a.md"))
            assert transport.bodies[-2] == b"from memory"
        # It was not moved to the disk for this.
        assert not spooled._rolled  # type: ignore[attr-defined]


@pytest.mark.parametrize("moment", ["put", "answered"])
def test_closing_the_file_during_the_upload_is_an_upload_error(moment: str) -> None:
    file = io.BytesIO(b"x" * 100)

    def close(request: httpx.Request) -> httpx.Response:
        file.close()
        return httpx.Response(503 if moment == "put" else 200)

    transport = api(close)
    with pytest.raises(vocobase.UploadError, match=r"cannot be read: I/O operation on closed file\.$"):
        run(transport, lambda vb: vb.documents.upload(file, name="a.md"))
    assert transport.seen == REMOVED


def test_nothing_is_left_in_the_sandbox(sandbox: Sandbox, vb: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * 300_000)
    for change in (grow, shrink):

        def upload(vb: Any, change: Any = change) -> Any:
            return vb.documents.upload(path, on_progress=lambda sent, size: change(path))

        account = {"api_key": sandbox.api_key, "base_url": sandbox.base_url}
        with pytest.raises(vocobase.UploadError):
            run(sandbox.transport(), upload, **account)
    assert vb.documents.list().total == 0
