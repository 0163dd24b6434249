"""The input of a handler, and the registration of handlers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vocobase_sandbox.kernel.messages import ApiError, Row, not_found
from vocobase_sandbox.kernel.world import World


@dataclass(slots=True)
class Context:
    """The validated input of one operation, and the account on which it acts."""

    world: World
    path: dict[str, Any]
    query: dict[str, Any]
    body: Row
    origin: str

    def row(self, table: str, what: str, key: str | None = None, name: str = "id") -> Row:
        """Return the row that a path parameter or the given key identifies.

        Raises:
            ApiError: 404 if it does not exist or was deleted.
        """
        found = self.world.store.get(table, self.path[name] if key is None else key)
        if found is None or found.get("deleted_at"):
            raise not_found(what)
        return found


Handler = Callable[[Context], Any]
"""Execute one operation and return the `data` of its response."""

HANDLERS: dict[str, Handler] = {}


def route(key: str) -> Callable[[Handler], Handler]:
    """Register the handler of an operation, identified by method and path template."""

    def register(handler: Handler) -> Handler:
        if key in HANDLERS:
            raise ValueError(f"{key} has two handlers")
        HANDLERS[key] = handler
        return handler

    return register


def not_emulated(key: str) -> ApiError:
    """Build the error for an operation that openapi.json describes and that has no handler yet."""
    return ApiError(501, "NOT_IMPLEMENTED", f"the sandbox does not emulate {key} yet")


def page(rows: list[Row], query: dict[str, Any], key: str, view: Callable[[Row], Row]) -> Row:
    """Return one page of a list, with the fields that every paged list has."""
    limit, offset = query["limit"], query["offset"]
    chosen = rows[offset : offset + limit]
    return {key: [view(row) for row in chosen], "total": len(rows), "limit": limit, "offset": offset}
