"""Overrides of routes."""

from __future__ import annotations

from typing import Any

import pytest

import vocobase
from tests.client.routes import MOVED, started
from vocobase import AsyncVocobase, ConfigurationError, Vocobase
from vocobase_sandbox import Sandbox

KEY = "rg_live_0123456789"
LOCAL = "http://127.0.0.1:1/api/v2"
pytestmark = pytest.mark.usefixtures("inferred")


@pytest.fixture
def campaign(moved: Sandbox) -> str:
    """A campaign that runs."""
    with Vocobase(moved.api_key, base_url=moved.base_url, transport=moved.transport()) as vb:
        return started(vb)


def async_client(sandbox: Sandbox, **options: Any) -> AsyncVocobase:
    transport = sandbox.async_transport()
    return AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport, **options)


async def test_an_override_reaches_the_operation_where_it_is(moved: Sandbox, campaign: str) -> None:
    seen: list[vocobase.ResponseInfo] = []
    async with async_client(moved, routes=MOVED, on_response=seen.append) as vb:
        assert (await vb.campaigns.stop(campaign)).status == "cancelled"
    assert (seen[-1].operation, seen[-1].method, seen[-1].path) == (
        "campaigns.stop",
        "POST",
        "/campaigns/{id}/cancel",
    )


async def test_views_keep_overrides(moved: Sandbox, campaign: str) -> None:
    async with async_client(moved, routes=MOVED) as vb:
        assert (await vb.with_options(timeout=5).campaigns.stop(campaign)).status == "cancelled"


WRONG: dict[str, tuple[Any, str]] = {
    "a key with a typing error": (
        {"campaign.stop": "POST /campaigns/{id}/stop"},
        "did you mean 'campaigns.stop'",
    ),
    "an operation id": ({"campaignsStop": "POST /campaigns/{id}/stop"}, "did you mean 'campaigns.stop'"),
    "a key that is not text": ({5: "POST /campaigns/{id}/stop"}, "5 is not an operation"),
    "no text": ({"campaigns.stop": 5}, "a method and a path"),
    "no method": ({"campaigns.stop": "/campaigns/{id}/cancel"}, "a method and a path"),
    "no path": ({"campaigns.stop": "POST"}, "a method and a path"),
    "three words": ({"campaigns.stop": "POST /campaigns/{id}/cancel HTTP/1.1"}, "a method and a path"),
    "two blanks": ({"campaigns.stop": "POST  /campaigns/{id}/cancel"}, "a method and a path"),
    "an unknown method": ({"campaigns.stop": "STOP /campaigns/{id}"}, "'STOP' is not one of the methods"),
    "a method in lower case": (
        {"campaigns.stop": "post /campaigns/{id}"},
        "'post' is not one of the methods",
    ),
    "a method without a payload": ({"campaigns.stop": "HEAD /campaigns/{id}/x"}, "is not one of the methods"),
    "no leading slash": ({"campaigns.stop": "POST campaigns/{id}/cancel"}, "begin with one slash"),
    "an address": ({"campaigns.stop": "POST https://example.com/{id}"}, "begin with one slash"),
    "another host": ({"campaigns.stop": "POST //example.com/{id}"}, "begin with one slash"),
    "the path of base_url": ({"campaigns.stop": "POST /api/v2/campaigns/{id}/cancel"}, "leave '/api/v2' out"),
    "a query": ({"campaigns.stop": "POST /campaigns/{id}?a=b"}, "without a query"),
    "a fragment": ({"campaigns.stop": "POST /campaigns/{id}#a"}, "without a query"),
    "dots": ({"campaigns.stop": "POST /campaigns/../{id}"}, "segment that a route cannot have, '..'"),
    "one dot": ({"campaigns.stop": "POST /./campaigns/{id}"}, "segment that a route cannot have, '.'"),
    "encoded dots": ({"campaigns.stop": "POST /campaigns/%2e%2e/{id}"}, "segment that a route cannot have"),
    "a backslash": ({"campaigns.stop": "POST /campaigns\\{id}"}, "segment that a route cannot have"),
    "an empty segment": ({"campaigns.stop": "POST /campaigns//{id}"}, "segment that a route cannot have, ''"),
    "a trailing slash": ({"campaigns.stop": "POST /campaigns/{id}/"}, "segment that a route cannot have, ''"),
    "a line feed": ({"campaigns.stop": "POST /campaigns/{id}/cancel\n"}, "segment that a route cannot have"),
    "a control character": (
        {"campaigns.stop": "POST /campaigns/{id}/\x1b[2J"},
        "segment that a route cannot have",
    ),
    "a letter that ASCII lacks": (
        {"campaigns.stop": "POST /campaigns/{id}/é"},
        "segment that a route cannot have",
    ),
    "a part of a segment": ({"campaigns.stop": "POST /campaigns/x{id}"}, "segment that a route cannot have"),
    "an attribute": (
        {"campaigns.stop": "POST /campaigns/{id.__class__}"},
        "segment that a route cannot have",
    ),
    "a conversion": ({"campaigns.stop": "POST /campaigns/{id!r}"}, "segment that a route cannot have"),
    "open braces": ({"campaigns.stop": "POST /campaigns/{id/cancel"}, "segment that a route cannot have"),
    "no placeholder": (
        {"campaigns.stop": "POST /campaigns/cancel"},
        "placeholders of the operation, each once: {id}",
    ),
    "one too many": ({"campaigns.stop": "POST /campaigns/{id}/{x}"}, "each once: {id}"),
    "one twice": ({"campaigns.stop": "POST /campaigns/{id}/{id}"}, "each once: {id}"),
    "none is needed": ({"agents.list": "GET /agents/{id}"}, "each once: none"),
    "two of other names": (
        {"agents.documents.unlink": "DELETE /x/{a}/{b}"},
        "each once: {id}, {document_id}",
    ),
    "one of two twice": ({"agents.documents.unlink": "DELETE /x/{id}/{id}"}, "each once"),
    "the route of another operation": (
        {"campaigns.stop": "POST /campaigns/{campaign}/start"},
        "is the route of campaigns.start",
    ),
    "one route for two operations": (
        {"campaigns.stop": "POST /campaigns/{id}/halt", "campaigns.pause": "POST /campaigns/{id}/halt"},
        "'POST /campaigns/{id}/halt' is the route of",
    ),
    "a number": (5, "routes must be a mapping"),
    "a list of pairs": ([("campaigns.stop", "POST /x/{id}")], "routes must be a mapping"),
    "a file that is absent": ("absent/routes.json", "(absent/routes.json): the file cannot be read"),
    "a folder": (".", "the file cannot be read"),
    "no name of a file": ("a\0b", "routes"),
}


@pytest.mark.parametrize(("routes", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_an_override_is_refused_when_the_client_is_created(routes: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AsyncVocobase(KEY, base_url=LOCAL, routes=routes)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
