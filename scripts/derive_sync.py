"""Derive the synchronous code from the asynchronous code.

    python scripts/derive_sync.py [TARGET]

Every folder `aio` of vocobase/ is written by hand. This script writes the folder `sync` beside each of them,
which is committed and never edited. unasync does the work, token by token: `await` goes, `AsyncX` becomes
`X`, `async_x` becomes `x`, and the words of WORDS and PROSE are replaced. With a TARGET, they are
written below it instead.
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
PACKAGE = ROOT / "vocobase"
NOTE = "# Derived from {source} by scripts/derive_sync.py; edit that instead.\n"
# unasync itself knows `async def`, `await`, `__aenter__` and their like.
WORDS = {"aio": "sync"}
# Words of docstrings and comments, which unasync leaves as they are.
PROSE = {"asynchronous": "synchronous"}
COLOURED = re.compile(r"\bAsync[A-Z]\w*|\basync_\w+")


class UnusedWord(Exception):
    """A substitution that nothing needs."""


def derive(target: Path) -> None:
    """Write the synchronous folders below ``target``, replacing those that are there."""
    sources = {file: file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("aio/**/*.py"))}
    check_used(sources)
    names = {name for text in sources.values() for name in COLOURED.findall(text)}
    words = {**WORDS, **{name: re.sub("^[Aa]sync_?", "", name) for name in names}}
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        for file, text in sources.items():
            copy = before / file.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
        rule = unasync.Rule(fromdir=f"{before}/", todir=f"{after}/", additional_replacements=words)
        files = [str(file) for file in before.rglob("*.py")]
        unasync.unasync_files(files, [rule])  # pyright: ignore[reportUnknownMemberType] - no stubs
        for file in after.rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            for word, other in PROSE.items():
                text = text.replace(word, other)
            source = (PACKAGE / file.relative_to(after)).relative_to(ROOT).as_posix()
            file.write_text(NOTE.format(source=source) + text, encoding="utf-8")
        _tidy(after)
        for written in sorted(after.rglob("aio")):
            place = target / written.relative_to(after).parent / "sync"
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(written, place)


def check_used(sources: dict[Path, str]) -> None:
    """Refuse a substitution that is never used: it hides what the code has stopped saying.

    Raises:
        UnusedWord: the message names it.
    """
    text = "\n".join(sources.values())
    unused = [word for word in (*WORDS, *PROSE) if not re.search(rf"\b{word}\b", text)]
    if unused:
        raise UnusedWord(f"derive_sync: nothing needs the substitution of {', '.join(unused)}; remove it")


def _tidy(folder: Path) -> None:
    options = ["--quiet", "--isolated", "--no-cache", "--line-length=110", "--target-version=py311"]
    first_party = "lint.isort.known-first-party=['vocobase','vocobase_raw']"
    for command in (["check", "--fix-only", "--select=I,F811", f"--config={first_party}"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *options, str(folder)], check=True)


if __name__ == "__main__":
    derive(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE)
