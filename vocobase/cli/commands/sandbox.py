"""The sandbox: start one, and control a running one through its control API."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import click

from vocobase import ConnectionFailedError
from vocobase.cli.frame import command
from vocobase.cli.session import NO_ROWS, Session
from vocobase.cli.values import JsonValue

F = TypeVar("F", bound=Callable[..., object])
URL_VARIABLE = "VOCOBASE_SANDBOX_URL"
DEFAULT_URL = "http://127.0.0.1:8484"
CONTROL = "/_sandbox"
# The control API needs no key, and that of the account must not be sent there.
NO_KEY = "sandbox"
# A move of the clock delivers webhooks first.
TIMEOUT_SECONDS = 300
FAULT = ("id", "kind", "route", "status", "count", "hits")
# `-m vocobase_sandbox` would call itself that in its usage.
PROGRAM = "import sys; from vocobase_sandbox.__main__ import main; sys.exit(main(program='vocobase sandbox'))"
PASSED_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}

_url = click.option(
    "--url",
    envvar=URL_VARIABLE,
    default=DEFAULT_URL,
    show_default=True,
    help=f"Its address; or {URL_VARIABLE}.",
)


def _passed_on(function: F) -> F:
    return click.argument("arguments", nargs=-1, type=click.UNPROCESSED)(function)


@command(context_settings=PASSED_ON, add_help_option=False)
@_passed_on
def serve(session: Session, arguments: Sequence[str]) -> None:
    """Serve an emulated account on this machine until Ctrl-C; see vocobase sandbox serve --help."""
    _run("serve", arguments)


@command("exec", context_settings=PASSED_ON, add_help_option=False)
@_passed_on
def execute(session: Session, arguments: Sequence[str]) -> None:
    """Run a command against an emulated account of its own; see vocobase sandbox exec --help."""
    _run("exec", arguments)


def _terminator(child: subprocess.Popen[bytes]) -> Callable[[int, object], None]:
    def terminate(number: int, frame: object) -> None:
        child.terminate()

    return terminate


def _run(name: str, arguments: Sequence[str]) -> None:
    """Run the program of the sandbox, which shares no code with the SDK; end with its exit status."""
    words = [sys.executable, "-c", PROGRAM, name, *arguments]
    with subprocess.Popen(words) as child:  # noqa: S603 - the purpose of these commands
        # The terminal sends Ctrl-C to the child as well, which ends; this waits for it.
        interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
        end = signal.signal(signal.SIGTERM, _terminator(child))
        try:
            status = child.wait()
        finally:
            signal.signal(signal.SIGINT, interrupt)
            signal.signal(signal.SIGTERM, end)
    raise click.exceptions.Exit(128 - status if status < 0 else status)


@command()
@click.argument("seconds", type=float)
@_url
def advance(session: Session, seconds: float, url: str) -> None:
    """Move the clock of the sandbox forward; webhooks that become due are delivered."""
    session.emit_one(_send(session, url, "POST", "/clock/advance", {"seconds": seconds}))


@command()
@_url
def faults(session: Session, url: str) -> None:
    """List the faults of the sandbox."""
    session.emit(_send(session, url, "GET", "/faults")["faults"], columns=FAULT, empty=NO_ROWS)


@command()
@click.argument("kind")
@click.argument("route", default="*")
@click.option("--status", type=int, help="Status of the response; default: 500, with html 502.")
@click.option("--count", type=int, help="Number of requests to affect; default: all.")
@click.option("--seconds", type=float, help="For latency and slow_body.")
@click.option("--probability", type=float, help="Share of the requests that are affected.")
@_url
def add_fault(session: Session, /, kind: str, route: str, url: str, **options: Any) -> None:
    """Add a fault: KIND is status, html, latency, reset_before_headers and so on.

    ROUTE is an operation such as calls.start, or a pattern such as "documents.*"; by default all.
    """
    given = {name: value for name, value in options.items() if value is not None}
    session.emit_one(_send(session, url, "POST", "/faults", {"kind": kind, "route": route, **given}))


@command()
@click.argument("fault_id")
@_url
def remove_fault(session: Session, fault_id: str, url: str) -> None:
    """Remove a fault."""
    session.emit(
        _send(session, url, "DELETE", f"/faults/{quote(fault_id, safe='')}")["faults"], columns=FAULT
    )


@command()
@_url
def clear_faults(session: Session, url: str) -> None:
    """Remove all faults."""
    session.emit(_send(session, url, "DELETE", "/faults")["faults"], columns=FAULT)


@command()
@click.argument("event", default="session.completed")
@click.option("--data", type=JsonValue(), help="Fields that replace those of the session, as JSON or @FILE.")
@_url
def trigger(session: Session, event: str, data: Any, url: str) -> None:
    """Deliver a signed webhook for a made-up session to the endpoints of the sandbox."""
    session.emit_one(_send(session, url, "POST", "/trigger", {"event": event, "data": data or {}}))


@command()
@click.argument("target", required=False)
@click.argument("outcomes", nargs=-1)
@_url
def script(session: Session, target: str | None, outcomes: Sequence[str], url: str) -> None:
    """Set the outcomes of the next calls of a number or an agent; without a target, list the scripts.

    An outcome is a disposition such as busy, or a conversation as JSON or @FILE. The first call gets the
    first one, and so on; the last one repeats. A target without outcomes loses its script.
    """
    if target is None:
        session.emit(_send(session, url, "GET", "/scripts")["scripts"])
        return
    read = JsonValue()
    steps = [read.convert(each, None, None) if each[:1] in ("{", "@") else each for each in outcomes]
    found = _send(session, url, "POST", "/scripts", {"target": target, "outcomes": steps})
    if found["script"]:
        session.emit_one(found["script"])


@command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_url
def seed(session: Session, file: Path, url: str) -> None:
    """Create the entries of a JSON file in the sandbox: all of them, or none.

    For a YAML file, use the program of the sandbox: vocobase-sandbox seed FILE.
    """
    session.emit_one(
        _send(session, url, "POST", "/seed", JsonValue().convert(f"@{file}", None, None))["created"]
    )


def _send(session: Session, url: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Send a request to the control API; return what the response holds.

    Raises:
        ConnectionFailedError: no sandbox runs there.
    """
    with session.open(
        {
            "api_key": NO_KEY,
            "base_url": url.rstrip("/") + CONTROL,
            "timeout": TIMEOUT_SECONDS,
            "max_retries": 0,
        }
    ) as client:
        try:
            return client.request(method, path, json=body)
        except ConnectionFailedError as error:
            raise ConnectionFailedError(
                f"No sandbox runs at {url}; start one with vocobase sandbox serve, or pass --url."
            ) from error
