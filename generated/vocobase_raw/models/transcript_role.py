from ..types import OpenEnum


class TranscriptRole(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    BOT = "bot"
    USER = "user"
