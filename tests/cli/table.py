"""Every command that is written by hand: arguments, exit status, and the shape of the output when it is piped.

A new command needs a row here. ``{call}``, ``{agent}`` and ``{document}`` stand for identifiers of the account that
the test fills, ``{records}`` for a local table of its calls, ``{folder}`` for an empty folder, ``{people}`` for a file
of people, and ``{ledger}`` for a ledger that has the list ``due`` and a number that must not be called.
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
    Row("campaigns results none --ledger {ledger}", 3, NOTHING),
    Row("campaigns run {people} --agent {agent} --provider twilio", 2, NOTHING),
    Row("campaigns run {people} --agent {agent} --provider twilio --dry-run", 0, NOTHING),
    Row("completion bash", 0, TEXT),
    Row("completion sh", 2, NOTHING),
    Row("contacts check {people}", 1, ROWS, ("line", "reason", "row")),
    Row("contacts check README.md", 2, NOTHING),
    Row("dial add due {people} --agent {agent} --ledger {ledger}", 0, ONE, ("added", "known", "bad")),
    Row("dial change due --ledger {ledger} --budget 500", 2, NOTHING),
    Row("dial drop due +12025550103 --ledger {ledger} --yes", 0, ONE, ("dropped",)),
    Row("dial jobs due --ledger {ledger} --state waiting", 0, ROWS, ("key", "to_number", "state")),
    Row("dial jobs due --ledger missing.sqlite", 3, NOTHING),
    Row("dial lists --ledger {ledger}", 0, ROWS, ("list", "jobs", "waiting", "spent", "pause")),
    Row("dial lists --ledger missing.sqlite", 3, NOTHING),
    Row("dial pause due --ledger {ledger} --reason storm", 0, ONE, ("paused",)),
    Row("dial plan due --ledger {ledger}", 0, ONE, ("to_dial", "counts", "dials", "cost")),
    Row("dial plan new {people} --agent {agent} --ledger missing.sqlite --rows", 0, ROWS, ("key", "code")),
    Row("dial plan due {people} --ledger {ledger}", 2, NOTHING),
    Row("dial report due --ledger {ledger}", 0, ROWS, ("state", "outcome", "jobs", "cost")),
    Row("dial resume due --ledger {ledger}", 2, NOTHING),
    Row("dial retry due --ledger {ledger} --state parked", 2, NOTHING),
    Row("dial run due --ledger {ledger}", 2, NOTHING),
    Row("dial run due --ledger {ledger} --dry-run", 0, ONE, ("list", "waiting")),
    Row("dial show due +12025550100 --ledger {ledger}", 0, ONE, ("key", "state", "dials")),
    Row("dial status none --ledger {ledger}", 3, NOTHING),
    Row("dial status due --ledger {ledger}", 0, ONE, ("list", "jobs", "waiting", "spent", "pause")),
    Row("dial work due --ledger {ledger}", 2, NOTHING),
    Row("do-not-call add +12025550199 --ledger {ledger}", 0, ROWS, ("number", "changed")),
    Row("do-not-call check +12025550198 --ledger {ledger}", 0, ONE, ("number", "listed", "reason")),
    Row("do-not-call import {people} --source registry --ledger {ledger}", 2, NOTHING),
    Row("do-not-call list --ledger {ledger}", 0, ROWS, ("number", "reason", "source")),
    Row("do-not-call log --ledger {ledger}", 0, ROWS),
    Row("do-not-call remove +12025550198 --reason mistake --ledger {ledger}", 2, NOTHING),
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
    Row("records count --db {records}", 0, ONE, ("calls",)),
    Row("records count --db missing.sqlite", 3, NOTHING),
    Row("records export {folder} --db {records}", 0, ROWS, ("file",)),
    Row("records forget +12025550100 --db {records}", 2, NOTHING),
    Row("records forget +12025550100 --db {records} --dry-run", 0, NOTHING),
    Row("records purge --older-than 365d --db {records} --yes", 0, ONE, ("removed",)),
    Row("records sync --db {records}", 0, ONE, ("read", "changed", "pending")),
    Row("report --for today --by agent --db {records}", 0, ROWS, ("agent", "attempted", "cost")),
    Row("report --for someday --db {records}", 2, NOTHING),
    Row("sandbox advance 60 --url http://127.0.0.1:8484", 0, ONE, ("now",)),
    Row("sandbox exec --help", 0, TEXT),
    Row("sandbox faults", 0, ROWS),
    Row("sandbox faults add status calls.get --count 1", 0, ONE, ("id",)),
    Row("sandbox faults clear", 0, ROWS),
    Row("sandbox faults remove none", 3, NOTHING),
    Row("sandbox script +12025550150 busy", 0, ONE, ("id", "outcomes")),
    Row("sandbox seed missing.json", 2, NOTHING),
    Row("sandbox serve --help", 0, TEXT),
    Row("sandbox trigger session.started", 1, NOTHING),
    Row("webhooks listen --to https://example.com/", 2, NOTHING),
    Row("webhooks resend none --to http://localhost:9/", 3, NOTHING),
    Row("webhooks sign missing.json", 2, NOTHING),
    Row("webhooks verify missing.json --signature s --timestamp t", 2, NOTHING),
)
