"""Both clients have a method for every operation, and each of them works against the sandbox."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import vocobase
from tests import documented
from tests.contract import scenario
from tests.signatures import arguments_of, documentation_of
from vocobase import AsyncVocobase, Vocobase, VocobaseError
from vocobase._policy.operations import OPERATIONS
from vocobase_raw.constraints import CONSTRAINTS
from vocobase_sandbox import Sandbox

KEYS = Path(__file__).with_name("keys.txt").read_text(encoding="utf-8").split()


def method_of(client: type[Any] | Any, key: str) -> Callable[..., Any]:
    return functools.reduce(getattr, key.split("."), client)


@pytest.fixture(scope="module")
def clients() -> tuple[Vocobase, AsyncVocobase]:
    address = "http://localhost:1"
    return Vocobase("rg_live_test", base_url=address), AsyncVocobase("rg_live_test", base_url=address)


def test_the_policy_table_has_exactly_the_committed_keys() -> None:
    assert sorted(OPERATIONS) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_both_clients_have_the_method_with_the_same_signature(
    key: str, clients: tuple[Vocobase, AsyncVocobase]
) -> None:
    sync, asynchronous = (method_of(client, key) for client in clients)
    assert inspect.iscoroutinefunction(asynchronous)
    assert not inspect.iscoroutinefunction(sync)
    assert inspect.signature(sync) == inspect.signature(asynchronous)


@pytest.mark.parametrize("key", KEYS)
def test_a_method_takes_every_member_of_its_request_model(
    key: str, clients: tuple[Vocobase, AsyncVocobase]
) -> None:
    import importlib

    resource, _, verb = key.rpartition(".")
    module = importlib.import_module(
        f"vocobase_raw.api.{resource.replace('.', '_')}.{verb + '_' if verb in {'list', 'map'} else verb}"
    )
    raw = inspect.signature(module.build).parameters
    parameters = arguments_of(method_of(clients[0], key))
    wanted = [name for name in raw if name not in {"body", "id"}]
    if "body" in raw:
        model = getattr(module, str(raw["body"].annotation))
        wanted += [
            field.name
            for field in attrs.fields(model)
            if field.name not in {"additional_properties", "absent"}
        ]
    missing = sorted(set(wanted) - set(parameters))
    assert not missing, f"add {', '.join(missing)} to the signature of {key} in vocobase/_resources/aio"


@pytest.mark.parametrize("key", KEYS)
def test_a_docstring_says_what_users_need(key: str, clients: tuple[Vocobase, AsyncVocobase]) -> None:
    text = documentation_of(method_of(clients[0], key))
    for part in ("Returns:", "Retries:", "Documentation:"):
        assert part in text
    parameters = arguments_of(method_of(clients[0], key))
    assert [name for name in parameters if f"{name}:" not in text] == []
    raised = text.partition("Raises:\n")[2].partition("\n\n")[0]
    errors = re.findall(r"^    (\w.*?:.*?)(?=\n    \w|\Z)", raised, re.DOTALL | re.MULTILINE)
    for name, _, what in (error.partition(":") for error in errors):
        assert all(issubclass(getattr(vocobase, each), VocobaseError) for each in name.split(", "))
        assert what.endswith("."), what


@pytest.fixture
def called(caplog: pytest.LogCaptureFixture) -> Callable[[], set[tuple[str, str]]]:
    caplog.set_level(logging.DEBUG, logger="vocobase")

    def routes() -> set[tuple[str, str]]:
        lines = [record.getMessage().split(":")[0] for record in caplog.records if record.name == "vocobase"]
        return {(method, path) for method, path in (line.split(" ", 1) for line in lines)}

    return routes


def routes_of_all_operations() -> set[tuple[str, str]]:
    return set(documented.KEYS)


def test_every_operation_works_with_the_synchronous_client(
    vb: Vocobase, sandbox: Sandbox, called: Callable[[], set[tuple[str, str]]]
) -> None:
    scenario.run(vb, sandbox.clock.advance)
    assert called() == routes_of_all_operations()


def test_every_operation_works_with_the_asynchronous_client(
    sandbox: Sandbox, called: Callable[[], set[tuple[str, str]]]
) -> None:
    async def main() -> None:
        async with AsyncVocobase(
            sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.async_transport()
        ) as client:
            await scenario.run_async(client, sandbox.clock.advance)

    asyncio.run(main())
    assert called() == routes_of_all_operations()


def spoken(name: str, limit: Any) -> str:
    """Return how a docstring says a limit."""
    if name == "e164":
        return "E.164"
    return f"{limit:,}" if isinstance(limit, int) else str(limit)


def argument_of(text: str, name: str) -> str:
    """Return what a docstring says about one argument, on one line."""
    found = re.search(rf"^    {name}: (.*?)(?=\n    \w+: |\n\n)", text, re.DOTALL | re.MULTILINE)
    return " ".join(found.group(1).split()) if found else ""


@pytest.mark.parametrize("key", [key for key in KEYS if key in CONSTRAINTS])
def test_a_docstring_names_every_limit_that_is_checked(
    key: str, clients: tuple[Vocobase, AsyncVocobase]
) -> None:
    text = documentation_of(method_of(clients[0], key))
    missing = [
        (path, name, limit)
        for path, _, _, limits in CONSTRAINTS[key]
        for name, limit in limits.items()
        if not re.search(
            rf"(?<![\d,]){re.escape(spoken(name, limit))}(?![\d,])",
            argument_of(text, re.split(r"[.\[]", path)[0]),
        )
    ]
    assert missing == []
