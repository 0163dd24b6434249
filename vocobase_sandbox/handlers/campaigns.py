"""Campaigns."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, invalid
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import campaigns, carriers
from vocobase_sandbox.rules.billing import CAMPAIGN_FLOOR_PAISE, require_balance, rupees

_SHOWN = (
    "name",
    "description",
    "agent_id",
    "provider",
    "concurrency_limit",
    "status",
    "total_contacts",
    "completed_count",
    "failed_count",
    "skipped_count",
    "started_at",
    "paused_at",
    "completed_at",
    "created_at",
)


def _view(world: World, row: Row) -> Row:
    agent = world.store.table("agents")[row["agent_id"]]
    shown = {name: row[name] for name in _SHOWN}
    return {"campaign_id": row["id"], "agent_name": agent["agent_name"], **shown}


def _require_status(row: Row, *allowed: str) -> None:
    if row["status"] not in allowed:
        raise invalid(f"the campaign is {row['status']}; this needs {' or '.join(allowed)}")


@route("POST /campaigns")
def create(ctx: Context) -> Any:
    """Store a draft."""
    world, given = ctx.world, ctx.body
    agent = ctx.row("agents", "agent", given["agent_id"])
    provider: str = given["provider"].lower()
    carriers.require_allowed(world, provider)
    if not carriers.connections(world, provider):
        raise invalid(f"no credentials are set for {provider}")
    row: Row = {
        "id": world.uuid("campaign"),
        "name": given["name"],
        "description": given.get("description"),
        "agent_id": agent["id"],
        "provider": provider,
        "concurrency_limit": int(min(10, max(1, given.get("concurrency_limit", 1)))),
        "status": "draft",
        "total_contacts": 0,
        **dict.fromkeys(campaigns.COUNTERS.values(), 0),
        **dict.fromkeys(("started_at", "paused_at", "completed_at")),
        "created_at": world.now,
        **dict.fromkeys(("active", "ended_calls", "connected_calls", "total_seconds", "credits_paise"), 0),
    }
    return _view(world, world.store.put("campaigns", row))


@route("GET /campaigns")
def list_(ctx: Context) -> Any:
    """List all campaigns."""
    rows = [_view(ctx.world, row) for row in ctx.world.store.newest("campaigns")]
    return {"campaigns": rows, "total": len(rows)}


@route("GET /campaigns/{id}")
def get(ctx: Context) -> Any:
    """Show one campaign."""
    return _view(ctx.world, ctx.row("campaigns", "campaign"))


@route("POST /campaigns/{id}/contacts")
def add_contacts(ctx: Context) -> Any:
    """Add contacts to a draft; known phone numbers are reused, and duplicates are counted."""
    world, row = ctx.world, ctx.row("campaigns", "campaign")
    _require_status(row, "draft")
    contacts: list[Row] = ctx.body["contacts"]
    counts = {"added": 0, "duplicates": 0, "contacts_created": 0, "contacts_existing": 0}
    for contact in contacts:
        counts[_add(world, row, contact)] += 1
    counts["added"] = counts["contacts_created"] + counts["contacts_existing"]
    world.store.put("campaigns", row)
    return counts


def _add(world: World, campaign: Row, contact: Row) -> str:
    phone: str = contact["phone"]
    if world.store.get("campaign_contacts", campaigns.contact_key(campaign["id"], phone)) is not None:
        return "duplicates"
    known = world.store.get("contacts", phone) is not None
    if not known:
        world.store.put("contacts", {"id": phone, "name": contact.get("name")})
    campaigns.add_contact(world, campaign, phone, contact.get("name"), contact.get("metadata") or {})
    return "contacts_existing" if known else "contacts_created"


@route("POST /campaigns/{id}/start")
def start(ctx: Context) -> Any:
    """Start a draft that has contacts."""
    world, row = ctx.world, ctx.row("campaigns", "campaign")
    _require_status(row, "draft")
    if not row["total_contacts"]:
        raise invalid("the campaign has no contacts")
    carriers.require_allowed(world, row["provider"])
    require_balance(world.account, CAMPAIGN_FLOOR_PAISE)
    row["started_at"] = world.now
    campaigns.begin(world, row)
    return _view(world, row)


@route("POST /campaigns/{id}/pause")
def pause(ctx: Context) -> Any:
    """Stop dialling."""
    row = ctx.row("campaigns", "campaign")
    _require_status(row, "running")
    campaigns.pause(ctx.world, row)
    return _view(ctx.world, row)


@route("POST /campaigns/{id}/resume")
def resume(ctx: Context) -> Any:
    """Resume dialling."""
    world, row = ctx.world, ctx.row("campaigns", "campaign")
    _require_status(row, "paused", "credit_exhausted")
    if row["status"] == "credit_exhausted":
        require_balance(world.account, CAMPAIGN_FLOOR_PAISE)
    campaigns.begin(world, row)
    return _view(world, row)


@route("POST /campaigns/{id}/stop")
def stop(ctx: Context) -> Any:
    """End a campaign permanently."""
    row = ctx.row("campaigns", "campaign")
    _require_status(row, "running", "paused", "credit_exhausted")
    campaigns.cancel(ctx.world, row)
    return _view(ctx.world, row)


@route("GET /campaigns/{id}/stats")
def stats(ctx: Context) -> Any:
    """Summarize the progress of a campaign."""
    row = ctx.row("campaigns", "campaign")
    done = {status: row[counter] for status, counter in campaigns.COUNTERS.items()}
    waiting = row["total_contacts"] - row["active"] - sum(done.values())
    connected = row["connected_calls"]
    return {
        "campaign_id": row["id"],
        "status": row["status"],
        "total_contacts": row["total_contacts"],
        "contacts_by_status": {"queued": waiting, "calling": row["active"], **done},
        "average_duration_seconds": round(row["total_seconds"] / connected, 1) if connected else None,
        "total_credits_used": rupees(row["credits_paise"]),
    }
