# Derived from vocobase/_waiting/aio/recent.py by scripts/derive_sync.py; edit that instead.
"""Iterate over the newest calls."""

from __future__ import annotations

from collections.abc import Iterator

from vocobase._waiting.matches import CallFilter
from vocobase_raw.models.call import Call


def filtered(calls: Iterator[Call], wanted: CallFilter) -> Iterator[Call]:
    """Yield the calls of a list, newest first, that are wanted; end when all others are too old."""
    for call in calls:
        if wanted.ends_at(call):
            return
        if wanted.includes(call):
            yield call
