"""Run the sandbox from the command line."""

from __future__ import annotations

import argparse
import json
import logging
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from vocobase_sandbox.control import commands
from vocobase_sandbox.front.server import RunningServer
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.sandbox import Sandbox

DEFAULT_PORT = 8484
ALLOWED_VARIABLE = "VOCOBASE_SANDBOX_ALLOW_HOSTS"
WEBHOOK_VARIABLE = "VOCOBASE_SANDBOX_WEBHOOK_HOSTS"
EXIT_UNUSABLE = 2
PROG = "python -m vocobase_sandbox"
SCRIPT = "vocobase-sandbox"
_SERVE = "Serve an emulated Vocobase Partner API on this machine."
# Usage and description for each word that options may follow.
USAGES = {
    "": (f"[options] [serve | exec -- CMD ... | {' | '.join(commands.NAMES)}]", _SERVE),
    "serve": ("serve [options]", _SERVE),
    "exec": (
        "exec [options] -- CMD ...",
        "Run CMD against its own emulated API, with VOCOBASE_BASE_URL and VOCOBASE_API_KEY set.",
    ),
}


def _typed(path: str) -> str:
    """Return the name under which the program was started, from the first word of its command line."""
    name = Path(path).name
    return name.removesuffix(".exe") if name.startswith(SCRIPT) else PROG


def _parser(command: str = "", program: str = PROG) -> argparse.ArgumentParser:
    """Return the parser of the options; they may stand before and after the command."""
    usage, description = USAGES[command]
    parser = argparse.ArgumentParser(
        prog=program,
        usage=f"{program} {usage}",
        description=description,
        epilog=None if command else f"{', '.join(commands.NAMES)}: {program} COMMAND --help shows more.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add(
        "--port",
        type=int,
        help=f"port to listen on; 0 picks a free one (default: {DEFAULT_PORT}; with exec: 0)",
    )
    add(
        "--speed",
        default="real",
        metavar="xN",
        help="run the clock N times as fast as real time, or 'manual' (default: real)",
    )
    add(
        "--start",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="start of the clock, such as 2026-01-05T09:00:00Z (default: now)",
    )
    add("--seed", help="seed of identifiers and secrets (default: a random one, which is printed)")
    add("--key", metavar="KEY", help="API key to accept (default: derived from the seed)")
    add("--strict", action="store_true", help="reject undocumented fields instead of logging a warning")
    add("--state", metavar="FILE", help="keep the state in this SQLite file")
    add("--data", metavar="FILE", help="create agents and other data from this JSON or YAML file")
    add("--no-rate-limits", action="store_true", help="turn the rate limits off")
    add("--concurrency", type=int, metavar="N", help="limit on live calls; 0 removes it (default: 5)")
    add("--balance", type=float, default=500.0, metavar="INR", help="opening balance (default: %(default)s)")
    add(
        "--pace",
        type=float,
        default=10.0,
        help="seconds of conversation per second of the clock (default: %(default)s)",
    )
    add("--allow-remote", action="store_true", help="also deliver webhooks to other machines")
    add(
        "--allow-host",
        action="append",
        metavar="NAME",
        help=f"additional host name to accept (default: those in {ALLOWED_VARIABLE}, separated by commas)",
    )
    add(
        "--webhook-host",
        action="append",
        metavar="NAME",
        help="other machine that receives webhooks, even over plain HTTP"
        f" (default: those in {WEBHOOK_VARIABLE}, separated by commas)",
    )
    add(
        "--routes",
        metavar="FILE",
        default=os.environ.get("VOCOBASE_ROUTES"),
        help="serve operations under the routes of this JSON file (default: VOCOBASE_ROUTES, as in clients)",
    )
    add("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _read(arguments: Sequence[str] | None, program: str) -> tuple[argparse.Namespace, list[str]]:
    """Return the options, and the command to run with ``exec``; empty to serve."""
    options = _parser(program=program).parse_args(arguments)
    words: list[str] = options.command
    if not words:
        return options, []
    name, rest = words[0], words[1:]
    if name not in ("serve", "exec"):
        _parser(program=program).error(f"there is no command {name!r}; see --help")
    parser = _parser(name, program)
    end = rest.index("--") if "--" in rest else len(rest)
    parser.parse_args(rest[:end], options)
    command = [*options.command, *rest[end + 1 :]]
    if (name == "exec") != bool(command):
        parser.error("expected: exec -- CMD ..." if name == "exec" else f"unexpected: {' '.join(command)}")
    return options, command


def _routes(file: str | None) -> dict[str, str]:
    if not file:
        return {}
    try:
        routes: Any = json.loads(Path(file).read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ValueError(f"the routes in {file} cannot be read: {error}") from error
    return cast("dict[str, str]", routes)


def _build(options: argparse.Namespace) -> Sandbox:
    return Sandbox(
        # Otherwise a ledger or a store of handled events of an earlier run would match the new identifiers.
        seed=secrets.token_hex(8) if options.seed is None else options.seed,
        clock=options.speed,
        start=options.start,
        strict=options.strict,
        state=options.state,
        data=options.data,
        api_key=options.key,
        rate_limits=not options.no_rate_limits,
        concurrency=options.concurrency,
        balance=options.balance,
        pace=options.pace,
        allow_remote=options.allow_remote,
        allowed_hosts=_hosts(options.allow_host, ALLOWED_VARIABLE),
        webhook_hosts=_hosts(options.webhook_host, WEBHOOK_VARIABLE),
        routes=_routes(options.routes),
    )


def _hosts(given: list[str] | None, variable: str) -> frozenset[str]:
    names = os.environ.get(variable, "").split(",") if given is None else given
    return frozenset(name.strip() for name in names if given is not None or name.strip())


def _environment(sandbox: Sandbox, server: RunningServer) -> dict[str, str]:
    return {"VOCOBASE_BASE_URL": server.base_url, "VOCOBASE_API_KEY": sandbox.api_key}


def _announce(sandbox: Sandbox, server: RunningServer) -> None:
    exports = "\n".join(
        f"export {name}={shlex.quote(value)}" for name, value in _environment(sandbox, server).items()
    )
    lines = (
        "Vocobase sandbox",
        f"base URL   {server.base_url}",
        f"API key    {sandbox.api_key}",
        f"dashboard  {server.url}{paths.DASHBOARD}",
        "",
        exports,
        "",
        f"seed       {_seed_line(sandbox)}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _seed_line(sandbox: Sandbox) -> str:
    return f"{sandbox.seed} (the same identifiers again: --seed {shlex.quote(str(sandbox.seed))})"


def _report(text: str) -> None:
    sys.stderr.write(f"vocobase_sandbox: {text}\n")


def _note_signals() -> list[int]:
    """Return a list to which the signals that end the program are added."""
    got: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: got.append(number))
    return got


def _wait_for(got: list[int]) -> None:
    # Not an Event: a signal handler must not take its lock, and a signal just before wait() could be missed.
    while not got:
        time.sleep(0.1)


def _run(command: list[str], environment: dict[str, str]) -> int:
    try:
        child = subprocess.Popen(command, env={**os.environ, **environment})  # noqa: S603 - the purpose of exec
    except OSError as error:
        _report(f"cannot run {command[0]}: {error.strerror}")
        return 127
    end = signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    # The terminal also sends it to the child, which decides.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    finally:
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, interrupt)
    return 128 - code if code < 0 else code


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    """Serve until a signal arrives or the given command ends; return the exit code.

    ``program`` is the name in messages, by default the one that was typed.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    program = program or _typed(sys.argv[0])
    if words[:1] and words[0] in commands.NAMES:
        return commands.run(words, program)
    options, command = _read(words, program)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    port = options.port if options.port is not None else 0 if command else DEFAULT_PORT
    try:
        sandbox = _build(options)
    except ValueError as error:
        _report(str(error))
        return EXIT_UNUSABLE
    with sandbox:
        try:
            serving = sandbox.serve(port, options.host)
            server = serving.__enter__()
        except OSError as error:
            reason = getattr(error, "strerror", None) or str(error)
            _report(f"cannot listen on {options.host}:{port}: {reason}")
            return EXIT_UNUSABLE
        try:
            if command:
                # Standard output belongs to the command.
                _report(f"seed {_seed_line(sandbox)}")
                own = {commands.URL_VARIABLE: server.url}
                return _run(command, _environment(sandbox, server) | own)
            # First, because a program that has read the announcement may send one at once.
            got = _note_signals()
            _announce(sandbox, server)
            _wait_for(got)
            return 0
        finally:
            serving.__exit__(None, None, None)


if __name__ == "__main__":
    sys.exit(main())
