"""Properties that hold for any input: what is written comes back, pages are cuts of one list, seeds repeat."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from vocobase_sandbox import Sandbox

from .contract import DOCUMENT
from .filled import fill
from .support import Api, Receiver
from .test_operations import OPERATIONS, make_value
from .writes import COMMANDS, Row, Write, read_member, writes

BOUNDED = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
VOLATILE = {"updated_at", "last_delivery_at", "language", "term_count", "char_count"}


START = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Account:
    """A filled account that goes back to its start."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(seed=1, clock="manual", rate_limits=False, balance=1e6, concurrency=0)
        self.known = fill(self.sandbox)
        self.api = Api(self.sandbox, Receiver())
        self._start = self.sandbox.snapshot()

    def restart(self) -> Api:
        self.sandbox.restore(self._start)
        return self.api

    def path(self, template: str) -> str:
        """Put ids that exist into a path."""
        while "{" in template:
            before = template[: template.index("{")]
            template = re.sub(r"\{\w+\}", str(self.known.paths[before][0]), template, count=1)
        return template


ACCOUNT = Account()
WRITES = writes(ACCOUNT.known.members)
UPDATES = [write for write in WRITES if write.update]


@pytest.fixture(scope="module", autouse=True)
def closed_in_the_end() -> Iterator[None]:
    with ACCOUNT.sandbox, ACCOUNT.api.client, ACCOUNT.api.bare:
        yield


def name_of(write: Write) -> str:
    return write.key


def send(api: Api, write: Write, body: Row) -> Any:
    method, template = write.key.split(" ")
    return api.ok(method, ACCOUNT.path(template), body)


def test_every_operation_with_a_body_is_a_write_or_a_command() -> None:
    known = [write.key for write in WRITES] + sorted(COMMANDS)
    bodies = [
        f"{method.upper()} {path}"
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if "requestBody" in operation
    ]
    assert sorted(known) == sorted(bodies)


@pytest.mark.parametrize("write", WRITES, ids=name_of)
@given(data=st.data())
@BOUNDED
def test_what_is_written_can_be_read(write: Write, data: st.DataObject) -> None:
    api, body = ACCOUNT.restart(), data.draw(write.bodies())
    given = send(api, write, body)
    shown = write.read(api, given)
    for name, value in write.expected(body).items():
        if name not in write.secret | write.unshown:
            assert read_member(shown, name) == value, name
    for name in write.secret & body.keys():
        assert body[name] not in f"{given} {shown}", name


@pytest.mark.parametrize("write", UPDATES, ids=name_of)
@given(data=st.data())
@BOUNDED
def test_an_update_keeps_what_it_leaves_out(write: Write, data: st.DataObject) -> None:
    api = ACCOUNT.restart()
    before = write.read(api, send(api, write, data.draw(write.bodies())))
    body = data.draw(write.bodies())
    after = write.read(api, send(api, write, body))
    changed = write.expected(body)
    for name in before.keys() | after.keys():
        if name not in VOLATILE and not any(read_member({name: True}, member) for member in changed):
            assert after.get(name) == before.get(name), name


@pytest.mark.parametrize(
    ("write", "name"),
    [
        pytest.param(write, name, id=f"{write.key} {name}")
        for write in UPDATES
        for name, schema in write.schema["properties"].items()
        if "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())
    ],
)
@given(data=st.data())
@settings(BOUNDED, max_examples=2)
def test_null_clears(write: Write, name: str, data: st.DataObject) -> None:
    api = ACCOUNT.restart()
    send(api, write, data.draw(write.bodies()))
    given = send(api, write, {name: None})
    default = {"kb_threshold": "medium", "project_id": api.sandbox.world.account["default_project_id"]}
    expected = write.expected({name: None})
    assert {key: read_member(write.read(api, given), key) for key in expected} == {
        key: default.get(key, value) for key, value in expected.items()
    }


@pytest.mark.parametrize("write", WRITES, ids=name_of)
@given(data=st.data())
@settings(BOUNDED, max_examples=3)
def test_members_that_are_not_documented_change_nothing(write: Write, data: st.DataObject) -> None:
    body = data.draw(write.bodies())
    plain = send(ACCOUNT.restart(), write, body)
    extra = dict.fromkeys(("id", "created_at", "deleted_at", "secret", "document_ids"), "forged")
    extra = {name: value for name, value in extra.items() if name not in write.schema["properties"]}
    assert send(ACCOUNT.restart(), write, {**extra, **body}) == plain


PAGED = {"/agent": ("agents", 7), "/calls": ("calls", 9), "/documents": ("documents", 23)}


@pytest.fixture(scope="module")
def crowd() -> Iterator[Api]:
    """An account with several pages of everything that is paged, some of it deleted."""
    with Sandbox(clock="manual", rate_limits=False, concurrency=0) as sandbox:
        api = Api(sandbox, Receiver())
        with api.client, api.bare:
            agents: list[str] = []
            documents: list[str] = []
            link = {"name": "Page", "url": "https://example.com/"}
            for number in range(25):
                documents.append(api.ok("POST", "/documents/web-link", link)["id"])
                if number < 9:
                    agents.append(api.agent()["id"])
                    api.call(agents[0])
                api.advance(1)
            for key in agents[3:5]:
                api.ok("DELETE", f"/agent/{key}")
            for key in documents[10:12]:
                api.ok("DELETE", f"/documents/{key}")
            yield api


@pytest.mark.parametrize("path", PAGED)
@given(limit=st.integers(1, 100), offset=st.integers(0, 30) | st.integers(0, 10**40))
@settings(BOUNDED, max_examples=40)
def test_a_page_is_a_cut_of_the_whole_list(crowd: Api, path: str, limit: int, offset: int) -> None:
    rows, total = PAGED[path]
    whole = crowd.ok("GET", path, params={"limit": 100})[rows]
    page = crowd.ok("GET", path, params={"limit": limit, "offset": offset})
    assert page[rows] == whole[offset : offset + limit]
    assert (page["total"], page["limit"], page["offset"]) == (total, limit, offset)


@pytest.mark.parametrize("path", PAGED)
@given(limit=st.integers(1, 12))
@BOUNDED
def test_pages_show_every_row_once_and_the_newest_first(crowd: Api, path: str, limit: int) -> None:
    rows, total = PAGED[path]
    shown = [
        row
        for offset in range(0, total, limit)
        for row in crowd.ok("GET", path, params={"limit": limit, "offset": offset})[rows]
    ]
    keys = [row.get("id") or row["call_id"] for row in shown]
    assert len(keys) == len(set(keys)) == total
    times = [row["created_at"] for row in shown]
    assert times == sorted(times, reverse=True)


def run_script(seed: int) -> tuple[list[str], str, str]:
    """Send random requests to a fresh account; return answers, event log and state."""
    rng = random.Random(seed)
    with Sandbox(seed=seed, clock="manual", start=START, rate_limits=False, balance=20) as sandbox:
        known = fill(sandbox)
        ids = [key for keys in known.paths.values() for key in keys]
        api = Api(sandbox, Receiver())
        answers: list[str] = []
        with api.client, api.bare:
            for _ in range(60):
                method, template = rng.choice(OPERATIONS).split(" ")
                operation = DOCUMENT["paths"][template][method.lower()]
                path = template
                while "{" in path:
                    before = path[: path.index("{")]
                    keys = known.paths.get(before, ids) if rng.random() < 0.8 else ids
                    path = re.sub(r"\{\w+\}", str(rng.choice(keys)), path, count=1)
                body: Any = None
                if "requestBody" in operation:
                    body = make_value(operation["requestBody"]["content"]["application/json"]["schema"], rng)
                if isinstance(body, dict):
                    body |= {name: rng.choice(keys) for name, keys in known.members.items() if name in body}
                if rng.random() < 0.05:
                    sandbox.faults.add("status", "GET *", status=503, probability=0.5)
                answers.append(
                    api.bare.request(
                        method, sandbox.base_url + path, json=body, headers=api.client.headers
                    ).text
                )
                api.advance(rng.choice([0, 0, 0.1, 3, 1000]))
        return answers, sandbox.event_log(), repr(sandbox.snapshot())


@given(seed=st.integers(0, 10**6))
@settings(BOUNDED, max_examples=5)
def test_two_runs_of_a_seeded_script_are_identical_to_the_byte(seed: int) -> None:
    first, second = run_script(seed), run_script(seed)
    assert first == second
    assert first[1].encode() == second[1].encode() and first[1].count("\n") > 60


KEY = "rg_live_killed"


@contextmanager
def serving(state: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Serve a state file from a process that is killed in the end."""
    command = [sys.executable, "-m", "vocobase_sandbox", "--port", "0", "--no-rate-limits"]
    command += ["--state", str(state), "--key", KEY]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        base = next(line for line in process.stdout if line.startswith("base URL")).split()[-1]
        with httpx.Client(base_url=base, headers={"authorization": f"Bearer {KEY}"}) as client:
            yield process, client
        process.kill()


def write_one(client: httpx.Client, rng: random.Random, model: dict[str, str | None], number: int) -> None:
    """Create, rename or delete a document, and note what was acknowledged."""
    alive = [key for key, name in model.items() if name]
    kind = rng.choice(["create", "create", "rename", "delete"]) if alive else "create"
    if kind == "create":
        body = {"name": f"document {number}", "url": "https://example.com/"}
        made = client.post("/documents/web-link", json=body).raise_for_status().json()["data"]
        model[made["id"]] = body["name"]
        return
    key = rng.choice(alive)
    if kind == "rename":
        client.put(f"/documents/{key}", json={"name": f"renamed {number}"}).raise_for_status()
        model[key] = f"renamed {number}"
    else:
        client.delete(f"/documents/{key}").raise_for_status()
        model[key] = None


def kill_in_the_middle(process: subprocess.Popen[str], client: httpx.Client, rng: random.Random) -> None:
    """Kill the server a moment after it got a further request, whose answer nobody waits for."""
    last = http.client.HTTPConnection(client.base_url.host, client.base_url.port)
    body = json.dumps({"name": "never acknowledged", "url": "https://example.com/"})
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    last.request("POST", "/api/v2/documents/web-link", body, headers)
    threading.Event().wait(rng.uniform(0, 0.003))
    process.send_signal(signal.SIGKILL)
    last.close()


def test_kill_9_at_random_points_loses_no_acknowledged_write(tmp_path: Path) -> None:
    rng = random.Random(9)
    model: dict[str, str | None] = {}
    for turn in range(6):
        with serving(tmp_path / "state") as (process, client):
            for number in range(rng.randrange(1, 30)):
                write_one(client, rng, model, 100 * turn + number)
            kill_in_the_middle(process, client, rng)
            process.wait()
        with Sandbox(state=tmp_path / "state", clock="manual", rate_limits=False) as sandbox:
            rows = sandbox.world.store.table("documents")
            assert {key: rows[key]["name"] if key in rows else None for key in model} == model
            others = [row["name"] for key, row in rows.items() if key not in model]
            assert set(others) <= {"never acknowledged"} and len(others) <= turn + 1
