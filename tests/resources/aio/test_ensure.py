"""`ensure` creates what does not exist, changes what differs, and says which; `iter` exists for every list."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.scenario import wav
from tests.resources.lists import LISTS
from vocobase import AsyncVocobase
from vocobase_sandbox import Sandbox


def agent(prompt: str) -> Callable[[Any], Any]:
    return lambda vb: vb.agents.ensure("Desk", prompt, voice_id=VOICE, intro_message="Hello.")


VOICE = "5b0c0de0-0000-4000-8000-000000000001"
CASES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], str]] = {
    "agents": (agent("Be kind."), agent("Be brief."), "agents.update"),
    "dictionaries": (
        lambda vb: vb.dictionaries.ensure("Products", terms=["Vocobase", "SIP"], description="Names"),
        lambda vb: vb.dictionaries.ensure("Products", terms=["Vocobase"]),
        "dictionaries.update",
    ),
    "projects": (
        lambda vb: vb.projects.ensure("Client A", description="Dental"),
        lambda vb: vb.projects.ensure("Client A", description="Vision"),
        "projects.update",
    ),
    "webhooks": (
        lambda vb: vb.config.webhooks.ensure("main", "https://example.com/a"),
        lambda vb: vb.config.webhooks.ensure("main", "https://example.com/b"),
        "config.webhooks.update",
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_first_run_creates_and_the_second_sends_nothing(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, name: str
) -> None:
    first, other, update = CASES[name]
    created = await first(async_vocobase)
    assert created.change == "created"
    before = len(vocobase_sandbox.requests)
    again = await first(async_vocobase)
    assert (again.change, again.id) == ("unchanged", created.id)
    assert {request.method for request in vocobase_sandbox.requests[before:]} == {"GET"}
    changed = await other(async_vocobase)
    assert (changed.change, changed.id) == ("changed", created.id)
    assert vocobase_sandbox.requests[-1].operation == update
    assert (await other(async_vocobase)).change == "unchanged"
    assert pickle.loads(pickle.dumps(changed)).change == "changed"
    assert isinstance(changed, type(changed).__mro__[1])


async def test_terms_that_the_server_normalizes_are_unchanged(async_vocobase: AsyncVocobase) -> None:
    terms = ["  Vocobase ", "SIP", "SIP"]
    assert (await async_vocobase.dictionaries.ensure("Products", terms=terms)).change == "created"
    assert (await async_vocobase.dictionaries.ensure("Products", terms=terms)).change == "unchanged"


async def test_each_name_is_a_dictionary_of_its_own(async_vocobase: AsyncVocobase) -> None:
    made = [await async_vocobase.dictionaries.ensure(name, terms=["x"]) for name in "ABAB"]
    assert [each.change for each in made] == ["created", "created", "unchanged", "unchanged"]
    assert (made[0].id, made[1].id) == (made[2].id, made[3].id)


async def test_an_omitted_setting_stays_as_it_is(async_vocobase: AsyncVocobase) -> None:
    await async_vocobase.dictionaries.ensure("Products", terms=["a"], description="Names")
    found = await async_vocobase.dictionaries.ensure("Products")
    assert (found.change, found.terms, found.description) == ("unchanged", ["a"], "Names")


async def test_only_a_new_endpoint_has_its_secret(async_vocobase: AsyncVocobase) -> None:
    work = CASES["webhooks"][0]
    created = await work(async_vocobase)
    assert created.secret.startswith("whsec_") and created.secret not in repr(created)
    assert (await work(async_vocobase)).secret is None


async def test_a_track_is_uploaded_once(async_vocobase: AsyncVocobase, tmp_path: Path) -> None:
    (tmp_path / "music.wav").write_bytes(wav())

    def work(vb: Any) -> Any:
        return vb.background_audio.ensure(tmp_path / "music.wav", slug="lobby")

    created = await work(async_vocobase)
    assert (created.change, created.status) == ("created", "READY")
    again = await work(async_vocobase)
    assert (again.change, again.id) == ("unchanged", created.id)


async def test_a_track_whose_upload_was_never_finished_is_replaced(async_vocobase: AsyncVocobase) -> None:
    tracks = async_vocobase.background_audio
    left = await tracks.create_upload("lobby", "Lobby", mime_type="audio/wav", size_bytes=99)
    made = await tracks.ensure(wav(), slug="lobby")
    assert made.change == "created" and made.id != left.id


@pytest.mark.parametrize("name", ["dictionaries", "projects"])
@pytest.mark.parametrize("fault", ["reset_after_headers", "status"])
async def test_a_lost_response_to_the_creation_is_settled_by_another_search(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, name: str, fault: Any
) -> None:
    vocobase_sandbox.faults.add(fault, f"{name}.create", status=409, execute=True, count=1)
    assert (await CASES[name][0](async_vocobase)).change == "unchanged"


@pytest.mark.parametrize("name", ["dictionaries", "projects"])
async def test_an_error_stays_if_nothing_was_created(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, name: str
) -> None:
    vocobase_sandbox.faults.add("status", f"{name}.create", status=409, execute=False, count=1)
    with pytest.raises(Exception, match="409") as caught:
        await CASES[name][0](async_vocobase)
    assert caught.type.__name__ == "ConflictError"


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_has_an_iterator_with_the_same_items(
    async_vocobase: AsyncVocobase, path: str
) -> None:
    agent_id = (await async_vocobase.agents.ensure("Desk", "p", voice_id=VOICE)).id
    await async_vocobase.projects.ensure("A")
    dictionary = await async_vocobase.dictionaries.ensure("A", terms=["x"])
    await async_vocobase.dictionaries.ensure("B", terms=["y"])
    await async_vocobase.agents.dictionaries.replace(agent_id, [dictionary.id])
    document = await async_vocobase.documents.upload(b"# x", name="a.md")
    await async_vocobase.agents.documents.link(agent_id, [document.id])
    await async_vocobase.config.webhooks.ensure("main", "https://example.com/a")
    await async_vocobase.config.telephony.set_plivo(
        "MAXXXXXXXXXXXXXXXXXX", "x" * 40, from_number="+12025550199"
    )
    await async_vocobase.phone_numbers.sync("plivo")
    args = (agent_id,) if path.startswith("agents.") else ()

    def resource(vb: Any) -> Any:
        for name in path.split("."):
            vb = getattr(vb, name)
        return vb

    page = await resource(async_vocobase).list(*args)
    assert len(page) > 0 or path in ("calls", "campaigns")
    assert [each async for each in resource(async_vocobase).iter(*args)] == list(page)
