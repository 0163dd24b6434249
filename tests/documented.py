"""openapi.json as the SDK knows it: the operations that have a row, and their keys.

The document may be ahead of the SDK: an operation that was published a moment ago has no row yet. One test says so
(tests/pipeline/test_spec.py); for all others it is as if it were not there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spec_tools.config import load_naming
from spec_tools.document import operations
from spec_tools.evidence import is_transcription
from spec_tools.matching import Match, match

ROOT = Path(__file__).resolve().parents[1]
WHOLE: dict[str, Any] = json.loads((ROOT / "openapi.json").read_bytes())
OURS = is_transcription(WHOLE)
"""Whether the document is our own transcription, with evidence; else a publisher wrote it."""


def matches(listed: bool) -> list[Match]:
    """Return the operations that have a row, or those that have none."""
    naming = load_naming()
    found = match(naming.rows, operations(WHOLE, naming.base_path))
    return [each for each in found if each.listed is listed]


KEYS = {(each.operation.method.upper(), each.operation.path): each.row.key for each in matches(listed=True)}
"""Key of each operation that has a row, by method and path."""


def known() -> dict[str, Any]:
    """Return the document with the operations that have a row."""
    paths = {
        path: {name: part for name, part in item.items() if (name.upper(), path) in KEYS}
        for path, item in WHOLE["paths"].items()
    }
    copy: dict[str, Any] = json.loads(json.dumps(WHOLE))
    return {**copy, "paths": {path: item for path, item in paths.items() if item}}
