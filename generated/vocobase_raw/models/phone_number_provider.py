from ..types import OpenEnum


class PhoneNumberProvider(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    PLIVO = "PLIVO"
    VOBIZ = "VOBIZ"
