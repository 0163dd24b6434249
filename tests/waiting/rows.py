"""Rows of calls and sessions as the API shows them."""

from __future__ import annotations

from typing import Any


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"call_id": f"c{n}", "session_id": f"s{n}", "status": "completed", "duration_seconds": 5, **more}
        for n in range(count)
    ]


def unprocessed(call_id: str) -> dict[str, Any]:
    return {"call_id": call_id, "status": "completed", "session": {"processing_complete": False}}


def ended(session_id: str, **more: Any) -> dict[str, Any]:
    return {"session_id": session_id, "ended_at": "2026-11-23T10:00:00Z", "transcript": [], **more}
