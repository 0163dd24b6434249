from ..types import OpenEnum


class VoiceLinkReadinessState(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    NO_BOT = "NO_BOT"
