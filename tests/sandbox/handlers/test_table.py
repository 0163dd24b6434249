"""Every operation of openapi.json has one handler."""

from __future__ import annotations

import pytest

from tests.sandbox.support import Api
from tests.sandbox.values import OPERATIONS
from vocobase_sandbox.front.spec import operations
from vocobase_sandbox.handlers.context import route
from vocobase_sandbox.handlers.table import HANDLERS
from vocobase_sandbox.kernel.paths import CONTROL as CONTROL_PREFIX


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    assert CONTROL_PREFIX and sorted(HANDLERS) == OPERATIONS
    assert len(operations()) == len(OPERATIONS) >= 89


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
        route("agents.list", "GET /agent")(lambda ctx: None)
