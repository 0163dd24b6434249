"""Upload documents and audio, and bring a knowledge base in line with a folder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from vocobase import UploadsFailedError
from vocobase.cli.effects import DELETES
from vocobase.cli.frame import command
from vocobase.cli.lookups import agent_of
from vocobase.cli.session import Session
from vocobase.cli.wording import translated
from vocobase.types import Document, SyncReport, SyncStep

PATH = click.Path(path_type=Path)
# Steps that remove a document; the leftovers of an interrupted run never were one.
REMOVING = ("replace", "remove")
# Steps that are only reported.
IDLE = ("keep", "same", "skip", "failed")


@command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 16),
    default=4,
    metavar="N",
    help="Files at once; default: 4.",
)
def upload(session: Session, files: tuple[Path, ...], concurrency: int) -> None:
    """Upload files as documents, several at a time.

    A file that fails does not stop the others: its row has the error, and the exit status is 1. With Ctrl-C,
    complete documents stay, and unfinished ones are deleted.
    """
    try:
        with _bytes(session) as show:
            made = session.client.documents.upload_many(files, concurrency=concurrency, on_progress=show)
    except UploadsFailedError as error:
        _emit(session, [(str(each.path), each.document, each.error) for each in error.results])
        raise
    _emit(session, [(str(path), each, None) for path, each in zip(files, made, strict=True)])


def _emit(session: Session, results: Sequence[tuple[str, Document | None, Exception | None]]) -> None:
    rows = [
        {
            "path": path,
            "document_id": document.id if document else None,
            "status": document.status if document else "failed",
            "error": translated(str(error)) if error else None,
        }
        for path, document, error in results
        if document or not session.quiet
    ]
    session.emit(rows, id_field="document_id", columns=("document_id", "status", "path", "error"))


@contextmanager
def _bytes(session: Session) -> Generator[Callable[[int, int], None]]:
    with session.progress("Uploading", unit="bytes") as progress:
        yield progress.update


@command()
@click.argument("file", type=PATH)
@click.option("--slug", metavar="NAME", help="Unique identifier; default: from the file name.")
@click.option("--label", metavar="TEXT", help="Display name; default: the slug.")
def audio(session: Session, file: Path, slug: str | None, label: str | None) -> None:
    """Upload a WAV file as a track that plays under the voice of an agent."""
    name = slug or _slug(file.stem)
    with _bytes(session) as show:
        track = session.client.background_audio.upload(file, slug=name, label=label, on_progress=show)
    session.emit_one(track)


def _slug(text: str) -> str:
    name = re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:64]
    if len(name) < 2:
        raise click.UsageError(f"No identifier can be derived from the file name {text!r}; pass --slug.")
    return name


@command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--agent", required=True, metavar="NAME_OR_ID", help="Agent whose knowledge base it is.")
@click.option("--pattern", default="*", metavar="GLOB", help="Only files such as '*.md' or 'faq/*'.")
@click.option("--dry-run", is_flag=True, help="Only show the plan.")
def sync(session: Session, folder: Path, agent: str, pattern: str, dry_run: bool) -> None:
    """Bring the knowledge base of an agent in line with a folder.

    Files are uploaded, replaced, renamed and removed; documents that did not come from this folder are never
    touched. It asks before documents are removed. An interrupted run is finished by the next one.
    """
    documents, agent_id = session.client.agents.documents, agent_of(session, agent).id
    plan = documents.sync(agent_id, folder, pattern=pattern, dry_run=True)
    gone = [step.path for step in plan.steps if step.verb in REMOVING]
    if dry_run or not plan.changed:
        _emit_steps(session, plan)
        return
    if gone:
        session.hint(str(plan))
        session.confirm(DELETES, f"{len(gone)} of the documents in the knowledge base will be removed.")
    work = [step for step in plan.steps if step.verb not in IDLE]
    with session.progress("Synchronising", total=len(work), unit="files") as progress:
        done = set[str]()

        def show(step: SyncStep) -> None:
            # A file may take several steps, such as its upload and its link.
            done.add(step.path)
            progress.update(min(len(done), len(work)))

        report = documents.sync(agent_id, folder, pattern=pattern, on_progress=show)
    _emit_steps(session, report)
    if report.failed:
        session.note(f"vocobase: {len(report.failed)} of the files failed; run it again.")
        raise click.exceptions.Exit(1)


def _emit_steps(session: Session, report: SyncReport) -> None:
    steps = [step for step in report.steps if step.verb != "keep"]
    session.emit(steps, columns=("verb", "path", "detail"), id_field="path")
    counts = Counter(step.verb for step in report.steps)
    text = ", ".join(f"{number} {verb}" for verb, number in counts.items()) or "nothing"
    session.hint(f"{'Plan' if report.dry_run else 'Done'}: {text}.")
