from ..types import OpenEnum


class PhoneNumberStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
