# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""Download a presigned link into a file that appears only when it is complete."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from vocobase._config import TRANSFER
from vocobase._errors import InvalidArgument, ResponseError
from vocobase._wire import Collector, Request, Sink

if TYPE_CHECKING:
    from vocobase._sync.core import Core


class FileSink:
    """Write a body to a file as it comes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = 0

    def feed(self, chunk: bytes, /) -> None:
        """Write a piece."""
        self.file.write(chunk)
        self.size += len(chunk)


def download(core: Core, url: str, dest: Path, what: str) -> Path:
    """Download ``url`` to ``dest``; whatever fails, no half file stays behind."""
    if dest.is_dir():
        raise InvalidArgument(f"{what}: {str(dest)!r} is a folder; give the path of a file.")
    dest.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that renaming is atomic; made like any other file, under the umask.
    part = dest.with_name(f".{dest.name}.{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            sink = FileSink(file)

            def receive(status: int, headers: Mapping[str, str]) -> Sink:
                return sink if 200 <= status < 300 else Collector(headers, what, status)

            request = Request("GET", url, {"Accept-Encoding": "identity"}, None, what)
            answer = core.pool.send(request, TRANSFER, time.monotonic() + TRANSFER.total, receive)
        if not 200 <= answer.status < 300:
            text = f"{what}: the object store answered {answer.status}; fetch a fresh link and try again."
            raise ResponseError(text, status=answer.status, operation=what)
        expected = answer.headers.get("content-length")
        if expected is not None and expected.isdigit() and int(expected) != sink.size:
            raise ResponseError(
                f"{what}: {sink.size} of {expected} bytes came.", status=answer.status, operation=what
            )
        if dest.exists():
            part.chmod(dest.stat().st_mode & 0o777)
        part.replace(dest)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return dest
