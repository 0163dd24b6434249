"""Whatever a program passes, only errors of the SDK come out, and those of the program's own code unchanged."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.hostile import NUMBER, Reply
from tests.client.odd_values import (
    LIST_IN_ITSELF,
    MAPPING_IN_ITSELF,
    MODEL_IN_ITSELF,
    VALUES,
    Own,
    Rude,
    nested,
)
from tests.transfers.aio.support import async_run
from tests.transfers.support import api
from vocobase import AsyncVocobase, VocobaseError


def answer(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "data": {"id": "a", "call_id": "c"}})


async def test_the_arguments_of_a_dial_may_be_anything() -> None:
    async with AsyncVocobase("rg_live_x", transport=Reply(answer), max_retries=0) as vb:
        for value in VALUES:
            for given in (
                {"agent_id": value},
                {"to_number": value},
                {"provider": value},
                {"variables": value},
            ):
                with suppress(VocobaseError):
                    await vb.calls.start(**{"agent_id": "a", "to_number": NUMBER, **given})


@pytest.mark.parametrize(
    "variables",
    [
        LIST_IN_ITSELF,
        MAPPING_IN_ITSELF,
        {"a": nested(3000, mapping=True)},
        {"a": LIST_IN_ITSELF},
        {"a": MODEL_IN_ITSELF},
        {"a": 10**5000},
        {"a": float("nan")},
        {"a": "\ud800"},
        {"a": {1}},
        {"a": Rude()},
        {("a",): 1},
    ],
)
async def test_a_body_that_json_cannot_express_is_refused_before_anything_is_sent(variables: Any) -> None:
    transport = api()
    with pytest.raises(vocobase.InvalidArgumentError, match=r"calls\.start"):
        await async_run(transport, lambda vb: vb.calls.start("a", NUMBER, variables=variables))
    assert transport.seen == []


@pytest.mark.parametrize(
    "option",
    [
        "api_key",
        "base_url",
        "timeout",
        "max_retries",
        "headers",
        "pace",
        "on_response",
        "on_event",
        "transport",
        "http_client",
        "proxy",
    ],
)
def test_every_option_of_a_client_may_be_anything(option: str) -> None:
    for value in VALUES:
        try:
            assert repr(AsyncVocobase(**{"api_key": "rg_live_x", option: value}))
        except VocobaseError as error:
            assert isinstance(error, vocobase.ConfigurationError)


class Source(io.BytesIO):
    """A file of a program that breaks while it is sent."""

    def __init__(self, what: Any) -> None:
        super().__init__(b"# Text")
        self.what = what

    def read(self, size: int | None = -1) -> Any:
        if size == 0:
            return b""
        if isinstance(self.what, BaseException):
            raise self.what
        return self.what


async def test_what_a_file_of_the_program_raises_passes_unchanged() -> None:
    own = Own("mine")
    with pytest.raises(Own) as caught:
        await async_run(api(), lambda vb: vb.documents.upload(Source(own), name="a.md"))
    assert caught.value is own


@pytest.mark.parametrize("piece", ["text", 5, {"a": 1}])
async def test_a_file_that_gives_something_else_than_bytes_is_an_upload_error(piece: Any) -> None:
    with pytest.raises(vocobase.UploadError, match="not bytes"):
        await async_run(api(), lambda vb: vb.documents.upload(Source(piece), name="a.md"))


@pytest.mark.parametrize("own", [Own("mine"), OSError("mine"), ValueError("mine"), KeyError("mine")])
async def test_what_a_callback_of_a_transfer_raises_passes_unchanged(own: Exception) -> None:
    def tell(sent: int, size: int) -> None:
        raise own

    with pytest.raises(type(own)) as caught:
        await async_run(api(), lambda vb: vb.documents.upload(b"# T", name="a.md", on_progress=tell))
    assert caught.value is own
