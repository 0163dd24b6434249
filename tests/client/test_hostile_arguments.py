"""Whatever a program passes, only errors of the SDK come out, and those of the program's own code unchanged."""

from __future__ import annotations

import datetime as dates
import inspect
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.hostile import NUMBER, FreeBudget, Method, Reply, method_of, methods, operation_of
from tests.client.odd_targets import Target, functions, names_of, objects, of_sandbox
from tests.client.odd_values import LIST_IN_ITSELF, VALUES, Own, Rude
from tests.signatures import arguments_of
from vocobase import CallJob, Vocobase, VocobaseError, contacts
from vocobase._dialing.jobs import item_of
from vocobase.types import Agent
from vocobase_sandbox import Sandbox


@pytest.fixture(scope="module")
def genuine() -> dict[str, Method]:
    return methods()


def answer(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "data": {"id": "a", "call_id": "c"}})


def test_every_argument_of_every_operation_may_be_anything(genuine: dict[str, Method]) -> None:
    with Vocobase("rg_live_x", transport=Reply(answer), max_retries=0) as vb:
        vb._core.declared.remember("abc", ["x"])
        refused = 0
        for key, (args, kwargs, _) in genuine.items():
            method = method_of(vb, key)
            positional = dict(zip(inspect.signature(method).parameters, args, strict=False))
            for name in arguments_of(method):
                for value in VALUES:
                    given = {**positional, **kwargs, name: value}
                    try:
                        method(**given)
                    except vocobase.VariablesWarning:
                        pass
                    except VocobaseError as error:
                        assert "\n" not in str(error)
                        refused += isinstance(error, vocobase.InvalidArgumentError)
        assert refused > 5000


# The arguments without which a helper cannot be called, and those that are tried.
HELPERS: dict[str, dict[str, Any]] = {
    "agents.find": {"agent_name": "a"},
    "agents.ensure": {"agent_name": "a", "prompt": "p", "voice_id": "v"},
    "agents.check_variables": {
        "agent": Agent.from_dict({"id": "a", "variables": ["name"]}),
        "variables": {},
    },
    "agents.dictionaries.iter": {"agent_id": "a"},
    "agents.documents.iter": {"agent_id": "a"},
    "agents.iter": {},
    "agents.documents.sync": {"agent_id": "abc", "folder": "/nowhere"},
    "agents.documents.wait_synced": {"agent_id": "abc", "timeout": 0},
    "background_audio.upload": {"source": b"", "slug": "t"},
    "background_audio.ensure": {"source": b"", "slug": "tone"},
    "calls.iter": {},
    "calls.find_started": {"agent_id": "a", "to_number": NUMBER, "since": dates.datetime.now(dates.UTC)},
    "calls.start_many": {"jobs": [], "ledger": "/nowhere/l.sqlite"},
    "calls.plan_many": {"jobs": [], "ledger": "/nowhere/l.sqlite"},
    "calls.start_once": {"key": "k", "agent_id": "a", "to_number": NUMBER, "ledger": "/nowhere/l.sqlite"},
    "calls.wait": {"call_id": "c", "timeout": 0},
    "calls.wait_all": {"call_ids": ["c"], "timeout": 0},
    "calls.download_recording": {"call_id": "c", "dest": "/nowhere/a"},
    "campaigns.import_contacts": {"campaign_id": "c", "source": []},
    "campaigns.results": {"campaign_id": "c", "ledger": "/nowhere/l.sqlite", "timeout": 0},
    "config.webhooks.ensure": {"label": "l", "url": "https://example.com/hook"},
    "dictionaries.ensure": {"name": "n"},
    "documents.iter": {},
    "events.of_call": {"call_id": "c"},
    "phone_numbers.assign": {"phone_number_id": "p", "agent_id": "a"},
    "phone_numbers.iter": {},
    "phone_numbers.unassign": {"phone_number_id": "p"},
    "projects.ensure": {"name": "n"},
    "telephony_connections.iter": {},
    "with_options": {},
    "campaigns.watch": {"campaign_id": "c", "timeout": 0},
    "documents.download": {"document_id": "d", "dest": "/nowhere/a"},
    "documents.download_all": {"folder": "/nowhere/a"},
    "documents.upload": {"source": b"x", "name": "a.md"},
    "documents.upload_many": {"paths": []},
    "events.poll": {"timeout": 0},
    "request": {"method": "GET", "path": "/x"},
    "sessions.wait": {"session_id": "s", "timeout": 0},
    "voices.find": {},
}
# A wait for so long is what was asked for.
LONG = {"timeout", "wait_for_slot", "transfer_timeout"}


@pytest.mark.parametrize("helper", HELPERS)
def test_every_argument_of_every_helper_may_be_anything(
    helper: str, genuine: dict[str, Method], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # some of the values are names of files

    def read(request: httpx.Request) -> httpx.Response:
        # Arguments are compared with what lists hold. A limit of slots would make calls wait.
        name = operation_of(request)
        is_read = request.method == "GET" and name in genuine and name != "calls.concurrency"
        return httpx.Response(200, json=genuine[name][2]) if is_read else answer(request)

    with Vocobase("rg_live_x", transport=Reply(read), max_retries=0, pace=FreeBudget()) as vb:
        method = method_of(vb, helper)
        for name in arguments_of(method):
            # A ledger of its own for each argument, as one keeps a budget of calls per minute.
            folder = tmp_path / name
            folder.mkdir()
            given = {
                each: valid.replace("/nowhere", str(folder)) if isinstance(valid, str) else valid
                for each, valid in HELPERS[helper].items()
            }
            for value in VALUES:
                if name in LONG and (value is None or (isinstance(value, (int, float)) and value > 0)):
                    continue
                # The whole disk is not read here.
                if name == "folder" and isinstance(value, str) and value in ("/", ".."):
                    continue
                # Called without any argument, a class of the program raises what it raises.
                if name.startswith("on_") and value is Rude:
                    continue
                try:
                    found = method(**{**given, name: value})
                    for _ in zip(range(3), found if hasattr(found, "__next__") else (), strict=False):
                        pass
                except VocobaseError as error:
                    assert "\n" not in str(error)


# The other methods that are not operations: they have no arguments, or are a view of one of these.
NOT_TRIED = {
    *("agents.variables_in", "calls.work", "close"),
    *(f"{part}.iter" for part in ("background_audio", "campaigns", "config.webhooks", "dictionaries")),
    *(f"{part}.iter" for part in ("projects", "voices")),
}


def test_every_helper_is_tried() -> None:
    def helpers(part: Any, path: str) -> Iterator[str]:
        for name in [name for name in dir(part) if not name.startswith("_") and name != "raw"]:
            member, key = getattr(part, name), f"{path}{name}"
            if inspect.isroutine(member) and key not in vocobase.OPERATIONS:
                yield key
            elif type(member).__module__.startswith("vocobase._resources"):
                yield from helpers(member, f"{key}.")

    with Vocobase("rg_live_x", transport=Reply(answer)) as vb:
        assert {*helpers(vb, "")} == {*HELPERS} | NOT_TRIED


def may_be_anything(targets: dict[str, Target], allowed: type[Exception]) -> int:
    """Try each argument; return how many values were refused."""
    refused = 0
    for target in targets.values():
        call, given = target
        for name in names_of(target):
            for value in VALUES:
                # Called without any argument, a class of the program raises what it raises.
                if value is Rude:
                    continue
                try:
                    found = call(**{**given, name: value})
                    for _ in zip(range(3), found if hasattr(found, "__next__") else (), strict=False):
                        pass
                    if hasattr(found, "close"):
                        found.close()
                except allowed as error:
                    assert "\n" not in str(error)
                    refused += 1
    return refused


def test_every_argument_of_every_function_may_be_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # some of the values are names of files
    assert may_be_anything(functions(tmp_path), VocobaseError) > 1000


def test_every_argument_of_every_method_of_a_file_may_be_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        assert may_be_anything(objects(tmp_path, stack), VocobaseError) > 1000


def test_what_moves_and_breaks_a_sandbox_refuses_anything_else_with_a_value_error() -> None:
    with Sandbox(clock="manual", seed=1) as sandbox:
        assert may_be_anything(of_sandbox(sandbox), ValueError) > 300


@pytest.mark.parametrize("part", ["phone", "name", "other"])
def test_every_cell_of_a_list_of_contacts_may_be_anything(part: str, tmp_path: Path) -> None:
    for number, value in enumerate(VALUES):
        rejects = tmp_path / f"{number}.csv"
        row = {"phone": NUMBER, "name": "Asha", part: value}
        assert len([*contacts.read([row], region="IN", rejects=rejects)]) == 1
        for odd in ([{Rude(): NUMBER}], [{10**5000: NUMBER}], [value]):
            try:
                # Blank rows are left out.
                is_blank = isinstance(odd[0], dict) and not odd[0]
                assert len([*contacts.read(odd)]) == (not is_blank)  # type: ignore[arg-type]
            except VocobaseError as error:
                assert isinstance(error, (vocobase.ContactsError, vocobase.InvalidArgumentError))


def test_a_job_whose_number_cannot_be_shown_is_refused() -> None:
    for value in (Rude(), 10**5000, LIST_IN_ITSELF, b"x"):
        with pytest.raises(vocobase.InvalidArgumentError, match=r"E\.164"):
            item_of(CallJob("a", value), None, 0)


def test_a_pacer_that_returns_no_number_is_a_configuration_error() -> None:
    class Odd:
        def try_acquire(self, budget: vocobase.Budget, account: str) -> Any:
            return None

    with Vocobase("rg_live_x", transport=Reply(answer), pace=Odd()) as vb:
        with pytest.raises(vocobase.ConfigurationError, match="try_acquire\\(\\) returned NoneType"):
            vb.agents.get("a")


def test_what_an_iterable_or_the_key_of_the_program_raises_passes_unchanged() -> None:
    def broken() -> Any:
        yield "d1"
        raise Own

    def key() -> str:
        raise Own

    with Vocobase("rg_live_x", transport=Reply(answer)) as vb:
        for use in (
            lambda: vb.agents.documents.link("a", broken()),
            lambda: vb.calls.wait_all(broken()),
            lambda: vb.documents.upload_many(broken()),
        ):
            with pytest.raises(Own):
                use()
    with Vocobase(key, transport=Reply(answer)) as vb, pytest.raises(Own):
        vb.agents.get("a")
