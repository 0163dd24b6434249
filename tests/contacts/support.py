"""What the tests of contacts share."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from vocobase.contacts import BadRow, Contact, read
from vocobase_sandbox import Sandbox

ROUTE = "POST /campaigns/{id}/contacts"
# `campaigns.import_contacts` of the client under test.
Importing = Callable[..., Any]
OnServer = Callable[[str], dict[str, Any]]


def split(rows: Any) -> tuple[list[Contact], list[BadRow]]:
    """Part contacts from bad rows."""
    found = list(rows)
    return [row for row in found if isinstance(row, Contact)], [
        row for row in found if isinstance(row, BadRow)
    ]


def contacts(rows: Any) -> list[Contact]:
    """Return the contacts of a source that has no bad row."""
    good, bad = split(rows)
    assert bad == []
    return good


def read_csv(text: str | bytes, **options: Any) -> tuple[list[Contact], list[BadRow]]:
    """Read a CSV file out of memory."""
    file: Any = io.StringIO(text, newline="") if isinstance(text, str) else io.BytesIO(text)
    return split(read(file, format="csv", **options))


def mobile(number: int) -> str:
    """Return a valid Indian number in E.164 form, another one for each number below a billion."""
    return f"+919{number:09}"


class Freely:
    """Keep no budget, so that a test does not wait for the minute to be over."""

    def try_acquire(self, budget: object, account: str) -> float:
        """Always give a place."""
        return 0.0


def people(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [{"Mobile": mobile(n), "Name": f"Person {n}", "tier": "gold"} for n in range(first, first + count)]


def posts(sandbox: Sandbox) -> int:
    return sum(request.operation == "campaigns.add_contacts" for request in sandbox.requests)
