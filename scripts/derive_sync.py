"""Derive the synchronous client from the asynchronous one.

    python scripts/derive_sync.py [TARGET]

vocobase/_async is written by hand; this writes vocobase/_sync, which is committed and never edited. unasync
does the work, token by token: `await` goes, `AsyncX` becomes `X`, `_async` becomes `_sync`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import unasync  # pyright: ignore[reportMissingTypeStubs] - it has none

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "vocobase" / "_async"
NOTE = "# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.\n"
WORDS = {
    "set_async_httpx_client": "set_httpx_client",
    "_async": "_sync",
    "aiter": "iter",
    "anext": "next",
}


def derive(target: Path) -> None:
    """Write the synchronous tree to ``target``, replacing what is there."""
    files = sorted(SOURCE.rglob("*.py"))
    classes = {
        name
        for file in files
        for name in re.findall(r"\bAsync[A-Z]\w*|\basync_\w+", file.read_text(encoding="utf-8"))
    }
    words = {**WORDS, **{name: re.sub("^[Aa]sync_?", "", name) for name in classes}}
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder, "_async"), Path(folder, "_sync")
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
        rule = unasync.Rule(fromdir=f"{source}/", todir=f"{result}/", additional_replacements=words)
        files_in = [str(file) for file in source.rglob("*.py")]
        unasync.unasync_files(files_in, [rule])  # pyright: ignore[reportUnknownMemberType] - no stubs
        for file in result.rglob("*.py"):
            text = file.read_text(encoding="utf-8").replace("asynchronous", "synchronous")
            file.write_text(NOTE + text, encoding="utf-8")
        _tidy(result)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(result, target)


def _tidy(folder: Path) -> None:
    options = ["--quiet", "--isolated", "--no-cache", "--line-length=110", "--target-version=py311"]
    first_party = "lint.isort.known-first-party=['vocobase','vocobase_raw']"
    for command in (["check", "--fix-only", "--select=I,F811", f"--config={first_party}"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *options, str(folder)], check=True)


if __name__ == "__main__":
    derive(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "vocobase" / "_sync")
