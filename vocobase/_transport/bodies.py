"""The bodies of requests and responses, piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Protocol, cast

from vocobase._base import errors
from vocobase._base.errors import ResponseError
from vocobase._base.runtime import AsyncRuntime, Runtime

MAX_RESPONSE_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


class Sink(Protocol):
    """Receive the body of a response, piece by piece."""

    def feed(self, chunk: bytes, /) -> None:
        """Receive a piece; raise to stop the transfer."""
        ...


class Inflater(Protocol):
    """Decode a body; the objects of zlib do."""

    @property
    def eof(self) -> bool: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def inflater(headers: Mapping[str, str], name: str, status: int) -> Inflater | None:
    """Return a decoder for a body, None if it is not encoded.

    Raises:
        ResponseError: the encoding was not requested.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        return None
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(wbits=47)
    text = f"{name}: the response is encoded as {encoding!r}, which was not requested."
    raise ResponseError(text, status=status, operation=name)


class Collector:
    """Collect a body, and decode gzip and deflate under a limit: a small body can decode to a huge one."""

    def __init__(
        self, headers: Mapping[str, str], name: str, status: int, largest: int = MAX_RESPONSE_BYTES
    ) -> None:
        self._name, self._status, self._room = name, status, largest
        self._inflate = inflater(headers, name, status)
        self._parts: list[bytes] = []

    def _error(self, what: str) -> ResponseError:
        return ResponseError(f"{self._name}: the response {what}.", status=self._status, operation=self._name)

    def feed(self, chunk: bytes, /) -> None:
        """Receive a piece of the body.

        Raises:
            ResponseError: the decoded body exceeds the limit, or is damaged.
        """
        if self._inflate is not None:
            try:
                chunk = self._inflate.decompress(chunk, self._room + 1)
            except zlib.error as error:
                raise self._error(f"is damaged: {error}") from None
        self._room -= len(chunk)
        if self._room < 0:
            raise self._error("is larger than the limit")
        self._parts.append(chunk)

    def body(self) -> bytes:
        """Return the whole body."""
        return b"".join(self._parts)


class Meter:
    """Count the bytes that a transport took, report them to a callback, and keep its exception.

    An OSError of the callback, such as that of a closed terminal, would count as one of the network.

    Attributes:
        taken: Number of bytes so far.
    """

    def __init__(self, size: int, on_progress: Callable[[int, int], None] | None) -> None:
        self.taken = 0
        self._size, self._on_progress = size, on_progress
        self._raised: tuple[BaseException, TracebackType | None] | None = None

    def report(self, taken: int) -> None:
        """Report how many bytes were taken."""
        self.taken = taken
        try:
            if self._on_progress is not None:
                self._on_progress(taken, self._size)
        except BaseException as error:
            self._raised = error, error.__traceback__
            raise

    @property
    def failure(self) -> BaseException | None:
        """The exception of the callback, with only its own frames, or None."""
        if self._raised is None:
            return None
        error, trace = self._raised
        return error.with_traceback(trace)


def chunks(
    file: BinaryIO, size: int, on_progress: Callable[[int], None], runtime: Runtime
) -> Iterator[bytes]:
    """Yield the pieces of a file, and report after each how many bytes were taken."""
    done = 0
    while piece := runtime.run_blocking(read_piece, file, size - done):
        yield piece
        done += len(piece)
        on_progress(done)
    check_whole(done, size)


async def async_chunks(
    file: BinaryIO, size: int, on_progress: Callable[[int], None], runtime: AsyncRuntime
) -> AsyncIterator[bytes]:
    """Yield the pieces of a file, reading in a thread."""
    done = 0
    while piece := await runtime.run_blocking(read_piece, file, size - done):
        yield piece
        done += len(piece)
        on_progress(done)
    check_whole(done, size)


def read_piece(file: BinaryIO, left: int) -> bytes:
    """Read the next piece.

    Raises:
        UploadError: the file cannot be read.
    """
    with reading():
        piece = cast(object, file.read(min(CHUNK_BYTES, left)))
    if not isinstance(piece, bytes):
        raise errors.UploadError(
            f"The source cannot be read: read() returned {type(piece).__name__}, not bytes."
        )
    return piece


@contextmanager
def reading() -> Generator[None]:
    """Translate the errors of a source; the caller may have closed it.

    Raises:
        UploadError: it cannot be read.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        raise errors.UploadError(f"The source cannot be read: {str(error).rstrip('.')}.") from error


# httpx calls these; an error of a source or callback keeps its frames from here on.
BODIES = (chunks.__code__, async_chunks.__code__)


def is_of_body(error: BaseException) -> bool:
    """Return whether an error was raised by the source or the callback of a transfer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code not in BODIES:
        trace = trace.tb_next
    return trace is not None


def check_whole(done: int, size: int) -> None:
    """Refuse a file that became shorter during the upload: its declared length is wrong."""
    if done < size:
        raise errors.UploadError(f"The source became shorter during the upload: {done:,} of {size:,} bytes.")
