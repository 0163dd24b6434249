"""Everything that a program calls besides the methods of a client, with arguments that are valid."""

from __future__ import annotations

import datetime as dates
import inspect
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import vocobase
from tests.client.hostile import NUMBER
from vocobase import CallWindow, Consent, ConsentList, DialList, DoNotCall, contacts, diagnostics, webhooks
from vocobase.records import Filters, Price, Records, ReportFilters
from vocobase_sandbox import Sandbox

# What is called, and its arguments by name.
Target = tuple[Callable[..., Any], dict[str, Any]]

NOW = dates.datetime(2026, 1, 5, 9, tzinfo=dates.UTC)
BODY = b'{"event": "x", "timestamp": "2026-01-05T09:00:00Z", "data": {}}'
WINDOW = CallWindow(dates.time(9), dates.time(20), timezone="UTC")
FILTERS: dict[str, Any] = dict.fromkeys(Filters.__annotations__)
REPORT_FILTERS: dict[str, Any] = dict.fromkeys(ReportFilters.__annotations__)
CONSENT = Consent("form", dates.date(2026, 1, 5))


def names_of(target: Target) -> list[str]:
    """Return the names of the arguments that are tried."""
    call, given = target
    parameters = inspect.signature(call).parameters.values()
    named = [each.name for each in parameters if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)]
    return [*dict.fromkeys([*given, *named])]


def functions(folder: Path) -> dict[str, Target]:
    """Return the functions and classes."""
    receiver = webhooks.WebhookReceiver("whsec_a")
    signed = webhooks.sign(BODY, "whsec_a")
    return {
        "CallJob.from_json": (vocobase.CallJob.from_json, {"data": {"agent_id": "a", "to_number": NUMBER}}),
        "CallWindow": (CallWindow, {"start": dates.time(9), "end": dates.time(20)}),
        "CallWindow.from_json": (CallWindow.from_json, {"data": WINDOW.to_json()}),
        "CallWindow.is_open": (WINDOW.is_open, {"moment": NOW, "zones": [dates.UTC]}),
        "CircuitBreaker": (vocobase.CircuitBreaker, {}),
        "CircuitBreaker.from_json": (vocobase.CircuitBreaker.from_json, {"data": {}}),
        "Consent": (Consent, {"basis": "form", "given_on": dates.date(2026, 1, 5)}),
        "OptOut": (vocobase.OptOut, {}),
        "OptOut.from_json": (vocobase.OptOut.from_json, {"data": {}}),
        "PersonCap": (vocobase.PersonCap, {"dials": 3}),
        "PersonCap.from_json": (vocobase.PersonCap.from_json, {"data": {}}),
        "Redial": (vocobase.Redial, {}),
        "Redial.from_json": (vocobase.Redial.from_json, {"data": {}}),
        "SpendCap": (vocobase.SpendCap, {"rupees": 100}),
        "SpendCap.from_json": (vocobase.SpendCap.from_json, {"data": {}}),
        "Timeout": (vocobase.Timeout, {}),
        "Vocobase": (vocobase.Vocobase, {"api_key": "rg_live_x"}),
        "contacts.escape_formula": (contacts.escape_formula, {"text": "x"}),
        "contacts.read": (contacts.read, {"source": [{"phone": NUMBER}]}),
        "contacts.to_e164": (contacts.to_e164, {"number": NUMBER}),
        "diagnostics.find_proxy": (diagnostics.find_proxy, {"url": "https://example.com"}),
        "open_ledger": (vocobase.open_ledger, {"value": folder / "l.sqlite"}),
        "records.Price": (Price, {"per_minute": 3}),
        "safe_filename": (vocobase.safe_filename, {"name": "a.md"}),
        "webhooks.MemoryDedupe": (webhooks.MemoryDedupe, {}),
        "webhooks.SQLiteDedupe": (webhooks.SQLiteDedupe, {"path": folder / "d.sqlite"}),
        "webhooks.WebhookReceiver": (webhooks.WebhookReceiver, {"secrets": "whsec_a"}),
        "webhooks.WebhookReceiver.receive": (receiver.receive, {"body": BODY, "headers": signed}),
        "webhooks.is_local": (webhooks.is_local, {"url": "http://localhost"}),
        "webhooks.parse": (webhooks.parse, {"body": BODY}),
        "webhooks.sign": (webhooks.sign, {"body": BODY, "secret": "whsec_a"}),
        "webhooks.verify": (webhooks.verify, {"body": BODY, "headers": signed, "secrets": "whsec_a"}),
        "webhooks.wsgi_headers": (webhooks.wsgi_headers, {"environ": {}}),
    }


def objects(folder: Path, stack: ExitStack) -> dict[str, Target]:
    """Return the methods of what keeps its data in a file."""
    records = stack.enter_context(Records.open(folder / "records.sqlite"))
    refused = stack.enter_context(DoNotCall(folder / "ledger.sqlite"))
    consents = stack.enter_context(ConsentList(folder / "ledger.sqlite"))
    jobs = stack.enter_context(DialList(folder / "ledger.sqlite"))
    return {
        "ConsentList.add": (consents.add, {"number": NUMBER, "consent": CONSENT}),
        "ConsentList.add_many": (consents.add_many, {"numbers": [NUMBER], "consent": CONSENT}),
        "ConsentList.get": (consents.get, {"number": NUMBER}),
        "ConsentList.remove": (consents.remove, {"number": NUMBER}),
        "DialList.add": (jobs.add, {"jobs": []}),
        "DialList.change": (jobs.change, {}),
        "DialList.drop": (jobs.drop, {"keys": ["a"]}),
        "DialList.get": (jobs.get, {"key": "a"}),
        "DialList.jobs": (jobs.jobs, {"state": "waiting"}),
        "DialList.pause": (jobs.pause, {"reason": "lunch"}),
        "DialList.results": (jobs.results, {}),
        "DialList.retry": (jobs.retry, {"keys": ["a"]}),
        "DialList.to_csv": (jobs.to_csv, {"path": folder / "jobs.csv"}),
        "DialList.to_dicts": (jobs.to_dicts, {}),
        "DoNotCall.add": (refused.add, {"number": NUMBER}),
        "DoNotCall.add_many": (refused.add_many, {"numbers": [NUMBER]}),
        "DoNotCall.check": (refused.check, {"number": NUMBER}),
        "DoNotCall.import_csv": (refused.import_csv, {"file": [{"phone": NUMBER}], "source": "list"}),
        "DoNotCall.log": (refused.log, {}),
        "DoNotCall.log_to_csv": (refused.log_to_csv, {"path": folder / "log.csv"}),
        "DoNotCall.receive": (refused.receive, {"event": None}),
        "DoNotCall.remove": (refused.remove, {"number": NUMBER, "reason": "asked"}),
        "Records.archive": (records.archive, {"vb": None, "folder": folder / "archive"}),
        "Records.calls": (records.calls, {"limit": None, **FILTERS}),
        "Records.count": (records.count, FILTERS),
        "Records.export": (records.export, {"folder": folder / "export"}),
        "Records.forget": (records.forget, {"number": NUMBER}),
        "Records.get": (records.get, {"identifier": "a"}),
        "Records.open": (Records.open, {"place": folder / "other.sqlite"}),
        "Records.purge": (records.purge, {"older_than": dates.timedelta(days=1)}),
        "Records.receive": (records.receive, {"event": None}),
        "Records.report": (
            records.report,
            {"by": "day", "tz": "UTC", "goal": None, "prices": None, **REPORT_FILTERS},
        ),
        "Records.sync": (records.sync, {"vb": None}),
        "Records.to_dicts": (records.to_dicts, {"flat": True, "limit": None, **FILTERS}),
    }


def of_sandbox(sandbox: Sandbox) -> dict[str, Target]:
    """Return what moves and breaks a sandbox; its errors are of the class ``ValueError``."""
    return {
        "Sandbox": (
            lambda clock, start: Sandbox(clock=clock, start=start),
            {"clock": "manual", "start": NOW},
        ),
        "clock.advance": (sandbox.clock.advance, {"seconds": 1}),
        "faults.add": (sandbox.faults.add, {"kind": "status"}),
    }
