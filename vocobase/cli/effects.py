"""The effect of each command on the account, as data: whether it asks first, and its word in the map."""

from __future__ import annotations

READS = "reads"
WRITES = "writes"
RINGS = "rings"
SPENDS = "spends"
DELETES = "deletes"
OVERWRITES = "overwrites"

EFFECTS = (READS, WRITES, RINGS, SPENDS, DELETES, OVERWRITES)
# These ask on a terminal, and need --yes elsewhere.
ASKS = frozenset({RINGS, SPENDS, DELETES, OVERWRITES})

# The operations that do not only read or write; of the others, the HTTP method decides.
_STRONG: dict[str, tuple[str, ...]] = {
    RINGS: ("calls.start", "calls.transfer", "campaigns.start", "campaigns.resume"),
    SPENDS: ("calls.extract", "sessions.start_webrtc"),
    DELETES: (
        "agents.delete",
        "agents.documents.unlink",
        "background_audio.delete",
        "config.webhooks.delete",
        "dictionaries.delete",
        "documents.delete",
        "phone_numbers.delete",
        "projects.delete",
    ),
    OVERWRITES: (
        "agents.dictionaries.replace",
        "calls.dismiss_stale",
        "campaigns.stop",
        "config.telephony.set_exotel",
        "config.telephony.set_mcube",
        "config.telephony.set_plivo",
        "config.telephony.set_tata_smartflo",
        "config.telephony.set_twilio",
        "config.telephony.set_vobiz",
        "config.telephony.set_voicelink",
        "config.webhooks.rotate_secret",
        "config.webhooks.set_default",
    ),
}
_READING = frozenset(
    {"get", "list", "list_available", "list_purchased", "stats", "concurrency", "recording_url"}
)

OPERATION_EFFECTS = {key: effect for effect, keys in _STRONG.items() for key in keys}


def effect_of_operation(key: str) -> str:
    """Return what an operation does, such as ``deletes``."""
    verb = key.rpartition(".")[2]
    return OPERATION_EFFECTS.get(key) or (READS if verb in _READING else WRITES)


def asks(effect: str) -> bool:
    """Return whether a command with this effect asks before it acts."""
    return effect in ASKS
