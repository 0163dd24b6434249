"""Accounts with many calls, and the truth to compare with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx

from vocobase import Vocobase
from vocobase.records import CallRecord
from vocobase_sandbox import Sandbox

Observe = Callable[[httpx.Request], None]


class Killed(BaseException):
    """The end of a process, as seen by its code."""


class Watched(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Show each request to a function, which may raise, before it is sent."""

    def __init__(self, sandbox: Sandbox, observe: Observe) -> None:
        self._sync, self._async, self._observe = sandbox.transport(), sandbox.async_transport(), observe

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._observe(request)
        return self._sync.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._observe(request)
        return await self._async.handle_async_request(request)


def make_agent(vb: Vocobase, **options: Any) -> str:
    return vb.agents.create("Desk", "Be kind.", voice_id=vb.voices.find().id, **options).id


def receive_calls(sandbox: Sandbox, agent_id: str, number: int, seconds: float) -> None:
    """Let people call, one after the other; some of their numbers are magic."""
    for place in range(number):
        sandbox.receive_call(f"+120255501{place % 9:02d}", agent_id=agent_id)
        sandbox.clock.advance(seconds)


def truth(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """Return the calls of a sandbox, with the columns that the API shows in lists and sessions."""
    return {each["session_id"]: _expected(each) for each in sandbox.calls}


def _expected(call: dict[str, Any]) -> dict[str, Any]:
    names = (
        "call_id",
        "agent_id",
        "direction",
        "from_number",
        "to_number",
        "provider",
        "status",
        "disposition",
    )
    talked = bool(call["duration_seconds"])
    return {
        **{name: call[name] for name in names},
        "person": call["from_number"] if call["direction"] == "inbound" else call["to_number"],
        **{name: _time(call[name]) for name in ("created_at", "started_at", "ended_at")},
        "duration_seconds": call["duration_seconds"] or None,
        # No one has paid for a call without a talk, and its session need not be read.
        "cost": Decimal(str(call["credits_used"])) if talked else None,
        "transcript": tuple(call["transcript"]) if talked else None,
        "variables": call["variables"] if talked else None,
        "extraction": (call["extraction"] or {}).get("values") if talked else None,
        "is_final": True,
    }


def recorded(records: list[CallRecord]) -> dict[str, dict[str, Any]]:
    """Return the records in the same form."""
    return {each.session_id: _found(each) for each in records}


def _found(record: CallRecord) -> dict[str, Any]:
    talked = bool(record.duration_seconds)
    found = {name: value for name, value in record.to_dict().items() if name in _NAMES}
    hidden = dict.fromkeys(("cost", "transcript", "variables", "extraction"))
    return found | {"duration_seconds": record.duration_seconds or None} | ({} if talked else hidden)


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


_NAMES = [
    "call_id",
    "agent_id",
    "direction",
    "from_number",
    "to_number",
    "provider",
    "status",
    "disposition",
    "person",
    "created_at",
    "started_at",
    "ended_at",
    "duration_seconds",
    "cost",
    "transcript",
    "variables",
    "extraction",
    "is_final",
]
