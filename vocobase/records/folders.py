"""The folder of an export or an archive: one run at a time, and no leftovers of runs that were killed."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from vocobase._base.errors import ExportError
from vocobase._base.locks import FileLock

OWNER_FOLDER = 0o700
# The temporary files of `NewFile`.
_LEFT_OVER = re.compile(r"\.[0-9a-f]{16}\.part")


@contextmanager
def disk(place: Path, what: str) -> Generator[None]:
    """Translate the errors of the disk.

    Raises:
        ExportError: the folder cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        raise ExportError(
            f"{what}: the folder {shown(place)} cannot be written ({error.strerror or error}); "
            "correct this and run it again: it continues where it stopped."
        ) from error


@contextmanager
def exclusive(place: Path, lock: str, what: str) -> Generator[None]:
    """Hold a folder, which is created if it does not exist.

    Raises:
        ExportError: it cannot be written, or another run has it.
    """
    with disk(place, what):
        place.mkdir(OWNER_FOLDER, parents=True, exist_ok=True)
        file_lock = FileLock(place / lock)
    with file_lock:
        if not file_lock.is_held:
            raise ExportError(
                f"{what}: another run is writing the folder {shown(place)}; run it again later."
            )
        with disk(place, what):
            _remove_left_over(place)
        yield


def _remove_left_over(place: Path) -> None:
    for path in (*place.glob(".*.part"), *place.glob("*/.*.part")):
        if _LEFT_OVER.fullmatch(path.name):
            path.unlink()


def shown(place: Path) -> str:
    """Return a path for a message."""
    return repr(str(place)[:200])
