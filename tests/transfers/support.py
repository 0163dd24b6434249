"""The API and the object store behind one transport, for the tests of transfers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.fake_time import hasty

ADDRESS = {"api_key": "rg_live_canary", "base_url": "https://api.example/api/v2"}
STORE = "https://store.example/bucket/object?signature=canary"


class Api(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The API and the object store behind one transport; `store` decides what each PUT or GET gets."""

    def __init__(self, *store: Callable[[httpx.Request], httpx.Response], **answers: Any) -> None:
        self.store = list(store)
        self.answers = answers
        self.seen: list[str] = []
        self.stored: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    def respond(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "store.example":
            self.stored.append(request)
            return self.store[min(len(self.stored), len(self.store)) - 1](request)
        route = f"{request.method} {request.url.path.removeprefix('/api/v2')}"
        self.seen.append(route)
        answer = self.answers.get(re.sub(r"\W+", "_", route).strip("_"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json={"success": True, "data": answer or {"message": "done"}})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.read())
        return self.respond(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(await request.aread())
        return self.respond(request)


def ok(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200)


def down(request: httpx.Request) -> httpx.Response:
    return httpx.Response(503)


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.WriteError("broken pipe")


def refused(request: httpx.Request) -> httpx.Response:
    return httpx.Response(403, text="<Error><Code>SignatureDoesNotMatch</Code></Error>")


def expired(request: httpx.Request) -> httpx.Response:
    return httpx.Response(
        403, text="<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
    )


def api(*store: Callable[[httpx.Request], httpx.Response], **answers: Any) -> Api:
    ready = {"id": "d1", "name": "a.md", "status": "ready"}
    file = {**ready, "file_size": 4, "mime_type": "text/markdown", "download_url": STORE}
    defaults = {
        "POST_documents_upload": {"document_id": "d1", "upload_url": STORE, "expires_in": 900},
        "POST_documents_d1_confirm": ready,
        "GET_documents_d1": file,
        "POST_agent_background_audio": {"id": "b1", "upload_url": STORE},
        "POST_agent_background_audio_b1_finalize": {"id": "b1", "status": "READY"},
        "GET_calls_c1_recording_url": {"recording_url": STORE},
    }
    return Api(*(store or (ok,)), **{**defaults, **answers})


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    """Let retries follow at once; import this name to use it in a module."""
    with hasty():
        yield


DOCUMENT = ["POST /documents/upload", "POST /documents/d1/confirm"]
REMOVED = ["POST /documents/upload", "DELETE /documents/d1"]
