"""Build the event of a call that was polled: pure."""

from __future__ import annotations

from typing import Any, cast

from vocobase.webhooks._payloads import SESSION_COMPLETED, SessionCompleted
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.call_session import CallSession
from vocobase_raw.models.session import Session

# Members of `data` that call and session may both have, and members of `data.call`.
ABOUT_SESSION = (
    "duration_seconds",
    "credits_used",
    "processing_complete",
    "pipeline_completed_at",
    "transcript",
    "recording_url",
    "variables",
    "extraction",
    "latency",
)
ABOUT_CALL = (
    "call_id",
    "from_number",
    "to_number",
    "direction",
    "status",
    "disposition",
    "answered_by",
    "provider",
)


def event_of(call_id: str, call: CallDetails, session: Session | None) -> SessionCompleted:
    """Return the event that a webhook would deliver, without the members that polling cannot know."""
    details = call.to_dict()
    in_call: dict[str, Any] = details["session"] if isinstance(details.get("session"), dict) else {}
    in_session: dict[str, Any] = {} if session is None else session.to_dict()
    # The session was read last and has a fresh link; only the call reports its processing.
    sources = (in_session, in_call, details)
    data: dict[str, Any] = {
        "session_id": session_of(call) or call_id,
        "agent_id": call.agent_id,
        "agent_name": in_session.get("agent_name"),
    }
    for name in ABOUT_SESSION:
        found = [source[name] for source in sources if source.get(name) is not None]
        if found:
            data[name] = found[0]
    data["call"] = {name: details[name] for name in ABOUT_CALL if name in details} | {"call_id": call_id}
    return SessionCompleted.from_dict({"event": SESSION_COMPLETED, "data": data})


def session_of(call: CallDetails) -> str | None:
    """Return the identifier of the session of a call, None if there is none or it is malformed."""
    inner = cast(object, call.session)
    names = (call.session_id, inner.session_id if isinstance(inner, CallSession) else None)
    return next((name for name in names if name and isinstance(cast(object, name), str)), None)
