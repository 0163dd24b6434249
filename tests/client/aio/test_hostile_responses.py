"""Whatever a server sends in place of a response, only errors of the SDK come out: every operation, every helper."""

from __future__ import annotations

import copy
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
from vocobase import AsyncVocobase, CallJob, CallWindow, OutcomeUnknownError, VocobaseError
from vocobase._policy.operations import OPERATIONS, RetrySafety

OPTIONS: dict[str, Any] = {"max_retries": 0, "pace": FreeBudget()}
ROUNDS = 25


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
async def test_every_operation_raises_only_errors_of_the_sdk(genuine: dict[str, Method]) -> None:
    chance = random.Random(AsyncVocobase.__name__)  # other bodies for each client
    now: list[Any] = []
    outcomes = {True: 0, False: 0}
    async with AsyncVocobase("rg_live_x", transport=Reply(lambda _: response(*now[-1])), **OPTIONS) as vb:
        for key, (args, kwargs, body) in genuine.items():
            for now[:] in ([each] for each in hostile(body, chance)):
                try:
                    result = await method_of(vb, key)(*args, **kwargs)
                except VocobaseError as error:
                    check_error(key, now[-1][0], error)
                    outcomes[False] += 1
                else:
                    check_usable(result)
                    outcomes[True] += 1
    assert min(outcomes.values()) > 1000


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
Use = Callable[[Any, Path], Any]
# What is called with a client and a folder of its own, which has two documents in it: iterators, and the others.
WALKS: dict[str, Use] = {
    "agents.iter": lambda vb, _: vb.agents.iter(),
    "calls.iter": lambda vb, _: vb.calls.iter(),
    "calls.wait_all": lambda vb, _: vb.calls.wait_all(["c", "d"], timeout=100),
    "campaigns.watch": lambda vb, _: vb.campaigns.watch("c", timeout=100),
    "events.poll": lambda vb, _: vb.events.poll(timeout=60),
    "events.poll again": lambda vb, _: vb.events.poll(timeout=60, cursor=POLLED),
}
HELPERS: dict[str, Use] = {
    "agents.find": lambda vb, _: vb.agents.find("x"),
    "agents.ensure": lambda vb, _: vb.agents.ensure("Desk", "p", voice_id="v", variables=["a"]),
    "voices.find": lambda vb, _: vb.voices.find(language="en"),
    "calls.find_started": lambda vb, _: vb.calls.find_started("a", NUMBER, since=SINCE),
    "calls.start in time": lambda vb, _: vb.calls.start("a", NUMBER, wait_for_slot=60),
    "calls.wait": lambda vb, _: vb.calls.wait("c", timeout=100),
    "calls.download_recording": lambda vb, place: vb.calls.download_recording("c", place / "r.wav"),
    "documents.download": lambda vb, place: vb.documents.download("d", place / "r.md"),
    "documents.download_all": lambda vb, place: vb.documents.download_all(place / "all"),
    "documents.upload": lambda vb, _: vb.documents.upload(b"# T", name="a.md"),
    "documents.upload_many": lambda vb, place: vb.documents.upload_many([place / "a.md", place / "b.md"]),
    "background_audio.upload": lambda vb, _: vb.background_audio.upload(scenario.wav(), slug="tone"),
    "agents.documents.sync": lambda vb, place: vb.agents.documents.sync("a", place),
    "agents.documents.wait_synced": lambda vb, _: vb.agents.documents.wait_synced("a", timeout=100),
    "sessions.wait": lambda vb, _: vb.sessions.wait("s", timeout=100),
    "campaigns.import_contacts": lambda vb, _: vb.campaigns.import_contacts("c", NUMBERS),
    "calls.start_many": lambda vb, place: vb.calls.start_many(
        [CallJob("a", NUMBER)],
        ledger=place / "l.sqlite",
        window=CallWindow.any_time(),
        until=datetime.now(UTC) + timedelta(seconds=0.05),
    ),
}


async def async_run(transport: Reply, use: Callable[[Any], Any], **options: Any) -> Any:
    """Return what a call gives with a client of this transport."""
    async with AsyncVocobase("rg_live_x", transport=transport, **{**OPTIONS, **options}) as vb:
        return await use(vb)


async def async_try_helper(helper: str, vb: Any, place: Path) -> None:
    """Call a helper, or walk over what it yields."""
    if helper not in WALKS:
        await HELPERS[helper](vb, place)
        return
    found, count = WALKS[helper](vb, place), 0
    async for item in found:
        assert repr(item)
        count += 1
        if count == 500:
            break
    if hasattr(found, "cursor"):
        assert found.cursor


@pytest.mark.parametrize("helper", [*WALKS, *HELPERS])
async def test_every_helper_raises_only_errors_of_the_sdk(
    helper: str, genuine: dict[str, Method], still: Still, tmp_path: Path
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
        try:
            await async_run(
                Reply(respond), lambda vb, place=place: async_try_helper(helper, vb, place), max_retries=1
            )
        except VocobaseError as error:
            assert "\n" not in str(error)


def campaign_of(genuine: dict[str, Method], status: str) -> Method:
    args, kwargs, body = genuine["campaigns.get"]
    return args, kwargs, {**body, "data": {**body["data"], "status": status}}


def sends(body: bytes) -> Reply:
    return Reply(lambda _: response(200, [], body))


def dial(vb: Any) -> Any:
    return vb.calls.start("a", NUMBER)


@pytest.mark.parametrize(
    "call_id", ['{"id": "c1"}', '["c1"]', "5", "true", "1e999", '"\\u0000"', '"\\ud800"', f'"{"x" * 513}"']
)
async def test_an_identifier_that_cannot_be_one_is_an_unknown_outcome_after_a_dial(call_id: str) -> None:
    body = b'{"success": true, "data": {"call_id": %s, "status": "pending"}}' % call_id.encode()
    with pytest.raises(OutcomeUnknownError, match="call_id"):
        await async_run(sends(body), dial)


@pytest.mark.parametrize("levels", [101, 300, 900, 100_000])
async def test_a_response_that_is_nested_too_deeply_is_a_response_error(levels: int) -> None:
    """Printing, copying or comparing it would raise a RecursionError in the program that does so."""
    body = b'{"success": true, "data": {"id": "a", "call_id": "c", "x": %s}}' % (
        b"[" * levels + b"]" * levels
    )
    with pytest.raises(
        vocobase.ResponseError, match=r"agents\.get: unexpected response \(HTTP 200\): not JSON"
    ):
        await async_run(sends(body), lambda vb: vb.agents.get("a"))
    with pytest.raises(OutcomeUnknownError):
        await async_run(sends(body), dial)


async def test_half_a_character_of_a_server_becomes_one_that_can_be_stored() -> None:
    body = b'{"success": true, "data": {"id": "\\udfff", "prompt": "a\\ud83d b\\ud83d\\ude00"}}'
    agent = await async_run(sends(body), lambda vb: vb.agents.get("a"))
    assert (agent.id, agent.prompt) == ("\ufffd", "a\ufffd b\U0001f600")
    raw = b'{"success": true, "data": {"id": "\xed\xa0\x80"}}'
    with pytest.raises(vocobase.ResponseError):
        await async_run(sends(raw), lambda vb: vb.agents.get("a"))


async def test_an_error_whose_members_are_anything_is_still_that_error() -> None:
    for member in ("[" * 900 + "]" * 900, "9" * 4000, '"\\ud800"', "null", '{"a": []}'):
        body = b'{"success": false, "error": {"code": %s, "message": %s}}' % (
            member.encode(),
            member.encode(),
        )
        transport = Reply(lambda _, body=body: response(409, [], body))
        with pytest.raises(vocobase.ConflictError) as caught:
            await async_run(transport, dial)
        str(caught.value).encode()


async def test_a_list_that_is_none_is_empty_only_when_the_total_says_so() -> None:
    for value in ("5", "true", '"abc"', "{}", "null"):
        body = b'{"success": true, "data": {"agents": %s, "total": 0}}' % value.encode()
        assert len(await async_run(sends(body), lambda vb: vb.agents.list())) == 0
