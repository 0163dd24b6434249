"""Pages, walking over them, and finding."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import vocobase
from vocobase import AsyncVocobase, Page, Vocobase
from vocobase.types import Voice
from vocobase_sandbox import Sandbox


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
    with pytest.raises(vocobase.LookupFailedError, match="language='xx'") as caught:
        vb.voices.find(language="xx")
    assert "en" in str(caught.value)


def test_find_in_an_empty_catalog_says_so() -> None:
    import httpx

    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"success": True, "data": {"voices": []}})
    )
    with (
        Vocobase("rg_live_x", transport=transport) as vb,
        pytest.raises(vocobase.LookupFailedError, match="empty"),
    ):
        vb.voices.find()


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


def test_iter_goes_on_after_a_page_that_the_server_has_capped() -> None:
    with pages([{"agents": rows("1", "2")}, {"agents": rows("3")}, {"agents": []}]) as vb:
        assert [agent.id for agent in vb.agents.iter(page_size=50)] == ["1", "2", "3"]


def test_iter_ends_when_servers_disagree_about_the_total() -> None:
    answers = [
        {"agents": rows("1", "2"), "total": 5},
        *([{"agents": rows("1", "2"), "total": n} for n in (4, 5)] * 5),
    ]
    with pages(answers) as vb:
        assert [agent.id for agent in vb.agents.iter(page_size=2)] == ["1", "2"]


def test_iter_counts_by_itself_where_the_server_names_another_offset() -> None:
    with pages([{"agents": rows("1", "2"), "total": 4, "offset": 0}] * 3) as vb:
        assert [agent.id for agent in vb.agents.iter(page_size=2)] == ["1", "2"]


def test_a_wish_for_a_voice_may_be_written_either_way_but_must_be_text() -> None:
    with pages([{"voices": [{"id": "v", "language": "en_IN"}]}]) as vb:
        assert vb.voices.find(language="EN-in").id == "v"
        assert vb.voices.find(language="en_in").id == "v"
        with pytest.raises(vocobase.InvalidArgumentError, match="language must be a string"):
            vb.voices.find(language=5)  # type: ignore[arg-type]


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


def test_the_async_client_walks_in_the_same_way() -> None:
    import httpx

    answers = [
        {"agents": rows("1", {"odd": 1}), "total": 4},
        {"agents": rows("4"), "total": 3},
        {"agents": rows({"odd": 1}, "3"), "total": 3},
        {"agents": rows("4"), "total": 3},
    ]

    async def main() -> list[object]:
        def respond(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"success": True, "data": answers.pop(0)})

        async with AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
            return [agent.id async for agent in vb.agents.iter(page_size=2)]

    assert asyncio.run(main()) == ["1", {"odd": 1}, {"odd": 1}, "3"]


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
