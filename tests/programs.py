"""Programs that a test starts: none is left when the test fails."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any


@contextmanager
def running(command: Sequence[str | PathLike[str]], **settings: Any) -> Generator[subprocess.Popen[Any]]:
    """Run a program until it ends, or until the block fails; then its pipes are closed."""
    with subprocess.Popen(command, **settings) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise
