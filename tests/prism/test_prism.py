"""Prism, a proxy that knows nothing of this project, finds nothing wrong between the client and the sandbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import documented
from tests.cassettes.scenario import PARTS, Part, Stage, play
from tests.contract import scenario
from tests.prism.proxy import ROOT, Traffic, missing, prism
from vocobase import AsyncVocobase, Vocobase, VocobaseError
from vocobase_sandbox import Sandbox

REASON = missing()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")
DOCUMENT = ROOT / "openapi.json"


@dataclass(frozen=True)
class Proxied:
    """A sandbox and the address of a Prism before it."""

    sandbox: Sandbox
    url: str

    def client(self, traffic: Traffic, key: str | None = None) -> Vocobase:
        return Vocobase(key or self.sandbox.api_key, base_url=self.url, transport=traffic, max_retries=0)


@pytest.fixture(scope="module")
def proxied() -> Iterator[Callable[..., Proxied]]:
    """Put Prism before fresh sandboxes; those with equal settings are one, as Prism takes a second to start."""
    running: dict[str, Proxied] = {}
    with ExitStack() as stack:

        def start(document: Path = DOCUMENT, **choices: Any) -> Proxied:
            key = f"{document} {choices}"
            if key not in running:
                sandbox = stack.enter_context(
                    Sandbox(seed=1, clock="manual", **{"rate_limits": False, **choices})
                )
                server = stack.enter_context(sandbox.serve())
                running[key] = Proxied(sandbox, stack.enter_context(prism(document, server.base_url)))
            running[key].sandbox.reset()
            return running[key]

        yield start


def every_operation() -> set[tuple[str, str]]:
    return set(documented.KEYS)


def test_every_operation_of_the_synchronous_client_is_as_documented(proxied: Callable[..., Proxied]) -> None:
    place = proxied()
    traffic = Traffic(place.url)
    with place.client(traffic) as vb, traffic.judged():
        scenario.run(vb, place.sandbox.clock.advance)
    assert traffic.operations == every_operation()


def test_every_operation_of_the_asynchronous_client_is_as_documented(proxied: Callable[..., Proxied]) -> None:
    place = proxied()
    traffic = Traffic(place.url)

    async def main() -> None:
        async with AsyncVocobase(
            place.sandbox.api_key, base_url=place.url, transport=traffic, max_retries=0
        ) as vb:
            with traffic.judged():
                await scenario.run_async(vb, place.sandbox.clock.advance)

    asyncio.run(main())
    assert traffic.operations == every_operation()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_failures_are_as_documented_too(part: Part, proxied: Callable[..., Proxied]) -> None:
    """The recorded parts meet 400, 401, 403, 404, 409 and 429."""
    place = proxied(**part.sandbox)
    traffic = Traffic(place.url)
    stranger = place.client(traffic, "rg_live_unknown")
    with place.client(traffic) as vb, stranger, traffic.judged():
        play(part, Stage(vb, stranger, advance=place.sandbox.clock.advance))
    assert traffic.operations


def closed(node: Any) -> Any:
    """Copy a document with every open list of values closed."""
    if isinstance(node, dict):
        if "anyOf" in node and node["anyOf"][1:2] == [{"type": "string"}]:
            node = {**node, "anyOf": [part for part in node["anyOf"] if part != {"type": "string"}]}
        return {key: closed(value) for key, value in node.items()}
    return [closed(item) for item in node] if isinstance(node, list) else node


def test_a_value_outside_of_a_closed_list_would_be_found(
    proxied: Callable[..., Proxied], tmp_path: Path
) -> None:
    document = tmp_path / "closed.json"
    document.write_text(json.dumps(closed(json.loads(DOCUMENT.read_text(encoding="utf-8")))))
    place = proxied(document)
    traffic = Traffic(place.url)
    with place.client(traffic) as vb, pytest.raises(VocobaseError):
        vb.documents.upload(b"# Title", name="a.md")
    assert [one for one in traffic.violations if "confirm: response.body.data.type: enum" in one]


def test_a_request_that_is_not_documented_would_be_found(proxied: Callable[..., Proxied]) -> None:
    place = proxied()
    traffic = Traffic(place.url)
    with place.client(traffic) as vb, pytest.raises(VocobaseError):
        vb.calls.list(status="unheard_of")
    assert [one.partition(":")[0] for one in traffic.violations] == ["GET /calls"]
