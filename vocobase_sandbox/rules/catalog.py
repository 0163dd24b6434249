"""Fixed data of the platform: voices, curated background audio, carriers."""

from __future__ import annotations

from vocobase_sandbox.kernel.messages import Row

DEFAULT_TIER = "va-1"
CARRIERS = ("mcube", "twilio", "exotel", "plivo", "vobiz", "sip", "voicelink", "tata_smartflo")


def _voice(number: int, name: str, language: str, gender: str, tier: str) -> Row:
    # The documentation of agents.update says that voice_id is a uuid, so every id of the catalog is one.
    identifier = f"5b0c0de0-0000-4000-8000-{number:012d}"
    return {"id": identifier, "name": name, "language": language, "gender": gender, "tier": tier}


VOICES: dict[str, Row] = {
    voice["id"]: voice
    for voice in (
        _voice(1, "Maya", "en", "female", "va-1"),
        _voice(2, "Daniel", "en", "male", "va-1"),
        _voice(3, "Asha", "hi", "female", "va-1"),
        _voice(4, "Vikram", "hi", "male", "va-1"),
        _voice(5, "Lucia", "es", "female", "va-1"),
        _voice(6, "Amelia", "en", "female", "va-1-pro"),
        _voice(7, "Ishaan", "hi", "male", "va-1-pro"),
        _voice(8, "Meenakshi", "ta", "female", "va-1-pro"),
    )
}

PLATFORM_AUDIO: tuple[Row, ...] = (
    {
        "id": "5b0c0de0-0000-4000-9000-000000000001",
        "slug": "office-hum",
        "label": "Office hum",
        "seconds": 12.0,
    },
    {
        "id": "5b0c0de0-0000-4000-9000-000000000002",
        "slug": "call-center",
        "label": "Call center",
        "seconds": 20.0,
    },
)


def tier_of(voice_id: str) -> str:
    """Return the price tier of a voice."""
    voice = VOICES.get(voice_id)
    return voice["tier"] if voice else DEFAULT_TIER
