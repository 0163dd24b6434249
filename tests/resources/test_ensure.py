"""`ensure` creates what does not exist, changes what differs, and says which; `iter` exists for every list."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.scenario import wav
from vocobase import AsyncVocobase, Vocobase
from vocobase._client.sync.client import Vocobase as SyncClient
from vocobase_sandbox import Sandbox

Both = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest, vocobase: Vocobase, vocobase_sandbox: Sandbox) -> Both:
    """Run a line with the client of either kind; what it returns is awaited or walked."""

    def use(work: Callable[[Any], Any]) -> Any:
        async def main() -> Any:
            transport = vocobase_sandbox.async_transport()
            async with AsyncVocobase(
                vocobase_sandbox.api_key, base_url=vocobase_sandbox.base_url, transport=transport
            ) as vb:
                found = work(vb)
                return [item async for item in found] if hasattr(found, "__anext__") else await found

        if request.param == "async":
            return asyncio.run(main())
        found = work(vocobase)
        return list(found) if hasattr(found, "__next__") else found

    return use


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
def test_the_first_run_creates_and_the_second_sends_nothing(
    use: Both, vocobase_sandbox: Sandbox, name: str
) -> None:
    first, other, update = CASES[name]
    created = use(first)
    assert created.change == "created"
    before = len(vocobase_sandbox.requests)
    again = use(first)
    assert (again.change, again.id) == ("unchanged", created.id)
    assert {request.method for request in vocobase_sandbox.requests[before:]} == {"GET"}
    changed = use(other)
    assert (changed.change, changed.id) == ("changed", created.id)
    assert vocobase_sandbox.requests[-1].operation == update
    assert use(other).change == "unchanged"
    assert pickle.loads(pickle.dumps(changed)).change == "changed"
    assert isinstance(changed, type(changed).__mro__[1])


def test_terms_that_the_server_normalizes_are_unchanged(use: Both) -> None:
    terms = ["  Vocobase ", "SIP", "SIP"]
    assert use(lambda vb: vb.dictionaries.ensure("Products", terms=terms)).change == "created"
    assert use(lambda vb: vb.dictionaries.ensure("Products", terms=terms)).change == "unchanged"


def test_each_name_is_a_dictionary_of_its_own(use: Both) -> None:
    made = [use(lambda vb, name=name: vb.dictionaries.ensure(name, terms=["x"])) for name in "ABAB"]
    assert [each.change for each in made] == ["created", "created", "unchanged", "unchanged"]
    assert (made[0].id, made[1].id) == (made[2].id, made[3].id)


def test_an_omitted_setting_stays_as_it_is(use: Both) -> None:
    use(lambda vb: vb.dictionaries.ensure("Products", terms=["a"], description="Names"))
    found = use(lambda vb: vb.dictionaries.ensure("Products"))
    assert (found.change, found.terms, found.description) == ("unchanged", ["a"], "Names")


def test_only_a_new_endpoint_has_its_secret(use: Both) -> None:
    work = CASES["webhooks"][0]
    created = use(work)
    assert created.secret.startswith("whsec_") and created.secret not in repr(created)
    assert use(work).secret is None


def test_a_track_is_uploaded_once(use: Both, vocobase: Vocobase, tmp_path: Path) -> None:
    (tmp_path / "music.wav").write_bytes(wav())

    def work(vb: Any) -> Any:
        return vb.background_audio.ensure(tmp_path / "music.wav", slug="lobby")

    created = use(work)
    assert (created.change, created.status) == ("created", "READY")
    again = use(work)
    assert (again.change, again.id) == ("unchanged", created.id)


def test_a_track_whose_upload_was_never_finished_is_replaced(use: Both, vocobase: Vocobase) -> None:
    left = vocobase.background_audio.create_upload("lobby", "Lobby", mime_type="audio/wav", size_bytes=99)
    made = use(lambda vb: vb.background_audio.ensure(wav(), slug="lobby"))
    assert made.change == "created" and made.id != left.id


@pytest.mark.parametrize("name", ["dictionaries", "projects"])
@pytest.mark.parametrize("fault", ["reset_after_headers", "status"])
def test_a_lost_response_to_the_creation_is_settled_by_another_search(
    use: Both, vocobase_sandbox: Sandbox, name: str, fault: Any
) -> None:
    vocobase_sandbox.faults.add(fault, f"{name}.create", status=409, execute=True, count=1)
    assert use(CASES[name][0]).change == "unchanged"


@pytest.mark.parametrize("name", ["dictionaries", "projects"])
def test_an_error_stays_if_nothing_was_created(use: Both, vocobase_sandbox: Sandbox, name: str) -> None:
    vocobase_sandbox.faults.add("status", f"{name}.create", status=409, execute=False, count=1)
    with pytest.raises(Exception, match="409") as caught:
        use(CASES[name][0])
    assert caught.type.__name__ == "ConflictError"


def lists() -> list[str]:
    """Return the resources with a `list` method, such as ``agents.documents``."""
    with SyncClient("rg_live_x", transport=httpx.MockTransport(lambda _: httpx.Response(500))) as vb:
        found: list[str] = []

        def search(holder: Any, path: str) -> None:
            for name in [name for name in dir(holder) if not name.startswith("_")]:
                value = getattr(holder, name)
                if type(value).__module__.startswith("vocobase._resources"):
                    inner = f"{path}.{name}".strip(".")
                    found.extend([inner] if hasattr(value, "list") else [])
                    search(value, inner)

        search(vb, "")
        return found


# The paging of VoiceLink is not documented.
LISTS = [path for path in lists() if not path.startswith("voicelink")]


def test_the_lists_were_found() -> None:
    assert len(LISTS) >= 12


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_an_iterator_with_the_same_items(use: Both, vocobase: Vocobase, path: str) -> None:
    agent_id = vocobase.agents.ensure("Desk", "p", voice_id=VOICE).id
    vocobase.projects.ensure("A")
    dictionary = vocobase.dictionaries.ensure("A", terms=["x"])
    vocobase.dictionaries.ensure("B", terms=["y"])
    vocobase.agents.dictionaries.replace(agent_id, [dictionary.id])
    vocobase.agents.documents.link(agent_id, [vocobase.documents.upload(b"# x", name="a.md").id])
    vocobase.config.webhooks.ensure("main", "https://example.com/a")
    vocobase.config.telephony.set_plivo("MAXXXXXXXXXXXXXXXXXX", "x" * 40, from_number="+12025550199")
    vocobase.phone_numbers.sync("plivo")
    args = (agent_id,) if path.startswith("agents.") else ()

    def resource(vb: Any) -> Any:
        for name in path.split("."):
            vb = getattr(vb, name)
        return vb

    page = use(lambda vb: resource(vb).list(*args))
    assert len(page) > 0 or path in ("calls", "campaigns")
    assert use(lambda vb: resource(vb).iter(*args)) == list(page)
