"""Made-up events, for receivers that are tested without a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, cast

from vocobase_sandbox.kernel.clock import iso
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.settings import is_number
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import billing, catalog, conversation, numbers, webhooks
from vocobase_sandbox.rules.seed_file import plain

EVENTS = ("session.completed",)
_OPTIONAL = ("extraction", "latency", "transfer")
_MADE_UP_AGENT = {
    "agent_name": "Made-up agent",
    "intro_message": None,
    "prompt": "You ask whether the order arrived.",
    "end_call_message": None,
    "voicemail_message": None,
}


def trigger(world: World, event: str, overrides: Mapping[str, Any]) -> Row:
    """Publish an event about a session that is not stored, and return the event.

    Args:
        world: The account.
        event: Name of the event.
        overrides: Fields of its data. The fields of `call` are merged into those of a made-up call; None
            makes it the event of a browser session.

    Raises:
        ValueError: if the event or a field does not exist, or no endpoint receives it.
    """
    _check_name("event", event, EVENTS)
    if not any(endpoint["enabled"] for endpoint in world.store.rows("webhooks")):
        raise ValueError("no enabled webhook endpoint; create one with POST /config/webhooks, then trigger")
    given: Row = plain(dict(overrides), "the overrides")
    call: Any = given.pop("call", {})
    if call is not None and not isinstance(call, dict):
        raise ValueError(f"call must be a mapping of fields or None, not {call!r:.50}")
    changes = cast("Row", call or {})
    data = _session(world, given, changes.get("disposition"))
    for name in changes:
        _check_name("field of call", name, data["call"])
    for name in given:
        _check_name("field", name, [*data, *_OPTIONAL])
    data["call"].update(changes)
    if call is None:
        del data["call"]
    return webhooks.publish(world, event, {**data, **given})


def _check_name(kind: str, name: object, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        near = get_close_matches(str(name), names, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else f"choose one of: {', '.join(names)}"
        raise ValueError(f"there is no {kind} {name!r:.50}; {hint}")


def _session(world: World, given: Row, disposition: object) -> Row:
    """Make up the data of a phone call that ends now, consistent with its disposition."""
    agent: Row = world.store.get("agents", str(given.get("agent_id"))) or _MADE_UP_AGENT
    outcome = numbers.outcome_with(disposition if isinstance(disposition, str) else "completed")
    lines = conversation.write(outcome.name, agent, {}, 0) if outcome.status == "completed" else []
    turns = conversation.time_turns(lines)
    seconds: Any = given.get("duration_seconds", conversation.duration(turns))
    tier = catalog.tier_of(agent["voice_id"]) if "voice_id" in agent else catalog.DEFAULT_TIER
    began = world.now_ms - conversation.duration(turns) * 1000
    return {
        "session_id": world.uuid("session"),
        "agent_id": agent.get("id") or world.uuid("agent"),
        "agent_name": agent["agent_name"],
        "duration_seconds": seconds,
        "credits_used": billing.rupees(billing.cost_paise(seconds if is_number(seconds) else 0, tier)),
        "processing_complete": True,
        "pipeline_completed_at": world.now,
        "transcript": [
            {"role": turn.role, "content": turn.content, "timestamp": iso(began + int(turn.start * 1000))}
            for turn in turns
        ],
        "recording_url": None,
        "variables": {},
        "call": {
            "call_id": world.uuid("call"),
            "from_number": "+12025550181",
            "to_number": "+12025550150",
            "direction": "outbound",
            "provider": "twilio",
            "status": outcome.status,
            "disposition": outcome.disposition,
            "answered_by": outcome.answered_by,
        },
    }
