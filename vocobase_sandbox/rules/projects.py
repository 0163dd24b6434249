"""Projects."""

from __future__ import annotations

from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World


def create(world: World, name: str, description: str | None, *, default: bool) -> Row:
    """Store a project."""
    row = {
        "id": world.uuid("project"),
        "name": name,
        "description": description,
        "is_default": default,
        "created_at": world.now,
        "updated_at": world.now,
    }
    return world.store.put("projects", row)
