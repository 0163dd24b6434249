# Derived from tests/typing/aio/usage.py by scripts/derive_sync.py; edit that instead.
"""What type checkers see of the methods of a client; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

from vocobase import (
    CallJob,
    CallWindow,
    DialList,
    DialPlan,
    DialReport,
    JobResult,
    JobUpdate,
    Ledger,
    Page,
    Timeout,
    Vocobase,
    open_ledger,
    safe_filename,
)
from vocobase.contacts import ImportReport, read
from vocobase.types import (
    Agent,
    Call,
    CallResult,
    CallStatus,
    CampaignProgress,
    Document,
    EnsuredWebhookEndpoint,
    EventPoll,
    FinishedCall,
    LinkedDocument,
    Session,
    StartedCall,
    SyncReport,
    SyncStep,
    TelephonyConnection,
    Transcript,
    TranscriptTurn,
    Voice,
)
from vocobase.webhooks import SessionCompleted


def methods(vb: Vocobase) -> None:
    assert_type(vb.agents.create("n", "p", voice_id="v"), Agent)
    assert_type(vb.agents.list(limit=5), Page[Agent])
    assert_type((vb.agents.list())[0], Agent)
    assert_type((vb.agents.list())[:2], list[Agent])
    assert_type((vb.agents.list()).total, int | None)
    assert_type(vb.agents.iter(), Iterator[Agent])
    assert_type(vb.agents.find("n"), Agent | None)
    assert_type((vb.agents.get("a")).created_at, datetime)
    assert_type(vb.calls.start("a", "+1"), StartedCall)
    job = CallJob("a", "+1", variables={"name": "Asha"}, key="k", window=CallWindow(time(9), time(20)))
    assert_type(vb.calls.start_many([job], ledger="calls.sqlite", concurrency=3), DialReport)
    assert_type(vb.calls.plan_many(iter([job]), ledger="calls.sqlite"), DialPlan)
    assert_type(open_ledger("calls.sqlite"), Ledger)
    assert_type(
        vb.calls.start_many([job], ledger="calls.sqlite", budget=500, circuit_breaker=None), DialReport
    )
    found = DialList("calls.sqlite")
    assert_type(found.jobs("parked"), Iterator[JobUpdate])
    assert_type(found.results(), Iterator[JobResult])
    assert_type(found.add([job], window=CallWindow(time(9), time(20))), int)
    assert_type(found.get("k"), JobResult | None)
    assert_type(found.change(budget=Decimal(500), redial=None), None)
    assert_type(found.to_dicts(flat=True), list[dict[str, Any]])
    assert_type((vb.calls.get("c")).status, CallStatus)
    assert_type(vb.calls.wait("c"), FinishedCall)
    assert_type(vb.calls.wait_all(["c"]), Iterator[CallResult])
    assert_type(vb.calls.start("a", "+1", wait_for_slot=60), StartedCall)
    assert_type(vb.sessions.wait("s", timeout=5), Session)
    for event in vb.events.poll(timeout=5):
        assert_type(event, SessionCompleted)
    assert_type(vb.events.poll(cursor=None), EventPoll)
    assert_type(vb.events.poll(cursor=None).cursor, str)
    assert_type(vb.campaigns.watch("c"), Iterator[CampaignProgress])
    assert_type(vb.agents.documents.wait_synced("a", ["d"]), list[LinkedDocument])
    assert_type(vb.documents.upload("a.md"), Document)
    assert_type(vb.documents.upload(b"", name="a.md", transfer_timeout=5), Document)
    assert_type(vb.documents.upload_many(["a.md", Path("b.md")], concurrency=2), list[Document])
    assert_type(vb.documents.download("d", "a.md"), Path)
    assert_type(vb.documents.download_all("backup", on_progress=lambda n, m: print(n + m)), list[Path])
    assert_type(safe_filename("a"), str)
    report = vb.agents.documents.sync("a", "kb", dry_run=True, on_progress=lambda step: print(step.verb))
    assert_type(report, SyncReport)
    assert_type(report.steps[0], SyncStep)
    assert_type(report.paths("upload"), list[str])
    assert_type(vb.calls.download_recording("c", Path("a.wav"), transfer_timeout=Timeout(total=5)), Path)
    assert_type(vb.voices.find(language="en"), Voice)
    assert_type(vb.config.webhooks.ensure("l", "u"), EnsuredWebhookEndpoint)
    assert_type(vb.telephony_connections.create("sip", "n"), TelephonyConnection)
    assert_type(vb.voicelink.bots.create("n", 1), Any)
    assert_type(vb.with_options(timeout=5), Vocobase)
    assert_type(vb.request("GET", "/new"), Any)
    with vb as entered:
        assert_type(entered, Vocobase)
    session = (vb.calls.get("c")).session
    if session is not None:
        assert_type(session.transcript, Transcript[TranscriptTurn])
        assert_type(session.transcript.text(), str)
        assert_type(session.credits_used, float)


def lists(vb: Vocobase) -> None:
    assert_type(vb.calls.start_many(iter([CallJob("a", "+1")]), ledger=Path("calls")), DialReport)
    people = DialList("calls.sqlite")
    assert_type(people.report(), DialReport)
    assert_type(people.results("finished"), Iterator[JobResult])
    assert_type(people.jobs("waiting"), Iterator[JobUpdate])
    assert_type(people.resume(), bool)
    assert_type(vb.campaigns.import_contacts("c", read("people.csv")), ImportReport)
    assert_type(vb.agents.documents.sync("a", Path("kb"), pattern="*.md"), SyncReport)


def waits(vb: Vocobase) -> None:
    assert_type(vb.calls.wait("c", timeout=1.0), FinishedCall)
    assert_type(vb.sessions.wait("s", on_update=print), Session)
    assert_type(vb.agents.documents.wait_synced("a"), list[LinkedDocument])
    assert_type(vb.documents.download_all(Path("backup")), list[Path])
    for event in vb.events.poll(cursor="", interval=5):
        assert_type(event, SessionCompleted)
    for progress in vb.campaigns.watch("c", timeout=5, interval=2):
        assert_type(progress.remaining, int)
    for result in vb.calls.wait_all(["c"], timeout=1.0, on_update=print):
        assert_type(result, CallResult)
        assert_type(result.unwrap(), FinishedCall)
    assert_type(vb.calls.iter(), Iterator[Call])
    for call in vb.calls.iter(status="completed"):
        assert_type(call, Call)
