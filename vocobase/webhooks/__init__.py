"""Receive the events that Vocobase sends: verify the signature, parse the event, drop duplicates.

    from vocobase.webhooks import SessionCompleted, WebhookReceiver

    receiver = WebhookReceiver("whsec_...")
    event = receiver.receive(body, headers)     # the raw bytes and the headers of the request
    if isinstance(event, SessionCompleted):
        print(event.session_id, event.duration_seconds)

`WebhookReceiver` (_receiver.py) verifies a request first: body size, headers (_headers.py), signature and
age (_signature.py). It then parses the body (_json.py) into a typed event (_payloads.py), and claims the
event in a store of handled events (_claims.py; the stores are _dedupe.py, _sqlite.py and _redis.py). Whatever
a request holds, a refusal is a ``WebhookError``; _reasons.py lists the reasons and the response statuses.
``vocobase.webhooks.starlette`` (FastAPI too), ``.fastapi``, ``.flask`` and ``.django`` connect a receiver to
a framework; _responses.py is their common part. You need neither a client nor an API key.

Importing this package loads nothing else: each name is loaded at its first use.
"""

from __future__ import annotations

# Importing `typing` would take longer than everything else here; type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from vocobase._base.errors import WebhookError
    from vocobase.webhooks._claims import Claim
    from vocobase.webhooks._dedupe import Dedupe, MemoryDedupe
    from vocobase.webhooks._headers import wsgi_headers
    from vocobase.webhooks._local import is_local
    from vocobase.webhooks._payloads import CompletedCall, Event, SessionCompleted, UnknownEvent, parse
    from vocobase.webhooks._receiver import WebhookReceiver
    from vocobase.webhooks._redis import RedisDedupe
    from vocobase.webhooks._signature import DEFAULT_TOLERANCE_SECONDS, sign, verify
    from vocobase.webhooks._sqlite import SQLiteDedupe

__all__ = [
    "DEFAULT_TOLERANCE_SECONDS",
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
    "is_local",
    "parse",
    "sign",
    "verify",
    "wsgi_headers",
]

_MODULES = {
    "Claim": "vocobase.webhooks._claims",
    "CompletedCall": "vocobase.webhooks._payloads",
    "DEFAULT_TOLERANCE_SECONDS": "vocobase.webhooks._signature",
    "Dedupe": "vocobase.webhooks._dedupe",
    "Event": "vocobase.webhooks._payloads",
    "MemoryDedupe": "vocobase.webhooks._dedupe",
    "RedisDedupe": "vocobase.webhooks._redis",
    "SQLiteDedupe": "vocobase.webhooks._sqlite",
    "SessionCompleted": "vocobase.webhooks._payloads",
    "UnknownEvent": "vocobase.webhooks._payloads",
    "WebhookError": "vocobase._base.errors",
    "WebhookReceiver": "vocobase.webhooks._receiver",
    "is_local": "vocobase.webhooks._local",
    "parse": "vocobase.webhooks._payloads",
    "sign": "vocobase.webhooks._signature",
    "verify": "vocobase.webhooks._signature",
    "wsgi_headers": "vocobase.webhooks._headers",
}


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
