"""Receive the events that Vocobase sends: check the signature, read the event, drop repetitions.

    from vocobase.webhooks import SessionCompleted, WebhookReceiver

    receiver = WebhookReceiver("whsec_...")
    event = receiver.receive(body, headers)     # the raw bytes and the headers of the request
    if isinstance(event, SessionCompleted):
        print(event.session_id, event.duration_seconds)

Whatever a request holds, only ``WebhookError`` comes out, with its ``reason``. Neither a client nor an API
key is needed. ``vocobase.webhooks.starlette`` (FastAPI too), ``.flask`` and ``.django`` fit the receiver into
a framework.

Importing this package loads nothing else; names are loaded when they are first used.
"""

from __future__ import annotations

# Importing `typing` would take longer than all the rest; checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from vocobase._base.errors import WebhookError
    from vocobase.webhooks._claims import Claim
    from vocobase.webhooks._dedupe import Dedupe, MemoryDedupe
    from vocobase.webhooks._headers import wsgi_headers
    from vocobase.webhooks._payloads import CompletedCall, Event, SessionCompleted, UnknownEvent, parse
    from vocobase.webhooks._receiver import WebhookReceiver
    from vocobase.webhooks._redis import RedisDedupe
    from vocobase.webhooks._signature import sign, verify
    from vocobase.webhooks._sqlite import SQLiteDedupe

__all__ = [
    "Claim",
    "CompletedCall",
    "Dedupe",
    "Event",
    "MemoryDedupe",
    "RedisDedupe",
    "SQLiteDedupe",
    "SessionCompleted",
    "UnknownEvent",
    "WebhookError",
    "WebhookReceiver",
    "parse",
    "sign",
    "verify",
    "wsgi_headers",
]

_MODULES = {
    "Claim": "vocobase.webhooks._claims",
    "CompletedCall": "vocobase.webhooks._payloads",
    "Dedupe": "vocobase.webhooks._dedupe",
    "Event": "vocobase.webhooks._payloads",
    "MemoryDedupe": "vocobase.webhooks._dedupe",
    "RedisDedupe": "vocobase.webhooks._redis",
    "SQLiteDedupe": "vocobase.webhooks._sqlite",
    "SessionCompleted": "vocobase.webhooks._payloads",
    "UnknownEvent": "vocobase.webhooks._payloads",
    "WebhookError": "vocobase._base.errors",
    "WebhookReceiver": "vocobase.webhooks._receiver",
    "parse": "vocobase.webhooks._payloads",
    "sign": "vocobase.webhooks._signature",
    "verify": "vocobase.webhooks._signature",
    "wsgi_headers": "vocobase.webhooks._headers",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
