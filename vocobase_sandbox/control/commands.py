"""The commands that control a running sandbox: advance, faults, trigger, script, seed."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import quote, urlsplit

from vocobase_sandbox.kernel import paths
from vocobase_sandbox.rules.seed_file import read

URL_VARIABLE = "VOCOBASE_SANDBOX_URL"
DEFAULT_URL = "http://127.0.0.1:8484"
NAMES = ("advance", "faults", "trigger", "script", "seed")
# The members of a new fault.
FAULT = ("kind", "route", "status", "count", "seconds", "probability")
EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_UNREACHABLE = 6
# A move of the clock delivers webhooks first.
TIMEOUT_SECONDS = 300


class Call(NamedTuple):
    """A request to the control API."""

    method: str
    path: str
    body: Any = None


def _advance(options: argparse.Namespace) -> Call:
    return Call("POST", "/clock/advance", {"seconds": options.seconds})


def _faults(options: argparse.Namespace) -> Call:
    if options.clear:
        return Call("DELETE", "/faults")
    if options.remove:
        return Call("DELETE", f"/faults/{quote(options.remove, safe='')}")
    if options.kind is None:
        return Call("GET", "/faults")
    given = {
        name: getattr(options, name)
        for name in ("kind", "route", "status", "count", "seconds", "probability")
    }
    return Call("POST", "/faults", {name: value for name, value in given.items() if value is not None})


def _trigger(options: argparse.Namespace) -> Call:
    return Call("POST", "/trigger", {"event": options.event, "data": _json(options.data)})


def _script(options: argparse.Namespace) -> Call:
    if options.target is None:
        return Call("GET", "/scripts")
    outcomes = [_json(each) if each.startswith(("{", "@")) else each for each in options.outcomes]
    return Call("POST", "/scripts", {"target": options.target, "outcomes": outcomes})


def _seed(options: argparse.Namespace) -> Call:
    return Call("POST", "/seed", read(options.file))


def _json(text: str) -> Any:
    """Return a JSON value, or that of the file which ``@FILE`` names."""
    try:
        return json.loads(Path(text[1:]).read_bytes() if text.startswith("@") else text)
    except OSError as error:
        raise ValueError(f"cannot read {text[1:]}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error


def parser_of(prog: str) -> argparse.ArgumentParser:
    """Return the parser of the commands."""
    parser = argparse.ArgumentParser(prog=prog, description="Control a running sandbox.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, text: str, call: Callable[[argparse.Namespace], Call]) -> Any:
        made = commands.add_parser(name, help=text, description=text)
        url = os.environ.get(URL_VARIABLE, DEFAULT_URL)
        made.add_argument(
            "--url", default=url, help=f"address of the sandbox (default: {URL_VARIABLE}, or {DEFAULT_URL})"
        )
        made.set_defaults(call=call)
        return made.add_argument

    add = command("advance", "Move the clock forward; webhooks that become due are delivered.", _advance)
    add("seconds", type=float)
    add = command("faults", "List the faults, add one, or remove them.", _faults)
    add("kind", nargs="?", help="kind of a new fault, such as status or latency")
    add("route", nargs="?", help="affected operations, such as calls.start (default: all)")
    add("--status", type=int, help="status of the response")
    add("--count", type=int, help="number of requests to affect (default: all)")
    add("--seconds", type=float, help="for latency and slow_body")
    add("--probability", type=float, help="share of the requests that are affected")
    add("--clear", action="store_true", help="remove all faults")
    add("--remove", metavar="ID", help="remove one fault")
    add = command("trigger", "Deliver a signed webhook for a made-up session.", _trigger)
    add("event", nargs="?", default="session.completed")
    add("--data", default="{}", metavar="JSON", help="fields that replace those of the session, or @FILE")
    add = command("script", "List the scripts, or set the outcomes of the next calls of a number.", _script)
    add("target", nargs="?", help="number, or identifier of an agent")
    add("outcomes", nargs="*", help="such as busy, a conversation as JSON, or @FILE; none removes the script")
    add = command("seed", "Create the entries of a JSON or YAML file.", _seed)
    add("file")
    return parser


def run(words: Sequence[str], prog: str) -> int:
    """Run a command; return the exit code."""
    options = parser_of(prog).parse_args(words)
    try:
        call = options.call(options)
    except ValueError as error:
        return _report(prog, str(error), EXIT_USAGE)
    try:
        status, content = send(options.url, call)
    except ValueError as error:
        return _report(prog, f"no sandbox at {options.url}: {error}", EXIT_USAGE)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return _report(
            prog, f"no sandbox at {options.url}: {reason}; start one, or pass --url", EXIT_UNREACHABLE
        )
    if status >= 300:
        return _report(prog, _message(content, status), EXIT_REFUSED)
    sys.stdout.write(json.dumps(content["data"]) + "\n")
    return 0


def send(url: str, call: Call) -> tuple[int, dict[str, Any]]:
    """Send a request to the control API; return the status and the content of the response.

    Raises:
        OSError: there is no response.
        http.client.HTTPException: The server does not speak HTTP.
        ValueError: the address is not one, or another server is there.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"the address must be like {DEFAULT_URL}")
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    body = None if call.body is None else json.dumps(call.body)
    try:
        connection.request(call.method, paths.CONTROL + call.path, body, {"content-type": "application/json"})
        # Closed here: Python ignores every error in the finalizer of a response, and Ctrl-C is one of them.
        with connection.getresponse() as response:
            content: object = json.loads(response.read())
    except UnicodeError:
        raise ValueError("another server is there") from None
    except json.JSONDecodeError:
        raise ValueError("another server is there") from None
    finally:
        connection.close()
    if not isinstance(content, dict) or "success" not in content:
        raise ValueError("another server is there")
    return response.status, cast("dict[str, Any]", content)


def _message(content: dict[str, Any], status: int) -> str:
    error: dict[str, Any] = content.get("error") or {}
    return f"{error.get('message', 'refused')} ({status})"


def _report(prog: str, text: str, code: int) -> int:
    sys.stderr.write(f"{prog}: {text}\n")
    return code
