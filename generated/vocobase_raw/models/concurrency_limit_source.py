from ..types import OpenEnum


class ConcurrencyLimitSource(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    PARTNER = "partner"
