"""Projects."""

from __future__ import annotations

from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import Row, conflict, invalid
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import projects


def _agent_count(world: World, project_id: str) -> int:
    return sum(
        agent["project_id"] == project_id and not agent["deleted_at"] for agent in world.store.rows("agents")
    )


def _view(world: World, row: Row) -> Row:
    return {**row, "agent_count": _agent_count(world, row["id"])}


def _check_name(world: World, name: str, own_id: str | None) -> None:
    if any(row["name"] == name and row["id"] != own_id for row in world.store.rows("projects")):
        raise conflict(f"a project named {name!r} already exists")


@route("POST /projects")
def create(ctx: Context) -> Any:
    """Store a new project."""
    _check_name(ctx.world, ctx.body["name"], None)
    return _view(
        ctx.world, projects.create(ctx.world, ctx.body["name"], ctx.body.get("description"), default=False)
    )


@route("GET /projects")
def list_(ctx: Context) -> Any:
    """List all projects."""
    rows = [_view(ctx.world, row) for row in ctx.world.store.newest("projects")]
    return {"projects": rows, "total": len(rows)}


@route("GET /projects/{id}")
def get(ctx: Context) -> Any:
    """Show one project."""
    return _view(ctx.world, ctx.row("projects", "project"))


@route("PUT /projects/{id}")
def update(ctx: Context) -> Any:
    """Change name or description."""
    row = ctx.row("projects", "project")
    if "name" in ctx.body:
        _check_name(ctx.world, ctx.body["name"], row["id"])
    changed: Row = {name: ctx.body[name] for name in ("name", "description") if name in ctx.body}
    return _view(ctx.world, ctx.world.store.put("projects", {**row, **changed, "updated_at": ctx.world.now}))


@route("DELETE /projects/{id}")
def delete(ctx: Context) -> Any:
    """Delete a project that is empty and is not the default."""
    row = ctx.row("projects", "project")
    if row["is_default"]:
        raise invalid("the default project cannot be deleted")
    if _agent_count(ctx.world, row["id"]):
        raise invalid("the project still has agents; move or delete them first")
    ctx.world.store.remove("projects", row["id"])
    return {"message": "Project deleted successfully"}
