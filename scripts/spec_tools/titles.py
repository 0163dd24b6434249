"""The table of titles.py in the raw client: the titles of each operation in the documentation."""

from __future__ import annotations

from spec_tools.matching import Match

HEAD = '''"""The titles of each operation in the documentation, generated from openapi.json.

One row for each operation: tag and summary, which find it in another document.
"""

from __future__ import annotations

from typing import Final

TITLES: Final[dict[str, tuple[str, str]]] = {
'''


def table(matches: list[Match]) -> dict[str, tuple[str, str]]:
    """Return tag and summary of each operation."""
    return {found.row.key: (found.operation.tag, found.operation.summary) for found in matches}
