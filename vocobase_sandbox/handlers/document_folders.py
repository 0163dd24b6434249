"""Document folders."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, conflict


def _view(row: Row) -> Row:
    shown = {name: row[name] for name in ("id", "name", "description", "created_at", "updated_at")}
    # No documented operation links a folder to an agent, so nothing can ever be linked.
    return {**shown, "document_count": len(row["document_ids"]), "agent_count": 0}


@route("POST /document-folders")
def create(ctx: Context) -> Any:
    """Store an empty folder."""
    world, given = ctx.world, ctx.body
    if any(row["name"] == given["name"] for row in world.store.rows("folders")):
        raise conflict(f"a folder named {given['name']!r} already exists")
    row: Row = {
        "id": world.uuid("folder"),
        "name": given["name"],
        "description": given.get("description"),
        "document_ids": [],
        "created_at": world.now,
        "updated_at": world.now,
    }
    return _view(world.store.put("folders", row))


@route("POST /document-folders/{id}/documents")
def add_documents(ctx: Context) -> Any:
    """Add documents to a folder; a document is never in it twice."""
    world, row = ctx.world, ctx.row("folders", "folder")
    wanted: list[str] = ctx.body["document_ids"]
    for key in wanted:
        ctx.row("documents", f"document {key}", key)
    keys = list(dict.fromkeys([*row["document_ids"], *wanted]))
    return _view(world.store.put("folders", {**row, "document_ids": keys, "updated_at": world.now}))
