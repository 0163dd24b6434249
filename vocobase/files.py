"""Files that are always whole, and locks that end with their process: what the SDK itself stores state with.

from pathlib import Path

from vocobase.files import FileLock, write_file

with FileLock(Path("sync.lock")) as lock:
    if lock.is_held:
        write_file(Path("cursor.txt"), b"...", owner_only=True)
"""

from __future__ import annotations

from vocobase._base.files import write_file
from vocobase._base.locks import FileLock

__all__ = ["FileLock", "write_file"]
