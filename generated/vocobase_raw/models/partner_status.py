from ..types import OpenEnum


class PartnerStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    ACTIVE = "active"
