"""Write the table of operations into docs/spec.md, from openapi.json and generator-config.yaml.

    python scripts/spec_table.py [TARGET]

Exit codes: 0 written, 2 a file cannot be used.
"""

from __future__ import annotations

import sys
from pathlib import Path

from spec_tools.command import guarded
from spec_tools.config import CONFIG, ROOT, load_naming
from spec_tools.document import SpecError, load, operations
from spec_tools.evidence import level, marks
from spec_tools.matching import Match, match
from spec_tools.text import code, table, words

PAGE = ROOT / "docs" / "spec.md"
BEGIN = "<!-- operations: begin (written by scripts/spec_table.py) -->"
END = "<!-- operations: end -->"


def rows(matches: list[Match]) -> list[str]:
    """Return the lines of the table, and under it the reasons of what was inferred."""
    cells: list[list[str]] = []
    reasons: list[str] = []
    for found in matches:
        operation, evidence = found.operation, marks(found.operation.body)
        levels = [level(operation.body, part) for part in ("route", "request", "response")]
        title = words(f"{operation.tag} / {operation.summary}")
        cells.append([code(found.row.key), title, code(operation.route), *levels])
        if evidence.get("reason"):
            reasons.append(f"- {code(found.row.key)}: {words(str(evidence['reason']))}")
    lines = table(("Key", "Tag / summary", "Route", "Route by", "Request by", "Response by"), cells)
    return [*lines, "", "Reasons:", "", *reasons] if reasons else lines


def with_table(page: str, lines: list[str]) -> str:
    """Return the page with a new table between its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SpecError(f"docs/spec.md: the lines {BEGIN!r} and {END!r} are missing")
    return "\n".join([before + BEGIN, "", *lines, "", END + after])


def write(target: Path, root: Path = ROOT) -> None:
    """Write docs/spec.md, with the table renewed, to ``target``."""
    document = load(root / "openapi.json")
    naming = load_naming(root / CONFIG.name)
    lines = rows(match(naming.rows, operations(document, naming.base_path)))
    try:
        page = (root / "docs" / "spec.md").read_text(encoding="utf-8")
        target.write_text(with_table(page, lines), encoding="utf-8")
    except OSError as error:
        raise SpecError(f"{error.filename}: {error.strerror}") from error


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments

    def run() -> int:
        write(Path(given[0]) if given else PAGE)
        return 0

    return guarded("spec_table", 2, run)


if __name__ == "__main__":
    sys.exit(main())
