"""Make the install commands of the documentation work: from a checkout, or by name once it is published.

    python scripts/install_commands.py [--check]

`published` in the table `tool.vocobase` of pyproject.toml decides. Until it is true, a package of this name
on an index belongs to someone else, so no page, docstring or message may tell people to install it by name.
Exit codes: 0 all are right, 1 some were not (listed; pages are rewritten unless `--check`).
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from spec_tools.config import ROOT

PAGES = ("*.md", "docs/**/*.md", "examples/**/*.md")
# Programs name the packages of an extra, which is right in either case (`vocobase/_base/extras.py`).
PROGRAMS = ("vocobase/**/*.py", "vocobase_sandbox/**/*.py", "generated/**/*.py", "examples/**/*.py")
# The words before the name, the name, and the extras; quotes may stand around the two.
COMMAND = re.compile(
    r"(?P<tool>(?:pip|uv|pipx) (?:add|install|pip install)|uvx --from) "
    r"(?P<quote>'?)(?P<name>vocobase|\.)(?P<extras>\[[a-z, ]+\])?(?P=quote)(?![\w/.-])"
)
# What `uvx vocobase` would run, or "install vocobase[redis]" means to a reader, is whatever an index has.
BARE = re.compile(r"\b(?:uvx|pipx run|uv add|(?i:install)) [`'\"]*vocobase\b(?![/.-])")


def rewrite(text: str, published: bool) -> str:
    """Return a page with the install commands of a published, or an unpublished, package."""
    name = "vocobase" if published else "."

    def command(match: re.Match[str]) -> str:
        extras = match["extras"] or ""
        quote = "'" if extras else ""
        return f"{match['tool']} {quote}{name}{extras}{quote}"

    return COMMAND.sub(command, text)


def problems(text: str, published: bool) -> list[str]:
    """Return the lines of a page that would install an unpublished package."""
    return [] if published else [line.strip() for line in text.splitlines() if BARE.search(line)]


def is_published(root: Path = ROOT) -> bool:
    document: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    value = document["tool"]["vocobase"]["published"]
    if not isinstance(value, bool):
        raise SystemExit("install_commands: tool.vocobase.published in pyproject.toml must be true or false")
    return value


def run(root: Path, *, check: bool) -> int:
    published, stale = is_published(root), 0
    for page in sorted({path for pattern in PAGES for path in root.glob(pattern)}):
        text = page.read_text(encoding="utf-8")
        fresh, name = rewrite(text, published), page.relative_to(root).as_posix()
        lines = problems(text, published)
        for line in lines:
            print(f"{name}: runs a package that is not published: {line}")
        if fresh != text:
            print(f"{name}: install commands {'are wrong' if check else 'rewritten'}")
            if not check:
                page.write_text(fresh, encoding="utf-8", newline="\n")
        stale += fresh != text or bool(lines)
    for program in sorted({path for pattern in PROGRAMS for path in root.glob(pattern)}):
        for line in problems(program.read_text(encoding="utf-8"), published):
            print(f"{program.relative_to(root).as_posix()}: installs a package that is not published: {line}")
            stale += 1
    return 1 if stale else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    return run(ROOT, check=parser.parse_args(arguments).check)


if __name__ == "__main__":
    sys.exit(main())
