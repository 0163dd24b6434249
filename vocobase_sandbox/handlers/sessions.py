"""Sessions and browser visits."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.calls import check_variables
from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.rules import rooms, sessions
from vocobase_sandbox.rules.billing import require_balance
from vocobase_sandbox.rules.limits import require_web_slot


@route("GET /sessions/{id}")
def get(ctx: Context) -> Any:
    """Show the session of a call or of a browser."""
    return sessions.view(ctx.world, ctx.row("sessions", "session"), ctx.origin)


@route("POST /sessions/webrtc")
def start_webrtc(ctx: Context) -> Any:
    """Open a room for a browser; a simulated visit follows on the clock."""
    world, given = ctx.world, ctx.body
    agent = ctx.row("agents", "agent", given["agent_id"])
    variables = check_variables(agent, given.get("variables"))
    require_balance(world.account)
    require_web_slot(world)
    session = rooms.start(world, agent, variables)
    return {
        "session_id": session["id"],
        "agent_id": agent["id"],
        "daily_room_url": f"{ctx.origin}{paths.ROOMS}{session['id']}",
        "daily_token": session["token"],
    }
