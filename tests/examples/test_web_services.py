"""The services start a call once, refuse what is not genuine, and keep the outcome that a webhook brings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.examples.services import ANSWERS, BODY, BUSY, VOICEMAIL, Service, run_readme, serving, wait_for
from vocobase import DoNotCall

# The arguments for python that start each service, and what the body of a request to it is for httpx.
COMMANDS = {
    "fastapi_service": (["-m", "uvicorn", "--port", "{port}", "app:app"], "json"),
    "flask_app": (["-m", "flask", "run", "--port", "{port}"], "data"),
}


@pytest.fixture(scope="module", params=COMMANDS)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    command, _ = COMMANDS[request.param]
    with serving(request.param, command, tmp_path_factory.mktemp("service")) as service:
        yield service


def call(service: Service, order: str, phone: str) -> httpx.Response:
    _, body = COMMANDS[service.folder.name]
    options: dict[str, Any] = {body: {"phone": phone}}
    return service.http.post(f"/orders/{order}/call", **options)


def test_an_order_is_called_once_and_its_outcome_is_kept(service: Service) -> None:
    responses = [call(service, "4711", ANSWERS) for _ in range(2)]
    assert [response.status_code for response in responses] == [202, 202]
    assert responses[0].json() == responses[1].json()
    assert [each["to_number"] for each in service.sandbox.calls].count(ANSWERS) == 1
    call_id = responses[0].json()["call_id"]
    kept = wait_for(lambda: [row for row in service.http.get("/calls").json() if row["call_id"] == call_id])
    assert [row["disposition"] for row in kept] == ["completed"] and float(kept[0]["cost"]) > 0


def test_an_event_that_is_not_genuine_is_refused(service: Service) -> None:
    assert service.deliver("whsec_of_another_account") == 400
    assert service.deliver() == 200
    # FastAPI confirms an event after its response was sent; until then, a duplicate gets 503.
    wait_for(lambda: service.deliver() == 200)


def test_an_event_that_cannot_be_stored_comes_again(service: Service) -> None:
    table, event = service.folder / "calls.sqlite", BODY.replace(b"s-1", b"s-2")
    assert service.deliver(body=BODY.replace(b"s-1", b"s-0")) == 200
    table.rename(table.with_suffix(".aside"))
    assert service.deliver(body=event) == 503
    table.with_suffix(".aside").rename(table)
    assert service.deliver(body=event) == 200


def test_a_call_that_can_never_be_made_is_the_fault_of_the_request(service: Service) -> None:
    assert call(service, "1", "98765 43210").status_code == 422
    assert call(service, "2", BUSY).status_code == 202
    other = call(service, "2", ANSWERS)
    assert other.status_code == 422 and "use another key" in other.json()["detail"]
    with DoNotCall(service.folder / "orders.sqlite") as do_not_call:
        do_not_call.add(VOICEMAIL, source="support")
    assert call(service, "5", VOICEMAIL).status_code == 422


def test_a_balance_that_is_too_low_means_later(service: Service) -> None:
    service.change_account(balance=0)
    refused = call(service, "3", ANSWERS)
    assert refused.status_code == 503 and refused.headers["retry-after"] == "60"
    service.change_account(balance=500)
    assert call(service, "3", ANSWERS).status_code == 202


@pytest.mark.parametrize("example", COMMANDS)
def test_the_commands_of_the_readme_work(example: str, tmp_path: Path) -> None:
    started, kept = run_readme(example, tmp_path)[-2:]
    (row,) = json.loads(kept)
    assert row["call_id"] == json.loads(started)["call_id"] and row["disposition"] == "completed"
