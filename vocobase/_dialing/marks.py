"""The entry of a list in its ledger: its settings, and the mark that pauses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vocobase._base.arguments import check_text
from vocobase._base.masked_repr import MaskedRepr
from vocobase._dialing.guards import PAUSED
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import LISTS
from vocobase._ledger import Ledger
from vocobase._ledger.changes import Members, change_noted, noted


@dataclass(frozen=True, repr=False)
class Pause(MaskedRepr):
    """The pause of a list.

    Attributes:
        code: ``paused`` by a person, ``circuit_breaker`` or ``balance`` (too low for ``calls.work``).
        reason: The reason as a sentence.
        since: When it was paused.
    """

    code: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class ListMarks:
    """The entry of a list in a ledger.

    Attributes:
        settings: Its settings.
        pause: The pause, if it is paused.
        resumed_at: When it was last resumed, in seconds since 1970; 0 if never.
    """

    settings: ListSettings
    pause: Pause | None
    resumed_at: float


def marks_of(ledger: Ledger, name: str) -> ListMarks:
    """Return the entry of a list; a list that was never used has no settings."""
    members = noted(ledger, LISTS, name)
    paused = members.get("paused")
    pause = Pause(paused["code"], paused["reason"], moment(paused["at"])) if paused else None
    return ListMarks(ListSettings.from_json(members), pause, members.get("resumed_at", 0.0))


def pause_list(ledger: Ledger, name: str, reason: str, code: str = PAUSED, *, over: bool = False) -> None:
    """Pause a list for all workers.

    Args:
        ledger: Where the list is.
        name: The list.
        reason: The reason as a sentence.
        code: ``paused`` by a person, ``circuit_breaker`` or ``balance``.
        over: Replace the pause of a list that is paused already.
    """
    check_text("DialList.pause", reason=reason)
    paused = {"code": code, "reason": reason, "at": ledger.now()}

    def change(members: Members) -> Members:
        return members if "paused" in members and not over else {**members, "paused": paused}

    change_noted(ledger, LISTS, name, change)


def resume_list(ledger: Ledger, name: str) -> bool:
    """Resume a list; return whether it was paused."""
    now = ledger.now()

    def change(members: Members) -> Members:
        if "paused" not in members:
            return members
        return {key: value for key, value in members.items() if key != "paused"} | {"resumed_at": now}

    return change_noted(ledger, LISTS, name, change)


def change_settings(ledger: Ledger, name: str, given: Mapping[str, Any]) -> None:
    """Replace some settings of a list; None removes one."""
    form = ListSettings.of("DialList.change", **given).to_json()
    kept = {setting: form.get(setting) for setting in given}

    def change(members: Members) -> Members:
        return {key: value for key, value in {**members, **kept}.items() if value is not None}

    change_noted(ledger, LISTS, name, change)
