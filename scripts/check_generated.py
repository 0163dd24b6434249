"""Check that every derived file matches its generator.

    python scripts/check_generated.py

The derived files are written to a temporary folder and compared; the working tree is not touched. Exit codes:
0 all files are current, 1 some are not (listed, with the command to run), 2 a generator failed.
"""

from __future__ import annotations

import filecmp
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import api_page
import derive_sync
import reference_pages
import reliability_table
import spec_table

from spec_tools.command import guarded
from spec_tools.config import ROOT
from spec_tools.document import SpecError
from spec_tools.generation import generate

# Left by interpreters and checkers; git ignores them too.
LITTER = {"__pycache__", ".mypy_cache", ".ruff_cache"}


@dataclass(frozen=True)
class Derived:
    """A file or folder that is never edited by hand.

    Attributes:
        path: Where it is in the repository.
        renew: Command that brings it up to date.
        write: Writes it to a path.
        from_package: Whether it is read from the package; it is compared only if everything else is current.
        within: Name of the folders whose files are derived, everywhere below `path`; all files when empty.
    """

    path: str
    renew: str
    write: Callable[[Path], None]
    within: str = ""
    from_package: bool = False


def _raw_client(target: Path) -> None:
    generate(ROOT / "openapi.json", target / "vocobase_raw", ROOT)


def _synchronous(name: str) -> Callable[[Path], None]:
    """Return a function that derives the synchronous folders of a folder."""

    def write(target: Path) -> None:
        try:
            derive_sync.derive(name, target)
        except derive_sync.UnusedWord as error:
            raise SpecError(str(error)) from error

    return write


def _cli_page(function: str) -> Callable[[Path], None]:
    """Return a function of cli_page, which loads the package: only once that is known to be current."""
    return lambda target: getattr(import_module("cli_page"), function)(target)


DERIVED = (
    Derived("generated", "make generate", _raw_client),
    Derived("docs/spec.md", "make generate", spec_table.write),
    Derived("vocobase", "make sync", _synchronous("vocobase"), within="sync"),
    Derived("tests", "make sync", _synchronous("tests"), within="sync"),
    Derived("docs/reliability.md", "make generate", reliability_table.write),
    Derived("docs/api.md", "make generate", api_page.write, from_package=True),
    Derived("docs/cli.md", "make generate", _cli_page("write"), from_package=True),
    Derived("docs/images", "make generate", _cli_page("write_screens"), from_package=True),
    Derived("docs/reference", "make generate", reference_pages.write, from_package=True),
)


def files(place: Path, within: str = "") -> dict[str, Path]:
    """Return the files of a folder, or the file itself, by relative name."""
    if place.is_file():
        return {"": place}
    found = {path.relative_to(place): path for path in place.rglob("*") if not path.is_dir()}
    return {
        str(name): path
        for name, path in found.items()
        if not LITTER & set(name.parts) and (not within or within in name.parts[:-1])
    }


def differences(committed: Path, fresh: Path, within: str = "") -> list[str]:
    """List each file that is missing, changed or extra."""
    ours, theirs = files(committed, within), files(fresh, within)
    lines: list[str] = []
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours:
            lines.append(f"missing  {name}")
        elif name not in theirs:
            lines.append(f"extra    {name}")
        elif not filecmp.cmp(ours[name], theirs[name], shallow=False):
            lines.append(f"changed  {name}")
    return [line.rstrip() for line in lines]


def main() -> int:
    # A check leaves nothing behind, nor do the programs that it starts.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    return guarded("check_generated", 2, compare)


def compare() -> int:
    """Write every derived file elsewhere and list those that differ."""
    stale = False
    with tempfile.TemporaryDirectory() as work:
        for number, derived in enumerate(DERIVED):
            if derived.from_package and stale:
                continue
            fresh = Path(work) / str(number)
            try:
                derived.write(fresh)
            except SpecError as error:
                raise SpecError(*(f"{derived.path}: {line}" for line in str(error).splitlines())) from error
            found = differences(ROOT / derived.path, fresh, derived.within)
            stale = stale or bool(found)
            for line in found:
                print(f"{derived.path}: {line}")
            if found:
                print(f"{derived.path} is out of date; run `{derived.renew}`.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
