"""The recording of a call: its address, a file, or the player of this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from vocobase import LookupFailedError, NotFoundError, safe_filename
from vocobase.cli.effects import OVERWRITES
from vocobase.cli.frame import command
from vocobase.cli.session import Session


@command()
@click.argument("call_id")
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="FILE", help="Download it.")
@click.option("--open", "opening", is_flag=True, help="Download it, and play it.")
def recording(session: Session, call_id: str, target: Path | None, opening: bool) -> None:
    """Get the recording of a call.

    Without an option, it writes a link that anyone can use for 7 days. With --open and without --to, the
    file is a temporary one that only you can read.
    """
    if target is None and not opening:
        with _explained(session, call_id):
            link = session.client.calls.recording_url(call_id)
        if session.is_for_people and not session.no_pii:
            # On one line, however wide the terminal is: it is copied.
            click.echo(link.recording_url)
            return
        session.emit_one({"call_id": call_id, "recording_url": link.recording_url}, id_field="recording_url")
        return
    file = _folder_of(call_id) if target is None else _free(session, target, call_id)
    with _explained(session, call_id):
        path = session.client.calls.download_recording(call_id, file)
    session.emit_one({"call_id": call_id, "file": str(path)}, id_field="file")
    # The path and not the link is passed on: other users of a machine can see the arguments of a process.
    if opening and click.launch(str(path)):
        session.note(f"No program on this machine plays it; the file is {path}.")


@contextmanager
def _explained(session: Session, call_id: str) -> Generator[None]:
    """Distinguish a call without a recording from an unknown call."""
    try:
        yield
    except NotFoundError as error:
        call = session.client.calls.get(call_id)
        raise LookupFailedError(
            f"The call {call_id} is {call.status} and has no recording; it has one after its end, if its"
            " agent records calls."
        ) from error


def _folder_of(call_id: str) -> Path:
    return Path(tempfile.mkdtemp(prefix="vocobase-")) / safe_filename(f"{call_id}.wav")


def _free(session: Session, target: Path, call_id: str) -> Path:
    file = target / safe_filename(f"{call_id}.wav") if target.is_dir() else target
    if file.exists():
        session.confirm(OVERWRITES, f"{file} exists and will be replaced.")
    return file
