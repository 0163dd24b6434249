"""The lists of the control API: short rows for the dashboard, however large the account is."""

from __future__ import annotations

from collections import Counter
from typing import Any

from vocobase_sandbox.handlers.agents import live
from vocobase_sandbox.handlers.context import Context
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.rules import billing, catalog, sessions
from vocobase_sandbox.rules.limits import LIVE_STATUSES

_MAX_NAME = 200
_MAX_TEXT = 2000
_MAX_TURNS = 500
_MAX_FIELDS = 50


def _truncate(value: Any, size: int = _MAX_NAME) -> Any:
    """Truncate a text: the dashboard polls every second, and callers can store megabytes."""
    if not isinstance(value, str) or len(value) <= size:
        return value
    return f"{value[:size]}… ({len(value) - size} more characters)"


def _truncate_fields(values: Row) -> Row:
    shown = list(values.items())[:_MAX_FIELDS]
    return {
        _truncate(name): _truncate(value if isinstance(value, str) else str(value)) for name, value in shown
    }


def agents(ctx: Context) -> Row:
    """List the agents that are not deleted, newest first."""
    rows = live(ctx.world)
    links = Counter(link["agent_id"] for link in ctx.world.store.rows("links"))
    return {
        "agents": [_agent(row, links[row["id"]]) for row in rows[: ctx.query["limit"]]],
        "total": len(rows),
    }


def _agent(row: Row, documents: int) -> Row:
    voice = catalog.VOICES[row["voice_id"]]
    variables: list[str] = row["variables"] or []
    return {
        "id": row["id"],
        "agent_name": _truncate(row["agent_name"]),
        "agent_type": row["agent_type"],
        "voice": voice["name"],
        "language": voice["language"],
        "prompt": _truncate(row["prompt"], _MAX_TEXT),
        "intro_message": _truncate(row["intro_message"], _MAX_TEXT),
        "variables": [_truncate(name) for name in variables[:_MAX_FIELDS]],
        "document_count": documents,
        "created_at": row["created_at"],
    }


def documents(ctx: Context) -> Row:
    """List the documents, newest first."""
    rows = ctx.world.store.newest("documents")
    links = Counter(link["document_id"] for link in ctx.world.store.rows("links"))
    names = ("id", "type", "status", "file_size", "created_at")
    return {
        "documents": [
            {
                **{name: row[name] for name in names},
                "name": _truncate(row["name"]),
                "description": _truncate(row["description"], _MAX_TEXT),
                "url": _truncate(row["url"], _MAX_TEXT),
                "agent_count": links[row["id"]],
            }
            for row in rows[: ctx.query["limit"]]
        ],
        "total": len(rows),
    }


def campaigns(ctx: Context) -> Row:
    """List the campaigns with their progress, newest first."""
    rows = ctx.world.store.newest("campaigns")
    return {"campaigns": [_campaign(ctx, row) for row in rows[: ctx.query["limit"]]], "total": len(rows)}


def _campaign(ctx: Context, row: Row) -> Row:
    agent = ctx.world.store.table("agents")[row["agent_id"]]
    names = ("status", "provider", "concurrency_limit", "total_contacts", "completed_count", "failed_count")
    return {
        "campaign_id": row["id"],
        "name": _truncate(row["name"]),
        "description": _truncate(row["description"], _MAX_TEXT),
        "agent_name": _truncate(agent["agent_name"]),
        **{name: row[name] for name in names},
        "skipped_count": row["skipped_count"],
        "active_calls": row["active"],
        "credits_used": billing.rupees(row["credits_paise"]),
        "created_at": row["created_at"],
    }


def calls(ctx: Context) -> Row:
    """List the calls, newest first."""
    rows = ctx.world.store.newest("calls")
    return {"calls": [_call(ctx, row) for row in rows[: ctx.query["limit"]]], "total": len(rows)}


def _call(ctx: Context, row: Row) -> Row:
    names = ("direction", "from_number", "to_number", "provider", "status", "disposition", "answered_by")
    times = ("duration_seconds", "campaign_id", "started_at", "ended_at")
    return {
        "call_id": row["id"],
        "agent_name": _truncate(ctx.world.store.table("sessions")[row["session_id"]]["agent_name"]),
        **{name: row[name] for name in (*names, *times)},
        "live": row["status"] in LIVE_STATUSES,
    }


def call(ctx: Context) -> Row:
    """Show one call with its transcript so far, its results and a link to its recording."""
    row = ctx.row("calls", "call")
    world, session = ctx.world, ctx.world.store.table("sessions")[row["session_id"]]
    turns: list[Row] = session["transcript"]
    if session["ended_at"] is None:
        turns = sessions.spoken(world, session)
    return {
        **_call(ctx, row),
        "error_message": row["error_message"],
        "session_id": session["id"],
        "transcript": [
            {**turn, "content": _truncate(turn["content"], _MAX_TEXT)} for turn in turns[:_MAX_TURNS]
        ],
        "variables": _truncate_fields(session["variables"]),
        "extraction": session["extraction"],
        "transfer": session["transfer"],
        "credits_used": billing.rupees(session["credits_paise"]),
        "processing_complete": session["processing_complete"],
        "recording_url": sessions.recording_url(world, session, ctx.origin),
    }


VIEWS = {
    "GET /agents": agents,
    "GET /documents": documents,
    "GET /campaigns": campaigns,
    "GET /calls": calls,
    "GET /calls/{id}": call,
}
