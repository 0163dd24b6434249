"""Write the table of operations into docs/spec.md, from openapi.json and generator-config.yaml.

    python scripts/spec_table.py [TARGET]

Exit codes: 0 written, 2 a file cannot be used.
"""

from __future__ import annotations

import sys
from pathlib import Path

from spec_tools.config import CONFIG, ROOT, load_naming
from spec_tools.document import Json, SpecError, is_object, load, operations
from spec_tools.matching import Match, match

PAGE = ROOT / "docs" / "spec.md"
BEGIN = "<!-- operations: begin (written by scripts/spec_table.py) -->"
END = "<!-- operations: end -->"


def rows(matches: list[Match]) -> list[str]:
    """Return the lines of the table, and under it the reasons of what was inferred."""
    lines = ["| Key | Tag / summary | Route | Route by | Request by | Response by |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    reasons: list[str] = []
    for found in matches:
        operation, evidence = found.operation, _evidence(found)
        levels = " | ".join(str(evidence.get(part, "published")) for part in ("route", "request", "response"))
        title = _cell(f"{operation.tag} / {operation.summary}")
        lines.append(f"| `{found.row.key}` | {title} | `{_cell(operation.route)}` | {levels} |")
        if evidence.get("reason"):
            reasons.append(f"- `{found.row.key}`: {_cell(str(evidence['reason']))}")
    return [*lines, "", "Reasons:", "", *reasons] if reasons else lines


def _evidence(found: Match) -> Json:
    # A document that the publisher wrote has no evidence levels: all of it is published.
    evidence = found.operation.body.get("x-evidence")
    return evidence if is_object(evidence) else {}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def with_table(page: str, table: list[str]) -> str:
    """Return the page with a new table between its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SpecError(f"docs/spec.md: the lines {BEGIN!r} and {END!r} are missing")
    return "\n".join([before + BEGIN, "", *table, "", END + after])


def write(target: Path, root: Path = ROOT) -> None:
    """Write docs/spec.md, with the table renewed, to ``target``."""
    document = load(root / "openapi.json")
    naming = load_naming(root / CONFIG.name)
    table = rows(match(naming.rows, operations(document, naming.base_path)))
    try:
        page = (root / "docs" / "spec.md").read_text(encoding="utf-8")
        target.write_text(with_table(page, table), encoding="utf-8")
    except OSError as error:
        raise SpecError(f"{error.filename}: {error.strerror}") from error


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    try:
        write(Path(given[0]) if given else PAGE)
    except SpecError as error:
        print(f"spec_table: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
