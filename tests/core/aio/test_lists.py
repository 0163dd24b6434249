"""Walking over pages, and finding."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import vocobase
from vocobase import AsyncVocobase
from vocobase.types import Voice


async def test_iter_walks_all_pages(client: AsyncVocobase) -> None:
    voice = (await client.voices.find()).id
    names = [f"Agent {number}" for number in range(25)]
    for name in names:
        await client.agents.create(name, "p", voice_id=voice)
    found = [agent.agent_name async for agent in client.agents.iter(page_size=10)]
    assert sorted(found) == sorted(names)
    documents = {(await client.documents.add_web_link(f"d{n}", "https://example.com")).id for n in range(5)}
    assert {document.id async for document in client.documents.iter(page_size=2)} == documents


async def test_iter_gives_no_item_twice_when_rows_shift(client: AsyncVocobase) -> None:
    voice = (await client.voices.find()).id
    for number in range(6):
        await client.agents.create(f"Agent {number}", "p", voice_id=voice)
    found: list[str] = []
    async for agent in client.agents.iter(page_size=3):
        if len(found) == 2:
            await client.agents.create("New on top", "p", voice_id=voice)
        found.append(agent.id)
    assert len(found) == len(set(found)) == 6


async def test_find_takes_the_first_voice_that_fits_and_says_what_there_is(client: AsyncVocobase) -> None:
    assert (await client.voices.find(language="en")).language.startswith("en")
    female = await client.voices.find(gender="Female")
    assert isinstance(female, Voice)
    assert female.gender == "female"
    with pytest.raises(vocobase.LookupFailedError, match="language='xx'") as caught:
        await client.voices.find(language="xx")
    assert "en" in str(caught.value)


async def test_find_in_an_empty_catalog_says_so() -> None:
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"success": True, "data": {"voices": []}})
    )
    async with AsyncVocobase("rg_live_x", transport=transport) as vb:
        with pytest.raises(vocobase.LookupFailedError, match="empty"):
            await vb.voices.find()


def async_pages(answers: list[dict[str, Any]]) -> AsyncVocobase:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"success": True, "data": answers.pop(0) if len(answers) > 1 else answers[0]}
        )

    return AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond))


def rows(*names: object) -> list[dict[str, object]]:
    return [{"id": name} for name in names]


async def test_iter_goes_on_when_the_server_leaves_out_the_limit() -> None:
    async with async_pages([{"agents": rows("1", "2"), "total": 3}, {"agents": rows("3"), "total": 3}]) as vb:
        assert [agent.id async for agent in vb.agents.iter(page_size=2)] == ["1", "2", "3"]


async def test_iter_ends_when_the_server_ignores_the_offset() -> None:
    async with async_pages([{"agents": rows("1", "2")}]) as vb:
        assert [agent.id async for agent in vb.agents.iter(page_size=2)] == ["1", "2"]


async def test_iter_goes_on_after_a_page_that_the_server_has_capped() -> None:
    async with async_pages([{"agents": rows("1", "2")}, {"agents": rows("3")}, {"agents": []}]) as vb:
        assert [agent.id async for agent in vb.agents.iter(page_size=50)] == ["1", "2", "3"]


async def test_iter_ends_when_servers_disagree_about_the_total() -> None:
    answers = [
        {"agents": rows("1", "2"), "total": 5},
        *([{"agents": rows("1", "2"), "total": n} for n in (4, 5)] * 5),
    ]
    async with async_pages(answers) as vb:
        assert [agent.id async for agent in vb.agents.iter(page_size=2)] == ["1", "2"]


async def test_iter_counts_by_itself_where_the_server_names_another_offset() -> None:
    async with async_pages([{"agents": rows("1", "2"), "total": 4, "offset": 0}] * 3) as vb:
        assert [agent.id async for agent in vb.agents.iter(page_size=2)] == ["1", "2"]


async def test_a_wish_for_a_voice_may_be_written_either_way_but_must_be_text() -> None:
    async with async_pages([{"voices": [{"id": "v", "language": "en_IN"}]}]) as vb:
        assert (await vb.voices.find(language="EN-in")).id == "v"
        assert (await vb.voices.find(language="en_in")).id == "v"
        with pytest.raises(vocobase.InvalidArgumentError, match="language must be a string"):
            await vb.voices.find(language=5)  # type: ignore[arg-type]


async def test_iter_keeps_rows_without_a_readable_identifier() -> None:
    async with async_pages([{"agents": [{}, {}, {"id": {"odd": 1}}]}]) as vb:
        assert len([agent.id async for agent in vb.agents.iter()]) == 3


async def test_iter_skips_no_row_when_rows_are_removed_meanwhile(client: AsyncVocobase) -> None:
    voice = (await client.voices.find()).id
    for number in range(6):
        await client.agents.create(f"Agent {number}", "p", voice_id=voice)
    async for agent in client.agents.iter(page_size=2):
        await client.agents.delete(agent.id)
    assert len(await client.agents.list()) == 0


@pytest.mark.parametrize("total", [float("1e300"), "5", True, None, 2.5, -1])
async def test_a_total_that_is_no_number_is_no_fault(total: Any) -> None:
    async with async_pages([{"agents": rows("1"), "total": total}]) as vb:
        assert len(await vb.agents.list()) == 1


async def test_iter_goes_back_when_the_total_falls() -> None:
    answers = [
        {"agents": rows("1", {"odd": 1}), "total": 4},
        {"agents": rows("4"), "total": 3},
        {"agents": rows({"odd": 1}, "3"), "total": 3},
        {"agents": rows("4"), "total": 3},
    ]
    async with async_pages(answers) as vb:
        assert [agent.id async for agent in vb.agents.iter(page_size=2)] == ["1", {"odd": 1}, {"odd": 1}, "3"]
