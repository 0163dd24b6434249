"""The policy of every operation, as data: whether it may be repeated, and which budget it counts against.

The documentation knows no idempotency key, so a request whose outcome is unknown is repeated only when doing
it twice equals doing it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any


class Repeat(Enum):
    """What may be done when the outcome of a request is unknown."""

    SAFE = "safe"
    """Repeating leads to the same state; the client does it by itself."""
    LOOK_FIRST = "look first"
    """Repeating may do it twice, or is not documented as harmless; the client raises OutcomeUnknownError."""


class Budget(Enum):
    """The rate limits of one API key; see PER_MINUTE."""

    GENERAL = "general"
    CALLS = "calls"
    """All routes under /calls/."""
    WEBRTC = "webrtc"


# Seconds after which a budget that was used up is there again.
WINDOW = 60.0
PER_MINUTE = {Budget.GENERAL: 60, Budget.CALLS: 10, Budget.WEBRTC: 10}


@dataclass(frozen=True, slots=True)
class Operation:
    """The policy of one operation.

    Attributes:
        key: Its name, such as ``calls.start``.
        repeat: Whether it may be repeated after an unknown outcome.
        budget: Which rate limit it counts against.
        advice: What to do after an unknown outcome, for people.
        seconds: Time limit where the caller gives none.
        gives: Member of the payload without which a success cannot be one; empty where none is documented.
    """

    key: str
    repeat: Repeat
    budget: Budget = Budget.GENERAL
    advice: str = ""
    seconds: float = 30.0
    gives: str = ""


def _safe(key: str, budget: Budget = Budget.GENERAL) -> Operation:
    return Operation(key, Repeat.SAFE, budget)


def _look(key: str, advice: str, budget: Budget = Budget.GENERAL) -> Operation:
    return Operation(key, Repeat.LOOK_FIRST, budget, advice)


# What works on many rows, waits for a carrier or runs a model may take longer; our choice, not documented.
SLOW = {
    "background_audio.finalize": 60.0,
    "calls.extract": 60.0,
    "campaigns.add_contacts": 60.0,
    "documents.confirm": 60.0,
    "phone_numbers.reapply_bindings": 60.0,
    "phone_numbers.sync": 60.0,
    "voicelink.dids.make_call_ready": 60.0,
    "voicelink.state.sync": 60.0,
}

# What the caller cannot go on without: an answer without it comes from something else than the API.
GIVES = {
    "agents.create": "id",
    "background_audio.create_upload": "id",
    "calls.start": "call_id",
    "campaigns.create": "campaign_id",
    "dictionaries.create": "id",
    "documents.create_upload": "document_id",
    "projects.create": "id",
    "sessions.start_webrtc": "session_id",
}

OPERATIONS: dict[str, Operation] = {
    operation.key: replace(
        operation, seconds=SLOW.get(operation.key, 30.0), gives=GIVES.get(operation.key, "")
    )
    for operation in (
        _look("agents.create", "look with agents.find (names are unique) before creating again."),
        _safe("agents.list"),
        _safe("agents.get"),
        _safe("agents.update"),
        _safe("agents.delete"),
        _safe("agents.dictionaries.list"),
        _safe("agents.dictionaries.replace"),
        _safe("agents.documents.link"),
        _safe("agents.documents.list"),
        _safe("agents.documents.unlink"),
        _look(
            "background_audio.create_upload",
            "look with background_audio.list; a repeat would collide on the slug.",
        ),
        _look("background_audio.finalize", "look with background_audio.list before finalizing again."),
        _safe("background_audio.list"),
        _safe("background_audio.delete"),
        _look(
            "calls.start",
            "look with calls.find_started before dialling again, a repeat rings the person twice.",
            Budget.CALLS,
        ),
        _safe("calls.list"),
        _safe("calls.get", Budget.CALLS),
        _safe("calls.concurrency", Budget.CALLS),
        _safe("calls.recording_url", Budget.CALLS),
        _look("calls.transfer", "look at the call with calls.get before transferring again.", Budget.CALLS),
        _look("calls.extract", "read the session; a repeat runs the extraction once more.", Budget.CALLS),
        _look(
            "calls.dismiss_stale",
            "look with calls.list; a repeat also cancels calls that were started since.",
            Budget.CALLS,
        ),
        _look("campaigns.create", "look with campaigns.list before creating again."),
        _safe("campaigns.list"),
        _safe("campaigns.get"),
        _safe("campaigns.add_contacts"),
        _look("campaigns.start", "read campaigns.get before starting again, it begins paid dialling."),
        _look("campaigns.pause", "read campaigns.get before repeating."),
        _look("campaigns.resume", "read campaigns.get before resuming again, it begins paid dialling."),
        _look("campaigns.stop", "read campaigns.get before repeating."),
        _safe("campaigns.stats"),
        _safe("config.get"),
        _safe("config.update_display_name"),
        _look("config.webhooks.create", "look with config.webhooks.list; if it exists, rotate its secret."),
        _safe("config.webhooks.list"),
        _safe("config.webhooks.update"),
        _safe("config.webhooks.delete"),
        _look("config.webhooks.rotate_secret", "rotate again; only the secret of the last answer is valid."),
        _look("config.webhooks.set_default", "set it again; only the secret of the last answer is valid."),
        _safe("config.telephony.set_exotel"),
        _safe("config.telephony.set_mcube"),
        _safe("config.telephony.set_plivo"),
        _safe("config.telephony.set_twilio"),
        _safe("config.telephony.set_vobiz"),
        _safe("config.telephony.set_tata_smartflo"),
        _safe("config.telephony.set_voicelink"),
        _look("dictionaries.create", "look with dictionaries.list (names are unique) before creating again."),
        _safe("dictionaries.list"),
        _safe("dictionaries.get"),
        _safe("dictionaries.update"),
        _safe("dictionaries.delete"),
        _look("documents.create_upload", "look with documents.list; a repeat makes another record."),
        _look("documents.confirm", "read documents.get; status ready means that it went through."),
        _look("documents.add_web_link", "look with documents.list; a repeat makes another record."),
        _safe("documents.list"),
        _safe("documents.get"),
        _safe("documents.update"),
        _safe("documents.delete"),
        _safe("phone_numbers.list"),
        _safe("phone_numbers.update"),
        _look("phone_numbers.sync", "look with phone_numbers.list before repeating."),
        _look(
            "phone_numbers.reapply_bindings",
            "applying again is expected to do no harm, though that is not documented.",
        ),
        _safe("phone_numbers.delete"),
        _look("projects.create", "look with projects.list (names are unique) before creating again."),
        _safe("projects.list"),
        _safe("projects.get"),
        _safe("projects.update"),
        _safe("projects.delete"),
        _safe("sessions.get"),
        _look("sessions.start_webrtc", "a repeat opens another session.", Budget.WEBRTC),
        _safe("voices.list"),
        _look("telephony_connections.create", "look with telephony_connections.list before creating again."),
        _safe("telephony_connections.list"),
        _look(
            "functions.create", "there is no route to list functions; ask Vocobase or look in the dashboard."
        ),
        _look("document_folders.create", "repeat; if it exists, the answer is a Conflict."),
        _look(
            "document_folders.add_document",
            "adding again is expected to do no harm, though that is not documented.",
        ),
        _safe("voicelink.clients.list"),
        _look("voicelink.clients.create", "look with voicelink.clients.list before creating again."),
        _look("voicelink.clients.update", "look with voicelink.clients.list before repeating."),
        _safe("voicelink.dids.list_purchased"),
        _safe("voicelink.dids.list_available"),
        _look("voicelink.dids.map", "look with voicelink.dids.list_purchased before repeating."),
        _look(
            "voicelink.dids.make_call_ready",
            "repeat; each step ensures a state, though that is not documented as idempotent.",
        ),
        _safe("voicelink.bots.list"),
        _look("voicelink.bots.create", "look with voicelink.bots.list before creating again."),
        _look("voicelink.bots.update", "look with voicelink.bots.list before repeating."),
        _look(
            "voicelink.call_routing.create",
            "there is one record for each number; look with voicelink.state.sync.",
        ),
        _look("voicelink.call_routing.update", "look with voicelink.state.sync before repeating."),
        _look("voicelink.state.sync", "repeat; with import_dids=False it changes nothing."),
    )
}


def operation_of(request: Mapping[str, Any]) -> Operation:
    """Return the policy of a request; what the table does not know may only be read again."""
    key = request["extensions"]["operation"]
    known = OPERATIONS.get(key)
    if known is not None:
        return known
    repeat = Repeat.SAFE if request["method"] in {"GET", "HEAD"} else Repeat.LOOK_FIRST
    budget = Budget.CALLS if request["url"].startswith("/calls/") else Budget.GENERAL
    return Operation(key, repeat, budget, "look before sending it again.")
