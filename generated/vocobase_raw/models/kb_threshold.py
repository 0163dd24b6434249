from ..types import OpenEnum


class KbThreshold(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    HIGH = "high"
    LOW = "low"
    MEDIUM = "medium"
