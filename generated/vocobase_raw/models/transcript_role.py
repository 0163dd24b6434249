from ..types import OpenEnum


class TranscriptRole(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    BOT = "bot"
    USER = "user"
