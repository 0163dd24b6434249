"""Whatever a server sends in place of a response, only errors of the SDK come out: every operation, every helper."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import pickle
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.hostile import (
    BODIES,
    HEADERS,
    NUMBER,
    STATUSES,
    FreeBudget,
    Method,
    Reply,
    method_of,
    methods,
    operation_of,
    spoil,
)
from tests.contract import scenario
from tests.fake_time import FakeClock, fake_time, hurried
from vocobase import AsyncVocobase, CallJob, CallWindow, OutcomeUnknownError, Vocobase, VocobaseError
from vocobase._policy.operations import OPERATIONS, RetrySafety

OPTIONS: dict[str, Any] = {"max_retries": 0, "pace": FreeBudget()}
ROUNDS = 25
KINDS = ("sync", "async")
both = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def genuine() -> dict[str, Method]:
    return methods()


def response(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> httpx.Response:
    return httpx.Response(status, headers=httpx.Headers(headers), stream=httpx.ByteStream(body))


def junk(chance: random.Random) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    return chance.choice(STATUSES), chance.choice(HEADERS), chance.choice(BODIES)


def hostile(body: Any, chance: random.Random) -> Iterator[tuple[int, list[tuple[bytes, bytes]], bytes]]:
    for _ in range(ROUNDS):
        yield 200, [], spoil(body, chance)
        yield 200, [], chance.choice(BODIES)
        yield junk(chance)


@pytest.fixture
def without_pauses() -> Iterator[None]:
    """A paced client waits a minute for a budget that others used up."""
    with hurried():
        yield


def check_usable(result: Any) -> None:
    """Do with a result what programs do: print, copy, compare, store."""
    assert repr(result)
    # Equal or not, as NaN differs from itself.
    assert isinstance(pickle.loads(pickle.dumps(result)) == copy.deepcopy(result), bool)
    json.dumps(result.to_dict() if hasattr(result, "to_dict") else None, ensure_ascii=False).encode()


def check_error(key: str, status: int, error: VocobaseError) -> None:
    assert "\n" not in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    done = status < 300 or status >= 500 or status == 408
    if OPERATIONS[key].safety is not RetrySafety.SAFE and done:
        assert isinstance(error, OutcomeUnknownError), (key, status)


@pytest.mark.usefixtures("without_pauses")
def test_every_operation_raises_only_errors_of_the_sdk(genuine: dict[str, Method]) -> None:
    chance = random.Random(1)
    now: list[Any] = []
    outcomes = {True: 0, False: 0}
    with Vocobase("rg_live_x", transport=Reply(lambda _: response(*now[-1])), **OPTIONS) as vb:
        for key, (args, kwargs, body) in genuine.items():
            for now[:] in ([each] for each in hostile(body, chance)):
                try:
                    result = method_of(vb, key)(*args, **kwargs)
                except VocobaseError as error:
                    check_error(key, now[-1][0], error)
                    outcomes[False] += 1
                else:
                    check_usable(result)
                    outcomes[True] += 1
    assert min(outcomes.values()) > 1000


@pytest.mark.usefixtures("without_pauses")
def test_every_operation_raises_only_errors_of_the_sdk_in_the_async_client(
    genuine: dict[str, Method],
) -> None:
    chance = random.Random(2)
    now: list[Any] = []

    async def main() -> None:
        transport = Reply(lambda _: response(*now[-1]))
        async with AsyncVocobase("rg_live_x", transport=transport, **OPTIONS) as vb:
            for key, (args, kwargs, body) in genuine.items():
                for now[:] in ([each] for each in hostile(body, chance)):
                    try:
                        result = await method_of(vb, key)(*args, **kwargs)
                    except VocobaseError as error:
                        check_error(key, now[-1][0], error)
                    else:
                        check_usable(result)

    asyncio.run(main())


class Still(FakeClock):
    """A clock that only sleeping moves."""

    sleeps = 0

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        assert 0 <= seconds <= 86_400
        assert self.sleeps < 20_000, "this wait does not end"
        self.elapsed += seconds


@pytest.fixture
def still() -> Iterator[Still]:
    clock = Still()
    with fake_time(clock):
        yield clock


SINCE = datetime(2026, 1, 1, tzinfo=UTC)
POLLED = '{"v": 1, "mark": 1.0, "open": ["c"], "known": {}}'
NUMBERS = [{"phone": NUMBER}, {"phone": "+919876543211", "name": "Asha"}]
# Called with a client and a folder of their own, which has two documents in it.
HELPERS: dict[str, Callable[[Any, Path], Any]] = {
    "agents.iter": lambda vb, _: vb.agents.iter(),
    "agents.find": lambda vb, _: vb.agents.find("x"),
    "agents.ensure": lambda vb, _: vb.agents.ensure("Desk", "p", voice_id="v", variables=["a"]),
    "voices.find": lambda vb, _: vb.voices.find(language="en"),
    "calls.iter": lambda vb, _: vb.calls.iter(),
    "calls.find_started": lambda vb, _: vb.calls.find_started("a", NUMBER, since=SINCE),
    "calls.start in time": lambda vb, _: vb.calls.start("a", NUMBER, wait_for_slot=60),
    "calls.wait": lambda vb, _: vb.calls.wait("c", timeout=100),
    "calls.wait_all": lambda vb, _: vb.calls.wait_all(["c", "d"], timeout=100),
    "calls.download_recording": lambda vb, place: vb.calls.download_recording("c", place / "r.wav"),
    "documents.download": lambda vb, place: vb.documents.download("d", place / "r.md"),
    "documents.download_all": lambda vb, place: vb.documents.download_all(place / "all"),
    "documents.upload": lambda vb, _: vb.documents.upload(b"# T", name="a.md"),
    "documents.upload_many": lambda vb, place: vb.documents.upload_many([place / "a.md", place / "b.md"]),
    "background_audio.upload": lambda vb, _: vb.background_audio.upload(scenario.wav(), slug="tone"),
    "agents.documents.sync": lambda vb, place: vb.agents.documents.sync("a", place),
    "agents.documents.wait_synced": lambda vb, _: vb.agents.documents.wait_synced("a", timeout=100),
    "sessions.wait": lambda vb, _: vb.sessions.wait("s", timeout=100),
    "campaigns.watch": lambda vb, _: vb.campaigns.watch("c", timeout=100),
    "campaigns.import_contacts": lambda vb, _: vb.campaigns.import_contacts("c", NUMBERS),
    "events.poll": lambda vb, _: vb.events.poll(timeout=60),
    "events.poll again": lambda vb, _: vb.events.poll(timeout=60, cursor=POLLED),
    "calls.start_many": lambda vb, place: vb.calls.start_many(
        [CallJob("a", NUMBER)],
        ledger=place / "l.sqlite",
        window=CallWindow.any_time(),
        until=datetime.now(UTC) + timedelta(seconds=0.05),
    ),
}


def run_sync(transport: Reply, use: Callable[[Any], Any]) -> None:
    with Vocobase("rg_live_x", transport=transport, **{**OPTIONS, "max_retries": 1}) as vb:
        found = use(vb)
        for _, event in zip(range(500), found if hasattr(found, "__next__") else (), strict=False):
            assert repr(event)
        if hasattr(found, "cursor"):
            assert found.cursor


def run_async(transport: Reply, use: Callable[[Any], Any]) -> None:
    async def main() -> None:
        async with AsyncVocobase("rg_live_x", transport=transport, **{**OPTIONS, "max_retries": 1}) as vb:
            found = use(vb)
            if inspect.isawaitable(found):
                await found
                return
            for _ in range(500):
                if await anext(found, None) is None:
                    break
            if hasattr(found, "cursor"):
                assert found.cursor

    asyncio.run(main())


@both
@pytest.mark.parametrize("helper", HELPERS)
def test_every_helper_raises_only_errors_of_the_sdk(
    helper: str, kind: str, genuine: dict[str, Method], still: Still, tmp_path: Path
) -> None:
    """Pages, uploads, downloads, waits, events, lists of calls and imports, against a server that is half genuine."""
    genuine = {**genuine, "campaigns.get": campaign_of(genuine, "draft" if "import" in helper else "running")}
    for seed in range(4 if helper == "calls.start_many" else 12):
        chance = random.Random(f"{helper} {seed}")

        def respond(request: httpx.Request, chance: random.Random = chance) -> httpx.Response:
            key, luck = operation_of(request), chance.random()
            if key not in genuine:
                return httpx.Response(200, content=b"stored") if luck < 0.6 else response(*junk(chance))
            body = genuine[key][2]
            if luck < 0.9:
                return response(200, [], json.dumps(body).encode() if luck < 0.45 else spoil(body, chance))
            return response(*junk(chance))

        still.sleeps = 0
        place = tmp_path / str(seed)
        place.mkdir()
        for name in ("a.md", "b.md"):
            (place / name).write_text(f"# {name}")
        run = run_sync if kind == "sync" else run_async
        try:
            run(Reply(respond), lambda vb, place=place: HELPERS[helper](vb, place))
        except VocobaseError as error:
            assert "\n" not in str(error)


def campaign_of(genuine: dict[str, Method], status: str) -> Method:
    args, kwargs, body = genuine["campaigns.get"]
    return args, kwargs, {**body, "data": {**body["data"], "status": status}}


def call(kind: str, body: bytes, use: Callable[[Any], Any]) -> Any:
    transport = Reply(lambda _: response(200, [], body))
    if kind == "sync":
        with Vocobase("rg_live_x", transport=transport, **OPTIONS) as vb:
            return use(vb)

    async def main() -> Any:
        async with AsyncVocobase("rg_live_x", transport=transport, **OPTIONS) as vb:
            return await use(vb)

    return asyncio.run(main())


def dial(vb: Any) -> Any:
    return vb.calls.start("a", NUMBER)


@both
@pytest.mark.parametrize(
    "call_id", ['{"id": "c1"}', '["c1"]', "5", "true", "1e999", '"\\u0000"', '"\\ud800"', f'"{"x" * 513}"']
)
def test_an_identifier_that_cannot_be_one_is_an_unknown_outcome_after_a_dial(kind: str, call_id: str) -> None:
    body = b'{"success": true, "data": {"call_id": %s, "status": "pending"}}' % call_id.encode()
    with pytest.raises(OutcomeUnknownError, match="call_id"):
        call(kind, body, dial)


@both
@pytest.mark.parametrize("levels", [101, 300, 900, 100_000])
def test_a_response_that_is_nested_too_deeply_is_a_response_error(kind: str, levels: int) -> None:
    """Printing, copying or comparing it would raise a RecursionError in the program that does so."""
    body = b'{"success": true, "data": {"id": "a", "call_id": "c", "x": %s}}' % (
        b"[" * levels + b"]" * levels
    )
    with pytest.raises(
        vocobase.ResponseError, match=r"agents\.get: unexpected response \(HTTP 200\): not JSON"
    ):
        call(kind, body, lambda vb: vb.agents.get("a"))
    with pytest.raises(OutcomeUnknownError):
        call(kind, body, dial)


@both
def test_half_a_character_of_a_server_becomes_one_that_can_be_stored(kind: str) -> None:
    body = b'{"success": true, "data": {"id": "\\udfff", "prompt": "a\\ud83d b\\ud83d\\ude00"}}'
    agent = call(kind, body, lambda vb: vb.agents.get("a"))
    assert (agent.id, agent.prompt) == ("\ufffd", "a\ufffd b\U0001f600")
    raw = b'{"success": true, "data": {"id": "\xed\xa0\x80"}}'
    with pytest.raises(vocobase.ResponseError):
        call(kind, raw, lambda vb: vb.agents.get("a"))


@both
def test_an_error_whose_members_are_anything_is_still_that_error(kind: str) -> None:
    for member in ("[" * 900 + "]" * 900, "9" * 4000, '"\\ud800"', "null", '{"a": []}'):
        body = b'{"success": false, "error": {"code": %s, "message": %s}}' % (
            member.encode(),
            member.encode(),
        )
        transport = Reply(lambda _, body=body: response(409, [], body))
        with pytest.raises(vocobase.ConflictError) as caught:
            if kind == "sync":
                run_sync(transport, dial)
            else:
                run_async(transport, dial)
        str(caught.value).encode()


def test_a_list_that_is_none_is_empty_only_when_the_total_says_so() -> None:
    for value in ("5", "true", '"abc"', "{}", "null"):
        body = b'{"success": true, "data": {"agents": %s, "total": 0}}' % value.encode()
        assert len(call("sync", body, lambda vb: vb.agents.list())) == 0
