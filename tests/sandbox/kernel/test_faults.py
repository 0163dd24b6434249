"""Faults, in process and on the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.sandbox.support import Api
from tests.stopwatch import Stopwatch
from vocobase_sandbox import Sandbox

START = "POST /calls/start"


@pytest.fixture
def client(api: Api) -> Iterator[httpx.Client]:
    """Yield a client whose responses are not checked, because they are meant to be wrong."""
    headers = {"authorization": f"Bearer {api.sandbox.api_key}"}
    with httpx.Client(
        transport=api.sandbox.transport(), base_url=api.sandbox.base_url, headers=headers
    ) as plain:
        yield plain


def test_a_status_fault_does_not_execute_the_operation(api: Api, client: httpx.Client) -> None:
    api.sandbox.faults.add("status", "POST /projects", status=503, count=1, headers={"retry-after": "2"})
    answer = client.post("/projects", json={"name": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["success"] is False
    assert len(api.ok("GET", "/projects")["projects"]) == 1
    assert client.post("/projects", json={"name": "x"}).status_code == 201


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset_before_headers", httpx.ReadError),
        ("reset_after_headers", httpx.RemoteProtocolError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
def test_a_lost_response_leaves_the_call_dialled(
    api: Api, client: httpx.Client, kind: str, error: type[Exception]
) -> None:
    agent = api.agent()
    api.sandbox.faults.add(kind, START, count=1)
    with pytest.raises(error):
        client.post("/calls/start", json={"agent_id": agent["id"], "to_number": "+919876543210"})
    assert api.ok("GET", "/calls")["total"] == 1


def test_execution_can_be_chosen(api: Api, client: httpx.Client) -> None:
    api.sandbox.faults.add("status", "POST /projects", execute=True, count=1)
    api.sandbox.faults.add("reset_before_headers", "POST /dictionaries", execute=False, count=1)
    assert client.post("/projects", json={"name": "x"}).status_code == 500
    with pytest.raises(httpx.ReadError):
        client.post("/dictionaries", json={"name": "x"})
    assert len(api.ok("GET", "/projects")["projects"]) == 2
    assert api.ok("GET", "/dictionaries")["dictionaries"] == []


def test_bodies_can_be_html_empty_or_broken(api: Api, client: httpx.Client) -> None:
    for kind, status, body in (
        ("html", 502, "<h1>"),
        ("empty", 200, ""),
        ("malformed_json", 200, '{"success"'),
    ):
        api.sandbox.faults.add(kind, "GET /projects", count=1)
        answer = client.get("/projects")
        assert answer.status_code == status and answer.text.startswith(body or "") is (kind != "html")
        with pytest.raises(ValueError, match=r".*"):
            answer.json()


def test_latency_times_out_a_client_without_waiting_under_a_manual_clock(
    api: Api, client: httpx.Client
) -> None:
    api.sandbox.faults.add("latency", "GET /agent", seconds=60)
    before = api.sandbox.clock.now
    with Stopwatch() as watch:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/agent", timeout=5)
        assert client.get("/agent", timeout=None).status_code == 200
    assert (api.sandbox.clock.now - before).total_seconds() == 65
    assert watch.seconds < 2


def test_an_expired_upload_url_is_rejected_and_the_next_one_works(api: Api, client: httpx.Client) -> None:
    api.sandbox.faults.add("expired_presign", "POST /documents/upload", count=1)
    body = {"name": "x", "file_size": 5, "mime_type": "text/plain"}
    for status in (403, 200):
        url = client.post("/documents/upload", json=body).json()["data"]["upload_url"]
        answer = api.bare.put(url, content=b"hello", headers={"content-type": "text/plain"})
        assert answer.status_code == status
        assert ("Request has expired" in answer.text) == (status == 403)


def test_the_object_store_can_fail(api: Api) -> None:
    api.sandbox.faults.add("status", "PUT /_objects", status=500, count=1)
    with pytest.raises(AssertionError):
        api.document()
    api.document()


def test_routes_are_matched_by_template_with_wildcards(api: Api, client: httpx.Client) -> None:
    api.sandbox.faults.add("status", "* /projects*", status=500)
    assert client.get("/projects/x").status_code == 500
    assert client.get("/agent").status_code == 200
    assert client.get("/nowhere").status_code == 404


def test_probability_follows_the_seed(build: Callable[..., Api]) -> None:
    def run(seed: int) -> list[int]:
        api = build(seed=seed)
        api.sandbox.faults.add("status", probability=0.3)
        return [api.send("GET", "/agent").status_code for _ in range(200)]

    first = run(1)
    assert first == run(1) != run(2)
    assert 30 < first.count(500) < 90


@pytest.mark.parametrize(
    "choices",
    [
        {"kind": "earthquake"},
        {"probability": 2},
        {"seconds": -1},
        {"status": 99},
        {"status": 600},
        {"headers": {"x": "a\r\nset-cookie: b"}},
        {"headers": {"x": 5}},
        {"headers": ["x"]},
        {"kind": []},
        {"kind": None},
        {"route": 5},
        {"probability": "all"},
        {"probability": float("nan")},
        {"count": 1.5},
        {"count": True},
        {"seconds": None},
        {"status": "500"},
        {"execute": "no"},
    ],
)
def test_bad_faults_are_rejected(api: Api, choices: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"kind|route|probability|count|seconds|status|headers|execute"):
        api.sandbox.faults.add(**{"kind": "status", **choices})


def test_there_is_a_limit_on_faults(api: Api) -> None:
    for _ in range(100):
        api.sandbox.faults.add("status", "projects.get")
    with pytest.raises(ValueError, match="100"):
        api.sandbox.faults.add("status")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Sandbox, httpx.Client]]:
    with Sandbox(clock="manual", rate_limits=False) as sandbox, sandbox.serve() as server:
        headers = {"authorization": f"Bearer {sandbox.api_key}"}
        with httpx.Client(base_url=server.base_url, headers=headers, timeout=5) as client:
            yield sandbox, client


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset_before_headers", httpx.ReadError),
        ("reset_after_headers", httpx.ReadError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
def test_connections_break_on_the_wire(
    served: tuple[Sandbox, httpx.Client], kind: str, error: type[Exception]
) -> None:
    sandbox, client = served
    sandbox.faults.add(kind, "GET /agent/voices", count=1)
    with pytest.raises(error):
        client.get("/agent/voices")
    assert client.get("/agent/voices").status_code == 200


def test_slow_responses_arrive_completely(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = served
    for kind in ("latency", "slow_body"):
        sandbox.faults.add(kind, "GET /agent/voices", seconds=0.1, count=1)
        began = time.monotonic()
        assert client.get("/agent/voices").json()["success"] is True
        assert time.monotonic() - began >= 0.09


def test_a_delayed_response_does_not_hold_up_other_connections(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = served
    sandbox.faults.add("latency", "GET /projects", seconds=3600, count=1)
    with pytest.raises(httpx.ReadTimeout):
        client.get("/projects", timeout=0.1)
    with Stopwatch() as watch:
        assert client.get("/projects", timeout=30).status_code == 200
    assert watch.seconds < 1
