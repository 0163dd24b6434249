"""The table of routes.py in the raw client: the route of each operation, and its evidence."""

from __future__ import annotations

from spec_tools.evidence import level
from spec_tools.matching import Match

HEAD = '''"""The route of each operation, and how it is known, generated from openapi.json.

One row for each operation: method, path, and the evidence for both, such as ``reference`` or ``inferred``.
"""

from __future__ import annotations

from typing import Final

ROUTES: Final[dict[str, tuple[str, str, str]]] = {
'''


def table(matches: list[Match]) -> dict[str, tuple[str, str, str]]:
    """Return method, path and evidence of each operation."""
    return {
        found.row.key: (found.operation.method.upper(), found.path, level(found.operation.body, "route"))
        for found in matches
    }
