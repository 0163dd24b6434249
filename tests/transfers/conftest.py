"""A real object store."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import running


@pytest.fixture(scope="session")
def store() -> Iterator[str]:
    """The address of an object in a running S3 server."""
    program = Path(__file__).with_name("s3_server.py")
    with running([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/bucket/document.md"
        process.kill()
