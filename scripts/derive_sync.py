"""Derive the synchronous code, and its tests, from the asynchronous code.

    python scripts/derive_sync.py [FOLDER [TARGET]]

Every folder `aio` of vocobase/ and of tests/ is written by hand. This script writes the folder `sync` next
to each of them, which is committed and never edited. unasync does the work, token by token: `await` is
removed, `AsyncX` becomes `X`, `async_x` becomes `x`, and the words of WORDS and PROSE are replaced. FOLDER is
one of the two; with a TARGET, its derived folders are written below that instead.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import unasync  # pyright: ignore[reportMissingTypeStubs] - it has none

ROOT = Path(__file__).resolve().parents[1]
NOTE = "# Derived from {source} by scripts/derive_sync.py; edit that instead.\n"
# unasync itself knows `async def`, `await`, `__aenter__` and so on.
WORDS = {
    "vocobase": {"aio": "sync"},
    "tests": {"aio": "sync", "aclose": "close", "anext": "next"},
}
# Words of docstrings and comments, which unasync leaves as they are.
PROSE = {
    "vocobase": {"asynchronous": "synchronous"},
    "tests": dict[str, str](),
}
COLOURED = re.compile(r"\bAsync[A-Z]\w*|\basync_\w+")


class UnusedWord(Exception):
    """A substitution that is never used."""


def derive(name: str, target: Path) -> None:
    """Write the synchronous folders of ``name`` below ``target``, replacing those that are there."""
    folder = ROOT / name
    sources = {file: file.read_text(encoding="utf-8") for file in sorted(folder.rglob("aio/**/*.py"))}
    if not sources:
        return
    check_used("\n".join(sources.values()), (*WORDS[name], *PROSE[name]))
    names = {name for text in sources.values() for name in COLOURED.findall(text)}
    words = {**WORDS[name], **{name: re.sub("^[Aa]sync_?", "", name) for name in names}}
    with tempfile.TemporaryDirectory() as place:
        before, after = Path(place, "before"), Path(place, "after")
        for file, text in sources.items():
            copy = before / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
        rule = unasync.Rule(fromdir=f"{before}/", todir=f"{after}/", additional_replacements=words)
        files = [str(file) for file in before.rglob("*.py")]
        unasync.unasync_files(files, [rule])  # pyright: ignore[reportUnknownMemberType] - no stubs
        for file in after.rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            for word, other in PROSE[name].items():
                text = text.replace(word, other)
            source = (folder / file.relative_to(after)).relative_to(ROOT).as_posix()
            file.write_text(NOTE.format(source=source) + text, encoding="utf-8")
        _tidy(after)
        for written in sorted(after.rglob("aio")):
            derived = target / written.relative_to(after).parent / "sync"
            shutil.rmtree(derived, ignore_errors=True)
            shutil.copytree(written, derived)


def check_used(text: str, words: Iterable[str]) -> None:
    """Reject a substitution that is never used: its words are no longer in the code.

    Raises:
        UnusedWord: the message names it.
    """
    unused = [word for word in words if not re.search(rf"\b{word}\b", text)]
    if unused:
        raise UnusedWord(f"derive_sync: nothing needs the substitution of {', '.join(unused)}; remove it")


def _tidy(folder: Path) -> None:
    options = ["--quiet", "--isolated", "--no-cache", "--line-length=110", "--target-version=py311"]
    first_party = "lint.isort.known-first-party=['tests','vocobase','vocobase_raw','vocobase_sandbox']"
    for command in (["check", "--fix-only", "--select=I,F811", f"--config={first_party}"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *options, str(folder)], check=True)


def main(arguments: list[str]) -> None:
    for name in arguments[:1] or WORDS:
        derive(name, Path(arguments[1]) if len(arguments) > 1 else ROOT / name)


if __name__ == "__main__":
    main(sys.argv[1:])
