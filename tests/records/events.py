"""Events of sessions, which fill a table without an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from vocobase.webhooks import SessionCompleted

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def event(number: int = 1, **changes: Any) -> SessionCompleted:
    """Return the event of an outbound call, one minute after the one before."""
    at = (NOON + timedelta(minutes=number)).isoformat()
    call = {
        "call_id": f"call-{number}",
        "from_number": "+12025550181",
        "to_number": f"+120255501{number:02d}",
        "direction": "outbound",
        "status": "completed",
        "disposition": "completed",
    }
    data = {
        "session_id": f"session-{number}",
        "agent_id": "agent",
        "duration_seconds": 20,
        "credits_used": 1.8,
        "pipeline_completed_at": at,
        "transcript": [{"role": "bot", "content": "Hello", "timestamp": at}],
        "variables": {"name": "Asha"},
        "extraction": {"status": "success", "values": {"when": "monday"}},
        "recording_url": "https://example.com/1.wav",
        "call": call | changes.pop("call", {}),
    }
    return SessionCompleted.from_dict({"event": "session.completed", "timestamp": at, "data": data | changes})
