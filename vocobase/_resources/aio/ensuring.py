"""Create what does not exist, and change only what differs: the common part of every ``ensure``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocobase._base.errors import ConflictError, OutcomeUnknownError
from vocobase._resources.ensured import (
    AsyncCreate,
    AsyncFind,
    AsyncUpdate,
    E,
    M,
    change_between,
    ensured,
    is_as_wanted,
)
from vocobase._transport.exchange import raise_if_interrupted


async def ensure(
    kind: type[E],
    wanted: Mapping[str, Any],
    *,
    find: AsyncFind[M],
    create: AsyncCreate,
    update: AsyncUpdate[M],
) -> E:
    """Return the resource as it is now, with the change that was made.

    Args:
        kind: The class of the result.
        wanted: Members that the resource must have, as the API shows them.
        find: Finds the resource by its unique member.
        create: Creates it.
        update: Sets the wanted members of an existing one.
    """
    found = await find()
    if found is None:
        try:
            return ensured(kind, await create(), "created")
        except (ConflictError, OutcomeUnknownError) as error:
            raise_if_interrupted(error)
            # Another process was faster, or the response was lost. Names are unique, so search again.
            found = await find()
            if found is None:
                raise
    if is_as_wanted(found, wanted):
        return ensured(kind, found, "unchanged")
    updated = await update(found)
    return ensured(kind, updated, change_between(found, updated))
