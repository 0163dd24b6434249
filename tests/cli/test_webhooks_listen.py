"""vocobase webhooks listen and resend: signed deliveries to servers on this machine, and nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.servers import Receiver, serving
from tests.interrupts import Interrupt
from tests.programs import running
from tests.waiting.support import Clock
from vocobase import Vocobase
from vocobase._base.locks import FileLock
from vocobase.cli.delivery import Sender, Target
from vocobase_sandbox import Sandbox

SECRET = re.compile(r"whsec_local_\w+")


@pytest.fixture
def clock(account: Sandbox, stack: ExitStack) -> Clock:
    """A clock that moves with the sandbox when a command waits."""
    return Clock(stack, account)


@pytest.fixture
def position(tmp_path: Path) -> Path:
    return tmp_path / "state" / "listen.json"


@pytest.fixture
def secret(run: Run, position: Path, clock: Clock) -> str:
    """The secret of a position that begins now."""
    begun = run(
        "webhooks", "listen", "--to", "http://localhost:9/", "--timeout", "1", "--cursor", str(position)
    )
    assert begun.exit_status == 0 and begun.stdout == ""
    return SECRET.findall(begun.stderr)[0]


@pytest.fixture
def first(secret: str) -> Iterator[Receiver]:
    with serving(Receiver(secret)) as receiver:
        yield receiver


@pytest.fixture
def second(secret: str) -> Iterator[Receiver]:
    with serving(Receiver(secret)) as receiver:
        yield receiver


def dial(vb: Vocobase, *numbers: str) -> list[str]:
    agent = vb.agents.ensure("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)
    return [vb.calls.start(agent.id, number, provider="twilio").call_id for number in numbers]


def test_two_servers_get_every_event_with_a_valid_signature(
    run: Run, vb: Vocobase, first: Receiver, second: Receiver, position: Path
) -> None:
    calls = dial(vb, "+12025550100", "+12025550103", "+12025550101")
    done = run(
        "webhooks", "listen", "--to", first.url, "--to", f"session.completed={second.url}",
        "--timeout", "60", "--format", "json", "--cursor", str(position),
    )  # fmt: skip
    assert done.exit_status == 0, done
    assert first.refused == second.refused == []
    for receiver in (first, second):
        assert {event.call.call_id for event in receiver.events if event.call} == set(calls)
        assert all(event.timestamp for event in receiver.events)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 6 and {row["url"] for row in rows} == {first.url, second.url}
    assert all(row["delivered"] and row["attempt"] == 1 and row["status"] == 200 for row in rows)


def test_the_next_run_continues_where_the_last_one_ended(
    run: Run, vb: Vocobase, first: Receiver, position: Path
) -> None:
    def listen(*options: str) -> None:
        words = ("webhooks", "listen", "--to", first.url, "--cursor", str(position))
        assert run(*words, *options).exit_status == 0

    dial(vb, "+12025550100", "+12025550101")
    listen("--once", "--timeout", "60")
    assert len(first.sessions) == 1
    listen("--once", "--timeout", "60")
    listen("--timeout", "30")
    assert len(first.sessions) == len(set(first.sessions)) == 2
    listen("--since", "1h", "--timeout", "60")
    assert len(first.sessions) == 4 and len(set(first.sessions)) == 2


def test_an_event_that_comes_during_the_first_read_is_delivered(
    run: Run, vb: Vocobase, clock: Clock, position: Path
) -> None:
    dial(vb, "+12025550101")
    with serving(Receiver("unknown")) as receiver:
        done = run(
            "webhooks", "listen", "--to", receiver.url, "--once", "--timeout", "60", "--interval", "1",
            "--cursor", str(position),
        )  # fmt: skip
    assert done.exit_status == 1 and set(receiver.refused) == {"bad-signature"}


def test_a_first_read_that_fails_is_repeated(
    run: Run, vb: Vocobase, account: Sandbox, clock: Clock, tmp_path: Path
) -> None:
    account.faults.add("status", "calls.list", status=503, count=20)
    words = ("webhooks", "listen", "--to", "http://localhost:9/", "--cursor", str(tmp_path / "new.json"))
    early = run(*words, "--timeout", "2")
    assert early.exit_status == 0 and '"cursor": null' in (tmp_path / "new.json").read_text()
    assert run(*words, "--timeout", "300").exit_status == 0
    assert '"cursor": null' not in (tmp_path / "new.json").read_text()


def test_a_server_that_does_not_respond_in_time_is_tried_again(vb: Vocobase, clock: Clock) -> None:
    [call] = dial(vb, "+12025550101")
    clock.sleep(60)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = Target(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        sender = Sender([target], "whsec_local", timeout=0.05)
        attempts = list(sender.deliver(vb.events.of_call(call)))
    assert [each.error for each in attempts] == ["no response within 0.05 s"] * 4
    assert [each.is_lost for each in attempts] == [False, False, False, True]


# An interruption inside Python's own library may leave a socket to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_any_instruction_of_a_delivery_ends_it(
    vb: Vocobase, secret: str, first: Receiver, clock: Clock
) -> None:
    [call] = dial(vb, "+12025550101")
    clock.sleep(60)
    event, sender = vb.events.of_call(call), Sender([Target(first.url)], secret)
    for at in count(1):
        interrupt = Interrupt(at, "/vocobase/cli/", "/http/client.py", "/socket.py")
        assert interrupt.run(lambda: list(sender.deliver(event))) == bool(interrupt.where), interrupt.where
        if not interrupt.where:
            break
    assert at > 100


def test_a_server_that_is_down_is_tried_four_times_then_the_command_says_so(
    run: Run, vb: Vocobase, first: Receiver, position: Path, clock: Clock
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        first.statuses = [500, 302]
        [call] = dial(vb, "+12025550101")
        done = run(
            "webhooks", "listen", "--to", down, "--to", first.url, "--once", "--timeout", "60",
            "--cursor", str(position), tty=True,
        )  # fmt: skip
    assert done.exit_status == 1 and len(first.sessions) == 1
    lines = done.stdout.splitlines()
    assert [line.count("connection refused, again in") for line in map(str.lower, lines) if down in line] == [
        1,
        1,
        1,
        0,
    ]
    mine = [line for line in lines if first.url in line]
    assert (
        "HTTP 500, again in 1 s" in mine[0] and "HTTP 302, again in 2 s" in mine[1] and "  200  " in mine[2]
    )
    once = run("webhooks", "resend", call, "--to", first.url, "--cursor", str(position), tty=True)
    assert first.sessions[0] in once.stdout and "hook" not in once.stdout
    assert f"in 4 attempts. To send it again: vocobase webhooks resend {call} --to {down}\n" in done.stderr
    assert done.stderr.endswith("vocobase: 1 of the deliveries failed; the lines above say which.\n")
    assert [pause for pause in clock.pauses if pause in (1, 2, 4)][-3:] == [1, 2, 4]


def test_a_server_that_closes_the_connection_or_sends_something_else_is_tried_again(
    run: Run, vb: Vocobase, clock: Clock
) -> None:
    [call] = dial(vb, "+12025550101")
    clock.sleep(60)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        program = (
            "import socket, sys\n"
            f"listener = socket.socket(fileno={server.fileno()})\n"
            "for reply in (b'', b'SSH-2.0-server\\r\\n', b'', b'HTTP/1.1 204 No Content\\r\\n\\r\\n'):\n"
            "    connection, _ = listener.accept()\n"
            "    connection.recv(65536)\n"
            "    connection.sendall(reply)\n"
            "    connection.close()\n"
        )
        with running([sys.executable, "-c", program], pass_fds=[server.fileno()]) as process:
            done = run("webhooks", "resend", call, "--to", url)
            process.kill()
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["status"] for row in rows] == [None, None, None, 204] and all(
        row["error"] for row in rows[:3]
    )
    assert done.exit_status == 0


def test_a_call_is_sent_again_with_the_secret_of_the_listener(
    run: Run, vb: Vocobase, clock: Clock, first: Receiver, position: Path
) -> None:
    [call] = dial(vb, "+12025550101")
    live = run("webhooks", "resend", call, "--to", first.url, "--cursor", str(position))
    assert live.exit_status == 3 and "has no event yet" in live.stderr
    clock.sleep(60)
    for _ in range(2):
        done = run("webhooks", "resend", call, "--to", first.url, "--cursor", str(position), "--quiet")
        assert done.exit_status == 0 and done.stdout.split() == first.sessions[-1:]
    assert len(first.sessions) == 2 and len(set(first.sessions)) == 1
    missing = run("webhooks", "resend", "none", "--to", first.url)
    assert missing.exit_status == 3


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--to", "https://example.com/hook"], "example.com is another machine"),
        (["--to", "http://127.0.0.1.example.com/hook"], "another machine"),
        (["--to", "http://user:word@localhost/"], "is not an address"),
        (["--to", "localhost:3000"], "is not an address"),
        (["--to", "http://localhost:99999/"], "is not an address"),
        (["--to", "session.started=http://localhost/"], "there is no event 'session.started'"),
        (["--to", "http://localhost/", "--since", "sometime"], "'sometime' is not a time"),
        (["--to", "http://localhost/", "--interval", "0"], "--interval"),
        ([], "Missing option '--to'"),
    ],
)
def test_a_wrong_target_or_time_is_refused_before_anything_is_sent(
    run: Run, account: Sandbox, arguments: list[str], text: str
) -> None:
    done = run("webhooks", "listen", *arguments)
    assert (done.exit_status, done.stdout) == (2, "") and text in done.stderr and done.stderr.count("\n") == 1


def test_other_machines_get_events_only_if_you_say_so(run: Run, clock: Clock) -> None:
    to = ("--to", "https://example.com/hook", "--timeout", "0")
    for words in (("--allow-remote", *to), (*to, "--allow-remote")):
        assert run("webhooks", "listen", *words).exit_status == 0


def test_a_file_of_something_else_or_in_use_is_refused_and_left_as_it_is(
    run: Run, account: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    for content in (b"my notes", b'{"version": 2}', b"\xff", b"[]"):
        file.write_bytes(content)
        done = run("webhooks", "listen", "--to", "http://localhost/", "--cursor", str(file))
        assert done.exit_status == 2 and "is not a cursor of vocobase webhooks listen" in done.stderr
        assert file.read_bytes() == content
    with FileLock(tmp_path / "notes.txt.lock"):
        done = run("webhooks", "listen", "--to", "http://localhost/", "--cursor", str(file))
    assert done.exit_status == 2 and "Another vocobase webhooks listen uses" in done.stderr


def test_accounts_have_positions_of_their_own_that_only_their_owner_can_read(
    run: Run, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: Sandbox
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    words = ("webhooks", "listen", "--to", "http://localhost:9/", "--timeout", "1")
    secrets = SECRET.findall(run(*words).stderr) + SECRET.findall(run(*words).stderr)
    monkeypatch.delenv("VOCOBASE_API_KEY")
    login = run("login", "--key-stdin", "--store", "file", "--profile", "../a", input=account.api_key)
    assert login.exit_status == 0, login
    secrets += SECRET.findall(run(*words, "--profile", "../a").stderr)
    assert secrets[0] == secrets[1] != secrets[2]
    files = sorted((tmp_path / "state").rglob("listen.json"))
    assert len(files) == 2 and files[1].parent.name == "profile-..%2Fa"
    assert all(file.stat().st_mode & 0o077 == 0 and account.api_key not in file.read_text() for file in files)


LISTEN = [sys.executable, "-m", "vocobase.cli", "webhooks", "listen", "--interval", "1"]


def test_nothing_is_lost_when_the_command_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(seed=1, clock="x10", rate_limits=False, concurrency=0) as sandbox, sandbox.serve() as server:
        monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.base_url)
        position = str(tmp_path / "listen.json")
        with serving(Receiver()) as receiver, Vocobase() as vb:
            command = [*LISTEN, "--to", receiver.url, "--cursor", position]
            subprocess.run([*command, "--timeout", "2"], check=True, capture_output=True, timeout=60)
            receiver.secret = json.loads((tmp_path / "listen.json").read_text())["secret"]
            calls = dial(vb, *["+12025550101"] * 2)
            with running(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as killed:
                assert killed.stdout is not None
                killed.stdout.readline()
                killed.kill()
            assert len(set(receiver.sessions)) >= 1
            calls += dial(vb, "+12025550101")
            with running(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ended:
                for _ in range(600):
                    if {event.call.call_id for event in receiver.events if event.call} == set(calls):
                        break
                    time.sleep(0.1)
                ended.send_signal(signal.SIGINT)
                output, notes = ended.communicate(timeout=60)
    assert {event.call.call_id for event in receiver.events if event.call} == set(calls)
    assert receiver.refused == [] and len(receiver.sessions) <= len(calls) + 1
    assert ended.returncode == 130 and notes.endswith("vocobase: interrupted.\n")
    assert all(json.loads(line)["delivered"] for line in output.splitlines())
    assert os.stat(position).st_size < 10_000
