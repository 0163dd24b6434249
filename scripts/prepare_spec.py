"""Prepare a published OpenAPI document for the generator.

    python scripts/prepare_spec.py openapi.json prepared.json

Operations are matched to the rows of `naming.operations` in generator-config.yaml, schemas are brought into
one form and named by their role, so that the generated names do not depend on the publisher's operationIds,
component names, inlining or OpenAPI version. Exit codes: 0 written, 2 the document or the configuration
cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from spec_tools.command import guarded
from spec_tools.config import CONFIG, Naming, load_naming
from spec_tools.document import Json, SpecError, load, operations
from spec_tools.matching import match
from spec_tools.naming import Namer, prepared
from spec_tools.text import clean


def prepare(document: Json, naming: Naming) -> tuple[Json, list[str]]:
    """Return the prepared document and the warnings.

    Raises:
        SpecError: a row has no operation, or the document is broken.
    """
    matches = match(naming.rows, operations(document, naming.base_path))
    namer = Namer(naming)
    try:
        result = prepared(document, matches, namer)
    except RecursionError as error:
        raise SpecError("the document nests its schemas too deeply") from error
    new = [
        f"{clean(found.operation.route)} ({clean(found.operation.summary)!r}) has no row in "
        f"naming.operations; it is generated as {found.row.key}. Add a row, and a method to the facade."
        for found in matches
        if not found.listed
    ]
    return result, [*new, *dict.fromkeys(map(clean, namer.warnings))]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Prepare a published OpenAPI document for the generator.")
    parser.add_argument("source", type=Path, help="the published document, JSON")
    parser.add_argument("target", type=Path, help="where to write the prepared document")
    parser.add_argument("--config", type=Path, default=CONFIG, help="generator-config.yaml")
    options = parser.parse_args(arguments)

    def run() -> int:
        result, warnings = prepare(load(options.source), load_naming(options.config))
        for warning in warnings:
            print(f"prepare_spec: warning: {warning}", file=sys.stderr)
        options.target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return 0

    return guarded("prepare_spec", 2, run)


if __name__ == "__main__":
    sys.exit(main())
