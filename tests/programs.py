"""Programs that a test starts: none is left when the test ends, however it ends."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any


@contextmanager
def running(command: Sequence[str | PathLike[str]], **settings: Any) -> Generator[subprocess.Popen[Any]]:
    """Run a program; one that still runs at the end of the block is killed, and its pipes are closed."""
    with subprocess.Popen(command, **settings) as process:
        try:
            yield process
        finally:
            process.kill()
