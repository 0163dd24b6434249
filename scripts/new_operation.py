"""Write the row and the stubs of an operation of openapi.json that has no row yet, and list the remaining
work.

    python scripts/new_operation.py KEY [--route "POST /calls/{id}/hold"]

KEY is the name that the operation gets, such as calls.hold. Name the route if several operations have no row.
Exit codes: 0 written, 2 there is no such operation, or a file cannot be used; the message says which.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from spec_tools import additions
from spec_tools.command import guarded
from spec_tools.config import CONFIG, ROOT, load_naming
from spec_tools.document import SpecError, load, operations
from spec_tools.generation import generate
from spec_tools.matching import Match, Row, match

RAW = Path("generated") / "vocobase_raw"
FACADE = Path("vocobase") / "_resources" / "aio"
HANDLERS = Path("vocobase_sandbox") / "handlers"


def find(key: str, route: str, root: Path = ROOT) -> Match:
    """Return the operation without a row for a key or a route.

    Raises:
        SpecError: the key is not valid or is taken, or it is not certain which operation it means.
    """
    naming = load_naming(root / CONFIG.name)
    if not additions.KEY.fullmatch(key):
        raise SpecError(f"{key!r} is not a key; use one such as calls.hold")
    if key in {row.key for row in naming.rows}:
        raise SpecError(f"{key} has a row already")
    document = load(root / "openapi.json")
    free = [found for found in match(naming.rows, operations(document, naming.base_path)) if not found.listed]
    meant = [found for found in free if route in ("", found.operation.route)]
    meant = [found for found in meant if found.row.key == key] or meant
    if len(meant) != 1:
        if not free:
            raise SpecError("every operation of openapi.json has a row; add the new one there (make spec)")
        routes = "; ".join(found.operation.route for found in free)
        raise SpecError(f"name one of the operations without a row with --route: {routes}")
    return meant[0]


def write(key: str, route: str, root: Path = ROOT) -> list[str]:
    """Write the row and the stubs; return the checklist, with the places that are written."""
    found = find(key, route, root)
    row, place = additions.new_row(found, key), found.operation.route
    _edit(root / CONFIG.name, additions.with_row, row)
    _edit(root / "vocobase" / "_policy" / "operations.py", additions.with_policy, row)
    _edit(root / "tests" / "contract" / "keys.txt", additions.with_key, row)
    _edit(root / HANDLERS / "keys.py", additions.with_sandbox_key, row, place)
    written = ["row", "policy", "key"]
    generate(root / "openapi.json", root / RAW, root)
    facade, handlers = _facade(row, root), _handlers(row, root)
    if facade is not None:
        _edit(facade, additions.with_method, row, _generated(row, root))
        written.append("method")
    if handlers is not None:
        _edit(handlers, additions.with_handler, row, place)
        written.append("handler")
    _tidy(root)
    return additions.checklist(row, place, written)


def _edit(path: Path, change: Callable[..., str], *details: object) -> None:
    path.write_text(change(path.read_text(encoding="utf-8"), *details), encoding="utf-8")


def _generated(row: Row, root: Path) -> additions.Generated:
    package, module = additions.module_of(row)
    return additions.read_generated(
        (root / RAW / "api" / package / f"{module}.py").read_text(encoding="utf-8"),
        {path.stem: path.read_text(encoding="utf-8") for path in (root / RAW / "models").glob("*.py")},
    )


def _facade(row: Row, root: Path) -> Path | None:
    """Return the module with the methods of a resource, None if it is a new one."""
    package = additions.module_of(row)[0]
    wanted = re.compile(rf"\bapi\.{package}\.")
    return _with(wanted, root / FACADE)


def _handlers(row: Row, root: Path) -> Path | None:
    """Return the module with handlers of the same first segment, None if there is none."""
    first = re.escape(row.path.split("/")[1])
    return _with(re.compile(rf'^@route\("[A-Z]+ /{first}[/"]', re.MULTILINE), root / HANDLERS)


def _with(pattern: re.Pattern[str], folder: Path) -> Path | None:
    counts = {
        path: len(pattern.findall(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.py"))
    }
    best = max(counts, key=lambda path: counts[path])
    return best if counts[best] else None


def _tidy(root: Path) -> None:
    """Sort the new imports and wrap the long lines."""
    for command in (["check", "--quiet", "--fix-only", "--select", "I"], ["format", "--quiet"]):
        folders = [str(root / FACADE), str(root / HANDLERS), str(root / "vocobase" / "_policy")]
        subprocess.run([sys.executable, "-m", "ruff", *command, *folders], check=True, cwd=root)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the row and the stubs of a new operation.")
    parser.add_argument("key", help="name of the operation, such as calls.hold")
    parser.add_argument("--route", default="", help="its method and path, if several have no row")
    options = parser.parse_args(arguments)

    def run() -> int:
        print("\n".join(write(options.key, options.route)))
        print("Written: the lines with [x]; complete the stubs. The other lines are yours.")
        return 0

    return guarded("new_operation", 2, run)


if __name__ == "__main__":
    sys.exit(main())
