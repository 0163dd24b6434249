"""Named carrier accounts."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import carriers

_CALLER = {"exotel": "caller_id", "sip": "did_number", "voicelink": "did_number", "mcube": "exe_number"}


def _view(world: World, row: Row) -> Row:
    numbers = [number for number in world.store.rows("numbers") if number["connection_id"] == row["id"]]
    return {
        "id": row["id"],
        "connection_id": row["id"],
        "provider": row["provider"],
        "provider_key": row["provider"].upper(),
        "name": row["name"],
        "status": row["status"],
        "is_default": row["is_default"],
        "phone_numbers": [
            {name: number[name] for name in ("id", "phone_number", "friendly_name", "status")}
            for number in numbers
        ],
    }


@route("POST /telephony/connections")
def create(ctx: Context) -> Any:
    """Store a connection; the first one of a carrier becomes its default."""
    world, given = ctx.world, ctx.body
    provider: str = given["provider"]
    caller = given.get(_CALLER.get(provider, "from_number")) or given.get("from_number")
    secrets = {name: value for name, value in given.items() if name not in ("provider", "name")}
    first = carriers.default_connection(world, provider) is None
    return {
        "connection": _view(
            world, carriers.create(world, provider, given["name"], secrets, caller, default=first)
        )
    }


@route("GET /telephony/connections")
def list_(ctx: Context) -> Any:
    """List the connections, of one carrier if given."""
    return {
        "connections": [
            _view(ctx.world, row) for row in carriers.connections(ctx.world, ctx.query.get("provider"))
        ]
    }
