"""The event as a dependency of a FastAPI route."""

from __future__ import annotations

import asyncio
import inspect
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException
from starlette.requests import Request

from vocobase.webhooks import Event, MemoryDedupe, SessionCompleted, WebhookReceiver
from vocobase.webhooks.fastapi import webhook_event

from .support import SECRET, encode, post_asgi, receiver, signed

BODY = encode()
HEADERS = signed(BODY)


def app_with(made: WebhookReceiver, work: Any) -> FastAPI:
    app = FastAPI()
    dependency = Depends(webhook_event(made))

    async def hook(request: Request, event: Annotated[Event, dependency]) -> dict[str, str]:
        assert await request.body() == BODY
        result = work(event)
        if inspect.isawaitable(result):
            await result
        return {"seen": event.event}

    # A dependency that is local to a function cannot be found by the name in its annotation.
    hook.__annotations__["event"] = Annotated[Event, dependency]
    hook.__annotations__["request"] = Request
    app.post("/hook")(hook)
    return app


def post(app: Any, body: bytes = BODY, headers: Any = HEADERS) -> httpx.Response:
    return post_asgi(app, "/hook", body, headers)


def test_a_route_gets_the_event_as_an_argument() -> None:
    seen: list[Event] = []
    response = post(app_with(receiver(), seen.append))
    assert (response.status_code, response.json()) == (200, {"seen": "session.completed"})
    assert isinstance(seen[0], SessionCompleted)


def test_a_refused_request_does_not_reach_the_route() -> None:
    seen: list[Event] = []
    app = app_with(receiver(max_body=100_000), seen.append)
    assert post(app, headers={}).status_code == 400
    assert post(app, headers=signed(BODY, "whsec_other")).json() == {"detail": "refused"}
    assert post(app, b"x" * 100_001).status_code == 413
    assert seen == [] and SECRET not in post(app, headers={}).text


def test_a_duplicate_is_a_200_and_does_not_reach_the_route() -> None:
    seen: list[Event] = []
    app = app_with(receiver(dedupe=MemoryDedupe()), seen.append)
    assert [post(app).status_code for _ in range(3)] == [200, 200, 200]
    assert len(seen) == 1


@pytest.mark.parametrize("failure", [ValueError("first"), HTTPException(503, "later")])
def test_an_error_of_the_route_releases_the_event(failure: Exception) -> None:
    failures, seen = [failure], list[Event]()

    def work(event: Event) -> None:
        if failures:
            raise failures.pop()
        seen.append(event)

    app = app_with(receiver(dedupe=MemoryDedupe()), work)
    if isinstance(failure, HTTPException):
        assert post(app).status_code == 503
    else:
        with pytest.raises(ValueError, match="first"):
            post(app)
    assert post(app).status_code == 200
    assert len(seen) == 1


def test_an_event_that_is_being_handled_is_refused_until_the_route_is_done() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def work(event: Event) -> None:
        entered.set()
        await leave.wait()

    async def main() -> list[int]:
        app = app_with(receiver(dedupe=MemoryDedupe()), work)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            first = asyncio.create_task(client.post("/hook", content=BODY, headers=HEADERS))
            await entered.wait()
            second = await client.post("/hook", content=BODY, headers=HEADERS)
            leave.set()
            third = await first
            fourth = await client.post("/hook", content=BODY, headers=HEADERS)
            return [each.status_code for each in (second, third, fourth)]

    assert asyncio.run(main()) == [503, 200, 200]
