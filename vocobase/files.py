"""Files that are always whole, and locks that end with their process.

    from pathlib import Path

    from vocobase.files import FileLock, write_file

    with FileLock(Path("sync.lock")) as lock:
        if lock.is_held:
            write_file(Path("cursor.txt"), b"...", owner_only=True)

The SDK keeps its own state in such files.
"""

from __future__ import annotations

from vocobase._base.files import write_file
from vocobase._base.locks import FileLock

__all__ = ["FileLock", "write_file"]
