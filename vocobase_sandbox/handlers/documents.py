"""Knowledge-base documents."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from vocobase_sandbox.handlers.context import Context, page, route
from vocobase_sandbox.kernel.messages import Row, invalid
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import objects

# Only pdf is documented; the other values are ours.
_TYPES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain": "text",
    "text/markdown": "markdown",
}
_SHOWN = ("id", "name", "description", "type", "status", "file_size", "mime_type", "created_at", "updated_at")


def _view(row: Row) -> Row:
    return {name: row[name] for name in _SHOWN}


def _links(world: World, document_id: str) -> list[Row]:
    return [link for link in world.store.rows("links") if link["document_id"] == document_id]


def _in_list(world: World, row: Row) -> Row:
    return {**_view(row), "agent_count": len(_links(world, row["id"]))}


def _new(world: World, **values: Any) -> Row:
    row = {
        "id": world.uuid("document"),
        "description": None,
        "created_at": world.now,
        "updated_at": world.now,
        **values,
    }
    return world.store.put("documents", row)


def _object_key(document_id: str) -> str:
    return f"documents/{document_id}"


@route("POST /documents/upload")
def create_upload(ctx: Context) -> Any:
    """Store a record and presign the upload of its file."""
    world, given = ctx.world, ctx.body
    mime, size = given["mime_type"], int(given["file_size"])
    kind = _TYPES.get(mime, "image")
    row = _new(
        world, name=given["name"], type=kind, status="uploading", file_size=size, mime_type=mime, url=None
    )
    key = _object_key(row["id"])
    objects.register_upload(world, key, mime, size)
    return {
        "document_id": row["id"],
        "upload_url": objects.upload_url(world, ctx.origin, key, mime, size),
        "expires_in": objects.UPLOAD_SECONDS,
    }


@route("POST /documents/{id}/confirm")
def confirm(ctx: Context) -> Any:
    """Make an uploaded document ready; a second call changes nothing."""
    world, row = ctx.world, ctx.row("documents", "document")
    if row["status"] == "uploading":
        content = world.store.blob(_object_key(row["id"]))
        if content is None:
            raise invalid("no file was uploaded for this document")
        row = {**row, "status": "ready", "file_size": len(content), "updated_at": world.now}
        world.store.put("documents", row)
    return _view(row)


@route("POST /documents/web-link")
def add_web_link(ctx: Context) -> Any:
    """Store a document that is a web page; it is ready immediately."""
    given = ctx.body
    if urlsplit(str(given["url"])).scheme not in ("http", "https"):
        raise invalid("url must be an http or https address")
    return _view(
        _new(
            ctx.world,
            name=given["name"],
            description=given.get("description"),
            type="web_link",
            status="ready",
            file_size=None,
            mime_type=None,
            url=given["url"],
        )
    )


@route("GET /documents")
def list_(ctx: Context) -> Any:
    """Page through the documents."""
    return page(
        ctx.world.store.newest("documents"), ctx.query, "documents", lambda row: _in_list(ctx.world, row)
    )


@route("GET /documents/{id}")
def get(ctx: Context) -> Any:
    """Show one document with a download link and its agents."""
    world, row = ctx.world, ctx.row("documents", "document")
    link: str | None = row["url"]
    if link is None and row["status"] == "ready":
        link = objects.download_url(world, ctx.origin, _object_key(row["id"]))
    agents = world.store.table("agents")
    linked = [
        {
            "id": item["agent_id"],
            "name": agents[item["agent_id"]]["agent_name"],
            "sync_status": item["sync_status"],
        }
        for item in _links(world, row["id"])
    ]
    return {**_view(row), "download_url": link, "agents": linked}


@route("PUT /documents/{id}")
def update(ctx: Context) -> Any:
    """Change name or description."""
    row = ctx.row("documents", "document")
    changed: Row = {name: ctx.body[name] for name in ("name", "description") if name in ctx.body}
    return _view(ctx.world.store.put("documents", {**row, **changed, "updated_at": ctx.world.now}))


@route("DELETE /documents/{id}")
def delete(ctx: Context) -> Any:
    """Delete a document, its file and its links permanently."""
    world, row = ctx.world, ctx.row("documents", "document")
    for link in _links(world, row["id"]):
        world.store.remove("links", link["id"])
    for folder in world.store.rows("folders"):
        if row["id"] in folder["document_ids"]:
            rest = [key for key in folder["document_ids"] if key != row["id"]]
            world.store.put("folders", {**folder, "document_ids": rest})
    objects.forget(world, _object_key(row["id"]))
    world.store.remove("documents", row["id"])
    return {"message": "Document deleted successfully"}
