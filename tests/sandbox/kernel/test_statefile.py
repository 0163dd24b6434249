"""State files survive restarts and kill -9; a foreign or damaged file is rejected and left unchanged."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.forks import in_child
from tests.programs import running
from tests.sandbox.support import Api
from vocobase_sandbox import Sandbox
from vocobase_sandbox.kernel.statefile import StateFile


def test_a_state_file_survives_a_restart(build: Callable[..., Api], tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    first = build(state=path, balance=50)
    agent = first.agent(intro_message="Hi")
    document = first.document(b"content")
    first.webhook()
    call = first.call(agent["id"])
    first.advance(1)
    first.sandbox.close()
    second = build(state=path, seed="another")
    assert second.sandbox.api_key == first.sandbox.api_key
    assert second.ok("GET", f"/agent/{agent['id']}") == agent
    link = second.ok("GET", f"/documents/{document['id']}")["download_url"]
    assert second.bare.get(link).content == b"content"
    assert second.ok("GET", f"/calls/{call['call_id']}")["status"] == "in_progress"
    second.advance(60)
    assert second.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"
    assert len(second.receiver.received) == 1
    assert second.agent()["id"] != agent["id"]


def test_the_order_of_rows_survives_a_restart(build: Callable[..., Api], tmp_path: Path) -> None:
    first = build(state=tmp_path / "s")
    keys = [first.agent()["id"] for _ in range(10)]
    first.ok("PUT", f"/agent/{keys[0]}", {"prompt": "changed"})
    first.sandbox.close()
    rows = build(state=tmp_path / "s").ok("GET", "/agent")["agents"]
    assert [row["id"] for row in rows] == keys[::-1]


def test_an_attempt_interrupted_by_the_end_of_the_process_is_retried(
    build: Callable[..., Api], tmp_path: Path
) -> None:
    first = build(state=tmp_path / "s")
    first.webhook()
    delivery = {"id": "d", "endpoint_id": "e", "label": "main", "url": "https://example.com/", "secret": "s"}
    body = json.dumps(
        {"event": "session.completed", "timestamp": "2026-01-05T09:00:00Z", "data": {"session_id": "s"}}
    )
    rest = {
        "event": "session.completed",
        "session_id": "s",
        "body": body,
        "status": "pending",
        "attempts": [],
    }
    first.sandbox.world.store.put("deliveries", {**delivery, **rest})
    first.sandbox.close()
    second = build(state=tmp_path / "s")
    delivered: list[str] = []

    def sender(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        delivered.append(url)
        return 200

    object.__setattr__(second.sandbox.settings, "sender", sender)
    second.advance(0)
    assert delivered == ["https://example.com/"]


@pytest.mark.parametrize(
    "content", [b"just text", b"SQLite format 3\x00", b"\x00" * 200, b"SQLite format 3\x00" + bytes(200)]
)
def test_a_foreign_file_is_rejected_and_left_unchanged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a state file"):
        Sandbox(state=path)
    assert path.read_bytes() == content
    assert [item.name for item in tmp_path.iterdir()] == ["notes.txt"]


def test_a_foreign_database_is_rejected_and_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ValueError, match="not a state file"):
        Sandbox(state=path)
    assert path.read_bytes() == before


def test_a_file_in_use_a_directory_and_a_missing_folder_are_rejected(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "s", clock="manual"), pytest.raises(ValueError, match="locked"):
        Sandbox(state=tmp_path / "s")
    for path in (tmp_path, tmp_path / "no" / "s"):
        with pytest.raises(ValueError, match="state file"):
            Sandbox(state=path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_process_killed_while_it_creates_its_state_file_leaves_a_usable_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying(sqlite3.Connection):
        statements = 0

        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            if self.statements == last:
                os._exit(9)
            self.statements += 1
            return super().execute(*arguments)

    def make() -> bool:
        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Dying))
        StateFile(tmp_path / str(last)).close()
        return True

    for last in count():
        lived = in_child(make)
        with closing(StateFile(tmp_path / str(last))) as file:
            assert list(file.rows()) == []
        if lived:
            break
    assert last > 5


OPEN_ALL = """
import sys
from vocobase_sandbox.kernel.statefile import StateError, StateFile
for path in sys.stdin:
    try:
        file = StateFile(path.strip())
        print("open", flush=True)
    except StateError as error:
        print(error, flush=True)
"""


def test_exactly_one_of_several_processes_can_open_a_state_file(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with ExitStack() as stack:
        rivals = [
            stack.enter_context(running([sys.executable, "-c", OPEN_ALL], env=environment, **pipes))
            for _ in range(3)
        ]
        for number in range(6):
            path = tmp_path / str(number)
            for rival in rivals:
                print(path, file=rival.stdin, flush=True)
            refused = f"cannot use the state file {path}: database is locked"
            said = sorted(rival.stdout.readline().strip() for rival in rivals)
            assert said == [refused, refused, "open"]


def test_no_acknowledged_write_is_lost_by_kill_9(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "vocobase_sandbox",
        "--port",
        "0",
        "--no-rate-limits",
        "--state",
        str(tmp_path / "s"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    for expected in (25, 50):
        with running(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(7)]
            base, key = lines[1].split()[-1], lines[2].split()[-1]
            with httpx.Client(base_url=base, headers={"authorization": f"Bearer {key}"}) as client:
                for index in range(25):
                    body = {"name": f"{expected}-{index}", "url": "https://example.com/"}
                    assert client.post("/documents/web-link", json=body).status_code == 201
                process.send_signal(signal.SIGKILL)
            process.wait()
        with Sandbox(state=tmp_path / "s", clock="manual") as sandbox:
            assert len(sandbox.world.store.table("documents")) == expected


def test_removed_files_are_gone_after_a_restart(build: Callable[..., Api], tmp_path: Path) -> None:
    first = build(state=tmp_path / "s")
    document = first.document()
    first.sandbox.close()
    second = build(state=tmp_path / "s")
    second.ok("DELETE", f"/documents/{document['id']}")
    second.sandbox.close()
    third = build(state=tmp_path / "s")
    assert third.sandbox.world.store.blob(f"documents/{document['id']}") is None
    third.fails(404, "GET", f"/documents/{document['id']}")


def test_a_newer_or_damaged_state_file_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "s"
    Sandbox(state=path, clock="manual").close()
    good = path.read_bytes()
    path.write_bytes(good[:60] + (99).to_bytes(4, "big") + good[64:])
    with pytest.raises(ValueError, match="another version"):
        Sandbox(state=path)
    path.write_bytes(good[:100] + b"\xff" * (len(good) - 100))
    with pytest.raises(ValueError, match="state file"):
        Sandbox(state=path)


def test_an_empty_file_becomes_a_state_file(tmp_path: Path) -> None:
    (tmp_path / "s").touch()
    Sandbox(state=tmp_path / "s", clock="manual").close()
    assert (tmp_path / "s").stat().st_size > 0


def test_time_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "s", clock="manual") as first:
        first.clock.advance(100)
        stopped = first.clock.now
    with Sandbox(state=tmp_path / "s", clock="manual") as second:
        assert second.clock.now == stopped


def test_a_damaged_state_file_is_rejected_in_one_line_and_released(
    build: Callable[..., Api], tmp_path: Path
) -> None:
    path = tmp_path / "s"
    first = build(state=path)
    first.agent()
    first.sandbox.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE rows SET data = '{' WHERE rowid = 1")
    for _ in range(2):
        with pytest.raises(ValueError, match=r"cannot read the state file .*/s: ") as caught:
            Sandbox(state=path)
        assert "\n" not in str(caught.value)
