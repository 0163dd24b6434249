"""The data files of the package, read through its loader: they may be in a folder, a zip file or a bundle.

`importlib.resources` does the same, but its import takes as long as the start of a sandbox.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent


def read(name: str) -> bytes:
    """Return the content of a file, by its path inside the package.

    Raises:
        OSError: there is no such file.
    """
    return _read(_PACKAGE / name)


def read_document() -> bytes:
    """Return openapi.json: inside the package in a wheel, next to the package in a source checkout."""
    try:
        return read("openapi.json")
    except OSError:
        return _read(_PACKAGE.parent / "openapi.json")


def _read(path: Path) -> bytes:
    loader: Any = __spec__.loader
    content: bytes = loader.get_data(str(path))
    return content
