"""Files that commands write besides their output: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from vocobase._base.files import NewFile
from vocobase.cli.effects import OVERWRITES
from vocobase.cli.session import Session


def write_file(session: Session, path: Path, text: str) -> None:
    """Write a file; ask before it replaces another one.

    Raises:
        OSError: it cannot be written, as on a full disk; an old file is as it was.
    """
    if path.exists():
        session.confirm(OVERWRITES, f"{path} exists and will be replaced.")
    try:
        with NewFile(path) as new:
            new.file.write(text.encode())
            new.sync()
            new.commit()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
