from ..types import OpenEnum


class ConcurrencyLimitSource(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    PARTNER = "partner"
