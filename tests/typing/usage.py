"""What type checkers see of the public interface; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import vocobase.records
import vocobase.types
from vocobase import (
    OMIT,
    APIError,
    AsyncDialList,
    AsyncVocobase,
    CallFailedError,
    CallJob,
    CallWindow,
    DialList,
    DialPlan,
    DialReport,
    JobResult,
    JobUpdate,
    Ledger,
    NotFoundError,
    Omit,
    Page,
    Timeout,
    UploadsFailedError,
    Vocobase,
    VocobaseError,
    open_ledger,
    safe_filename,
)
from vocobase.contacts import BadRow, Contact, ImportProgress, ImportReport, read
from vocobase.types import (
    Agent,
    AgentSettings,
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
    SourceLike,
    StartedCall,
    SyncReport,
    SyncStep,
    TelephonyConnection,
    Transcript,
    TranscriptTurn,
    UploadResult,
    Voice,
)
from vocobase.webhooks import SessionCompleted, UnknownEvent, WebhookReceiver


def synchronous(vb: Vocobase) -> None:
    assert_type(vb.agents.create("n", "p", voice_id="v"), Agent)
    assert_type(vb.agents.list(limit=5), Page[Agent])
    assert_type(vb.agents.list()[0], Agent)
    assert_type(vb.agents.list()[:2], list[Agent])
    assert_type(vb.agents.list().total, int | None)
    assert_type(vb.agents.iter(), Iterator[Agent])
    assert_type(vb.agents.find("n"), Agent | None)
    assert_type(vb.agents.get("a").created_at, datetime)
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
    assert_type(vb.calls.get("c").status, CallStatus)
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
    session = vb.calls.get("c").session
    if session is not None:
        assert_type(session.transcript, Transcript[TranscriptTurn])
        assert_type(session.transcript.text(), str)
        assert_type(session.credits_used, float)


async def asynchronous(vb: AsyncVocobase) -> None:
    assert_type(await vb.agents.create("n", "p", voice_id="v"), Agent)
    assert_type(await vb.agents.list(), Page[Agent])
    assert_type(vb.calls.iter(), AsyncIterator[Call])
    assert_type(await vb.calls.wait("c", timeout=1.0), FinishedCall)
    assert_type(await vb.calls.start_many(iter([CallJob("a", "+1")]), ledger=Path("calls")), DialReport)
    people = AsyncDialList("calls.sqlite")
    assert_type(await people.report(), DialReport)
    assert_type(people.results("finished"), AsyncIterator[JobResult])
    assert_type(people.jobs("waiting"), AsyncIterator[JobUpdate])
    assert_type(await people.resume(), bool)
    assert_type(await vb.documents.upload_many(["a.md"]), list[Document])
    assert_type(await vb.documents.download("d", "a.md"), Path)
    assert_type(await vb.documents.download_all(Path("backup")), list[Path])
    assert_type(await vb.sessions.wait("s", on_update=print), Session)
    async for event in vb.events.poll(cursor="", interval=5):
        assert_type(event, SessionCompleted)
    assert_type(await vb.agents.documents.wait_synced("a"), list[LinkedDocument])
    async for progress in vb.campaigns.watch("c", timeout=5, interval=2):
        assert_type(progress.remaining, int)
    async for result in vb.calls.wait_all(["c"], timeout=1.0, on_update=print):
        assert_type(result, CallResult)
        assert_type(result.unwrap(), FinishedCall)
    assert_type(await vb.agents.documents.sync("a", Path("kb"), pattern="*.md"), SyncReport)
    async with vb as entered:
        assert_type(entered, AsyncVocobase)
    async for call in vb.calls.iter(status="completed"):
        assert_type(call, Call)


def sentinel(vb: Vocobase, maybe: str | Omit = OMIT) -> None:
    vb.agents.update("a", prompt=maybe, intro_message=None)
    vb.agents.update("a", prompt=OMIT)


def errors(vb: Vocobase) -> None:
    try:
        vb.agents.get("a")
    except NotFoundError as error:
        assert_type(error.status, int)
        assert_type(error.code, str)
        assert_type(error.request_id, str | None)
        assert_type(error.retry_after, float | None)
        wide: APIError = error
        root: VocobaseError = wide
        assert_type(str(root), str)
    except CallFailedError as error:
        assert_type(error.call, Any)
    except UploadsFailedError as error:
        assert_type(error.results, Sequence[UploadResult])
        assert_type(error.results[0].document, Document | None)
        assert_type(error.results[0].error, VocobaseError | None)


def arguments(vb: Vocobase, source: SourceLike, settings: AgentSettings) -> None:
    vb.documents.upload(source)
    vb.background_audio.upload(source, slug="s")
    vb.agents.ensure("n", "p", voice_id="v", **settings)
    vb.agents.update("a", variables=("x",), extraction_config={"keys": []}, intro_message=None)
    vb.agents.create("n", "p", voice_id="v", intro_message=OMIT, background_audio_volume=0.5)
    vb.agents.create("n", "p", voice_id="v", intro_message=5)  # type: ignore[arg-type] # pyright: ignore
    vb.agents.create("n", "p", voice_id="v", greeting="Hi")  # type: ignore[call-arg] # pyright: ignore


def events(receiver: WebhookReceiver) -> None:
    event = receiver.receive(b"", {})
    if isinstance(event, SessionCompleted):
        assert_type(event.session_id, str)
    else:
        assert_type(event, UnknownEvent)


def imports(vb: Vocobase) -> None:
    def tell(progress: ImportProgress) -> None:
        assert_type(progress.total, int | None)

    report = vb.campaigns.import_contacts(
        "c", "people.csv", region="IN", ledger=Path("ledger.sqlite"), rejects="bad.csv", on_progress=tell
    )
    assert_type(report, ImportReport)
    vb.campaigns.import_contacts("c", [{"phone": "+919876543210"}], ledger=open_ledger("ledger.sqlite"))


async def async_imports(vb: AsyncVocobase) -> None:
    assert_type(await vb.campaigns.import_contacts("c", read("people.csv")), ImportReport)


def contacts() -> None:
    for row in read("people.csv", region="IN"):
        if isinstance(row, BadRow):
            assert_type(row.duplicate_of, int | None)
        else:
            assert_type(row, Contact)
            assert_type(row.name, str | None)
    rows = read([{"phone": "+919876543210"}], columns={"phone": "Mobile"})
    assert_type(rows, Generator[Contact | BadRow, None, None])
    read(rows, format="csv")
    read(Path("people.csv"), columns=["phone", "name"])
    with open("people.csv", "rb") as binary, open("people.csv") as text:
        read(binary, format="csv")
        read(text, format="jsonl")


def wrong(vb: Vocobase) -> None:
    """Every line is refused; an error that is gone is reported as an unused ignore."""
    vb.agents.create("n", "p")  # type: ignore[call-arg]
    vb.agents.create("n", "p", voice_id=5)  # type: ignore[arg-type]
    vb.agents.get()  # type: ignore[call-arg]
    vb.documents.upload(5)  # type: ignore[arg-type]
    vb.documents.upload_many([b"content"])  # type: ignore[list-item]
    vb.agents.update("a", nonsense=1)  # type: ignore[call-arg]
    vocobase.Agnet  # type: ignore[attr-defined]  # noqa: B018
    vocobase.types.Agnet  # type: ignore[attr-defined]  # noqa: B018
    vocobase.records.Agnet  # type: ignore[attr-defined]  # noqa: B018
    vb.calls.get("c").nonsense  # type: ignore[attr-defined]  # noqa: B018
