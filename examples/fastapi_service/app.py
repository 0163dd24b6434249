"""Call the customer of an order once, and store the outcome from a verified webhook.

uvicorn app:app
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from vocobase import AsyncVocobase, CallRefusedError, InvalidArgumentError, VocobaseError
from vocobase.records import AsyncRecords
from vocobase.webhooks import Event, SessionCompleted, SQLiteDedupe, WebhookReceiver
from vocobase.webhooks.fastapi import webhook_event

PROMPT = "Tell the customer that order {{order}} is ready for pickup."
# For several machines: redis://... or postgresql://... instead of files, and RedisDedupe.
LEDGER, RECORDS, EVENTS = "orders.sqlite", "calls.sqlite", "events.sqlite"

log = logging.getLogger("uvicorn.error")
receiver = WebhookReceiver(os.environ["VOCOBASE_WEBHOOK_SECRET"], dedupe=SQLiteDedupe(EVENTS))


@dataclass(frozen=True)
class Services:
    """Everything that exists as long as the process."""

    vb: AsyncVocobase
    records: AsyncRecords
    agent_id: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with AsyncVocobase() as vb, AsyncRecords.open(RECORDS) as records:
        voice = await vb.voices.find(language="en")
        agent = await vb.agents.ensure("Orders", PROMPT, voice_id=voice.id, variables=["order"])
        app.state.services = Services(vb, records, agent.id)
        yield


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


app = FastAPI(lifespan=lifespan)
Injected = Annotated[Services, Depends(services)]
VerifiedEvent = Annotated[Event, Depends(webhook_event(receiver))]


class Customer(BaseModel):
    phone: str


@app.post("/orders/{order}/call", status_code=202)
async def call_customer(order: str, customer: Customer, services: Injected) -> dict[str, str]:
    """Start the call of an order; the same order again returns the same call and rings no one."""
    call_id = await services.vb.calls.start_once(
        order,
        services.agent_id,
        customer.phone,
        ledger=LEDGER,
        variables={"order": order},
        provider="twilio",
        wait_for_slot=5,
    )
    return {"call_id": call_id}


@app.get("/calls")
async def calls(services: Injected) -> list[dict[str, object]]:
    shown = ("call_id", "disposition", "duration_seconds", "cost")
    return [
        {name: getattr(record, name) for name in shown} async for record in services.records.calls(limit=20)
    ]


@app.post("/vocobase")
async def on_event(event: VerifiedEvent, services: Injected) -> None:
    """Store a verified event; if that fails, the response is an error, and the event is sent again."""
    if isinstance(event, SessionCompleted):
        await services.records.receive(event)


@app.exception_handler(VocobaseError)
async def failed(request: Request, error: VocobaseError) -> JSONResponse:
    if isinstance(error, (CallRefusedError, InvalidArgumentError)):  # no later attempt would succeed
        return JSONResponse({"detail": str(error)}, status_code=422)
    # The balance is too low, no slot is free, the outcome is unknown: the same order may be posted again.
    log.error("%s %s: %s", request.method, request.url.path, error)
    return JSONResponse({"detail": "try again later"}, status_code=503, headers={"Retry-After": "60"})
