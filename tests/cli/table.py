"""Every command that is written by hand: arguments, exit status, and the shape of the output when it is piped.

A new command needs a row here. ``{call}``, ``{agent}`` and ``{document}`` stand for identifiers of the account that
the test fills.
"""

from __future__ import annotations

from typing import NamedTuple

ONE = "one JSON object"
ROWS = "JSON lines"
TEXT = "text"
NOTHING = "nothing"


class Row(NamedTuple):
    """One run of a command."""

    arguments: str
    exit_status: int
    shape: str
    members: tuple[str, ...] = ()
    """Members that each object has."""


TABLE = (
    Row("api GET /agent/voices", 0, ONE, ("voices",)),
    Row("api DELETE /agent/{agent}", 2, NOTHING),
    Row("audio upload missing.wav", 1, NOTHING),
    Row("call +12025550100 --agent {agent}", 2, NOTHING),
    Row("call +12025550100 --agent {agent} --provider twilio --yes --quiet", 0, TEXT),
    Row("calls", 0, ROWS, ("call_id", "status")),
    Row("calls --since today --status failed", 0, ROWS),
    Row("calls watch {call}", 0, ONE, ("call_id", "session")),
    Row("calls show {call}", 0, ONE, ("call_id", "session")),
    Row("calls show none", 3, NOTHING),
    Row("completion bash", 0, TEXT),
    Row("completion sh", 2, NOTHING),
    Row("dictionaries apply requirements/dev.txt --dry-run --quiet", 0, TEXT),
    Row("doctor", 0, ROWS, ("check", "status", "detail", "advice")),
    Row("doctor --spec openapi.json", 0, ROWS),
    Row("documents upload README.md", 0, ROWS, ("path", "document_id", "status", "error")),
    Row("kb sync missing --agent {agent}", 2, NOTHING),
    Row("login", 2, NOTHING),
    Row("logout", 2, NOTHING),
    Row("profiles", 0, ROWS),
    Row("profiles use none", 2, NOTHING),
    Row("recording {call}", 0, ONE, ("call_id", "recording_url")),
    Row("recording none", 3, NOTHING),
    Row("transcript {call}", 0, ROWS, ("role", "content")),
)
