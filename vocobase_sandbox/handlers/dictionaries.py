"""Speech-recognition dictionaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vocobase_sandbox.handlers.context import Context, route
from vocobase_sandbox.kernel.messages import ApiError, Row, conflict
from vocobase_sandbox.kernel.world import World

MAX_CHARACTERS = 10_000


def normalize(terms: Iterable[Any]) -> list[str]:
    """Trim terms; drop empty ones, values that are not text, and duplicates regardless of case."""
    kept: dict[str, str] = {}
    for term in terms:
        if isinstance(term, str) and term.strip():
            kept.setdefault(term.strip().lower(), term.strip())
    return list(kept.values())


def check_budget(dictionaries: Iterable[Row]) -> None:
    """Reject a set of dictionaries that is too large for one agent.

    Raises:
        ApiError: 400 with its own documented code.
    """
    total = sum(row["char_count"] for row in dictionaries)
    if total > MAX_CHARACTERS:
        text = (
            f"the dictionaries of one agent may have {MAX_CHARACTERS} characters together, these have {total}"
        )
        raise ApiError(400, "DICTIONARY_CHAR_LIMIT_EXCEEDED", text)


def _agents_with(world: World, key: str) -> list[Row]:
    return [row for row in world.store.rows("agent_dictionaries") if key in row["dictionary_ids"]]


def summary(world: World, row: Row) -> Row:
    """Show a dictionary without its terms."""
    shown = {name: row[name] for name in ("id", "name", "description")}
    return {
        **shown,
        "term_count": len(row["terms"]),
        "char_count": row["char_count"],
        "attached_agent_count": len(_agents_with(world, row["id"])),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def _full(world: World, row: Row) -> Row:
    return {**summary(world, row), "terms": row["terms"]}


def _apply(world: World, row: Row, given: Row) -> None:
    if "name" in given:
        others = (other for other in world.store.rows("dictionaries") if other["id"] != row["id"])
        if any(other["name"] == given["name"] for other in others):
            raise conflict(f"a dictionary named {given['name']!r} already exists")
        row["name"] = given["name"]
    if "description" in given:
        row["description"] = (given["description"] or "").strip() or None
    if "terms" in given:
        row["terms"] = normalize(given["terms"])
        # The documentation says only that it is not the plain sum; one separator per term is our guess.
        row["char_count"] = sum(len(term) + 1 for term in row["terms"])
    row["updated_at"] = world.now


@route("POST /dictionaries")
def create(ctx: Context) -> Any:
    """Store a new dictionary."""
    world = ctx.world
    row: Row = {
        "id": "",
        "name": "",
        "description": None,
        "terms": [],
        "char_count": 0,
        "created_at": world.now,
    }
    _apply(world, row, ctx.body)
    row["id"] = world.uuid("dictionary")
    return _full(world, world.store.put("dictionaries", row))


@route("GET /dictionaries")
def list_(ctx: Context) -> Any:
    """List all dictionaries."""
    return {"dictionaries": [summary(ctx.world, row) for row in ctx.world.store.newest("dictionaries")]}


@route("GET /dictionaries/{id}")
def get(ctx: Context) -> Any:
    """Show one dictionary with its terms."""
    return _full(ctx.world, ctx.row("dictionaries", "dictionary"))


@route("PATCH /dictionaries/{id}")
def update(ctx: Context) -> Any:
    """Change name, description or terms; an invalid change is rejected as a whole."""
    world, stored = ctx.world, ctx.row("dictionaries", "dictionary")
    row = dict(stored)
    _apply(world, row, ctx.body)
    table = {**world.store.table("dictionaries"), row["id"]: row}
    for attachment in _agents_with(world, row["id"]):
        check_budget(table[key] for key in attachment["dictionary_ids"])
    return _full(world, world.store.put("dictionaries", row))


@route("DELETE /dictionaries/{id}")
def delete(ctx: Context) -> Any:
    """Delete a dictionary and its attachments."""
    world, row = ctx.world, ctx.row("dictionaries", "dictionary")
    for attachment in _agents_with(world, row["id"]):
        rest = [key for key in attachment["dictionary_ids"] if key != row["id"]]
        world.store.put("agent_dictionaries", {**attachment, "dictionary_ids": rest})
    world.store.remove("dictionaries", row["id"])
    return {"message": "Dictionary deleted successfully"}
