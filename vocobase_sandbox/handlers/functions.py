"""Custom functions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, invalid

_DEFAULTS: Row = {
    "input_schema": [],
    "output_schema": [],
    "timeout": 10,
    "started_messages": [],
    "error_message": "",
}


@route("POST /functions")
def create(ctx: Context) -> Any:
    """Store a function; the values of its headers are never shown again."""
    world, given = ctx.world, ctx.body
    if urlsplit(str(given["url"])).scheme not in ("http", "https"):
        raise invalid("url must be an http or https address")
    headers: list[Row] = given.get("headers", [])
    shown: Row = {
        "id": world.uuid("function"),
        "name": given["name"],
        "description": given["description"],
        "method": "POST",
        "url": given["url"],
        "header_keys": [header.get("key", "") for header in headers],
        **{name: given.get(name, default) for name, default in _DEFAULTS.items()},
        "created_at": world.now,
        "updated_at": world.now,
    }
    world.store.put("functions", {**shown, "headers": headers})
    return shown
