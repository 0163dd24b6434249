"""Links between agents and documents, and the dictionaries of an agent."""

from __future__ import annotations

import re
from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.handlers.dictionaries import check_budget, summary
from vocobase_sandbox.kernel.messages import Row, invalid, not_found
from vocobase_sandbox.kernel.world import World, action

MAX_LINKS = 100
_SYNC_SECONDS = 1.0
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def links_of(world: World, agent_id: str) -> list[Row]:
    """List the links of an agent, oldest first."""
    return [link for link in world.store.rows("links") if link["agent_id"] == agent_id]


def link(world: World, agent_id: str, document_id: str) -> Row:
    """Store a link and start its indexing."""
    row = {
        "id": f"{agent_id}/{document_id}",
        "agent_id": agent_id,
        "document_id": document_id,
        "sync_status": "pending",
        "synced_at": None,
        "linked_at": world.now,
    }
    world.schedule(_SYNC_SECONDS, "document.synced", link_id=row["id"])
    return world.store.put("links", row)


@action("document.synced")
def _synced(world: World, arguments: Row) -> None:
    row = world.store.get("links", arguments["link_id"])
    if row is not None:
        world.store.put("links", {**row, "sync_status": "synced", "synced_at": world.now})


@route("POST /agent/{id}/documents")
def link_documents(ctx: Context) -> Any:
    """Link documents that are ready; those already linked are reported as skipped."""
    world, agent = ctx.world, ctx.row("agents", "agent")
    wanted: list[str] = list(dict.fromkeys(ctx.body["document_ids"]))
    if not all(_UUID.fullmatch(key) for key in wanted):
        raise invalid("document_ids holds a malformed id")
    for key in wanted:
        document = ctx.row("documents", f"document {key}", key)
        if document["status"] != "ready":
            raise invalid(f"document {key} is not ready")
    present = {row["document_id"] for row in links_of(world, agent["id"])}
    fresh = [key for key in wanted if key not in present]
    if len(present) + len(fresh) > MAX_LINKS:
        raise invalid(f"an agent can have at most {MAX_LINKS} linked documents")
    linked = [link(world, agent["id"], key) for key in fresh]
    return {
        "linked": [{"document_id": row["document_id"], "sync_status": row["sync_status"]} for row in linked],
        "skipped": [key for key in wanted if key in present],
    }


@route("GET /agent/{id}/documents")
def list_documents(ctx: Context) -> Any:
    """List the documents that are linked to an agent."""
    rows = [_view(ctx.world, row) for row in links_of(ctx.world, ctx.row("agents", "agent")["id"])]
    return {"documents": rows, "total": len(rows)}


def _view(world: World, row: Row) -> Row:
    document = world.store.table("documents")[row["document_id"]]
    shown = {name: document[name] for name in ("id", "name", "type", "status", "file_size")}
    if shown["file_size"] is None:
        del shown["file_size"]
    return {**shown, **{name: row[name] for name in ("sync_status", "synced_at", "linked_at")}}


@route("DELETE /agent/{id}/documents/{document_id}")
def unlink(ctx: Context) -> Any:
    """Remove a link; the document stays."""
    agent = ctx.row("agents", "agent")
    key = f"{agent['id']}/{ctx.path['document_id']}"
    if ctx.world.store.get("links", key) is None:
        raise not_found("linked document")
    ctx.world.store.remove("links", key)
    return {"message": "Document unlinked successfully"}


@route("GET /agent/{id}/dictionaries")
def list_dictionaries(ctx: Context) -> Any:
    """List the dictionaries of an agent."""
    return _attached(ctx.world, ctx.row("agents", "agent")["id"])


@route("PUT /agent/{id}/dictionaries")
def replace_dictionaries(ctx: Context) -> Any:
    """Replace the whole set of dictionaries of an agent."""
    world, agent = ctx.world, ctx.row("agents", "agent")
    keys: list[str] = list(dict.fromkeys(ctx.body["dictionary_ids"]))
    found = [world.store.get("dictionaries", key) for key in keys]
    dictionaries = [row for row in found if row is not None]
    if len(dictionaries) != len(keys):
        raise invalid("dictionary_ids names a dictionary that does not exist")
    check_budget(dictionaries)
    world.store.put("agent_dictionaries", {"id": agent["id"], "dictionary_ids": keys})
    return _attached(world, agent["id"])


def _attached(world: World, agent_id: str) -> Row:
    attachment = world.store.get("agent_dictionaries", agent_id)
    keys: list[str] = attachment["dictionary_ids"] if attachment else []
    table = world.store.table("dictionaries")
    rows = [summary(world, table[key]) for key in keys]
    for row in rows:
        del row["description"]
    return {"dictionaries": rows}
