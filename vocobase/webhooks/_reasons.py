"""Why a delivery is refused, as a table: what the error says and what an adapter answers."""

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
    "missing-header": "The request has no {}; it does not come from Vocobase, or a proxy removed the header.",
    "bad-header": "The headers cannot be used: {}.",
    "bad-signature": "The signature fits none of the secrets; check the secret and pass the body unchanged.",
    "bad-timestamp": "X-Webhook-Timestamp is not an ISO 8601 time.",
    "too-old": "The request was sent {} s ago, beyond the tolerance; check the clock of this machine.",
    "too-new": "The request was sent {} s ahead, beyond the tolerance; check the clock of this machine.",
    "not-bytes": "The body is of type {}; pass the raw bytes of the request, before any JSON parsing.",
    "too-large": "The body is larger than {} bytes; raise max_body if such events are expected.",
    "bad-body": "The body is not an event: {}.",
    "duplicate": "The event was handled before; answer with 2xx and do nothing.",
    "in-progress": "The event is being handled at this moment; answer with 503 so that it is sent again.",
    "unavailable": "{}; answer with 503 so that the event is sent again.",
}

# Any status but 2xx makes the sender repeat the delivery, which an unfinished or unanswerable one needs.
STATUS: Final[dict[str, int]] = {
    **dict.fromkeys(_TEXTS, 400),
    "too-large": 413,
    "duplicate": 200,
    "in-progress": 503,
    "unavailable": 503,
}


def refusal(reason: Reason, detail: object = "") -> WebhookError:
    """Build the error for a refused delivery.

    Args:
        reason: Which of the reasons.
        detail: What the text of that reason leaves open.

    Returns:
        The error, to be raised by the caller.
    """
    return WebhookError(_TEXTS[reason].format(detail), reason=reason)
