"""Imported phone numbers."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, forbidden, invalid, not_found
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import carriers

_IMPORTING = ("plivo", "vobiz")
_INVENTORY = ("+12025550170", "+12025550171", "+12025550172")
"""The numbers of the simulated Plivo account."""


def view(world: World, row: Row) -> Row:
    """Show a number with its agent; provider and status are upper case here."""
    agent = world.store.get("agents", row["agent_id"]) if row["agent_id"] else None
    return {
        "id": row["id"],
        "phone_number": row["phone_number"],
        "provider": row["provider"].upper(),
        "friendly_name": row["friendly_name"],
        "status": row["status"],
        "is_default": row["is_default"],
        "agent": {"id": agent["id"], "name": agent["agent_name"]} if agent else None,
    }


def _imported(world: World, provider: str | None) -> list[Row]:
    wanted = _IMPORTING if provider is None else (provider.lower(),)
    return [
        row
        for row in world.store.rows("numbers")
        if row["provider"] in wanted and row["provider"] in _IMPORTING
    ]


def _list(world: World, rows: list[Row]) -> Row:
    return {"phone_numbers": [view(world, row) for row in rows], "total": len(rows)}


@route("GET /phone-numbers")
def list_(ctx: Context) -> Any:
    """List the numbers of Plivo and Vobiz."""
    return _list(ctx.world, _imported(ctx.world, ctx.query.get("provider")))


@route("PUT /phone-numbers/{id}")
def update(ctx: Context) -> Any:
    """Bind or unbind an agent, or change label or status."""
    world, row = ctx.world, ctx.row("numbers", "phone number")
    changed: Row = {name: ctx.body[name] for name in ("friendly_name", "status") if name in ctx.body}
    if "agent_id" in ctx.body:
        changed["agent_id"] = ctx.body["agent_id"] or None
        if changed["agent_id"]:
            ctx.row("agents", "agent", changed["agent_id"])
    return view(world, world.store.put("numbers", {**row, **changed}))


@route("DELETE /phone-numbers/{id}")
def delete(ctx: Context) -> Any:
    """Delete a number that is not the default of a connection."""
    row = ctx.row("numbers", "phone number")
    if row["is_default"]:
        raise invalid("a default number cannot be deleted")
    ctx.world.store.remove("numbers", row["id"])
    return {"message": "Phone number deleted successfully"}


@route("POST /phone-numbers/sync")
def sync(ctx: Context) -> Any:
    """Import the inventory of Plivo, or the given numbers of Vobiz."""
    world, given = ctx.world, ctx.body
    provider = _importing(given["provider"])
    connection = _connection(world, provider, given.get("connection_id"))
    wanted = given.get("numbers", ()) if provider == "vobiz" else _INVENTORY
    return _list(world, [carriers.add_number(world, connection, number) for number in wanted])


def _importing(provider: str) -> str:
    if provider.lower() not in _IMPORTING:
        raise forbidden(f"numbers of {provider} cannot be imported")
    return provider.lower()


def _connection(world: World, provider: str, connection_id: str | None) -> Row:
    if connection_id is None:
        return carriers.only_connection(world, provider)
    row = world.store.get("connections", connection_id)
    if row is None or row["provider"] != provider:
        raise not_found(f"{provider} connection")
    return row


@route("POST /phone-numbers/reapply-bindings")
def reapply_bindings(ctx: Context) -> Any:
    """Point every bound number of a carrier at the platform again; here this changes nothing."""
    provider = _importing(ctx.body["provider"])
    bound = [row for row in _imported(ctx.world, provider) if row["agent_id"]]
    return {"message": f"{len(bound)} bindings re-applied"}
