"""Phone calls: dial, ring, talk and end, all on the clock."""

from __future__ import annotations

from collections.abc import Callable

from vocobase_sandbox.kernel.messages import Row, invalid
from vocobase_sandbox.kernel.world import World, action
from vocobase_sandbox.rules import carriers, conversation, numbers, scripts, sessions
from vocobase_sandbox.rules.limits import LIVE_STATUSES

_DIAL_FACTOR = 0.2

on_end: list[Callable[[World, Row], None]] = []
"""Listeners that are called when a call has ended; campaigns use this."""


def start(
    world: World,
    agent: Row,
    to_number: str,
    from_number: str,
    provider: str,
    variables: Row,
    campaign_id: str | None = None,
) -> Row:
    """Dial a number; the rest of the call follows on the clock."""
    call = _create(world, agent, to_number, from_number, provider, "outbound", variables)
    call["campaign_id"] = campaign_id
    world.schedule(world.settings.ring_seconds * _DIAL_FACTOR, "call.ring", call_id=call["id"])
    return call


def receive(
    world: World, from_number: str, to_number: str | None, agent_id: str | None, provider: str
) -> Row:
    """Connect a caller to the agent of a number, or to a named agent; inbound calls have no variables.

    Raises:
        ApiError: 400 if no agent answers or the caller's number is malformed.
    """
    if not numbers.E164.fullmatch(from_number):
        raise invalid("from_number must be in E.164 format")
    number = carriers.find_number(world, to_number) if to_number else None
    agent = world.store.get("agents", (number["agent_id"] if number else agent_id) or "")
    if agent is None or agent["deleted_at"]:
        raise invalid("no agent answers this call")
    if number is None:
        connection = carriers.default_connection(world, provider)
        to_number = connection["from_number"] if connection else None
    carrier = number["provider"] if number else provider
    call = _create(world, agent, to_number or "anonymous", from_number, carrier, "inbound", {})
    world.schedule(0, "call.ring", call_id=call["id"])
    return call


def _create(
    world: World, agent: Row, to_number: str, from_number: str, provider: str, direction: str, variables: Row
) -> Row:
    call_id = world.uuid("call")
    party = to_number if direction == "outbound" else from_number
    session = sessions.create(world, agent, variables, call_id, party)
    call: Row = {
        "id": call_id,
        "agent_id": agent["id"],
        "session_id": session["id"],
        "direction": direction,
        "from_number": from_number,
        "to_number": to_number,
        "provider": provider,
        "status": "pending",
        "duration_seconds": 0,
        "error_message": None,
        "started_at": world.now,
        "ended_at": None,
        "created_at": world.now,
        "disposition": None,
        "answered_by": None,
        "campaign_id": None,
    }
    world.store.put("live_calls", {"id": call_id})
    _enter(world, call, "pending")
    return call


def _enter(world: World, call: Row, status: str) -> None:
    call["status"] = status
    world.store.put("calls", call)
    world.record("call." + status, call_id=call["id"], to_number=call["to_number"])


def _live(world: World, arguments: Row) -> Row | None:
    call = world.store.get("calls", arguments["call_id"])
    return call if call is not None and call["status"] in LIVE_STATUSES else None


def _outcome(world: World, call: Row) -> numbers.Outcome:
    """Return the outcome of a call, which depends on its script or on the number of the other party."""
    party = call["to_number"] if call["direction"] == "outbound" else call["from_number"]
    session = world.store.table("sessions")[call["session_id"]]
    return scripts.outcome_of(session) or numbers.outcome_of(party)


@action("call.ring")
def _ring(world: World, arguments: Row) -> None:
    call = _live(world, arguments)
    if call is None:
        return
    _enter(world, call, "ringing")
    planned = _outcome(world, call)
    if planned.status != "ringing":
        seconds = world.settings.ring_seconds * planned.ring_factor
        world.schedule(seconds, "call.pick_up", call_id=call["id"])


@action("call.pick_up")
def _pick_up(world: World, arguments: Row) -> None:
    call = _live(world, arguments)
    if call is None:
        return
    planned = _outcome(world, call)
    call["answered_by"] = planned.answered_by
    if planned.status != "completed":
        end(world, call, planned.status, planned.disposition, planned.error)
        return
    _talk(world, call, planned)


def _talk(world: World, call: Row, planned: numbers.Outcome) -> None:
    session = world.store.table("sessions")[call["session_id"]]
    agent = world.store.table("agents")[call["agent_id"]]
    seconds = sessions.begin(world, agent, session, planned)
    _enter(world, call, "in_progress")
    disposition = sessions.disposition(session, planned)
    world.schedule(seconds, "call.hang_up", call_id=call["id"], disposition=disposition)


@action("call.hang_up")
def _hang_up(world: World, arguments: Row) -> None:
    call = _live(world, arguments)
    if call is None:
        return
    session = world.store.table("sessions")[call["session_id"]]
    to_number: str | None = scripts.of(session).get("transfer")
    if to_number is not None:
        _record_transfer(world, call, session, to_number)
    end(world, call, "completed", arguments["disposition"], None)


def end(world: World, call: Row, status: str, disposition: str, error: str | None) -> None:
    """End a call: finish and charge its session, and free its slot."""
    session = world.store.table("sessions")[call["session_id"]]
    sessions.end(world, session, "completed" if status == "completed" else "failed")
    call["ended_at"] = world.now
    call["duration_seconds"] = session["duration_seconds"]
    call["disposition"] = disposition
    call["error_message"] = error
    call["answered_by"] = call["answered_by"] or "not_answered"
    world.store.remove("live_calls", call["id"])
    _enter(world, call, status)
    for listener in on_end:
        listener(world, call)


def transfer(world: World, call: Row, agent: Row, to_number: str) -> None:
    """Schedule the announcement and the transfer of a live call."""
    world.schedule(
        1 / world.settings.pace, "call.bridge", call_id=call["id"], to=to_number, agent_id=agent["id"]
    )


@action("call.bridge")
def _bridge(world: World, arguments: Row) -> None:
    call = _live(world, arguments)
    agent = world.store.get("agents", arguments["agent_id"])
    if call is None or agent is None:
        return
    session = world.store.table("sessions")[call["session_id"]]
    sessions.interrupt(world, session, ("bot", agent["transfer_message"] or conversation.DEFAULT_TRANSFER))
    _record_transfer(world, call, session, arguments["to"])
    end(world, call, "completed", "completed", None)


def _record_transfer(world: World, call: Row, session: Row, to_number: str) -> None:
    session["transfer"] = {"transferred_to": to_number, "transferred_at": world.now}
    world.record("call.transferred", call_id=call["id"], to_number=to_number)


def hang_up_now(world: World, call: Row) -> None:
    """End a live call immediately, as if the other party hung up."""
    if call["status"] == "in_progress":
        session = world.store.table("sessions")[call["session_id"]]
        sessions.interrupt(world, session)
        spoke = sessions.spoke(session)
        end(world, call, "completed", "completed" if spoke else "user_hangup_no_speech", None)
    else:
        end(world, call, "no_answer", "no_answer", "The caller hung up before the call was answered")
