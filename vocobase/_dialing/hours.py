"""The calling hours of a job: when it may be dialled, and the decision that follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from vocobase._dialing.decisions import Decision, Postpone, Refuse
from vocobase._dialing.number_zones import zones_for
from vocobase._dialing.windows import CallWindow, next_opening
from vocobase._ledger import Entry

# Hours of a job for which no others are given.
DEFAULT_WINDOW = CallWindow(time(9), time(20))
# Codes of decisions.
OUTSIDE_HOURS = "outside_hours"
NO_HOURS = "no_hours"

# Many jobs are checked in one moment, and few of their windows differ.
_next_opening = lru_cache(maxsize=1024)(next_opening)


def window_of(payload: Mapping[str, Any]) -> CallWindow:
    """Return the hours of a job; jobs of ledgers that kept none have the default hours."""
    return _read(json.dumps(payload["window"])) if "window" in payload else DEFAULT_WINDOW


@lru_cache(maxsize=256)
def _read(form: str) -> CallWindow:
    return CallWindow.from_json(json.loads(form))


def opening_of(payload: Mapping[str, Any], now: datetime) -> datetime:
    """Return the earliest time at which a job may be dialled.

    Raises:
        LookupError: there is none, or it is not known; the text says why.
    """
    window = window_of(payload)
    zones = zones_for(window, payload["to_number"])
    if not zones:
        raise LookupError(
            "the time zone of the number is not known; pass a CallWindow with timezone=, or"
            " CallWindow.any_time()"
        )
    opening = _next_opening(window, now, zones)
    if opening is None:
        raise LookupError("the window never opens")
    return opening


def check_hours(job: Entry, now: datetime) -> Decision:
    """Postpone a job outside its hours; refuse one that has none."""
    try:
        opening = opening_of(job.payload, now)
    except LookupError as error:
        return Refuse(NO_HOURS, str(error))
    return Postpone(opening, OUTSIDE_HOURS, "outside its hours") if opening > now else None
