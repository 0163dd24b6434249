"""Every public class has a repr that says what an object is and where it stores what, without a key or a password."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, cast

import pytest

import vocobase
import vocobase.webhooks
import vocobase_sandbox.asgi
import vocobase_sandbox.httpx_transport
from vocobase import AsyncVocobase, LocalPacer, RedisPacer, Vocobase
from vocobase._ledger import open_ledger
from vocobase._ledger.ledger_budgets import LedgerBudgets
from vocobase.files import FileLock
from vocobase.records import AsyncRecords, Records
from vocobase.webhooks import MemoryDedupe, RedisDedupe, SQLiteDedupe, WebhookReceiver, sign
from vocobase_sandbox import Sandbox

SECRET = "kanarie7f3a"
KEY = f"rg_live_{SECRET}"
EVENT = b'{"event": "session.completed", "data": {"session_id": "s1"}}'
UNKNOWN = b'{"event": "later.event", "data": {}}'


def public_modules() -> Iterator[Any]:
    yield from (vocobase, vocobase_sandbox, vocobase_sandbox.asgi, vocobase_sandbox.httpx_transport)
    for name in [*names_in(vocobase), *names_in(vocobase.webhooks)]:
        yield importlib.import_module(name)


def names_in(package: Any) -> list[str]:
    found = [each.name for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    return [name for name in found if "._" not in name and name != "vocobase.cli"]


def public_classes() -> Iterator[type]:
    for module in public_modules():
        defined = [
            name
            for name, value in vars(module).items()
            if getattr(value, "__module__", "") == module.__name__
        ]
        for name in getattr(module, "__all__", defined):
            value = getattr(module, name)
            if isinstance(value, type) and not name.startswith("_"):
                yield value


def shows_only_an_address(kind: Any) -> bool:
    """Return whether the repr of an object is that of ``object``; protocols have none."""
    return kind.__repr__ is object.__repr__ and not getattr(kind, "_is_protocol", False)


CLASSES = sorted(
    {each for each in public_classes() if each.__module__.startswith("vocobase")},
    key=lambda each: each.__qualname__,
)


def test_the_public_classes_are_found() -> None:
    names = {each.__name__ for each in CLASSES}
    assert {
        "Vocobase",
        "Records",
        "SQLiteDedupe",
        "Sandbox",
        "Contact",
        "FileLock",
        "SandboxTransport",
    } <= names
    assert len(CLASSES) > 200


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: cast("type", kind).__qualname__)
def test_a_public_class_has_a_repr_of_its_own(kind: type) -> None:
    assert not shows_only_an_address(kind)


def test_a_class_without_a_repr_would_be_found() -> None:
    class Plain:
        pass

    class Kind(Enum):
        A = 1

    assert shows_only_an_address(Plain) and not shows_only_an_address(Kind)


class Client:
    """A client of Redis that shows its password."""

    def execute_command(self, *args: Any) -> None: ...

    def __repr__(self) -> str:
        return f"Client({SECRET})"


def receiver() -> WebhookReceiver:
    return WebhookReceiver(f"whsec_{SECRET}", dedupe=MemoryDedupe())


def locked(path: Path) -> FileLock:
    with FileLock(path) as lock:
        return lock


SHOWN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "memory": (lambda _: MemoryDedupe(5, 60), "MemoryDedupe(size=5, ttl=60)"),
    "sqlite": (
        lambda path: SQLiteDedupe(path / "seen.sqlite"),
        "SQLiteDedupe('{path}/seen.sqlite', ttl=86400)",
    ),
    "redis": (lambda _: RedisDedupe(Client()), "RedisDedupe(prefix='vocobase:webhook:', ttl=86400)"),
    "receiver": (
        lambda _: receiver(),
        "WebhookReceiver(tolerance=300.0, dedupe=MemoryDedupe(size=10000, ttl=86400))",
    ),
    "records": (lambda path: Records.open(path / "a.db"), "Records(SQLiteDatabase('{path}/a.db'))"),
    "asynchronous records": (
        lambda path: AsyncRecords.open(path / "a.db"),
        "AsyncRecords(SQLiteDatabase('{path}/a.db'))",
    ),
    "records in PostgreSQL": (
        lambda _: Records.open(f"postgresql://me:{SECRET}@db.example/calls?options={SECRET}"),
        "Records(PostgresDatabase('PostgreSQL at db.example:5432/calls'))",
    ),
    "pacer": (lambda _: LocalPacer(), "LocalPacer()"),
    "pacer in Redis": (lambda _: RedisPacer(f"redis://me:{SECRET}@cache:6390"), "RedisPacer('cache:6390')"),
    "pacer in a socket": (lambda _: RedisPacer(f"unix://me:{SECRET}@/run/redis"), "RedisPacer('/run/redis')"),
    "budgets": (
        lambda path: LedgerBudgets(open_ledger(path / "l.sqlite")),
        "LedgerBudgets(SQLiteLedger('{path}/l.sqlite'))",
    ),
    "lock": (lambda path: locked(path / "x.lock"), "FileLock('{path}/x.lock', is_held=True)"),
    "claim": (
        lambda _: receiver().claim(EVENT, sign(EVENT, f"whsec_{SECRET}")),
        "Claim('session.completed:s1')",
    ),
    "claim of an unknown event": (
        lambda _: receiver().claim(UNKNOWN, sign(UNKNOWN, f"whsec_{SECRET}")),
        "Claim('later.event')",
    ),
    "asynchronous poll": (
        lambda _: AsyncVocobase(KEY, base_url="https://a.example/v2").events.poll(),
        "AsyncEventPoll('https://a.example/v2', open=0)",
    ),
    "poll": (
        lambda _: Vocobase(KEY, base_url="https://a.example/v2").events.poll(),
        "EventPoll('https://a.example/v2', open=0)",
    ),
}


@pytest.mark.parametrize(("create", "expected"), SHOWN.values(), ids=SHOWN)
def test_an_object_says_where_it_stores_what(
    create: Callable[[Path], Any], expected: str, tmp_path: Path
) -> None:
    assert repr(create(tmp_path)) == expected.format(path=tmp_path)


def test_an_object_whose_constructor_failed_has_a_repr() -> None:
    for kind in (MemoryDedupe, SQLiteDedupe, RedisDedupe, WebhookReceiver, RedisPacer, FileLock, Records):
        assert repr(kind.__new__(cast("Any", kind))) == f"{kind.__name__}(not created)"
    assert repr(Sandbox.__new__(Sandbox)) == "Sandbox(not created)"


def test_a_sandbox_and_its_parts_say_what_they_are(tmp_path: Path) -> None:
    with Sandbox(seed=7, clock="manual", state=tmp_path / "state.db", api_key=KEY) as sandbox:
        now = (
            sandbox.clock.now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{sandbox.clock.now.microsecond // 1000:03}Z"
        )
        shown = f"Sandbox(seed=7, state='{tmp_path}/state.db', clock=ManualClock('{now}'))"
        assert repr(sandbox) == shown
        assert repr(sandbox.transport()) == f"SandboxTransport({shown})"
        assert repr(sandbox.async_transport()) == f"AsyncSandboxTransport({shown})"
        assert repr(sandbox.clock) == f"SandboxClock('{now}', manual=True)"
        sandbox.faults.add("latency", seconds=1)
        assert repr(sandbox.faults) == "Faults(['latency'])"
        with sandbox.serve() as server:
            assert repr(server) == f"RunningServer('{server.url}')"
        with Vocobase(sandbox.api_key, transport=sandbox.transport()) as vb:
            sandbox.faults.clear()
            vb.voices.list()
        assert repr(sandbox.requests) == "RequestLog(kept=1, total=1)"
