"""The reasons for refusing a delivery: a table of messages and response statuses."""

from __future__ import annotations

from typing import Final, Literal

from vocobase._base.errors import WebhookError

Reason = Literal[
    "missing-header",
    "bad-header",
    "bad-signature",
    "bad-timestamp",
    "too-old",
    "too-new",
    "not-bytes",
    "too-large",
    "bad-body",
    "duplicate",
    "in-progress",
    "unavailable",
]

_TEXTS: Final[dict[Reason, str]] = {
    "missing-header": "The header {} is missing; the request is not from Vocobase, or a proxy removed it.",
    "bad-header": "The headers cannot be used: {}.",
    "bad-signature": "The signature matches none of the secrets; check them, and pass the body unchanged.",
    "bad-timestamp": "X-Webhook-Timestamp is not an ISO 8601 time.",
    "too-old": "The request was sent {} s ago, which exceeds the tolerance; check the clock of this machine.",
    "too-new": "The request is {} s ahead, which exceeds the tolerance; check the clock of this machine.",
    "not-bytes": "The body is of type {}; pass the raw bytes of the request, before any JSON parsing.",
    "too-large": "The body is larger than {} bytes; raise max_body if such events are expected.",
    "bad-body": "The body is not an event: {}.",
    "duplicate": "The event was handled before; respond with 2xx and do nothing.",
    "in-progress": "The event is being handled right now; respond with 503 so that it is sent again.",
    "unavailable": "{}; respond with 503 so that the event is sent again.",
}

# Any status but 2xx makes Vocobase retry the delivery, which an unfinished event needs.
STATUS: Final[dict[str, int]] = {
    **dict.fromkeys(_TEXTS, 400),
    "too-large": 413,
    "duplicate": 200,
    "in-progress": 503,
    "unavailable": 503,
}


def refusal(reason: Reason, detail: object = "") -> WebhookError:
    """Return the error for a refused delivery, for the caller to raise.

    Args:
        reason: One of the reasons.
        detail: The variable part of its message.
    """
    return WebhookError(_TEXTS[reason].format(detail), reason=reason)
