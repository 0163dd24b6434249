"""Webhooks on this machine: forward events to local servers, send one again, sign and verify bodies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from inspect import signature
from itertools import islice
from pathlib import Path
from typing import Any

import click

from vocobase import VocobaseError, clock
from vocobase.cli.delivery import Attempt, Sender, Target, target_of
from vocobase.cli.frame import command
from vocobase.cli.listening import Feed, held, read_position
from vocobase.cli.periods import Moment
from vocobase.cli.session import Session
from vocobase.cli.signatures import members_of
from vocobase.cli.state import folder_of
from vocobase.webhooks import SessionCompleted, parse
from vocobase.webhooks import sign as signed
from vocobase.webhooks import verify as check

SECRET_VARIABLE = "VOCOBASE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
NO_SECRET = f"Set {SECRET_VARIABLE} to the secret of the endpoint."
POSITION_FILE = "listen.json"
# The shortest that `events.poll` accepts.
MIN_INTERVAL_SECONDS = 1.0


def _targets(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[Target]:
    try:
        return [target_of(each, allow_remote=context.params["allow_remote"]) for each in values]
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


def _to(function: Any) -> Any:
    option = click.option(
        "--to",
        "targets",
        multiple=True,
        required=True,
        metavar="[EVENT=]URL",
        callback=_targets,
        help="Address to send events to; repeatable.",
    )
    remote = click.option(
        "--allow-remote", is_flag=True, is_eager=True, help="Also send to other machines than this one."
    )
    return option(remote(function))


_cursor = click.option(
    "--cursor",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of the position and the secret; default: one for each profile.",
)


@command()
@_to
@click.option("--once", is_flag=True, help="End after the first event.")
@click.option("--timeout", type=click.FloatRange(min=0), metavar="SECONDS", help="End after this time.")
@click.option(
    "--since",
    type=Moment(),
    help="Start with calls created then: today, 2h, 2026-11-01; default: where it ended.",
)
@click.option(
    "--interval",
    type=click.FloatRange(min=MIN_INTERVAL_SECONDS),
    default=signature(members_of(("events", "poll"))).parameters["interval"].default,
    show_default=True,
    metavar="SECONDS",
    help="Time between two polls.",
)
@click.option(
    "--format", "style", type=click.Choice(("text", "json")), help="Same as --output table or jsonl."
)
@_cursor
def listen(
    session: Session,
    targets: Sequence[Target],
    once: bool,
    timeout: float | None,
    since: datetime | None,
    interval: float,
    style: str | None,
    file: Path | None,
    allow_remote: bool,
) -> None:
    """Send the events of calls that end to servers on this machine, as webhooks.

    The command polls, so it needs no public address. It signs each event with a secret for this machine,
    which it shows: configure it in your server. It makes up to four attempts, with retries after 1, 2 and 4
    seconds. The position is stored after each event; the next run continues there, and at most one event is
    sent again. Browser sessions have no events here.
    """
    session.output = {"text": "table", "json": "jsonl"}.get(style or "", session.output)
    path = file or folder_of(session.profile, os.environ) / POSITION_FILE
    with held(path):
        position = read_position(path)
        session.note(f"Signing secret, for this machine only: {position.secret}")
        session.hint(f"Sending events to {', '.join(each.url for each in targets)}; Ctrl-C ends this.")
        feed = Feed(
            session.client,
            position,
            since=since,
            interval=interval,
            timeout=timeout,
            once=once,
        )
        _run(session, feed, targets, position.secret)


@command()
@click.argument("call_id")
@_to
@_cursor
def resend(
    session: Session, call_id: str, targets: Sequence[Target], file: Path | None, allow_remote: bool
) -> None:
    """Send the event of a call to servers on this machine, again or for the first time.

    It is signed with the secret of vocobase webhooks listen, and retried in the same way.
    """
    path = file or folder_of(session.profile, os.environ) / POSITION_FILE
    position = read_position(path)
    event = session.client.events.of_call(call_id)
    _run(session, [event], targets, position.secret)


def _run(
    session: Session, events: Iterable[SessionCompleted], targets: Sequence[Target], secret: str
) -> None:
    """Deliver events, and write each attempt as it is made.

    Raises:
        VocobaseError: a server did not accept an event.
    """
    lost: list[Attempt] = []

    sender = Sender(targets, secret)

    def attempts() -> Iterator[Attempt]:
        for event in events:
            for each in sender.deliver(event):
                yield each
                if each.is_lost:
                    lost.append(each)
                    session.note(_advice(each))

    if session.format == "table" and not session.quiet and not session.fields:
        for each in islice(attempts(), session.limit):
            sys.stdout.write(f"{_line(each, len(targets) > 1)}\n")
            sys.stdout.flush()
    else:
        session.emit(attempts(), live=True, id_field="session_id")
    if lost:
        raise VocobaseError(f"{len(lost)} of the deliveries failed; the lines above say which.")


def _line(attempt: Attempt, with_url: bool) -> str:
    """Return an attempt for people."""
    result = str(attempt.status) if attempt.delivered else attempt.error
    again = f", again in {attempt.retry_seconds:.0f} s" if attempt.retry_seconds else ""
    time = f"{clock.now().astimezone():%H:%M:%S}"
    parts = [time, attempt.session_id, f"{result}{again}", f"{attempt.milliseconds} ms"]
    line = "  ".join([*parts, attempt.url] if with_url else parts)
    # Identifiers come from the API, and must not control the terminal.
    printable = "".join(sign if sign.isprintable() else " " for sign in line)
    return printable.encode("ascii", "backslashreplace").decode()


def _advice(attempt: Attempt) -> str:
    return (
        f"{attempt.url} did not accept the event of session {attempt.session_id}"
        f" in {attempt.attempt} attempts."
        f" To send it again: vocobase webhooks resend {attempt.call_id} --to {attempt.url}"
    )


@command()
@click.argument("file", type=click.File("rb"))
@click.option("--timestamp", help="Time of sending, used unchanged; default: now.")
def sign(session: Session, file: Any, timestamp: str | None) -> None:
    """Print the headers of a delivery with this body; FILE may be - for standard input.

    The secret comes from VOCOBASE_WEBHOOK_SECRET, or you type it; it is never an argument.
    """
    session.emit_one(signed(_read(file), _secret(session), timestamp))


@command()
@click.argument("file", type=click.File("rb"))
@click.option("--signature", required=True, help="Value of X-Webhook-Signature.")
@click.option("--timestamp", required=True, help="Value of X-Webhook-Timestamp.")
@click.option(
    "--tolerance", type=click.FloatRange(min=0), metavar="SECONDS", help="Largest age; default: any."
)
def verify(session: Session, file: Any, signature: str, timestamp: str, tolerance: float | None) -> None:
    """Verify the signature of a delivery that you stored; FILE has its body, unchanged.

    The secret comes from VOCOBASE_WEBHOOK_SECRET, or you type it; it is never an argument.
    """
    body = _read(file)
    headers = {"X-Webhook-Signature": signature, "X-Webhook-Timestamp": timestamp}
    check(body, headers, _secret(session), tolerance=tolerance)
    event = parse(body)
    found = event.session_id if isinstance(event, SessionCompleted) else None
    session.emit_one({"valid": True, "event": event.event, "session_id": found}, id_field="session_id")


def _secret(session: Session) -> str:
    given = os.environ.get(SECRET_VARIABLE)
    return given or session.ask_secret("Webhook secret (not shown): ", NO_SECRET)


def _read(file: Any) -> bytes:
    content: bytes = file.read()
    return content
