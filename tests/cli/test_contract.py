"""The command line in bad company: closed pipes, interrupts, odd terminals, networks that answer something else."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Run
from tests.programs import running
from vocobase import OutcomeUnknownError, VariablesWarning, Vocobase
from vocobase.cli.failures import failure_of, report
from vocobase.cli.session import Declined, Session
from vocobase_sandbox import Sandbox

COMMAND = [sys.executable, "-m", "vocobase.cli"]


@pytest.fixture
def environment(tmp_path: Path, sandbox: Sandbox) -> Iterator[dict[str, str]]:
    """The variables of a real process, with a sandbox on loopback."""
    with sandbox.serve(0) as server:
        yield {
            **os.environ,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_BASE_URL": server.base_url,
            "XDG_CONFIG_HOME": str(tmp_path),
        }


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_closed_pipe_ends_the_command_silently(environment: dict[str, str]) -> None:
    with running(
        [*COMMAND, "voices", "list", "--output", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.wait(20) == 141
        assert process.stderr.read() == b""


def test_an_interrupt_is_one_line_and_status_130(
    environment: dict[str, str], silent_server: socket.socket
) -> None:
    silent_server.settimeout(60)
    address = f"http://127.0.0.1:{silent_server.getsockname()[1]}"
    with running(
        [*COMMAND, "voices", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "VOCOBASE_BASE_URL": address},
    ) as process:
        connection, _ = silent_server.accept()
        with connection:
            assert connection.recv(65536).startswith(b"GET ")
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=20)
    assert (process.returncode, out, error) == (130, "", "vocobase: interrupted.\n")


class Interrupted(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt


def test_an_interrupted_write_says_that_it_may_have_been_carried_out(run: Run, account: Sandbox) -> None:
    start = ("calls", "start", "a1", "+12025550100", "--yes")
    done = run(*start, options={"transport": Interrupted()})
    assert done.exit_status == 130
    assert "calls.start may have been processed; check with vocobase calls --to" in done.stderr
    assert "may have been" not in run("agents", "get", "a1", options={"transport": Interrupted()}).stderr


def test_a_real_terminal_gets_colours_and_none_if_they_are_not_wanted(environment: dict[str, str]) -> None:
    def shown(**variables: str) -> str:
        parent, child = pytest.importorskip("pty").openpty()
        with running(
            [*COMMAND, "projects", "list"],
            stdin=child,
            stdout=child,
            stderr=child,
            env={**environment, "TERM": "xterm", "COLUMNS": "80", **variables},
        ) as process:
            os.close(child)
            text = b""
            try:
                while part := os.read(parent, 65536):
                    text += part
            except OSError as error:  # Linux reports the end of a terminal so
                assert error.errno == errno.EIO
            assert process.wait(20) == 0
        os.close(parent)
        return text.decode()

    assert "\x1b[1m" in shown()
    assert not re.search(r"\x1b\[\d*3\dm", shown(NO_COLOR="1"))
    assert "\x1b" not in shown(TERM="dumb")


def test_no_line_of_a_table_is_wider_than_the_terminal(run: Run, account: Sandbox, vb: Vocobase) -> None:
    for number in range(3):
        vb.agents.create(f"Agent {number} with a long name", "Hi.", voice_id=vb.voices.list()[0].id)
    shown = run("agents", "list", "--output", "table").stdout
    assert max(map(len, shown.splitlines())) <= 80 and "Agent 0 with a" in shown


def test_a_terminal_without_a_character_gets_an_escape(run: Run, account: Sandbox, vb: Vocobase) -> None:
    made = vb.projects.create("क्लाइंट ₹")
    for options in (["--output", "table"], ["--output", "csv"], []):
        done = run("projects", "get", made.id, *options, encoding="latin-1")
        assert done.exit_status == 0 and "\\u20b9" in done.stdout
    assert json.loads(run("projects", "get", made.id, encoding="latin-1").stdout)["name"] == "क्लाइंट ₹"
    assert "₹" in run("projects", "get", made.id).stdout


def test_a_name_cannot_move_the_cursor(run: Run, account: Sandbox, vb: Vocobase) -> None:
    made = vb.projects.create("a\x1b[2Jb")
    assert "\x1b[2J" not in run("projects", "get", made.id, tty=True).stdout
    assert "\x1b[2J" not in run("projects", "list", tty=True).stdout


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<html><body>Please log in to the network.</body></html>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_a_proxy_that_answers_html_is_one_line(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("VOCOBASE_BASE_URL", f"http://127.0.0.1:{server.server_port}")
        done = run("voices", "list", options={"max_retries": 0})
        server.shutdown()
    assert done.exit_status == 6 and done.stderr.count("\n") == 1 and done.stdout == ""


def test_a_server_that_is_not_running_is_status_6(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Bound, so that no other program takes the port, but it does not listen.
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("VOCOBASE_BASE_URL", f"http://127.0.0.1:{unused.getsockname()[1]}")
        done = run("voices", "list", "--output", "json", options={"max_retries": 0})
    error = json.loads(done.stderr)
    assert (done.exit_status, error["code"], error["retryable"]) == (6, "unreachable", True)


def test_a_key_of_another_account_is_status_4(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOCOBASE_API_KEY", "rg_live_wrong")
    done = run("voices", "list")
    assert (
        done.exit_status == 4 and "Run vocobase login" in done.stderr and "rg_live_wrong" not in done.stderr
    )


def test_the_traceback_of_an_unexpected_error_is_shown_only_with_debug(run: Run, account: Sandbox) -> None:
    class Broken(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise RuntimeError("broken\nbadly")

    plain = run("voices", "list", options={"transport": Broken()})
    assert (
        plain.exit_status == 1
        and plain.stderr.count("\n") == 1
        and "RuntimeError: broken badly" in plain.stderr
    )
    assert "--debug" in plain.stderr
    assert "Traceback" in run("voices", "list", "--debug", options={"transport": Broken()}).stderr


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OutcomeUnknownError("unknown."), 7),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.csv"), 1),
        (OSError("odd"), 1),
        (Declined("nothing was done."), 130),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_error_has_a_status(
    error: BaseException, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failure_of(error).exit_status == status
    assert report(error, Session()) == status
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_left_in_a_closed_pipe_goes_nowhere() -> None:
    with redirect_stdout(io.StringIO()):
        assert report(BrokenPipeError(), Session()) == 141
        sys.stdout.close()


def test_a_warning_of_the_sdk_is_one_line(run: Run, account: Sandbox, vb: Vocobase) -> None:
    made = vb.agents.create("A", "Hello {{name}}.", voice_id=vb.voices.list()[0].id)

    class Warns(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            warnings.warn("the variables differ", VariablesWarning, stacklevel=2)
            return account.transport().handle_request(request)

    done = run("agents", "get", made.id, options={"transport": Warns()})
    assert done.exit_status == 0 and done.stderr == "vocobase: warning: the variables differ\n"
