from ..types import OpenEnum


class TelephonyConnectionStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    ACTIVE = "ACTIVE"
