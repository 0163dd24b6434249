# Derived from tests/transfers/aio/support.py by scripts/derive_sync.py; edit that instead.
"""Calls with a client of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.transfers.support import ADDRESS
from vocobase import Vocobase


def run(transport: Any, call: Callable[[Any], Any], **options: Any) -> Any:
    """Return what a call gives with a client of this transport."""
    with Vocobase(transport=transport, **{**ADDRESS, **options}) as vb:
        return call(vb)
