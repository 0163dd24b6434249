"""Pre-call variables: found in prompts, compared with what the agent declares, never refused."""

from __future__ import annotations

import sys
import threading
import warnings
from contextlib import suppress
from typing import Any

import pytest

from tests.transport.server import Server, answer
from vocobase import (
    AsyncVocobase,
    InvalidArgumentError,
    VariablesWarning,
    Vocobase,
    VocobaseError,
)
from vocobase._policy import variables
from vocobase._policy.variables import Declared, difference, variables_in
from vocobase_sandbox import Sandbox

NUMBER = "+919876543210"


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["Hello {{name}}, your {{ order_id }} is here, {{name}}."], ["name", "order_id"]),
        (["{{b}}", None, "{{a}} {{b}}"], ["b", "a"]),
        (
            ["{{{a}}} \\{{b}} {{c{{d}}e}} {{\u00a0f\n}} {{g}}}} {{\tname_2}}"],
            ["a", "b", "d", "f", "g", "name_2"],
        ),
        (["{{nämé}} {{a.b}} {{a|upper}} {{a\u200b}} {{ }} {{{}}} { {a} } {{a} }"], []),
        (["{{first-name}} {{ 1st }} {{}} {name} {{na me}}"], []),
        ([""], []),
        ([], []),
    ],
)
def test_variables_are_found_in_texts_in_the_order_of_their_use(texts: list[Any], names: list[str]) -> None:
    assert variables_in(*texts) == names
    assert AsyncVocobase("rg_live_x", base_url="http://localhost").agents.variables_in(*texts) == names


@pytest.fixture
def agent_id(vb: Vocobase) -> str:
    prompt = "Call {{callee}} about {{topic}}."
    made = vb.agents.create("Caller", prompt, voice_id=vb.voices.find().id)
    return vb.agents.update(made.id, variables=vb.agents.variables_in(prompt)).id


def test_variables_that_match_are_no_reason_to_warn(vb: Vocobase, agent_id: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vb.calls.start(agent_id, NUMBER, provider="twilio", variables={"callee": "Asha", "topic": "rent"})


def test_leaving_declared_variables_out_warns_too(vb: Vocobase, agent_id: str) -> None:
    with pytest.warns(VariablesWarning, match="empty strings: callee, topic"):
        call = vb.calls.start(agent_id, NUMBER, provider="twilio")
    assert vb.calls.get(call.call_id).call_id == call.call_id, "the call is placed all the same"
    with pytest.warns(VariablesWarning, match=r"sessions\.start_webrtc: .*empty strings: callee, topic"):
        vb.sessions.start_webrtc(agent_id)


def test_views_share_what_was_seen_and_a_new_client_knows_nothing(
    sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    with pytest.warns(VariablesWarning):
        vb.with_options(timeout=5).calls.start(agent_id, NUMBER, provider="twilio")
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as other:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            other.calls.start(agent_id, NUMBER, provider="twilio")
        assert [agent.id for agent in other.agents.list()] == [agent_id]
        with pytest.warns(VariablesWarning):
            other.calls.start(agent_id, NUMBER, provider="twilio")


def test_an_answer_that_does_not_say_what_is_declared_is_no_reason_to_warn() -> None:
    started = {"call_id": "c", "session_id": "s"}
    with Server([answer(200, {"id": "a"}), answer(200, started)]) as server:
        with Vocobase("rg_live_x", base_url=server.url) as vb, warnings.catch_warnings():
            warnings.simplefilter("error")
            vb.agents.get("a")
            vb.calls.start("a", NUMBER, variables={"name": "Asha"})
    with Server([answer(200, {"id": "a", "variables": None}), answer(200, started)]) as server:
        with Vocobase("rg_live_x", base_url=server.url) as vb:
            vb.agents.get("a")
            with pytest.warns(VariablesWarning, match="not declared by the agent.*: name"):
                vb.calls.start("a", NUMBER, variables={"name": "Asha"})


@pytest.mark.parametrize("given", [None, "text", 5, ["callee"]])
def test_what_is_no_mapping_is_left_to_the_checks(given: Any) -> None:
    assert difference(frozenset(), given) == ""


def test_the_memory_is_bounded_and_takes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "MAX_REMEMBERED_AGENTS", 2)
    declared = Declared()
    strange: list[Any] = [None, 5, ["unhashable"]]
    for identifier in (*strange, "a", "b", "a", "c"):
        declared.remember(identifier, ["x", 5, None])
    for identifier in (*strange, "b"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            declared.check("calls.start", identifier, {})
    for identifier in ("a", "c"):
        with pytest.warns(VariablesWarning, match="empty strings: x"):
            declared.check("calls.start", identifier, {})


@pytest.mark.parametrize("given", [{1: "x"}, {1: "x", "callee": "y"}, {None: "x"}, {("a",): "x", "topic": 1}])
def test_names_that_are_no_text_are_told_by_the_warning_too(vb: Vocobase, agent_id: str, given: Any) -> None:
    with pytest.warns(VariablesWarning, match="not declared by the agent"), suppress(VocobaseError):
        vb.calls.start(agent_id, NUMBER, provider="twilio", variables=given)


def test_threads_may_share_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "MAX_REMEMBERED_AGENTS", 50)
    declared = Declared()
    failures: list[Exception] = []

    def remember(name: str) -> None:
        try:
            for number in range(20_000):
                declared.remember(f"{name}{number % 200}", ["x"])
        except Exception as error:
            failures.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=remember, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failures == []
    assert 47 <= len(declared._seen) <= 50


@pytest.mark.parametrize("wrong", [5, b"{{name}}", ["{{name}}"]])
def test_variables_are_looked_for_in_texts_only(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="pass texts, such as the prompt of an agent"):
        variables_in("{{name}}", None, wrong)
