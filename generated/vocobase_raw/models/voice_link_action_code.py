from ..types import OpenEnum


class VoiceLinkActionCode(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    NO_BOT = "NO_BOT"
    NO_VOCOBASE_AGENT = "NO_VOCOBASE_AGENT"
    ROUTING_MISSING = "ROUTING_MISSING"
