"""Pages, walking over them, finding, and waiting for calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import vocobase
from vocobase import AsyncVocobase, Page, Vocobase
from vocobase._async import waiting as async_waiting
from vocobase._sync import waiting as sync_waiting
from vocobase.types import Voice
from vocobase_sandbox import Sandbox


class Clock:
    """A monotonic clock that sleeping moves, together with the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        self.sandbox.clock.advance(seconds)


@pytest.fixture
def clock(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(sandbox)

    async def async_sleep(seconds: float) -> None:
        clock.sleep(seconds)

    class Time:
        monotonic = staticmethod(clock.monotonic)
        sleep = staticmethod(clock.sleep)

    class Asyncio:
        sleep = staticmethod(async_sleep)

    monkeypatch.setattr(async_waiting, "time", Time)
    monkeypatch.setattr(async_waiting, "asyncio", Asyncio)
    monkeypatch.setattr(sync_waiting, "time", Time)
    return clock


@pytest.fixture
def agent_id(vb: Vocobase) -> str:
    return vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id


def test_a_page_is_a_sequence_that_knows_where_it_is() -> None:
    page = Page([1, 2], total=5, limit=2, offset=0)
    assert (list(page), len(page), page[0], page[-1:], page.has_next) == ([1, 2], 2, 1, [2], True)
    assert Page([5], total=5, limit=2, offset=4).has_next is False
    assert Page([1, 2], limit=2).has_next is True
    assert Page([1], limit=2).has_next is False
    assert Page([1, 2]).has_next is False
    assert Page([1]) == Page([1]) != Page([2])
    assert page != [1, 2]
    assert "5" in repr(page)
    with pytest.raises(TypeError):
        hash(page)


def test_iter_walks_all_pages(vb: Vocobase, sandbox: Sandbox) -> None:
    voice = vb.voices.find().id
    names = [f"Agent {number}" for number in range(25)]
    for name in names:
        vb.agents.create(name, "p", voice_id=voice)
    assert sorted(agent.agent_name for agent in vb.agents.iter(page_size=10)) == sorted(names)
    documents = {vb.documents.add_web_link(f"d{n}", "https://example.com").id for n in range(5)}
    assert {document.id for document in vb.documents.iter(page_size=2)} == documents


def test_iter_gives_no_item_twice_when_rows_shift(vb: Vocobase) -> None:
    voice = vb.voices.find().id
    for number in range(6):
        vb.agents.create(f"Agent {number}", "p", voice_id=voice)
    found: list[str] = []
    for agent in vb.agents.iter(page_size=3):
        if len(found) == 2:
            vb.agents.create("New on top", "p", voice_id=voice)
        found.append(agent.id)
    assert len(found) == len(set(found)) == 6


def test_async_iter_walks_all_pages(sandbox: Sandbox, vb: Vocobase, agent_id: str) -> None:
    async def main() -> list[str]:
        async with AsyncVocobase(
            sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.async_transport()
        ) as client:
            return [agent.id async for agent in client.agents.iter(page_size=1)]

    assert asyncio.run(main()) == [agent_id]


def test_find_takes_the_first_voice_that_fits_and_says_what_there_is(vb: Vocobase) -> None:
    assert vb.voices.find(language="en").language.startswith("en")
    female = vb.voices.find(gender="Female")
    assert isinstance(female, Voice)
    assert female.gender == "female"
    with pytest.raises(vocobase.LookupFailed, match="language='xx'") as caught:
        vb.voices.find(language="xx")
    assert "en" in str(caught.value)


def test_find_in_an_empty_catalog_says_so() -> None:
    import httpx

    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"success": True, "data": {"voices": []}})
    )
    with (
        Vocobase("rg_live_x", transport=transport) as vb,
        pytest.raises(vocobase.LookupFailed, match="empty"),
    ):
        vb.voices.find()


def wait_sync(sandbox: Sandbox, call_id: str, **options: Any) -> Any:
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb:
        return vb.calls.wait(call_id, **options)


def wait_async(sandbox: Sandbox, call_id: str, **options: Any) -> Any:
    async def main() -> Any:
        async with AsyncVocobase(
            sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.async_transport()
        ) as vb:
            return await vb.calls.wait(call_id, **options)

    return asyncio.run(main())


both = pytest.mark.parametrize("wait", [wait_sync, wait_async])


@both
def test_waiting_ends_with_the_final_call(
    wait: Callable[..., Any], sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    call = vb.calls.start(agent_id, "+919876543210", provider="twilio")
    seen: list[str] = []
    done = wait(sandbox, call.call_id, on_update=lambda update: seen.append(update.status))
    assert done.status == "completed"
    assert done.session.transcript
    assert done.session.processing_complete is True
    assert seen[0] == "pending"
    assert seen[-1] == "completed"


@both
def test_waiting_gives_up_with_what_it_saw_last(
    wait: Callable[..., Any], sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    call = vb.calls.start(agent_id, "+919876543210", provider="twilio")
    with pytest.raises(vocobase.WaitTimeout) as caught:
        wait(sandbox, call.call_id, timeout=0.5)
    assert caught.value.last.call_id == call.call_id
    assert clock.now <= 0.5


@both
def test_a_call_that_was_cancelled_raises_with_the_call(
    wait: Callable[..., Any], sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    call = vb.calls.start(agent_id, "+919876543210", provider="twilio")
    vb.calls.dismiss_stale()
    with pytest.raises(vocobase.CallFailed, match="canceled") as caught:
        wait(sandbox, call.call_id)
    assert caught.value.call.status == "canceled"


@both
def test_waiting_for_an_unknown_call_is_not_found(
    wait: Callable[..., Any], sandbox: Sandbox, clock: Clock
) -> None:
    with pytest.raises(vocobase.NotFound):
        wait(sandbox, "nobody")
    assert clock.pauses == []


def pages(answers: list[dict[str, Any]]) -> Vocobase:
    import httpx

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"success": True, "data": answers.pop(0) if len(answers) > 1 else answers[0]}
        )

    return Vocobase("rg_live_x", transport=httpx.MockTransport(respond))


def rows(*names: object) -> list[dict[str, object]]:
    return [{"id": name} for name in names]


def test_iter_goes_on_when_the_server_leaves_out_the_limit() -> None:
    with pages([{"agents": rows("1", "2"), "total": 3}, {"agents": rows("3"), "total": 3}]) as vb:
        assert [agent.id for agent in vb.agents.iter(page_size=2)] == ["1", "2", "3"]


def test_iter_ends_when_the_server_ignores_the_offset() -> None:
    with pages([{"agents": rows("1", "2")}]) as vb:
        assert [agent.id for agent in vb.agents.iter(page_size=2)] == ["1", "2"]


def test_iter_keeps_rows_without_a_readable_identifier() -> None:
    with pages([{"agents": [{}, {}, {"id": {"odd": 1}}]}]) as vb:
        assert len(list(vb.agents.iter())) == 3


def test_iter_skips_no_row_when_rows_are_removed_meanwhile(vb: Vocobase) -> None:
    voice = vb.voices.find().id
    for number in range(6):
        vb.agents.create(f"Agent {number}", "p", voice_id=voice)
    for agent in vb.agents.iter(page_size=2):
        vb.agents.delete(agent.id)
    assert len(vb.agents.list()) == 0


@pytest.mark.parametrize("total", [float("1e300"), "5", True, None, 2.5, -1])
def test_a_total_that_is_no_number_is_no_fault(total: Any) -> None:
    with pages([{"agents": rows("1"), "total": total}]) as vb:
        assert len(vb.agents.list()) == 1


@pytest.mark.parametrize("timeout", [float("nan"), -1.0])
def test_a_wait_that_would_never_end_is_refused(timeout: float) -> None:
    with pages([{}]) as vb, pytest.raises(vocobase.InvalidArgument):
        vb.calls.wait("c1", timeout=timeout)


def test_one_bad_answer_does_not_end_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    pauses: list[float] = []

    class Time:
        monotonic = staticmethod(lambda: sum(pauses))
        sleep = staticmethod(pauses.append)

    monkeypatch.setattr(sync_waiting, "time", Time)
    old = {
        "call_id": "old",
        "status": "completed",
        "processing_complete": False,
        "session": {"transcript": []},
    }
    done = {**old, "processing_complete": True}
    answers = [
        503,
        {"calls": []},
        {**old, "status": "in_progress"},
        {"calls": []},
        429,
        {"calls": []},
        old,
        503,
        old,
        done,
    ]

    def respond(request: httpx.Request) -> httpx.Response:
        found = answers.pop(0)
        if isinstance(found, int):
            return httpx.Response(found)
        return httpx.Response(200, json={"success": True, "data": found})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond), max_retries=0) as vb:
        assert vb.calls.wait("old").status == "completed"
    assert answers == []
    with Vocobase(
        "rg_live_x", transport=httpx.MockTransport(lambda _: httpx.Response(503)), max_retries=0
    ) as vb:
        with pytest.raises(vocobase.WaitTimeout, match="not seen") as caught:
            vb.calls.wait("old", timeout=20)
    assert isinstance(caught.value.__cause__, vocobase.ServerError)


def test_the_async_client_walks_and_waits_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(
        async_waiting, "time", type("Time", (), {"monotonic": staticmethod(lambda: sum(pauses))})
    )
    monkeypatch.setattr(async_waiting, "asyncio", type("Asyncio", (), {"sleep": staticmethod(sleep)}))

    async def answering(answers: list[Any], call: Callable[[AsyncVocobase], Any]) -> Any:
        def respond(request: httpx.Request) -> httpx.Response:
            found = answers.pop(0)
            if isinstance(found, int):
                return httpx.Response(found)
            return httpx.Response(200, json={"success": True, "data": found})

        async with AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond), max_retries=0) as vb:
            return await call(vb)

    old = {"call_id": "old", "status": "completed"}
    answers: list[Any] = [503, {"calls": []}, {**old, "status": "in_progress"}, {"calls": []}, old, 503, old]
    assert asyncio.run(answering(answers, lambda vb: vb.calls.wait("old"))).status == "completed"
    assert answers == []

    async def walk(vb: AsyncVocobase) -> list[object]:
        return [agent.id async for agent in vb.agents.iter(page_size=2)]

    shrinking = [
        {"agents": rows("1", {"odd": 1}), "total": 4},
        {"agents": rows("4"), "total": 3},
        {"agents": rows({"odd": 1}, "3"), "total": 3},
        {"agents": rows("4"), "total": 3},
    ]
    found = asyncio.run(answering([*shrinking], walk))
    assert found == ["1", {"odd": 1}, {"odd": 1}, "3"]


def test_the_async_client_turns_what_it_cannot_read_into_an_error_and_survives_its_listener() -> None:
    import httpx

    from vocobase import ResponseInfo

    def broken(info: ResponseInfo) -> None:
        raise KeyError("bug")

    async def main(data: Any) -> Any:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"success": True, "data": data}))
        async with AsyncVocobase("rg_live_x", transport=transport, on_response=broken) as vb:
            return await vb.agents.get("a")

    assert asyncio.run(main({"id": "a"})).id == "a"
    with pytest.raises(vocobase.ResponseError, match="an object was expected"):
        asyncio.run(main("text"))
