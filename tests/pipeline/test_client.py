"""What the templates give the raw client: tolerant models, open enums, safe reprs, errors of its own."""

from __future__ import annotations

import asyncio
import copy
import datetime
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import httpx
import pytest

from tests.pipeline.variants import ROOT
from vocobase_raw import Client, models
from vocobase_raw.api.agents import delete, update
from vocobase_raw.api.calls import get, list_, start
from vocobase_raw.errors import RawError, UnexpectedContent, UnexpectedStatus
from vocobase_raw.models import (
    Agent,
    AgentsUpdateRequest,
    Call,
    CallDetails,
    CallExtraction,
    CallList,
    CallSession,
    CallsStartRequest,
    CallStatus,
    CallTransfer,
    Campaign,
    CampaignStats,
    ConfigTelephonySetPlivoRequest,
    DocumentLink,
    DocumentUpload,
    FunctionHeaderInput,
    FunctionsCreateRequest,
    RecordingLink,
    Session,
    StartedCall,
    TelephonyProviderStates,
    WebRTCSession,
)
from vocobase_raw.types import UNSET, Model, Unset, dump

TOKEN = "rg_live_canary"


def served(handler: Callable[[httpx.Request], httpx.Response]) -> Client:
    pool = httpx.Client(transport=httpx.MockTransport(handler), base_url="https://api.test/api/v2")
    return Client(token=TOKEN).set_httpx_client(pool)


def answering(status: int, content: bytes, kind: str = "application/json") -> Client:
    return served(lambda request: httpx.Response(status, content=content, headers={"content-type": kind}))


class TestOpenEnums:
    def test_an_unknown_value_survives(self) -> None:
        status = CallStatus("teleported")
        assert status == "teleported"
        assert f"{status}" == status.value == "teleported"
        assert not status.is_known
        assert json.dumps(dump(status)) == '"teleported"'

    def test_a_known_value_is_a_member(self) -> None:
        assert CallStatus("completed") is CallStatus.COMPLETED
        assert CallStatus.COMPLETED.is_known

    def test_both_kinds_pickle_and_hash_as_their_text(self) -> None:
        for status in (CallStatus("teleported"), CallStatus.COMPLETED):
            again = pickle.loads(pickle.dumps(status))
            assert (again, type(again), again.is_known) == (status, CallStatus, status.is_known)
            assert {str(status): 1}[status] == 1

    def test_unknown_values_do_not_become_members(self) -> None:
        before = list(CallStatus)
        CallStatus("teleported")
        assert list(CallStatus) == before

    def test_what_is_no_text_is_no_value(self) -> None:
        with pytest.raises(ValueError, match="7 is not a valid CallStatus"):
            CallStatus(7)


CALL: dict[str, Any] = {
    "id": "c1",
    "status": "teleported",
    "started_at": "2026-03-01T10:00:00Z",
    "session": {
        "transcript": [{"role": "agent", "content": "Hello", "mood": "kind"}, None],
        "later": {"a": [1]},
    },
    "brand_new": {"deep": [1, {"x": None}]},
}


class TestModels:
    def test_what_came_in_goes_out_again(self) -> None:
        assert CallDetails.from_dict(CALL).to_dict() == CALL

    def test_known_members_are_typed(self) -> None:
        call = CallDetails.from_dict(CALL)
        assert call.status == CallStatus("teleported")
        assert call.started_at == datetime.datetime(2026, 3, 1, 10, tzinfo=datetime.UTC)
        assert call.session.transcript[0].content == "Hello"

    def test_absent_and_null_both_read_as_none_and_differ_in_the_round_trip(self) -> None:
        absent, null = CallDetails.from_dict({}), CallDetails.from_dict({"status": None})
        assert absent.status is None
        assert null.status is None
        assert absent.to_dict() == {}
        assert null.to_dict() == {"status": None}

    @pytest.mark.parametrize("junk", [7, "x", True, [], {}, [None], [[1]], {"a": 1}, 1.5, ""])
    def test_a_wrong_type_anywhere_is_kept_as_it_is(self, junk: Any) -> None:
        members = [key for _, key, _, _ in CallDetails._members]
        source = dict.fromkeys(members, junk)
        assert CallDetails.from_dict(source).to_dict() == source
        inner = {"session": dict.fromkeys(["transcript", "extraction", "latency"], junk)}
        assert CallDetails.from_dict(inner).to_dict() == inner

    def test_unknown_members_can_be_read(self) -> None:
        call = CallDetails.from_dict(CALL)
        assert call.additional_properties["brand_new"] == {"deep": [1, {"x": None}]}

    def test_a_model_is_an_object_and_not_half_a_mapping(self) -> None:
        call = CallDetails.from_dict(CALL)
        for use in (
            lambda: "status" in call,
            lambda: "brand_new" in call,
            lambda: call["status"],
            lambda: call["brand_new"],
            lambda: dict(call),
            lambda: list(call),
            lambda: len(call),
        ):
            with pytest.raises(TypeError):
                use()
        assert not isinstance(call, Mapping)

    def test_a_model_with_open_keys_is_a_whole_mapping(self) -> None:
        data = {"twilio": {"configured": True}, "mcube": None}
        states = TelephonyProviderStates.from_dict(data)
        assert isinstance(states, Mapping)
        assert states["twilio"].configured is True
        assert "twilio" in states
        assert "configured" not in states
        assert dict(states) == {"twilio": states["twilio"], "mcube": None}
        assert (len(states), list(states), states.get("plivo")) == (2, ["twilio", "mcube"], None)
        assert states.to_dict() == data
        assert repr(states) == "TelephonyProviderStates(twilio=TelephonyProviderState(configured=True))"
        assert pickle.loads(pickle.dumps(states)) == states
        assert copy.deepcopy(states) == states

    @pytest.mark.parametrize(
        ("model", "member"),
        [
            (Call, "call_id"),
            (CallDetails, "call_id"),
            (CallExtraction, "call_id"),
            (CallSession, "session_id"),
            (CallTransfer, "call_id"),
            (Campaign, "campaign_id"),
            (CampaignStats, "campaign_id"),
            (DocumentLink, "document_id"),
            (DocumentUpload, "document_id"),
            (RecordingLink, "call_id"),
            (Session, "session_id"),
            (StartedCall, "call_id"),
            (WebRTCSession, "session_id"),
        ],
    )
    def test_every_identifier_is_also_called_id(self, model: Any, member: str) -> None:
        others = {"agent_id": "a", "session_id": "s", "connection_id": "c"}
        key = next(key for attribute, key, _, _ in model._members if attribute == member)
        found = model.from_dict({**others, key: "x"})
        assert (found.id, getattr(found, member)) == ("x", "x")
        assert "id" not in found.to_dict()

    def test_no_response_with_an_identifier_lacks_id(self) -> None:
        named = {"call_id", "session_id", "campaign_id", "document_id", "webhook_id", "endpoint_id"}
        for name in models.__all__:
            model = getattr(models, name)
            if isinstance(model, type) and issubclass(model, Model):
                members = {attribute for attribute, _, _, _ in model._members}
                assert hasattr(model, "id") == bool(members & {*named, "id"}), name

    def test_evolve_keeps_unknown_and_absent_members(self) -> None:
        call = attrs.evolve(CallDetails.from_dict(CALL), status=CallStatus.COMPLETED)
        assert call.to_dict() == {**CALL, "status": "completed"}

    def test_the_source_is_not_changed(self) -> None:
        source = json.loads(json.dumps(CALL))
        CallDetails.from_dict(source)
        assert source == CALL

    def test_models_pickle_and_compare(self) -> None:
        call = CallDetails.from_dict(CALL)
        assert pickle.loads(pickle.dumps(call)) == call
        assert CallDetails.from_dict({}) != call

    def test_requests_tell_omitted_from_null(self) -> None:
        assert AgentsUpdateRequest().to_dict() == {}
        nullable = next(
            field.name
            for field in attrs.fields(AgentsUpdateRequest)
            if {"None", "Unset"} <= set(field.type.split(" | "))
        )
        assert list(AgentsUpdateRequest(**{nullable: None}).to_dict().values()) == [None]
        assert getattr(AgentsUpdateRequest(), nullable) is UNSET

    def test_models_take_keywords_only(self) -> None:
        with pytest.raises(TypeError):
            CallsStartRequest("a", "+1")  # type: ignore[call-arg,misc]

    def test_the_sentinel_is_one_false_value_that_pickles(self) -> None:
        assert not UNSET
        assert Unset() is UNSET
        assert pickle.loads(pickle.dumps(UNSET)) is UNSET
        assert repr(UNSET) == "UNSET"

    def test_times_go_out_as_iso_8601(self) -> None:
        utc = datetime.datetime(2026, 3, 1, 10, tzinfo=datetime.UTC)
        assert dump(utc) == "2026-03-01T10:00:00Z"
        assert dump([datetime.date(2026, 3, 1)]) == ["2026-03-01"]
        assert dump({"a": UNSET, "b": None}) == {"b": None}


class TestReprs:
    def test_a_repr_is_short_and_leaves_out_what_is_not_there(self) -> None:
        text = repr(Agent.from_dict({"agent_name": "Asha", "prompt": "p" * 5000}))
        assert text.startswith("Agent(agent_name='Asha', prompt='ppp")
        assert len(text) < 250
        assert "UNSET" not in text
        assert "None" not in text

    @pytest.mark.parametrize(
        "model",
        [
            ConfigTelephonySetPlivoRequest.from_dict({"auth_id": "MA1", "auth_token": TOKEN}),
            FunctionHeaderInput(key="Authorization", value=TOKEN),
            FunctionsCreateRequest.from_dict({"headers": [{"key": "X", "value": TOKEN}]}),
            Agent.from_dict({"webhook_secret": TOKEN}),
            Agent.from_dict({"more": {"api_key": TOKEN, "list": [{"password": TOKEN}], "tokens": [TOKEN]}}),
            CallDetails.from_dict({"session": {"recording_url": TOKEN}}),
        ],
        ids=lambda model: type(model).__name__,
    )
    def test_no_secret_is_shown(self, model: Any) -> None:
        assert TOKEN not in repr(model)
        assert TOKEN not in repr([model])
        assert TOKEN in json.dumps(model.to_dict())

    def test_the_client_shows_no_token(self) -> None:
        client = Client(token=TOKEN, headers={"X-Key": TOKEN}, httpx_args={"auth": ("u", TOKEN)})
        assert TOKEN not in repr(client)


class TestClient:
    def test_derived_clients_do_not_touch_their_parent(self) -> None:
        parent = Client(token=TOKEN, headers={"a": "1"})
        with parent.get_httpx_client() as pool:
            child = parent.with_headers({"a": "2", "b": "3"}).with_timeout(5)
            assert (parent.headers, parent.timeout) == ({"a": "1"}, 30.0)
            assert (child.headers, child.timeout) == ({"a": "2", "b": "3"}, 5)
            assert pool.headers["a"] == "1"
            with child.get_httpx_client() as other:
                assert other is not pool
                assert other.headers["a"] == "2"

    def test_there_is_a_timeout_and_no_redirect_by_default(self) -> None:
        with Client(token=TOKEN).get_httpx_client() as pool:
            assert pool.timeout == httpx.Timeout(30.0)
            assert not pool.follow_redirects
            assert str(pool.base_url) == "https://api.vocobase.com/api/v2/"
            assert pool.headers["authorization"] == f"Bearer {TOKEN}"

    def test_threads_share_one_pool(self) -> None:
        client = Client(token=TOKEN)
        pools: list[httpx.Client] = []
        threads = [threading.Thread(target=lambda: pools.append(client.get_httpx_client())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with client:
            assert len(set(map(id, pools))) == 1


class TestOperations:
    def test_every_request_carries_its_key(self) -> None:
        seen: list[httpx.Request] = []

        def handler(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"success": True, "data": {"calls": [CALL], "total": 1}})

        with served(handler).get_httpx_client() as pool:
            page = list_.sync(client=Client(token=TOKEN).set_httpx_client(pool), limit=5)
        assert isinstance(page, CallList)
        assert page.calls[0].status == "teleported"
        assert seen[0].extensions["operation_request"].operation == list_.OPERATION == "calls.list"
        assert str(seen[0].url) == "https://api.test/api/v2/calls?limit=5"

    def test_async_functions_do_the_same(self) -> None:
        async def run() -> CallDetails:
            transport = httpx.MockTransport(
                lambda request: httpx.Response(200, json={"success": True, "data": CALL})
            )
            async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as pool:
                return await get.asyncio("c1", client=Client(token=TOKEN).set_async_httpx_client(pool))

        assert asyncio.run(run()).to_dict() == CALL

    def test_a_path_parameter_stays_one_segment(self) -> None:
        assert get.build("a/../b?c#d").url == "/calls/a%2F..%2Fb%3Fc%23d"

    def test_bodies_leave_out_what_is_unset(self) -> None:
        body = CallsStartRequest.from_dict({"agent_id": "a", "brand_new": [1]})
        assert start.build(body=body).json == {"agent_id": "a", "brand_new": [1]}
        assert update.build("a", body=AgentsUpdateRequest()).json == {}

    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 520, 529, 301, 999])
    def test_a_status_that_is_no_success_is_an_error_of_this_package(self, status: int) -> None:
        client = answering(status, b"<html>oops</html>", "text/html")
        with client.get_httpx_client(), pytest.raises(UnexpectedStatus, match=str(status)) as caught:
            get.sync("c1", client=client)
        assert (caught.value.status_code, caught.value.content) == (status, b"<html>oops</html>")

    @pytest.mark.parametrize("content", [b"<html>fine</html>", b"", b"{", b"\xff\xfe"])
    def test_a_success_that_is_not_json_is_an_error_of_this_package(self, content: bytes) -> None:
        client = answering(200, content, "text/html")
        with client.get_httpx_client(), pytest.raises(UnexpectedContent) as caught:
            get.sync("c1", client=client)
        assert caught.value.content == content

    @pytest.mark.parametrize("kind", [UnexpectedStatus, UnexpectedContent])
    def test_errors_pickle(self, kind: type[RawError]) -> None:
        error = pickle.loads(pickle.dumps(kind("the server answered 529", 529, b"body")))
        assert (type(error), str(error), error.status_code) == (kind, "the server answered 529", 529)

    @pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"x"', b'{"success": true, "data": null}'])
    def test_an_answer_of_another_shape_is_a_value_error_that_names_both(self, body: bytes) -> None:
        client = answering(200, body)
        with (
            client.get_httpx_client(),
            pytest.raises(ValueError, match=r"an object was expected as payload, \w+ came"),
        ):
            delete.sync("a1", client=client)

    def test_an_answer_without_an_envelope_is_read_as_the_payload(self) -> None:
        client = answering(200, json.dumps(CALL).encode())
        with client.get_httpx_client():
            assert get.sync("c1", client=client).to_dict() == CALL


def imported(statement: str) -> set[str]:
    """Return the modules of the raw client that a statement loads, in a process of its own."""
    script = (
        f"{statement}\nimport sys\nprint(*[name for name in sys.modules if name.startswith('vocobase_raw')])"
    )
    command = [sys.executable, "-B", "-c", script]
    done = subprocess.run(command, cwd=ROOT / "generated", capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_one_operation_does_not_load_all_models() -> None:
    models = {name for name in imported("import vocobase_raw.api.calls.start") if ".models." in name}
    assert "vocobase_raw.models.started_call" in models
    assert len(models) < 8


def test_a_model_is_loaded_when_it_is_used() -> None:
    names = imported("import vocobase_raw.models as models; models.Agent")
    assert "vocobase_raw.models.agent" in names
    assert "vocobase_raw.models.call" not in names


def test_an_operation_is_loaded_when_it_is_used() -> None:
    names = imported("from vocobase_raw import api; api.calls.get")
    assert "vocobase_raw.api.calls.get" in names
    assert "vocobase_raw.api.calls.start" not in names
    assert "vocobase_raw.client" not in names, "only the functions that take a client need it"


def test_an_operation_that_does_not_exist_is_an_attribute_error() -> None:
    from vocobase_raw import api

    for package in (api, api.calls):
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            _ = package.nothing
        assert set(package.__all__) <= set(dir(package))
        assert all(getattr(package, name) for name in package.__all__)


def test_a_model_that_does_not_exist_is_an_attribute_error() -> None:
    import vocobase_raw.models as models

    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = models.Nothing
    assert set(models.__all__) <= set(dir(models))
