"""What type checkers see of errors, arguments and contacts; aio/ has the methods. Never run."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, assert_type

import vocobase.records
import vocobase.types
from vocobase import (
    OMIT,
    APIError,
    CallFailedError,
    NotFoundError,
    Omit,
    UploadsFailedError,
    Vocobase,
    VocobaseError,
    open_ledger,
)
from vocobase.contacts import BadRow, Contact, ImportProgress, ImportReport, read
from vocobase.types import (
    AgentSettings,
    Document,
    SourceLike,
    UploadResult,
)
from vocobase.webhooks import SessionCompleted, UnknownEvent, WebhookReceiver


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
