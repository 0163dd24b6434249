"""Sessions: the conversation of a call or a browser visit, with its price, its results and its event."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.kernel.clock import iso
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World, action
from vocobase_sandbox.rules import billing, conversation, objects, scripts, webhooks
from vocobase_sandbox.rules.catalog import tier_of
from vocobase_sandbox.rules.extraction import details, extract, without_values
from vocobase_sandbox.rules.numbers import Outcome


def create(world: World, agent: Row, variables: Row, call_id: str | None, number: str | None) -> Row:
    """Store the session of a call with a number, or of a browser that is about to join."""
    return world.store.put(
        "sessions",
        {
            "id": world.uuid("session"),
            "call_id": call_id,
            "agent_id": agent["id"],
            "agent_name": agent["agent_name"],
            "tier": tier_of(agent["voice_id"]),
            "status": "pending",
            "variables": variables,
            "record": agent["enable_recording"],
            "recorded": False,
            "script": scripts.take(world, agent["id"], number),
            "talk": [],
            "length": None,
            "transcript": [],
            "connected_ms": None,
            "duration_seconds": 0,
            "credits_paise": 0,
            "extraction": None,
            "transfer": None,
            "processing_complete": False,
            "pipeline_completed_at": None,
            "started_at": world.now,
            "ended_at": None,
        },
    )


def begin(world: World, agent: Row, session: Row, planned: Outcome) -> float:
    """Start the conversation that the outcome or the script plans; return its length on the clock."""
    variant = world.ids.digest("variant", session["id"])[0]
    lines = conversation.write(planned.name, agent, session["variables"], variant)
    scripted = scripts.of(session)
    turns, length = scripts.fit(scripted, conversation.time_turns(scripts.lines(scripted, lines, agent)))
    session["status"] = "active"
    session["started_at"] = world.now
    session["connected_ms"] = world.now_ms
    session["talk"] = [
        {"role": turn.role, "content": turn.content, "start": turn.start, "length": turn.length}
        for turn in turns
    ]
    session["length"] = length
    world.store.put("sessions", session)
    return _length(session) / world.settings.pace


def _length(session: Row) -> int:
    """Return the length of the conversation in seconds: the scripted one, or else that of its turns."""
    scripted: int | None = session.get("length")
    if scripted is not None:
        return scripted
    talk: list[Row] = session["talk"]
    end: float = talk[-1]["start"] + talk[-1]["length"] if talk else 0
    return max(1, round(end)) if session["connected_ms"] is not None else 0


def disposition(session: Row, planned: Outcome) -> str:
    """Return the disposition of a conversation: that of its outcome, unless its script leaves it open."""
    is_open = planned.name == "answered" and "disposition" not in scripts.of(session)
    return "user_hangup_no_speech" if is_open and not spoke(session) else planned.disposition


def spoke(session: Row) -> bool:
    """Whether the other party says anything."""
    return any(turn["role"] == "user" for turn in session["talk"])


def elapsed(world: World, session: Row) -> float:
    """Return the seconds of conversation that have passed."""
    began: int | None = session["connected_ms"]
    return 0.0 if began is None else (world.now_ms - began) / 1000 * world.settings.pace


def interrupt(world: World, session: Row, closing: tuple[str, str] | None = None) -> None:
    """Cut the planned conversation off now; append a closing utterance if given."""
    reached = elapsed(world, session)
    session["talk"] = [turn for turn in session["talk"] if turn["start"] <= reached]
    if session.get("length") is not None:
        session["length"] = max(1, round(reached))
    if closing is not None:
        session["talk"].append(
            {"role": closing[0], "content": closing[1], "start": round(reached, 1), "length": 2.0}
        )


def spoken(world: World, session: Row) -> list[Row]:
    """Return the transcript so far of an ongoing conversation."""
    reached = elapsed(world, session)
    return [_turn(world, session, turn) for turn in session["talk"] if turn["start"] <= reached]


def end(world: World, session: Row, status: str) -> None:
    """End a session: fix transcript, duration and price, charge it, and start the post-processing."""
    talk: list[Row] = session["talk"]
    connected = session["connected_ms"] is not None
    session["status"] = status
    session["ended_at"] = world.now
    session["duration_seconds"] = _length(session)
    session["credits_paise"] = billing.cost_paise(session["duration_seconds"], session["tier"])
    session["recorded"] = bool(session["record"] and connected)
    session["transcript"] = [_turn(world, session, turn) for turn in talk]
    billing.charge(world.account, session["credits_paise"])
    world.save_account()
    world.store.put("sessions", session)
    seconds = scripts.of(session).get("processing_seconds", world.settings.processing_seconds)
    world.schedule(seconds, "session.process", session_id=session["id"])


def _turn(world: World, session: Row, turn: Row) -> Row:
    at = session["connected_ms"] + int(turn["start"] * 1000 / world.settings.pace)
    return {"role": turn["role"], "content": turn["content"], "timestamp": iso(min(at, world.now_ms))}


@action("session.process")
def _process(world: World, arguments: Row) -> None:
    session = world.store.table("sessions")[arguments["session_id"]]
    config = world.store.table("agents")[session["agent_id"]]["extraction_config"]
    session["extraction"] = extraction(session, config, world.now)
    session["processing_complete"] = True
    session["pipeline_completed_at"] = world.now
    world.store.put("sessions", session)
    world.record("session.completed", session_id=session["id"], call_id=session["call_id"])
    delays = scripts.WEBHOOK_DELAYS[scripts.of(session).get("webhook")]
    webhooks.publish(world, "session.completed", event_data(world, session), delays)


def extraction(session: Row, config: Row | None, at: str) -> Row | None:
    """Return the scripted extraction, or else that of the config; None without either."""
    given: Row | str | None = scripts.of(session).get("extraction")
    if isinstance(given, str):
        return without_values(given, config or {})
    if given is not None:
        return {"status": "success", "values": given}
    return extract(config, session["transcript"], at) if config else None


def recording_url(world: World, session: Row, origin: str) -> str | None:
    """Presign a link to the recording; None if there is no recording."""
    if not session["recorded"]:
        return None
    return objects.download_url(world, origin, f"recordings/{session['id']}.wav", objects.RECORDING_SECONDS)


def event_data(world: World, session: Row) -> Row:
    """Build the data of the session.completed event."""
    data: dict[str, Any] = {
        "session_id": session["id"],
        "agent_id": session["agent_id"],
        "agent_name": session["agent_name"],
        "duration_seconds": session["duration_seconds"],
        "credits_used": billing.rupees(session["credits_paise"]),
        "processing_complete": session["processing_complete"],
        "pipeline_completed_at": session["pipeline_completed_at"],
        "transcript": session["transcript"],
        "recording_url": recording_url(world, session, world.origin),
        "variables": session["variables"],
    }
    if session["extraction"] is not None:
        data["extraction"] = {
            **session["extraction"],
            **details(session["extraction"], session["pipeline_completed_at"]),
        }
    call = world.store.get("calls", session["call_id"]) if session["call_id"] else None
    if call is not None:
        names = ("from_number", "to_number", "direction", "provider", "status", "disposition", "answered_by")
        data["call"] = {"call_id": call["id"], **{name: call[name] for name in names}}
    if session["transfer"] is not None:
        data["transfer"] = session["transfer"]
    return data


def view(world: World, session: Row, origin: str) -> Row:
    """Show a session as sessions.get does."""
    names = ("agent_id", "agent_name", "status", "duration_seconds", "transcript", "variables", "extraction")
    return {
        "session_id": session["id"],
        **{name: session[name] for name in names},
        "credits_used": billing.rupees(session["credits_paise"]),
        "recording_url": recording_url(world, session, origin),
        "started_at": session["started_at"],
        "ended_at": session["ended_at"],
    }


def view_in_call(world: World, session: Row, origin: str) -> Row | None:
    """Show a session as calls.get does; None before the call connects."""
    if session["status"] == "pending":
        return None
    shown = view(world, session, origin)
    for name in ("agent_id", "agent_name"):
        del shown[name]
    if shown["extraction"] is None:
        del shown["extraction"]
    for name in ("processing_complete", "pipeline_completed_at"):
        shown[name] = session[name]
    return shown
