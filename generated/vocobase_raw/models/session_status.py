from ..types import OpenEnum


class SessionStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    COMPLETED = "completed"
