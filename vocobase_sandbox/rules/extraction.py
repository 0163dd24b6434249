"""Fill the keys of an extraction config from a transcript, deterministically and by type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vocobase_sandbox.kernel.messages import Row

MODEL = "sandbox-extractor-1"
_YES = re.compile(r"\b(yes|sure|alright|sounds good|works for me)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def details(result: Row, at: str) -> Row:
    """Return the members of a run that sessions and calls do not keep."""
    error = "the script makes this extraction fail" if result["status"] == "failed" else None
    return {"model": MODEL, "extractedAt": at, "latencyMs": 850, "attempts": 1, "error": error}


def extract(config: Row, transcript: list[Row], at: str) -> Row:
    """Run the config on a transcript: skipped without a transcript, no values without words of the user."""
    if not transcript:
        return without_values("skipped", config)
    keys: list[Row] = config.get("keys") or []
    said = [turn["content"] for turn in transcript if turn["role"] == "user"]
    return {"status": "success", "values": {key.get("name", ""): _value(key, said, at) for key in keys}}


def without_values(status: str, config: Row) -> Row:
    """Return the result of a run that found nothing."""
    keys: list[Row] = config.get("keys") or []
    return {"status": status, "values": {key.get("name", ""): None for key in keys}}


def _value(key: Row, said: list[str], at: str) -> Any:
    return _FILLERS.get(key.get("type", "string"), _string)(said, at) if said else None


def _string(said: list[str], at: str) -> str:
    return said[-1]


def _number(said: list[str], at: str) -> float | None:
    found = _NUMBER.search(" ".join(said))
    return float(found[0]) if found else None


def _integer(said: list[str], at: str) -> int | None:
    number = _number(said, at)
    return None if number is None else int(number)


_FILLERS: dict[str, Callable[[list[str], str], Any]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": lambda said, at: bool(_YES.search(said[-1])),
    "array": lambda said, at: list(said),
    "date": lambda said, at: at[:10],
    "datetime": lambda said, at: at[:19] + "Z",
}
