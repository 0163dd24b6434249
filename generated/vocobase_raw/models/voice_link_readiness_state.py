from ..types import OpenEnum


class VoiceLinkReadinessState(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    NO_BOT = "NO_BOT"
