"""Call the customer of an order once, and store the outcome from a verified webhook.

flask run
"""

from __future__ import annotations

import os
from functools import cache

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from vocobase import CallRefusedError, InvalidArgumentError, Vocobase, VocobaseError
from vocobase.records import Records
from vocobase.webhooks import Event, SessionCompleted, SQLiteDedupe, WebhookReceiver
from vocobase.webhooks.flask import webhook_endpoint

# For several machines: redis://... or postgresql://... instead of files, and RedisDedupe.
LEDGER, RECORDS, EVENTS = "orders.sqlite", "calls.sqlite", "events.sqlite"

app = Flask(__name__)
vb = Vocobase()  # serves all threads, and survives the fork of a server such as gunicorn
records = Records.open(RECORDS)
receiver = WebhookReceiver(os.environ["VOCOBASE_WEBHOOK_SECRET"], dedupe=SQLiteDedupe(EVENTS))


@cache
def agent_id() -> str:
    prompt = "Tell the customer that order {{order}} is ready for pickup."
    voice = vb.voices.find(language="en")
    return vb.agents.ensure("Orders", prompt, voice_id=voice.id, variables=["order"]).id


@app.post("/orders/<order>/call")
def call_customer(order: str) -> ResponseReturnValue:
    """Start the call of an order; the same order again returns the same call and rings no one."""
    call_id = vb.calls.start_once(
        order,
        agent_id(),
        request.form["phone"],
        ledger=LEDGER,
        variables={"order": order},
        provider="twilio",
        wait_for_slot=5,
    )
    return {"call_id": call_id}, 202


@app.get("/calls")
def calls() -> ResponseReturnValue:
    shown = ("call_id", "disposition", "duration_seconds", "cost")
    return jsonify([{name: getattr(record, name) for name in shown} for record in records.calls(limit=20)])


def on_event(event: Event) -> None:
    """Store a verified event; if that fails, the response is an error, and the event is sent again."""
    if isinstance(event, SessionCompleted):
        records.receive(event)


app.add_url_rule("/vocobase", view_func=webhook_endpoint(receiver, on_event), methods=["POST"])


@app.errorhandler(VocobaseError)
def failed(error: VocobaseError) -> ResponseReturnValue:
    if isinstance(error, (CallRefusedError, InvalidArgumentError)):  # no later attempt would succeed
        return {"detail": str(error)}, 422
    # The balance is too low, no slot is free, the outcome is unknown: the same order may be posted again.
    app.logger.error("%s %s: %s", request.method, request.path, error)
    return {"detail": "try again later"}, 503, {"Retry-After": "60"}
