"""State files, snapshots, reset, seed data and reproducibility."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.forks import in_child
from vocobase_sandbox import Sandbox
from vocobase_sandbox.kernel.statefile import StateFile

from .support import EN_VOICE, Api


def script(api: Api) -> str:
    """Do a bit of everything and return the event log."""
    api.webhook()
    api.receiver.answers = [500, 200]
    agent = api.agent(enable_recording=True, variables=["name"])
    document = api.document()
    api.ok("POST", f"/agent/{agent['id']}/documents", {"document_ids": [document["id"]]})
    api.sandbox.faults.add("status", "GET /agent", probability=0.5)
    for _ in range(10):
        api.send("GET", "/agent")
    for number in ("+919876543210", "+12025550101", "+12025550103"):
        api.call(agent["id"], number, variables={"name": "x"})
    made = api.ok("POST", "/campaigns", {"name": "c", "agent_id": agent["id"], "provider": "twilio"})
    contacts = [{"phone": f"+91987654321{digit}"} for digit in range(3)]
    api.ok("POST", f"/campaigns/{made['campaign_id']}/contacts", {"contacts": contacts})
    api.ok("POST", f"/campaigns/{made['campaign_id']}/start")
    api.advance(3600)
    return api.sandbox.event_log()


def test_equal_seeds_give_byte_identical_logs_and_other_seeds_do_not(build: Callable[..., Api]) -> None:
    first, second, other = (script(build(seed=seed)) for seed in (7, 7, 8))
    assert first == second != other
    assert first.count("\n") > 60
    assert '"type":"webhook.attempt"' in first and '"type":"campaign.completed"' in first


def test_the_same_seed_gives_the_same_key_and_secrets(build: Callable[..., Api]) -> None:
    first, second = build(seed="x"), build(seed="x")
    assert first.sandbox.api_key == second.sandbox.api_key
    assert first.sandbox.api_key.startswith("rg_live_sandbox_")
    assert first.webhook() == second.webhook()


def test_nothing_but_the_clock_module_asks_the_machine_for_the_time() -> None:
    import vocobase_sandbox

    package = Path(vocobase_sandbox.__file__).parent
    for module in package.rglob("*.py"):
        if module.name == "clock.py":
            continue
        text = module.read_text()
        for call in ("time.time", "monotonic(", "datetime.now", "utcnow", "uuid4", "random."):
            assert call not in text, f"{module.name} uses {call}"


def test_snapshots_bring_everything_back(api: Api) -> None:
    agent = api.agent()
    call = api.call(agent["id"])
    snapshot = api.sandbox.snapshot()
    before = api.ok("GET", "/agent")
    api.agent()
    api.advance(60)
    assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"
    for _ in range(2):
        api.sandbox.restore(snapshot)
        assert api.ok("GET", "/agent") == before
        assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "pending"
        api.advance(60)
        assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"


def test_reset_goes_back_to_the_first_identifiers(api: Api) -> None:
    first = api.agent()
    api.advance(100)
    api.sandbox.faults.add("status")
    api.sandbox.reset()
    assert api.ok("GET", "/agent")["total"] == 0
    assert api.agent() == first


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


def test_an_attempt_cut_off_by_the_end_of_the_process_is_repeated(
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
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a state file"):
        Sandbox(state=path)
    assert path.read_bytes() == content
    assert [item.name for item in tmp_path.iterdir()] == ["notes.txt"]


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ValueError, match="not a state file"):
        Sandbox(state=path)
    assert path.read_bytes() == before


def test_a_file_in_use_a_directory_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "s", clock="manual"), pytest.raises(ValueError, match="locked"):
        Sandbox(state=tmp_path / "s")
    for path in (tmp_path, tmp_path / "no" / "s"):
        with pytest.raises(ValueError, match="state file"):
            Sandbox(state=path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_process_that_is_killed_while_it_makes_its_state_file_leaves_one_that_can_be_used(
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


def test_of_several_that_open_a_state_file_at_once_one_gets_it(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with ExitStack() as stack:
        rivals = [
            stack.enter_context(subprocess.Popen([sys.executable, "-c", OPEN_ALL], env=environment, **pipes))
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
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for expected in (25, 50):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
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


DATA: dict[str, Any] = {
    "account": {"balance": 12.5, "concurrency": 2},
    "projects": [{"name": "Client A"}],
    "dictionaries": [{"name": "Products", "terms": ["Vocobase"]}],
    "documents": [{"name": "Site", "url": "https://example.com/"}],
    "agents": [
        {
            "agent_name": "Support",
            "prompt": "Help.",
            "voice_id": EN_VOICE,
            "agent_type": "inbound",
            "variables": ["name"],
            "project": "Client A",
            "documents": ["Site"],
            "dictionaries": ["Products"],
        }
    ],
    "webhooks": [{"label": "main", "url": "https://example.com/hook"}],
}


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_seed_data_fills_a_fresh_account(build: Callable[..., Api], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"seed{suffix}"
    path.write_text(json.dumps(DATA))  # JSON is YAML as well
    api = build(data=path, rate_limits=True)
    agent = api.ok("GET", "/agent")["agents"][0]
    assert (agent["agent_name"], agent["document_count"], agent["variables"]) == ("Support", 1, ["name"])
    assert api.ok("GET", f"/projects/{agent['project_id']}")["name"] == "Client A"
    assert len(api.ok("GET", f"/agent/{agent['id']}/dictionaries")["dictionaries"]) == 1
    assert api.ok("GET", "/calls/concurrency")["limit"] == 2
    api.sandbox.reset()
    assert api.ok("GET", "/agent")["total"] == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"agents": [{"agent_name": "x"}]}, r"agents\[0\]: prompt is required"),
        ({"agents": [{"project": "none"}]}, "no project named 'none'"),
        ({"robots": []}, "unknown sections: robots"),
        ({"account": {"colour": 1}}, "unknown settings"),
        ({"agents": ["x"]}, "no mapping"),
    ],
)
def test_bad_seed_data_says_where(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Sandbox(data=data, clock="manual")


def test_bad_seed_data_leaves_a_state_file_fresh(build: Callable[..., Api], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="prompt is required"):
        Sandbox(data={"agents": [{"agent_name": "x"}]}, state=tmp_path / "s", clock="manual")
    assert build(data=DATA, state=tmp_path / "s").ok("GET", "/agent")["total"] == 1


@pytest.mark.parametrize("content", ["[1]", "{", None])
def test_unreadable_seed_files_are_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "seed.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=r"seed\.json"):
        Sandbox(data=path, clock="manual")


@pytest.mark.parametrize("clock", ["sometimes", "x0", "x-1", 0, "xx"])
def test_a_bad_clock_is_refused(clock: str | float) -> None:
    with pytest.raises(ValueError, match="clock must be"):
        Sandbox(clock=clock)


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


def test_a_newer_or_damaged_state_file_is_refused(tmp_path: Path) -> None:
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


def test_a_running_clock_that_leaps_keeps_its_appointments() -> None:
    with Sandbox(clock="x10", rate_limits=False, ring_seconds=1000) as sandbox:
        api = Api(sandbox, None)  # type: ignore[arg-type]
        call = api.call(api.agent()["id"])
        sandbox.clock.advance(1199)
        pause = threading.Event()
        for _ in range(500):
            if sandbox.world.store.table("calls")[call["call_id"]]["status"] == "in_progress":
                break
            pause.wait(0.01)
        assert sandbox.world.store.table("calls")[call["call_id"]]["status"] == "in_progress"
        sandbox.reset()
        assert api.ok("GET", "/calls")["total"] == 0


def test_yaml_needs_its_library_and_the_right_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("a: [")
    with pytest.raises(ValueError, match=r"seed\.yaml"):
        Sandbox(data=path, clock="manual")
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ValueError, match="PyYAML"):
        Sandbox(data=path, clock="manual")


def test_an_agent_of_seed_data_needs_no_extras() -> None:
    agent = {"agent_name": "x", "prompt": "p", "voice_id": EN_VOICE, "agent_type": "inbound"}
    with Sandbox(data={"agents": [agent]}, clock="manual", api_key="rg_live_x") as sandbox:
        assert sandbox.api_key == "rg_live_x" and len(sandbox.world.store.table("agents")) == 1


def test_a_damaged_state_file_is_refused_in_one_line_and_let_go(
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


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ("strict", "no"),
        ("rate_limits", "no"),
        ("allow_remote", 1),
        ("concurrency", "5"),
        ("concurrency", 1.5),
        ("concurrency", True),
        ("balance", "500"),
        ("balance", None),
        ("agent_limit", -1),
        ("pace", "x"),
        ("pace", -1),
        ("ring_seconds", float("inf")),
        ("processing_seconds", -0.1),
    ],
)
def test_a_choice_that_would_go_wrong_in_the_middle_of_a_run_is_refused_at_once(
    choice: str, value: Any
) -> None:
    with pytest.raises(ValueError, match=f"{choice} must be"):
        Sandbox(**{choice: value})


@pytest.mark.parametrize("key", ["", "a b", "schlüssel", "a\n", b"rg_live_x"])
def test_a_key_that_no_client_would_send_is_refused_and_leaves_the_state_file_fresh(
    tmp_path: Path, key: Any
) -> None:
    with pytest.raises(ValueError, match="the API key must be a text"):
        Sandbox(state=tmp_path / "state.sqlite", api_key=key)
    with Sandbox(state=tmp_path / "state.sqlite", api_key="rg_live_mine") as sandbox:
        assert sandbox.api_key == "rg_live_mine"


def test_a_manual_clock_begins_at_the_present_unless_told_otherwise() -> None:
    with Sandbox(clock="manual") as sandbox:
        assert abs(datetime.now(UTC) - sandbox.clock.now) < timedelta(minutes=1)
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with Sandbox(clock="manual", start=start) as sandbox:
        assert sandbox.clock.now == start
        sandbox.clock.advance(60)
        sandbox.reset()
        assert sandbox.clock.now == start


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="start needs a time zone"):
        Sandbox(start=datetime(2026, 1, 5, 9))
