"""Write a file in one step: other readers see the old content or the new one, never a part of it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

# As `open` creates a file; the umask applies.
USUAL_PERMISSIONS = 0o666
OWNER_ONLY = 0o600


class NewFile:
    """A temporary file in the folder of ``path``, which replaces ``path`` when you commit it.

    It is created at the beginning of a ``with`` block, and removed at its end unless it was committed. A link
    at ``path`` is replaced, not its target.

    Args:
        path: The file to create or replace; its folder must exist.
        permissions: Of the temporary file, before the umask.

    Attributes:
        file: The temporary file, open for writing.
    """

    file: BinaryIO

    def __init__(self, path: Path, permissions: int = USUAL_PERMISSIONS) -> None:
        self._path = path
        # In the same folder, so that replacing is atomic.
        self._part = path.parent / f".{secrets.token_hex(8)}.part"
        self._permissions = permissions

    def open(self) -> Self:
        """Create the temporary file.

        Raises:
            OSError: it cannot be created.
            ValueError: ``path`` has characters that the name of a file cannot have.
        """
        try:
            self.file = open(self._part, "xb", opener=partial(os.open, mode=self._permissions))  # noqa: SIM115
        except BaseException:
            # Ctrl-C may come when the file exists already.
            self.discard()
            raise
        return self

    __enter__ = open

    def sync(self) -> None:
        """Wait until the content is on the disk, where it survives a power failure.

        Raises:
            OSError: it cannot be written.
        """
        self.file.flush()
        os.fsync(self.file.fileno())

    def commit(self, permissions: int | None = None) -> None:
        """Close the temporary file and put it in the place of ``path``.

        Args:
            permissions: Given to the file regardless of the umask; None leaves them as they are.

        Raises:
            OSError: the rest of the content cannot be written, or ``path`` cannot be replaced.
        """
        self.file.close()
        if permissions is not None:
            self._part.chmod(permissions)
        self._part.replace(self._path)

    def discard(self) -> None:
        """Remove the temporary file; ``path`` stays as it is."""
        if "file" in vars(self):
            # Closing writes what is still buffered.
            with suppress(OSError):
                self.file.close()
        with suppress(OSError, ValueError):
            self._part.unlink(missing_ok=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


def write_file(path: Path, content: bytes, *, owner_only: bool = False) -> None:
    """Write a file in one step, and wait until it is on the disk.

    Args:
        path: The file to create or replace; its folder must exist.
        content: Its new content.
        owner_only: Whether only its owner may read it.

    Raises:
        OSError: it cannot be written, as on a full disk; the error names the file, and an old file is
            unchanged.
    """
    try:
        with NewFile(path, OWNER_ONLY if owner_only else USUAL_PERMISSIONS) as new:
            new.file.write(content)
            new.sync()
            new.commit(OWNER_ONLY if owner_only else None)
    except OSError as error:
        # The error of a full disk does not name the file.
        raise OSError(error.errno, error.strerror, str(path)) from error
