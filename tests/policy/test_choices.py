"""Arguments with documented values: editors complete them, and any other string is accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import httpx
import pytest

import vocobase
from vocobase import Vocobase
from vocobase._policy import choices
from vocobase._resources.sync.calls import Calls
from vocobase_sandbox import Sandbox

DOCUMENT = json.loads(Path("openapi.json").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]


def member(schema: str, name: str) -> Any:
    return SCHEMAS[schema]["properties"][name]


def parameter(path: str, name: str) -> Any:
    return next(
        each["schema"] for each in DOCUMENT["paths"][path]["get"]["parameters"] if each["name"] == name
    )


def values(schema: Any) -> set[str]:
    return set(schema["enum"] if "enum" in schema else schema["anyOf"][0]["enum"])


@pytest.mark.parametrize(
    ("choice", "schema"),
    [
        (choices.AgentTypeValue, member("AgentsCreateRequest", "agent_type")),
        (choices.CallStatusValue, parameter("/calls", "status")),
        (choices.ProviderValue, member("CallsStartRequest", "provider")),
        (choices.ProviderValue, member("TelephonyConnectionsCreateRequest", "provider")),
        (choices.CampaignProviderValue, member("CampaignsCreateRequest", "provider")),
        (choices.NumberProviderValue, member("PhoneNumbersSyncRequest", "provider")),
        (choices.NumberStatusValue, member("PhoneNumbersUpdateRequest", "status")),
        (choices.DocumentTypeValue, member("DocumentsCreateUploadRequest", "mime_type")),
        (choices.AudioTypeValue, member("BackgroundAudioCreateUploadRequest", "mime_type")),
    ],
)
def test_the_values_are_those_of_the_document_and_any_string(choice: Any, schema: Any) -> None:
    known, other = get_args(choice)
    assert get_origin(known) is Literal
    assert set(get_args(known)) == values(schema)
    assert other is str


def test_the_methods_declare_them() -> None:
    assert Calls.start.__annotations__["provider"] == "ProviderValue | Omit"
    assert Calls.list.__annotations__["status"] == "CallStatusValue | Omit"


def test_an_unknown_provider_is_sent_and_the_advice_is_about_the_provider() -> None:
    sandbox = Sandbox(seed=1, clock="manual")
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb:
        agent = vb.agents.create("A", "p", voice_id=vb.voices.find().id)
        with pytest.raises(vocobase.PermissionDeniedError, match="allowed_telephony_providers") as caught:
            vb.calls.start(agent.id, "+919876543210", provider="twillio")
    assert "twillio" in str(caught.value)
    assert "balance" not in str(caught.value)
    assert not isinstance(caught.value, vocobase.InsufficientBalanceError)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("twillio is not in allowed_telephony_providers", "Check the provider"),
        ("no credentials are set for plivo", "Check the provider"),
        ("the account is suspended", "approved and active"),
        ("the account may have at most 5 agents", "may not do this now"),
        ("this asset belongs to the platform", "may not do this now"),
        ("", "may not do this now"),
        ("balance too low", "Top up the account"),
    ],
)
def test_the_advice_of_a_refusal_guesses_no_cause(text: str, words: str) -> None:
    body = {"success": False, "error": {"code": "FORBIDDEN", "message": text}}
    transport = httpx.MockTransport(lambda request: httpx.Response(403, json=body))
    with Vocobase("rg_live_x", transport=transport) as vb:
        with pytest.raises(vocobase.PermissionDeniedError) as caught:
            vb.agents.get("a")
    assert words in str(caught.value)
    assert ("balance" in str(caught.value)) == ("balance" in text)


@pytest.mark.parametrize("method", ["create", "update", "ensure"])
def test_an_unknown_setting_is_named_without_what_is_inside(method: str) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(500))
    arguments = {"create": ("a", "p"), "update": ("a",), "ensure": ("a", "p")}[method]
    with Vocobase("rg_live_x", transport=transport) as vb:
        with pytest.raises(TypeError) as caught:
            getattr(vb.agents, method)(*arguments, voice_id="v", temperature=1)
    assert str(caught.value) == f"agents.{method}() got an unexpected keyword argument 'temperature'"
