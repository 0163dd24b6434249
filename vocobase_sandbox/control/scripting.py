"""The scripts of calls in the control API: list, set and remove them."""

from __future__ import annotations

from vocobase_sandbox.handlers.context import Context
from vocobase_sandbox.kernel.messages import Row, invalid
from vocobase_sandbox.rules import scripts


def _list(ctx: Context) -> Row:
    """List the scripts, newest first."""
    rows = ctx.world.store.newest("scripts")
    return {"scripts": rows[: ctx.query["limit"]], "total": len(rows)}


def _set(ctx: Context) -> Row:
    """Set the outcomes of the next calls of a number or an agent."""
    target: str = ctx.body["target"]
    try:
        scripts.put(ctx.world, target, ctx.body["outcomes"])
    except ValueError as error:
        raise invalid(str(error)) from None
    return {"script": ctx.world.store.get("scripts", target)}


def _clear(ctx: Context) -> Row:
    """Remove all scripts."""
    for row in ctx.world.store.rows("scripts"):
        ctx.world.store.remove("scripts", row["id"])
    return {"scripts": [], "total": 0}


def _remove(ctx: Context) -> Row:
    """Remove one script."""
    row = ctx.row("scripts", "script")
    ctx.world.store.remove("scripts", row["id"])
    return {"id": row["id"]}


SCRIPTING = {
    "GET /scripts": _list,
    "POST /scripts": _set,
    "DELETE /scripts": _clear,
    "DELETE /scripts/{id}": _remove,
}
