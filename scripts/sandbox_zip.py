"""Write the sandbox as one file that a bare Python starts.

    python scripts/sandbox_zip.py TARGET.pyz
    python3 -I TARGET.pyz exec -- python my_script.py

The file holds `vocobase_sandbox` with its data and nothing else, as the sandbox needs only the standard
library. Two runs write the same bytes. Exit codes: 0 written, 2 the target cannot be written.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from spec_tools.command import guarded
from spec_tools.config import ROOT
from spec_tools.document import SpecError

SHEBANG = b"#!/usr/bin/env python3\n"
# The oldest version that the package allows, checked before a module that needs it is loaded.
MAIN = """import sys

if sys.version_info < (3, 11):
    sys.exit("vocobase-sandbox: Python 3.11 or newer is needed, not " + sys.version.split()[0])
from vocobase_sandbox.__main__ import main

sys.exit(main())
"""
SUFFIXES = {".py", ".typed", ".json", ".css", ".html", ".js", ".svg"}
# Zip files cannot store an earlier time.
TIME = (1980, 1, 1, 0, 0, 0)


def contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Return the name and content of each member, in a fixed order."""
    yield "__main__.py", MAIN.encode()
    yield "LICENSE", (root / "LICENSE").read_bytes()
    yield "vocobase_sandbox/openapi.json", (root / "openapi.json").read_bytes()
    for path in sorted((root / "vocobase_sandbox").rglob("*")):
        if path.is_file() and path.suffix in SUFFIXES and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_bytes()


def archive(root: Path) -> bytes:
    """Return the whole file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, content in contents(root):
            member = zipfile.ZipInfo(name, TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            target.writestr(member, content)
    return SHEBANG + packed.getvalue()


def write(target: Path, root: Path = ROOT) -> int:
    """Write the file, and make it a program."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive(root))
        target.chmod(0o755)
    except OSError as error:
        raise SpecError(f"cannot write {target}: {error.strerror}") from error
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", type=Path, metavar="TARGET.pyz")
    target: Path = parser.parse_args(arguments).target
    return guarded("sandbox_zip", 2, lambda: write(target))


if __name__ == "__main__":
    sys.exit(main())
