"""vocobase-sandbox advance, faults, trigger, script and seed control a sandbox that is running."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from vocobase_sandbox import Sandbox
from vocobase_sandbox.__main__ import main

NUMBER = "+12025550150"
Steer = Callable[..., Any]


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(clock="manual") as sandbox, sandbox.serve() as server:
        monkeypatch.setenv("VOCOBASE_SANDBOX_URL", server.url)
        yield sandbox


@pytest.fixture
def steer(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> Steer:
    def steer(*words: str) -> Any:
        assert main(words) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return steer


def test_the_clock_moves(steer: Steer, sandbox: Sandbox) -> None:
    before = sandbox.clock.now
    assert "now" in steer("advance", "90")
    assert (sandbox.clock.now - before).total_seconds() == 90


def test_faults_are_listed_added_and_removed(steer: Steer, sandbox: Sandbox) -> None:
    first = steer("faults", "status", "calls.get", "--status", "503", "--count", "2")["id"]
    steer("faults", "latency", "--seconds", "5", "--probability", "0.5")
    rows = steer("faults")["faults"]
    assert [(row["kind"], row["route"]) for row in rows] == [("status", "calls.get"), ("latency", "*")]
    assert len(steer("faults", "--remove", first)["faults"]) == 1
    assert steer("faults", "--clear") == {"faults": []}


def test_scripts_are_listed_and_set(steer: Steer, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    file.write_text(json.dumps({"turns": [{"role": "bot", "content": "Hello"}]}))
    steer("script", NUMBER, "busy", f"@{file}", '{"disposition": "voicemail"}')
    [script] = steer("script")["scripts"]
    assert script["id"] == NUMBER and len(script["outcomes"]) == 3
    steer("script", NUMBER)
    assert steer("script")["total"] == 0


def test_seed_data_and_made_up_events_are_sent(steer: Steer, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/hook"
        file.write_text(json.dumps({"webhooks": [{"label": "main", "url": url}]}))
        assert steer("seed", str(file)) == {"created": {"webhooks": 1}}
        event = steer("trigger", "--data", '{"duration_seconds": 95}')
    assert event["event"] == "session.completed" and event["data"]["duration_seconds"] == 95
    assert len(sandbox.deliveries) == 1


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["advance", "-5"], 1, "seconds"),
        (["faults", "nonsense"], 1, "kind must be one of"),
        (["faults", "--remove", "fault-9"], 1, "fault not found (404)"),
        (["trigger"], 1, "endpoint"),
        (["trigger", "--data", "{"], 2, "not JSON"),
        (["script", NUMBER, "@missing.json"], 2, "cannot read missing.json"),
        (["seed", "missing.json"], 2, "cannot read missing.json"),
        (["advance", "1", "--url", "localhost:8484"], 2, "the address must be like"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], words: list[str], code: int, text: str
) -> None:
    assert main(words) == code
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and text in captured.err


def test_a_sandbox_that_does_not_run_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert main(["advance", "1", "--url", url]) == 6
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and f"no sandbox at {url}: Connection refused; start one" in error


@pytest.mark.parametrize("content", [b"<html>", b"\xff", b"[]"])
def test_another_server_is_not_taken_for_a_sandbox(
    content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert main(["faults", "--url", f"http://127.0.0.1:{server.server_port}"]) == 2
        thread.join()
    assert "another server is there" in capsys.readouterr().err
