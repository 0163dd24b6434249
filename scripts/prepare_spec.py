"""Prepare a published OpenAPI document for the generator.

    python scripts/prepare_spec.py openapi.json prepared.json [--modules FOLDER]

Operations are matched to the rows of `naming.operations` in generator-config.yaml. Schemas are brought into
one form and named by their role, so that the generated names do not depend on the publisher's operationIds,
component names, inlining or OpenAPI version. With --modules, the modules of the raw client that no template
writes are written too: constraints.py, routes.py, titles.py and settings.py. Exit codes: 0 written, 2 the
document or the configuration cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from spec_tools import constraints, literals, routes, settings, titles
from spec_tools.additions import row_text
from spec_tools.command import guarded
from spec_tools.config import CONFIG, Naming, load_naming
from spec_tools.document import Json, SpecError, load, operations
from spec_tools.matching import Match, match
from spec_tools.naming import Namer, prepared
from spec_tools.text import clean


@dataclass(frozen=True)
class Prepared:
    """The input of the generator, and the files that are written next to its output.

    Attributes:
        document: The prepared document.
        modules: Text of each module that no template writes, by file name.
        warnings: One line each.
    """

    document: Json
    modules: dict[str, str]
    warnings: list[str]


def prepare(document: Json, naming: Naming) -> Prepared:
    """Prepare a document.

    Raises:
        SpecError: a row has no operation, or the document is broken.
    """
    matches = match(naming.rows, operations(document, naming.base_path))
    namer = Namer(naming)
    try:
        result = prepared(document, matches, namer)
        modules = {
            "constraints.py": literals.module(
                "constraints.py", constraints.HEAD, constraints.table(document, matches)
            ),
            "routes.py": literals.module("routes.py", routes.HEAD, routes.table(matches)),
            "titles.py": literals.module("titles.py", titles.HEAD, titles.table(matches)),
            "settings.py": settings.module(naming, namer.components),
        }
    except RecursionError as error:
        raise SpecError("the document nests its schemas too deeply") from error
    new = [line for found in matches if not found.listed for line in _proposal(found)]
    return Prepared(result, modules, [*new, *dict.fromkeys(map(clean, namer.warnings))])


def _proposal(found: Match) -> tuple[str, str]:
    """Report that an operation has no row, and propose one."""
    route, key = clean(found.operation.route), found.row.key
    return (
        f"{route} ({clean(found.operation.summary)!r}) has no row in naming.operations; "
        f"it is generated as {key}. `make new-operation KEY={key}` writes the row and the stubs.",
        f"proposed row: {row_text(found.row).strip()}",
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Prepare a published OpenAPI document for the generator.")
    parser.add_argument("source", type=Path, help="the published document, JSON")
    parser.add_argument("target", type=Path, help="where to write the prepared document")
    parser.add_argument("--config", type=Path, default=CONFIG, help="generator-config.yaml")
    parser.add_argument("--modules", type=Path, help="where to write the modules that no template writes")
    options = parser.parse_args(arguments)

    def run() -> int:
        result = prepare(load(options.source), load_naming(options.config))
        for warning in result.warnings:
            print(f"prepare_spec: warning: {warning}", file=sys.stderr)
        text = json.dumps(result.document, indent=1, ensure_ascii=False)
        options.target.write_text(text + "\n", encoding="utf-8")
        if options.modules is not None:
            write_modules(result, options.modules)
        return 0

    return guarded("prepare_spec", 2, run)


def write_modules(result: Prepared, folder: Path) -> None:
    """Write the modules that no template writes."""
    folder.mkdir(exist_ok=True)
    for name, text in result.modules.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
