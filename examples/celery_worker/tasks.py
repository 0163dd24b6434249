"""Calls from Celery: a task that dials once, however often it is delivered, and one that dials a list.

celery --app tasks worker --beat --pool threads --concurrency 10
"""

import os
import threading
import time

from celery import Celery
from celery.signals import worker_shutting_down

from vocobase import CallRefusedError, InvalidArgumentError, OutcomeUnknownError, Vocobase, VocobaseError

# The workers share the ledger and the rate limits. The queue is in another database.
LEDGER = os.environ.get("LEDGER", "redis://localhost/1")
MINUTE = 60

app = Celery("reminders", broker=os.environ.get("BROKER", "redis://localhost/0"))
app.conf.broker_connection_retry_on_startup = True
app.conf.beat_schedule = {"dial": {"task": "tasks.dial", "schedule": MINUTE, "options": {"expires": MINUTE}}}
vb = Vocobase(pace=LEDGER)
stopping = threading.Event()


@app.task(
    acks_late=True,
    ignore_result=True,
    autoretry_for=(VocobaseError,),
    dont_autoretry_for=(CallRefusedError, InvalidArgumentError, OutcomeUnknownError),
    retry_backoff=True,
    max_retries=10,
)
def remind(order: str, agent_id: str, number: str) -> None:
    """Start the call of an order, unless it was started before; a retry never rings twice."""
    vb.calls.start_once(order, agent_id, number, ledger=LEDGER, provider="twilio")


@app.task(ignore_result=True)
def dial() -> None:
    """Work on the list for a minute and dial the jobs that others add; beat sends this task repeatedly."""
    end = time.monotonic() + MINUTE
    vb.calls.work(ledger=LEDGER, stop=lambda: stopping.is_set() or time.monotonic() > end)


@worker_shutting_down.connect
def stop(**_: object) -> None:
    stopping.set()
