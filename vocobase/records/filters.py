"""Convert the filters of a method to a condition in SQL. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from vocobase._base.arguments import check_aware, check_flag, check_text, is_storable
from vocobase._base.errors import InvalidArgumentError
from vocobase._policy.limits import is_e164
from vocobase.records.row import stored

# The columns that filters with other names, or of the same name, compare.
_EQUAL = {
    "agent": "agent_id",
    "disposition": "disposition",
    "status": "status",
    "direction": "direction",
    "person": "person",
    "list": "list",
    "project": "project_id",
}
_DIRECTIONS = ("outbound", "inbound", "web")
_TIMES = {"since": "created_at >= ?", "until": "created_at < ?"}
# Newest first; the identifier makes the order of equal times certain.
NEWEST_FIRST = " ORDER BY created_at DESC, session_id DESC LIMIT ?"
AFTER = " AND (created_at < ? OR (created_at = ? AND session_id < ?))"


class Filters(TypedDict, total=False):
    """A selection of records; every filter that you pass must match.

    Attributes:
        since: Created at this time or later.
        until: Created before this time.
        agent: Identifier of the agent.
        disposition: Outcome, such as ``voicemail``.
        status: Status, such as ``completed``.
        direction: ``outbound``, ``inbound`` or ``web``.
        person: Number of the other party, in E.164 form; or what stands for it, such as ``anonymous``.
        list: Name of the list that started the call.
        project: Identifier of the project.
        is_final: Whether it can no longer change.
    """

    since: datetime | None
    until: datetime | None
    agent: str | None
    disposition: str | None
    status: str | None
    direction: str | None
    person: str | None
    list: str | None
    project: str | None
    is_final: bool | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL.

    Attributes:
        sql: The text after WHERE.
        parameters: The values of its placeholders.
    """

    sql: str
    parameters: tuple[Any, ...]


def _check_form(what: str, name: str, value: str) -> None:
    """Require the form that records have: any other would match no call, unnoticed."""
    if not is_storable(value):
        raise InvalidArgumentError(f"{what}: {name} contains characters that no record has.")
    if name == "direction" and value not in _DIRECTIONS:
        raise InvalidArgumentError(f"{what}: direction must be outbound, inbound or web.")
    # A caller who hides the number is a word, such as anonymous.
    if name == "person" and not is_e164(value) and not any(map(str.isalpha, value)):
        raise InvalidArgumentError(f"{what}: person must be in E.164 form, such as +12025550100.")


def condition_of(what: str, filters: Mapping[str, Any]) -> Condition:
    """Return the condition for filters.

    Args:
        what: The method, for messages.
        filters: The filters by name; those that are None do not count.

    Raises:
        InvalidArgumentError: a filter is unknown or of the wrong type or form, or no call can match the
            times.
    """
    since, until = filters.get("since"), filters.get("until")
    parts: list[str] = ["1 = 1"]
    parameters: list[Any] = []
    for name, value in filters.items():
        if value is None:
            continue
        if name in _TIMES:
            check_aware(value, f"{what}: {name}")
            parts.append(_TIMES[name])
            parameters.append(stored("created_at", value))
        elif name in _EQUAL:
            check_text(what, **{name: value})
            _check_form(what, name, value)
            parts.append(f"{_EQUAL[name]} = ?")
            # Drivers store members of enums in their own way.
            parameters.append(str.__str__(value))
        elif name == "is_final":
            check_flag(value, f"{what}: is_final")
            parts.append("is_final = ?")
            parameters.append(int(value))
        else:
            known = ", ".join(Filters.__annotations__)
            raise InvalidArgumentError(f"{what}: there is no filter {name}; the filters are {known}.")
    if since is not None and until is not None and since > until:
        raise InvalidArgumentError(f"{what}: since is later than until, so no call can match.")
    return Condition(" AND ".join(parts), tuple(parameters))
