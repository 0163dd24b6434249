"""Phone calls."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, page, route
from vocobase_sandbox.kernel.messages import Row, invalid, not_found
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import billing, calls, carriers, extraction, sessions
from vocobase_sandbox.rules.billing import require_balance
from vocobase_sandbox.rules.limits import LIVE_STATUSES, concurrency_cap, live_calls, require_slot

_IN_LIST = (
    "agent_id",
    "session_id",
    "direction",
    "from_number",
    "to_number",
    "status",
    "provider",
    "duration_seconds",
    "error_message",
    "started_at",
    "ended_at",
    "created_at",
    "disposition",
)


def _view(call: Row) -> Row:
    return {"call_id": call["id"], **{name: call[name] for name in _IN_LIST}}


def facts(world: World, call: Row) -> Row:
    """Return one call with its transcript, for tests."""
    session = world.store.table("sessions")[call["session_id"]]
    return {
        **_view(call),
        **{name: call[name] for name in ("answered_by", "campaign_id")},
        **{name: session[name] for name in ("variables", "transcript", "extraction", "transfer")},
        "credits_used": billing.rupees(session["credits_paise"]),
    }


def check_variables(agent: Row, given: Row | None) -> Row:
    """Return the variables of a session.

    Raises:
        ApiError: 400 for a variable that the agent does not declare.
    """
    declared: list[str] = agent["variables"] or []
    for name in given or {}:
        if name not in declared:
            raise invalid(
                f"variables.{name} is not declared on the agent (declare it with PUT /agent/{{id}})"
            )
    return dict(given or {})


@route("POST /calls/start")
def start(ctx: Context) -> Any:
    """Dial a number."""
    world, given = ctx.world, ctx.body
    agent = ctx.row("agents", "agent", given["agent_id"])
    variables = check_variables(agent, given.get("variables"))
    connection = carriers.choose(world, given.get("provider"), given.get("connection_id"))
    require_balance(world.account)
    require_slot(world)
    caller = carriers.caller_id(world, connection, agent["id"])
    call = calls.start(world, agent, given["to_number"], caller, connection["provider"], variables)
    names = ("session_id", "status", "provider", "from_number", "to_number", "agent_id")
    return {"call_id": call["id"], **{name: call[name] for name in names}}


@route("GET /calls")
def list_(ctx: Context) -> Any:
    """Page through the calls, newest first."""
    rows, wanted = ctx.world.store.newest("calls"), ctx.query.get("status")
    if wanted is not None:
        rows = [row for row in rows if row["status"] == wanted]
    return page(rows, ctx.query, "calls", _view)


@route("GET /calls/{id}")
def get(ctx: Context) -> Any:
    """Show one call with its session."""
    call = ctx.row("calls", "call")
    session = ctx.world.store.table("sessions")[call["session_id"]]
    shown = sessions.view_in_call(ctx.world, session, ctx.origin)
    return {**_view(call), "answered_by": call["answered_by"], "session": shown}


@route("GET /calls/concurrency")
def concurrency(ctx: Context) -> Any:
    """Show how many calls are live and how many more can start."""
    cap, active = concurrency_cap(ctx.world), len(live_calls(ctx.world))
    return {
        "limit": cap,
        "limit_source": "default" if ctx.world.account["concurrency"] is None else "partner",
        "active": active,
        "remaining": None if cap is None else max(0, cap - active),
        "statuses_counted": [status.upper() for status in LIVE_STATUSES],
    }


@route("GET /calls/{id}/recording-url")
def recording_url(ctx: Context) -> Any:
    """Presign a link to the recording."""
    call = ctx.row("calls", "call")
    session = ctx.world.store.table("sessions")[call["session_id"]]
    link = sessions.recording_url(ctx.world, session, ctx.origin)
    if link is None:
        raise not_found("recording")
    return {"recording_url": link, "call_id": call["id"]}


@route("POST /calls/{id}/transfer")
def transfer(ctx: Context) -> Any:
    """Queue the transfer of a live call to a human."""
    world, call = ctx.world, ctx.row("calls", "call")
    agent = world.store.table("agents")[call["agent_id"]]
    to_number = ctx.body.get("to") or agent["transfer_number"]
    if call["status"] != "in_progress":
        raise invalid(f"the call is {call['status']}, only a call in progress can be transferred")
    if not agent["transfer_enabled"]:
        raise invalid("transfer is not enabled on the agent")
    if not to_number:
        raise invalid("to is required: the agent has no transfer_number")
    calls.transfer(world, call, agent, to_number)
    return {"message": "Transfer queued", "callId": call["id"], "sessionId": call["session_id"]}


@route("POST /calls/{id}/extract")
def extract(ctx: Context) -> Any:
    """Run the current extraction config of the agent on the transcript again."""
    world, call = ctx.world, ctx.row("calls", "call")
    agent = world.store.table("agents")[call["agent_id"]]
    session = world.store.table("sessions")[call["session_id"]]
    if not agent["extraction_config"]:
        raise invalid("the agent has no extraction_config")
    if call["status"] in LIVE_STATUSES:
        raise invalid("the call has not ended yet")
    dry_run: bool = ctx.body.get("dry_run", False)
    result = sessions.extraction(session, agent["extraction_config"], world.now) or {}
    if not dry_run:
        world.store.put("sessions", {**session, "extraction": result})
    return {
        "call_id": call["id"],
        "session_id": session["id"],
        "dry_run": dry_run,
        "extraction": {**result, **extraction.details(result, world.now)},
    }


@route("POST /calls/dismiss-stale")
def dismiss_stale(ctx: Context) -> Any:
    """Cancel every outbound call that is pending or ringing."""
    stale = [call for call in live_calls(ctx.world) if call["status"] != "in_progress"]
    for call in stale:
        calls.end(ctx.world, call, "canceled", "canceled", None)
    return {"message": f"{len(stale)} stale calls dismissed"}
