from ..types import OpenEnum


class CallDirection(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    OUTBOUND = "outbound"
