"""Overrides of routes, and the error that says that a route may be wrong."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.routes import MOVED, started
from tests.transport.server import Server, answer, error, reset
from vocobase import AsyncVocobase, ConfigurationError, RouteNotFoundError, Vocobase
from vocobase._policy.operations import DELETIONS, OPERATIONS
from vocobase_raw.api.campaigns import stop
from vocobase_raw.routes import ROUTES
from vocobase_sandbox import Sandbox

KEY = "rg_live_0123456789"
LOCAL = "http://127.0.0.1:1/api/v2"
ID = "5b0c0de0-0000-4000-8000-000000000abc"
CAMPAIGN = answer(200, {"success": True, "data": {"campaign_id": ID, "status": "cancelled"}})
pytestmark = pytest.mark.usefixtures("inferred")


def client(sandbox: Sandbox, **options: Any) -> Vocobase:
    return Vocobase(
        sandbox.api_key,
        base_url=sandbox.base_url,
        transport=sandbox.transport(),
        **{"max_retries": 0, **options},
    )


def test_the_raw_clients_keep_overrides(moved: Sandbox) -> None:
    with client(moved, routes=MOVED) as vb:
        campaign = started(vb)
        other = vb.with_options(headers={"x-a": "b"}).raw
        assert stop.sync(campaign, client=other).status == "cancelled"

    async def stop_again() -> None:
        transport = moved.async_transport()
        async with AsyncVocobase(
            moved.api_key, base_url=moved.base_url, transport=transport, routes=MOVED
        ) as vb:
            with pytest.raises(vocobase.ValidationFailedError, match="is cancelled"):
                await stop.asyncio(campaign, client=vb.raw)

    asyncio.run(stop_again())


@pytest.mark.parametrize("text", [json.dumps(MOVED), "\ufeff" + json.dumps(MOVED, indent=1)])
def test_a_file_and_the_environment_name_overrides(
    text: str, moved: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "routes.json"
    file.write_text(text, encoding="utf-8")
    for given in (file, str(file)):
        with client(moved, routes=given) as vb:
            assert vb.campaigns.stop(started(vb)).status == "cancelled"
    monkeypatch.setenv("VOCOBASE_ROUTES", str(file))
    with client(moved) as vb:
        assert vb.campaigns.stop(started(vb)).status == "cancelled"
    # An argument takes precedence, even one without rows.
    with client(moved, routes={}) as vb, pytest.raises(RouteNotFoundError):
        vb.campaigns.stop(started(vb))
    monkeypatch.setenv("VOCOBASE_ROUTES", "")
    with client(moved) as vb, pytest.raises(RouteNotFoundError):
        vb.campaigns.stop(started(vb))


def sent_path(routes: dict[str, str], call: Callable[[Vocobase], object]) -> tuple[str, str]:
    """Return method and path of the request that a call sends."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"success": True, "data": {"id": "x"}})

    with Vocobase(KEY, base_url=LOCAL, transport=httpx.MockTransport(handler), routes=routes) as vb:
        call(vb)
    return seen[0].method, seen[0].url.path.removeprefix("/api/v2")


@pytest.mark.parametrize(
    ("route", "sent"),
    [
        ("DELETE /links/{document_id}/of/{id}", ("DELETE", "/links/d/of/a")),
        ("POST /agents/{agent}/unlink/{document_id}", ("POST", "/agents/a/unlink/d")),
        ("POST /agents/{id}/unlink/{document-id}", ("POST", "/agents/a/unlink/d")),
        ("PATCH /agent/{id}/documents/{document_id}", ("PATCH", "/agent/a/documents/d")),
    ],
)
def test_placeholders_are_filled_by_name_wherever_they_are(route: str, sent: tuple[str, str]) -> None:
    """One placeholder may have another name than ours, as it is certain which one it is."""
    found = sent_path({"agents.documents.unlink": route}, lambda vb: vb.agents.documents.unlink("a", "d"))
    assert found == sent


def test_an_identifier_cannot_lead_elsewhere_under_an_override() -> None:
    with Vocobase(KEY, base_url=LOCAL, routes=MOVED) as vb:
        for bad in ("", ".", "..", "a/b", "%2e%2e"):
            with pytest.raises(vocobase.InvalidArgumentError, match=r"campaigns\.stop"):
                vb.campaigns.stop(bad)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a JSON file of routes"),
        (b"campaigns.stop: POST /x/{id}", "not a JSON file of routes"),
        (b"\xff\xfe", "not a JSON file of routes"),
        (b"[]", "a JSON object of operations and routes was expected"),
        (b"{}" + b" " * 100_000, "a JSON object of operations and routes was expected"),
        (b'{"campaigns.stop": "POST /x/{id}", "campaigns.stop": "POST /y/{id}"}', "occurs twice"),
        (b'{"campaigns.stop": null}', "campaigns.stop: a route is a method and a path"),
        (b"[" * 50_000, "not a JSON file of routes"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "routes.json"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        Vocobase(KEY, base_url=LOCAL, routes=file)
    assert str(caught.value).startswith(f"routes ({file}): ")
    assert said in str(caught.value)
    monkeypatch.setenv("VOCOBASE_ROUTES", str(file))
    with pytest.raises(ConfigurationError, match="VOCOBASE_ROUTES"):
        Vocobase(KEY, base_url=LOCAL)


def test_routes_may_change_places() -> None:
    routes = {
        "campaigns.pause": "POST /campaigns/{id}/resume",
        "campaigns.resume": "POST /campaigns/{id}/pause",
    }
    assert sent_path(routes, lambda vb: vb.campaigns.pause("c")) == ("POST", "/campaigns/c/resume")


def test_retries_follow_the_operation_not_the_method_of_the_override() -> None:
    """A GET may not be retried where the operation is unsafe, and a POST may where it is safe."""
    with (
        Server([reset]) as server,
        Vocobase(KEY, base_url=server.url, routes={"campaigns.stop": "GET /campaigns/{id}/cancel"}) as vb,
        pytest.raises(vocobase.OutcomeUnknownError, match=r"campaigns\.stop"),
    ):
        vb.campaigns.stop(ID)
    assert len(server.requests) == 1
    with (
        Server([reset, CAMPAIGN]) as server,
        Vocobase(KEY, base_url=server.url, routes={"campaigns.get": "POST /campaigns/{id}/read"}) as vb,
    ):
        assert vb.campaigns.get(ID).campaign_id == ID
    assert len(server.requests) == 2


def test_a_deletion_stays_one_under_another_method() -> None:
    routes = {"documents.delete": "POST /documents/{id}/delete"}
    for script in ([answer(204, b"")], [reset, error(404, "NOT_FOUND")]):
        with Server(script) as server, Vocobase(KEY, base_url=server.url, routes=routes) as vb:
            vb.documents.delete(ID)


def test_the_deletions_are_the_operations_that_say_so() -> None:
    named = {key for key in OPERATIONS if key.endswith((".delete", ".unlink"))}
    assert {key for key, operation in OPERATIONS.items() if operation.is_deletion} == named == DELETIONS


def written(body: Any) -> bytes:
    """Write a body without an envelope around it."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


BARE: dict[str, Any] = {
    "nothing": b"",
    "a text": b"404 page not found",
    "a page": b"<html><title>404 Not Found</title></html>",
    "a gateway": {"message": "no Route matched with those values"},
    "a framework": {"statusCode": 404, "error": "Not Found", "message": "Cannot POST /campaigns"},
    "a list": [],
    "an error without a code": {"error": {"message": "Not Found"}},
    "a code that is not text": {"error": {"code": 404}},
}


@pytest.mark.parametrize("body", BARE.values(), ids=BARE)
@pytest.mark.parametrize("status", [404, 405])
def test_a_bare_404_or_405_of_an_inferred_route_says_how_to_correct_it(status: int, body: Any) -> None:
    with Server([answer(status, written(body))]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(RouteNotFoundError) as caught:
            vb.campaigns.stop(ID)
        raised = caught.value
        assert len(server.requests) == 1
    for copy in (raised, pickle.loads(pickle.dumps(raised))):
        assert (copy.status, copy.operation, copy.method, copy.path, copy.evidence) == (
            status,
            "campaigns.stop",
            "POST",
            "/campaigns/{id}/stop",
            "inferred",
        )
    text = str(raised)
    assert "\n" not in text
    for said in (
        f"campaigns.stop: {status} without an error of the API for POST /campaigns/{{id}}/stop",
        "inferred",
        'routes={"campaigns.stop": "POST /..."}',
        "VOCOBASE_ROUTES",
    ):
        assert said in text
    assert not isinstance(raised, vocobase.NotFoundError)


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize(
    "body",
    [
        {"success": False, "error": {"code": "NOT_FOUND", "message": "campaign not found"}},
        {"success": False, "error": "gone"},
        {"error": {"code": "NOT_FOUND"}},
    ],
)
def test_an_error_of_the_api_stays_the_ordinary_one(status: int, body: Any) -> None:
    with Server([answer(status, written(body))]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(vocobase.APIError) as caught:
            vb.campaigns.stop(ID)
    assert type(caught.value) is (vocobase.NotFoundError if status == 404 else vocobase.APIError)


def test_a_bare_404_of_a_stated_route_stays_the_ordinary_one() -> None:
    with Server([answer(404, b"no")]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(vocobase.NotFoundError):
            vb.campaigns.start(ID)
    with Server([answer(404, b"no")]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(vocobase.NotFoundError):
            vb.request("GET", "/campaigns/stop")


def test_another_status_says_nothing_about_the_route() -> None:
    with Server([answer(410, b"no")]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(vocobase.APIError) as caught:
            vb.campaigns.stop(ID)
    assert type(caught.value) is vocobase.APIError


def test_a_bare_404_of_an_override_names_the_override() -> None:
    routes = {"campaigns.start": "POST /campaigns/{campaign_id}/begin"}
    with (
        Server([answer(404, b"no")]) as server,
        Vocobase(KEY, base_url=server.url, routes=routes) as vb,
        pytest.raises(
            RouteNotFoundError, match=r"POST /campaigns/\{id\}/begin.* was set with routes="
        ) as caught,
    ):
        vb.campaigns.start(ID)
    assert caught.value.evidence == "override"


def test_a_deletion_that_met_no_route_is_not_taken_for_a_success() -> None:
    """After a lost response, a 404 of the API means deleted; a 404 of a gateway means nothing."""
    with Server([reset, answer(404, b"no")]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(RouteNotFoundError):
            vb.agents.documents.unlink("a", "d")


def test_the_table_of_routes_has_every_operation() -> None:
    assert ROUTES.keys() >= OPERATIONS.keys()
