"""The Django app keeps the calls that a webhook brings, and reads the others with a bar."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.examples.services import ANSWERS, BODY, BUSY, Service, run_readme, serving, wait_for
from vocobase import Vocobase
from vocobase_sandbox import Conversation


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    command, folder = ["manage.py", "runserver", "--noreload", "{port}"], tmp_path_factory.mktemp("service")
    with serving("django_app", command, folder, before=["manage.py", "migrate"]) as service:
        yield service


def call(service: Service, *numbers: str) -> list[str]:
    with Vocobase(service.sandbox.api_key, base_url=service.environment["VOCOBASE_BASE_URL"]) as vb:
        agent = vb.agents.ensure("Desk", "You are the front desk.", voice_id=vb.voices.find().id)
        calls = [vb.calls.start(agent.id, number, provider="twilio").call_id for number in numbers]
        list(vb.calls.wait_all(calls))
    return calls


def rows(service: Service) -> dict[str, Any]:
    return {row["call_id"]: row for row in service.http.get("/calls").json()["calls"]}


def test_a_webhook_stores_a_row(service: Service) -> None:
    (call_id,) = call(service, ANSWERS)
    row = wait_for(lambda: rows(service).get(call_id))
    assert row["disposition"] == "completed" and float(row["cost"]) > 0


def test_a_request_that_is_not_genuine_is_refused(service: Service) -> None:
    assert service.deliver("whsec_of_another_account") == 400
    assert service.deliver() == service.deliver() == 200, "a duplicate is confirmed"
    assert service.http.get("/vocobase").status_code == 405


def test_an_event_that_cannot_be_stored_comes_again(service: Service) -> None:
    table, event = service.folder / "calls.sqlite", BODY.replace(b"s-1", b"s-2")
    assert service.deliver(body=BODY.replace(b"s-1", b"s-0")) == 200
    table.rename(table.with_suffix(".aside"))
    assert service.deliver(body=event) == 500
    table.with_suffix(".aside").rename(table)
    assert service.deliver(body=event) == 200


def test_the_command_reads_calls_whose_webhook_was_lost(service: Service) -> None:
    service.sandbox.script(ANSWERS, Conversation(turns=[("user", "Thanks.")], webhook="lost"))
    calls = call(service, ANSWERS, BUSY)
    assert calls[0] not in rows(service)
    done = service.run("manage.py", "sync_calls")
    assert "calls stored" in done.stdout
    assert re.findall(r"(\w+) .* 100%", done.stderr) == ["Reading", "Storing"]
    assert [rows(service)[call_id]["disposition"] for call_id in calls] == ["completed", "busy"]
    assert service.run("manage.py", "sync_calls", "--verbosity", "0").stderr == ""


def test_a_command_that_fails_says_why_in_one_line(service: Service) -> None:
    service.sandbox.faults.add("status", "calls.list", status=401, count=1)
    done = service.run("manage.py", "sync_calls", "--verbosity", "0", status=1)
    assert done.stderr.startswith("CommandError: calls.list: 401")
    assert len(done.stderr.splitlines()) == 1


def test_the_model_has_all_migrations(service: Service) -> None:
    service.run("manage.py", "makemigrations", "--check", "--dry-run")


def test_the_commands_of_the_readme_work(tmp_path: Path) -> None:
    stored, kept = run_readme("django_app", tmp_path)[-2:]
    assert "calls stored" in stored and len(json.loads(kept)["calls"]) <= 1  # the event may be on its way
