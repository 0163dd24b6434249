"""Every write can be read back, and changes nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.contract import DOCUMENT
from tests.sandbox.filled import fill
from tests.sandbox.support import Api, Receiver
from tests.sandbox.values import BOUNDED
from tests.sandbox.writes import COMMANDS, Row, Write, read_member, writes
from vocobase_sandbox import Sandbox

VOLATILE = {"updated_at", "last_delivery_at", "language", "term_count", "char_count"}


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
def test_an_update_keeps_omitted_fields(write: Write, data: st.DataObject) -> None:
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
def test_fields_that_are_not_documented_change_nothing(write: Write, data: st.DataObject) -> None:
    body = data.draw(write.bodies())
    plain = send(ACCOUNT.restart(), write, body)
    extra = dict.fromkeys(("id", "created_at", "deleted_at", "secret", "document_ids"), "forged")
    extra = {name: value for name, value in extra.items() if name not in write.schema["properties"]}
    assert send(ACCOUNT.restart(), write, {**extra, **body}) == plain
