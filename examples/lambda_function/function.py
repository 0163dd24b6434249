"""A cloud function that starts one call for each order, however often an order is delivered.

Its handler is function.handler; AGENT_ID, LEDGER and VOCOBASE_API_KEY come from the environment.
"""

import os
from typing import Protocol, TypedDict

from vocobase import CallRefusedError, Vocobase

AGENT_ID = os.environ["AGENT_ID"]
LEDGER = os.environ["LEDGER"]  # redis://... or postgresql://...: all instances of the function share it

vb = Vocobase()  # once for each instance, so that later events use its connections


class Order(TypedDict):
    id: str
    phone: str


class Context(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


def handler(event: Order, context: Context) -> dict[str, str]:
    # Half of the time to wait for a free slot, the other half for the last request.
    seconds = context.get_remaining_time_in_millis() / 1000 / 2
    client = vb.with_options(timeout=seconds)
    try:
        call_id = client.calls.start_once(
            event["id"], AGENT_ID, event["phone"], ledger=LEDGER, provider="twilio", wait_for_slot=seconds
        )
    except CallRefusedError as error:  # final; after other errors, the queue delivers again
        return {"refused": error.code}
    return {"call_id": call_id}
