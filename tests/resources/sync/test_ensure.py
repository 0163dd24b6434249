# Derived from tests/resources/aio/test_ensure.py by scripts/derive_sync.py; edit that instead.
"""`ensure` creates what does not exist, changes what differs, and says which; `iter` exists for every list."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.scenario import wav
from tests.resources.lists import LISTS
from vocobase import Vocobase
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
def test_the_first_run_creates_and_the_second_sends_nothing(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, name: str
) -> None:
    first, other, update = CASES[name]
    created = first(vocobase)
    assert created.change == "created"
    before = len(vocobase_sandbox.requests)
    again = first(vocobase)
    assert (again.change, again.id) == ("unchanged", created.id)
    assert {request.method for request in vocobase_sandbox.requests[before:]} == {"GET"}
    changed = other(vocobase)
    assert (changed.change, changed.id) == ("changed", created.id)
    assert vocobase_sandbox.requests[-1].operation == update
    assert (other(vocobase)).change == "unchanged"
    assert pickle.loads(pickle.dumps(changed)).change == "changed"
    assert isinstance(changed, type(changed).__mro__[1])


def test_terms_that_the_server_normalizes_are_unchanged(vocobase: Vocobase) -> None:
    terms = ["  Vocobase ", "SIP", "SIP"]
    assert (vocobase.dictionaries.ensure("Products", terms=terms)).change == "created"
    assert (vocobase.dictionaries.ensure("Products", terms=terms)).change == "unchanged"


def test_each_name_is_a_dictionary_of_its_own(vocobase: Vocobase) -> None:
    made = [vocobase.dictionaries.ensure(name, terms=["x"]) for name in "ABAB"]
    assert [each.change for each in made] == ["created", "created", "unchanged", "unchanged"]
    assert (made[0].id, made[1].id) == (made[2].id, made[3].id)


def test_an_omitted_setting_stays_as_it_is(vocobase: Vocobase) -> None:
    vocobase.dictionaries.ensure("Products", terms=["a"], description="Names")
    found = vocobase.dictionaries.ensure("Products")
    assert (found.change, found.terms, found.description) == ("unchanged", ["a"], "Names")


def test_only_a_new_endpoint_has_its_secret(vocobase: Vocobase) -> None:
    work = CASES["webhooks"][0]
    created = work(vocobase)
    assert created.secret.startswith("whsec_") and created.secret not in repr(created)
    assert (work(vocobase)).secret is None


def test_a_track_is_uploaded_once(vocobase: Vocobase, tmp_path: Path) -> None:
    (tmp_path / "music.wav").write_bytes(wav())

    def work(vb: Any) -> Any:
        return vb.background_audio.ensure(tmp_path / "music.wav", slug="lobby")

    created = work(vocobase)
    assert (created.change, created.status) == ("created", "READY")
    again = work(vocobase)
    assert (again.change, again.id) == ("unchanged", created.id)


def test_a_track_whose_upload_was_never_finished_is_replaced(vocobase: Vocobase) -> None:
    tracks = vocobase.background_audio
    left = tracks.create_upload("lobby", "Lobby", mime_type="audio/wav", size_bytes=99)
    made = tracks.ensure(wav(), slug="lobby")
    assert made.change == "created" and made.id != left.id


@pytest.mark.parametrize("name", ["dictionaries", "projects"])
@pytest.mark.parametrize("fault", ["reset_after_headers", "status"])
def test_a_lost_response_to_the_creation_is_settled_by_another_search(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, name: str, fault: Any
) -> None:
    vocobase_sandbox.faults.add(fault, f"{name}.create", status=409, execute=True, count=1)
    assert (CASES[name][0](vocobase)).change == "unchanged"


@pytest.mark.parametrize("name", ["dictionaries", "projects"])
def test_an_error_stays_if_nothing_was_created(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, name: str
) -> None:
    vocobase_sandbox.faults.add("status", f"{name}.create", status=409, execute=False, count=1)
    with pytest.raises(Exception, match="409") as caught:
        CASES[name][0](vocobase)
    assert caught.type.__name__ == "ConflictError"


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_an_iterator_with_the_same_items(vocobase: Vocobase, path: str) -> None:
    agent_id = (vocobase.agents.ensure("Desk", "p", voice_id=VOICE)).id
    vocobase.projects.ensure("A")
    dictionary = vocobase.dictionaries.ensure("A", terms=["x"])
    vocobase.dictionaries.ensure("B", terms=["y"])
    vocobase.agents.dictionaries.replace(agent_id, [dictionary.id])
    document = vocobase.documents.upload(b"# x", name="a.md")
    vocobase.agents.documents.link(agent_id, [document.id])
    vocobase.config.webhooks.ensure("main", "https://example.com/a")
    vocobase.config.telephony.set_plivo("MAXXXXXXXXXXXXXXXXXX", "x" * 40, from_number="+12025550199")
    vocobase.phone_numbers.sync("plivo")
    args = (agent_id,) if path.startswith("agents.") else ()

    def resource(vb: Any) -> Any:
        for name in path.split("."):
            vb = getattr(vb, name)
        return vb

    page = resource(vocobase).list(*args)
    assert len(page) > 0 or path in ("calls", "campaigns")
    assert [each for each in resource(vocobase).iter(*args)] == list(page)
