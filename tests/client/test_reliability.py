"""The figures that the SDK promises: threads, hostile identifiers, failing calls, bombs, secrets."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx
import pytest

import vocobase
from tests.transport.server import Behaviour, Server, answer
from vocobase import AsyncVocobase, Vocobase
from vocobase._policy.operations import OPERATIONS
from vocobase._policy.paths import check_path
from vocobase_sandbox import Sandbox

KEY = "rg_live_canary_0123456789"


class Mirror(Server):
    """Respond with the id that was asked for."""

    def __init__(self) -> None:
        super().__init__([])

    def behaviour(self, request: bytes) -> Behaviour:
        return answer(200, {"id": request.split(b" ", 2)[1].rpartition(b"/")[2].decode()})


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list that every pool of connections enters when it is made."""
    made: list[object] = []
    for kind in (httpcore.ConnectionPool, httpcore.AsyncConnectionPool):

        def init(pool: Any, *args: Any, original: Any = kind.__init__, **kwargs: Any) -> None:
            made.append(pool)
            original(pool, *args, **kwargs)

        monkeypatch.setattr(kind, "__init__", init)
    return made


def test_thirty_two_threads_with_two_hundred_calls_each_share_one_pool(pools: list[object]) -> None:
    with Mirror() as server, Vocobase(KEY, base_url=server.url) as vb:

        def work(number: int) -> None:
            for name in (f"{number}-{n}" for n in range(200)):
                assert vb.agents.get(name).id == name

        with ThreadPoolExecutor(32) as threads:
            list(threads.map(work, range(32)))
        assert len(server.requests) == 6400
        assert server.connections <= 32
        assert len(pools) == 1


def test_thirty_two_tasks_share_one_pool(pools: list[object]) -> None:
    async def main() -> None:
        async with AsyncVocobase(KEY, base_url=server.url) as vb, asyncio.TaskGroup() as tasks:

            async def work(number: int) -> None:
                for name in (f"{number}-{n}" for n in range(25)):
                    assert (await vb.agents.get(name)).id == name

            for number in range(32):
                tasks.create_task(work(number))

    with Mirror() as server:
        asyncio.run(main())
        assert len(server.requests) == 800
        assert len(pools) == 1


def hostile_identifiers() -> list[str]:
    source = random.Random(7)
    alphabet = [
        *list("./\\%?#&;:@!$'()*+,=~ aZ09-_é\u202e\x00\x1f\x7f\n\r\t"),
        "%2f",
        "%2F",
        "%2e",
        "%5c",
        "%00",
        "..",
    ]
    fixed = [
        "",
        ".",
        "..",
        "...",
        "%2e%2e",
        "%252e%252e",
        "../agent",
        "a/../b",
        "a%2f..%2fb",
        "//",
        "\\..\\",
        "?x=1",
        "#x",
    ]
    return fixed + [
        "".join(source.choices(alphabet, k=source.randint(1, 12))) for _ in range(200 - len(fixed))
    ]


def path_of(key: str, identifier: str) -> tuple[str, str] | None:
    """Return the template and the filled path of an operation that takes identifiers."""
    resource, _, verb = key.rpartition(".")
    name = verb + "_" if verb in {"list", "map"} else verb
    module: Any = importlib.import_module(f"vocobase_raw.api.{resource.replace('.', '_')}.{name}")
    parameters = inspect.signature(module.build).parameters.values()
    count = sum(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in parameters)
    if count == 0:
        return None
    keyword = {"body": {}} if "body" in inspect.signature(module.build).parameters else {}
    return module.PATH, module.build(*[identifier] * count, **keyword).url


@pytest.mark.parametrize("key", OPERATIONS)
def test_two_hundred_hostile_identifiers_reach_no_other_route(key: str) -> None:
    for identifier in hostile_identifiers():
        found = path_of(key, identifier)
        if found is None:
            return
        template, path = found
        try:
            check_path(path, key)
        except vocobase.InvalidArgumentError:
            continue
        assert path.count("/") == template.count("/")
        # What goes over the wire is what was checked.
        assert httpx.URL(f"https://api.example/v2{path}").raw_path == f"/v2{path}".encode()
        assert not set(path) & set("?#\\ \n\r\t\x00")


def test_the_key_is_in_no_line_of_our_log_of_an_upload(
    caplog: pytest.LogCaptureFixture, sandbox: Sandbox, vb: Vocobase
) -> None:
    caplog.set_level(logging.DEBUG)
    vb.documents.upload(b"# Hours", name="a.md")
    with pytest.raises(vocobase.UploadError):
        vb.documents.upload(b"", name="a.md")
    ours = [record.getMessage() for record in caplog.records if record.name == "vocobase"]
    assert len(ours) >= 2
    assert [line for line in ours if sandbox.api_key in line or "signature" in line.lower()] == []
