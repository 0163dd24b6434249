"""The policy of every operation, as data: whether a retry is safe, and which rate limit it counts against.

The documentation names no idempotency key. The client therefore retries a request whose outcome is unknown
only if the request is idempotent.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from vocobase_raw.types import OperationRequest


class RetrySafety(Enum):
    """Whether a request may be sent again when its outcome is unknown."""

    SAFE = "safe"
    """A second request leads to the same state; the client retries automatically."""
    UNSAFE = "verify first"
    """A second request may act twice, or is not known to be safe; the client raises OutcomeUnknownError."""


class Budget(Enum):
    """The rate limits of one API key; see PER_MINUTE."""

    GENERAL = "general"
    CALLS = "calls"
    """All routes under /calls/."""
    WEBRTC = "webrtc"


# Every rate limit counts the requests of the last 60 seconds.
WINDOW_SECONDS = 60.0
PER_MINUTE = {Budget.GENERAL: 60, Budget.CALLS: 10, Budget.WEBRTC: 10}


class Operation(NamedTuple):
    """The policy of one operation.

    Attributes:
        key: Its name, such as ``calls.start``.
        safety: Whether it may be sent again after an unknown outcome.
        budget: The rate limit that it counts against.
        advice: What to do after an unknown outcome, for people.
        seconds: Time limit unless the caller sets one.
        required_field: Member of the payload that every success must have; empty if none is documented.
        is_deletion: Whether it deletes something: it needs no payload, and a retry finds nothing.
    """

    key: str
    safety: RetrySafety
    budget: Budget = Budget.GENERAL
    advice: str = ""
    seconds: float = 30.0
    required_field: str = ""
    is_deletion: bool = False


def _safe(key: str, budget: Budget = Budget.GENERAL) -> Operation:
    return Operation(key, RetrySafety.SAFE, budget)


def _unsafe(key: str, advice: str, budget: Budget = Budget.GENERAL) -> Operation:
    return Operation(key, RetrySafety.UNSAFE, budget, advice)


# Operations that work on many rows, wait for a carrier or run a model get more time: our choice, not
# documented.
SLOW_SECONDS = {
    "background_audio.finalize": 60.0,
    "calls.extract": 60.0,
    "campaigns.add_contacts": 60.0,
    "documents.confirm": 60.0,
    "phone_numbers.reapply_bindings": 60.0,
    "phone_numbers.sync": 60.0,
    "voicelink.dids.make_call_ready": 60.0,
    "voicelink.state.sync": 60.0,
}

# The caller needs these identifiers: a response without one does not come from the API.
REQUIRED_FIELDS = {
    "agents.create": "id",
    "background_audio.create_upload": "id",
    "calls.start": "call_id",
    "campaigns.create": "campaign_id",
    "dictionaries.create": "id",
    "documents.create_upload": "document_id",
    "projects.create": "id",
    "sessions.start_webrtc": "session_id",
}

# By operation, not by method: the method is part of the route, which `routes=` may replace.
DELETIONS = frozenset(
    {
        "agents.delete",
        "agents.documents.unlink",
        "background_audio.delete",
        "config.webhooks.delete",
        "dictionaries.delete",
        "documents.delete",
        "phone_numbers.delete",
        "projects.delete",
    }
)

OPERATIONS: dict[str, Operation] = {
    operation.key: operation._replace(
        seconds=SLOW_SECONDS.get(operation.key, 30.0),
        required_field=REQUIRED_FIELDS.get(operation.key, ""),
        is_deletion=operation.key in DELETIONS,
    )
    for operation in (
        _unsafe("agents.create", "check with agents.find (names are unique) before creating again."),
        _safe("agents.list"),
        _safe("agents.get"),
        _safe("agents.update"),
        _safe("agents.delete"),
        _safe("agents.dictionaries.list"),
        _safe("agents.dictionaries.replace"),
        _safe("agents.documents.link"),
        _safe("agents.documents.list"),
        _safe("agents.documents.unlink"),
        _unsafe(
            "background_audio.create_upload",
            "check with background_audio.list; a second request would collide on the slug.",
        ),
        _unsafe("background_audio.finalize", "check with background_audio.list before finalizing again."),
        _safe("background_audio.list"),
        _safe("background_audio.delete"),
        _unsafe(
            "calls.start",
            "check with calls.find_started before dialling again; a second request rings the person twice.",
            Budget.CALLS,
        ),
        _safe("calls.list"),
        _safe("calls.get", Budget.CALLS),
        _safe("calls.concurrency", Budget.CALLS),
        _safe("calls.recording_url", Budget.CALLS),
        _unsafe("calls.transfer", "check with calls.get before transferring again.", Budget.CALLS),
        _unsafe(
            "calls.extract",
            "check the session; a second request runs the extraction again.",
            Budget.CALLS,
        ),
        _unsafe(
            "calls.dismiss_stale",
            "check with calls.list; a second request also cancels calls that were started since.",
            Budget.CALLS,
        ),
        _unsafe("campaigns.create", "check with campaigns.list before creating again."),
        _safe("campaigns.list"),
        _safe("campaigns.get"),
        _safe("campaigns.add_contacts"),
        _unsafe(
            "campaigns.start",
            "check with campaigns.get before starting again, because it begins paid dialling.",
        ),
        _unsafe("campaigns.pause", "check with campaigns.get before you send it again."),
        _unsafe(
            "campaigns.resume",
            "check with campaigns.get before resuming again, because it begins paid dialling.",
        ),
        _unsafe("campaigns.stop", "check with campaigns.get before you send it again."),
        _safe("campaigns.stats"),
        _safe("config.get"),
        _safe("config.update_display_name"),
        _unsafe(
            "config.webhooks.create", "check with config.webhooks.list; if it exists, rotate its secret."
        ),
        _safe("config.webhooks.list"),
        _safe("config.webhooks.update"),
        _safe("config.webhooks.delete"),
        _unsafe(
            "config.webhooks.rotate_secret", "rotate again; only the secret of the last response is valid."
        ),
        _unsafe(
            "config.webhooks.set_default", "set it again; only the secret of the last response is valid."
        ),
        _safe("config.telephony.set_exotel"),
        _safe("config.telephony.set_mcube"),
        _safe("config.telephony.set_plivo"),
        _safe("config.telephony.set_twilio"),
        _safe("config.telephony.set_vobiz"),
        _safe("config.telephony.set_tata_smartflo"),
        _safe("config.telephony.set_voicelink"),
        _unsafe(
            "dictionaries.create", "check with dictionaries.list (names are unique) before creating again."
        ),
        _safe("dictionaries.list"),
        _safe("dictionaries.get"),
        _safe("dictionaries.update"),
        _safe("dictionaries.delete"),
        _unsafe(
            "documents.create_upload", "check with documents.list; a second request creates another record."
        ),
        _unsafe("documents.confirm", "check with documents.get; status ready means that it was confirmed."),
        _unsafe(
            "documents.add_web_link", "check with documents.list; a second request creates another record."
        ),
        _safe("documents.list"),
        _safe("documents.get"),
        _safe("documents.update"),
        _safe("documents.delete"),
        _safe("phone_numbers.list"),
        _safe("phone_numbers.update"),
        _unsafe("phone_numbers.sync", "check with phone_numbers.list before you send it again."),
        _unsafe(
            "phone_numbers.reapply_bindings",
            "send it again; that is expected to be harmless, but not documented.",
        ),
        _safe("phone_numbers.delete"),
        _unsafe("projects.create", "check with projects.list (names are unique) before creating again."),
        _safe("projects.list"),
        _safe("projects.get"),
        _safe("projects.update"),
        _safe("projects.delete"),
        _safe("sessions.get"),
        _unsafe("sessions.start_webrtc", "a second request opens another session.", Budget.WEBRTC),
        _safe("voices.list"),
        _unsafe(
            "telephony_connections.create", "check with telephony_connections.list before creating again."
        ),
        _safe("telephony_connections.list"),
        _unsafe(
            "functions.create", "there is no route to list functions; ask Vocobase or check the dashboard."
        ),
        _unsafe("document_folders.create", "send it again; if the folder exists, that raises ConflictError."),
        _unsafe(
            "document_folders.add_document",
            "send it again; that is expected to be harmless, but not documented.",
        ),
        _safe("voicelink.clients.list"),
        _unsafe("voicelink.clients.create", "check with voicelink.clients.list before creating again."),
        _unsafe("voicelink.clients.update", "check with voicelink.clients.list before you send it again."),
        _safe("voicelink.dids.list_purchased"),
        _safe("voicelink.dids.list_available"),
        _unsafe("voicelink.dids.map", "check with voicelink.dids.list_purchased before you send it again."),
        _unsafe(
            "voicelink.dids.make_call_ready",
            "send it again; each step ensures a state, though that is not documented as idempotent.",
        ),
        _safe("voicelink.bots.list"),
        _unsafe("voicelink.bots.create", "check with voicelink.bots.list before creating again."),
        _unsafe("voicelink.bots.update", "check with voicelink.bots.list before you send it again."),
        _unsafe(
            "voicelink.call_routing.create",
            "there is one record for each number; check with voicelink.state.sync.",
        ),
        _unsafe("voicelink.call_routing.update", "check with voicelink.state.sync before you send it again."),
        _unsafe("voicelink.state.sync", "send it again; with import_dids=False it changes nothing."),
    )
}


def operation_of(request: OperationRequest) -> Operation:
    """Return the policy of a request; of requests that are not in the table, only reads are safe to retry."""
    known = OPERATIONS.get(request.operation)
    if known is not None:
        return known
    safety = RetrySafety.SAFE if request.method in {"GET", "HEAD"} else RetrySafety.UNSAFE
    budget = Budget.CALLS if request.url.startswith("/calls/") else Budget.GENERAL
    return Operation(
        request.operation,
        safety,
        budget,
        "check its effect before you send it again.",
        is_deletion=request.method == "DELETE",
    )
