"""Calls that have ended, as the API shows them."""

from __future__ import annotations

from typing import Any

WHEN = "2026-01-01T00:00:{:02}Z"


def listed(number: int, **changes: Any) -> dict[str, Any]:
    """Return a call as a row of a list; `ended` returns the details of a call that is over."""
    when = WHEN.format(number)
    names = {"call_id": f"c{number}", "session_id": f"s{number}"}
    return {**names, "status": "in_progress", "created_at": when, "started_at": when, **changes}


def ended(number: int, **changes: Any) -> dict[str, Any]:
    return listed(number, **{"status": "completed", "session": {"processing_complete": True}, **changes})
