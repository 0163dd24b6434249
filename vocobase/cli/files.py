"""Files that commands write in addition to their output: completely, or not at all."""

from __future__ import annotations

from pathlib import Path

from vocobase.cli.effects import OVERWRITES
from vocobase.cli.session import Session
from vocobase.files import write_file


def export(session: Session, path: Path, text: str) -> None:
    """Write a file; ask before it replaces another one.

    Raises:
        OSError: it cannot be written, as on a full disk; an old file is unchanged.
    """
    if path.exists():
        session.confirm(OVERWRITES, f"{path} exists and will be replaced.")
    write_file(path, text.encode())
