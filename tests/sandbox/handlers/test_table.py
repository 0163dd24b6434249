"""Every operation of openapi.json has one handler."""

from __future__ import annotations

import httpx
import pytest

from tests import documented
from tests.sandbox.support import Api
from tests.sandbox.values import OPERATIONS
from vocobase_sandbox import Sandbox
from vocobase_sandbox.front.spec import operations
from vocobase_sandbox.handlers.context import route
from vocobase_sandbox.handlers.keys import KEYS
from vocobase_sandbox.handlers.table import HANDLERS
from vocobase_sandbox.kernel.paths import CONTROL as CONTROL_PREFIX


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    assert CONTROL_PREFIX and sorted(HANDLERS) == OPERATIONS
    assert len(operations()) >= len(OPERATIONS) >= 89


def test_every_operation_is_known_by_its_key_in_the_sdk() -> None:
    assert {f"{method} {path}": key for (method, path), key in documented.KEYS.items()} == KEYS


def test_an_operation_without_a_handler_says_so(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(HANDLERS, "GET /agent")
    with httpx.Client(transport=sandbox.transport()) as client:
        headers = {"authorization": f"Bearer {sandbox.api_key}"}
        answer = client.get(f"{sandbox.base_url}/agent", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NOT_IMPLEMENTED")
    assert answer.json()["error"]["message"] == "the sandbox does not emulate GET /agent yet"


@pytest.mark.parametrize("key", OPERATIONS)
def test_no_operation_breaks_on_an_empty_account(api: Api, key: str) -> None:
    method, path = key.split(" ")
    for body in (None, {}, {"unexpected": [1]}):
        answer = api.send(
            method, path.replace("{client_id}", "7").replace("{id}", "x").replace("_id}", "}"), body
        )
        assert answer.status_code < 500


def test_an_operation_has_one_handler() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        route("GET /agent")(lambda ctx: None)
