from ..types import OpenEnum


class PhoneNumberProvider(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    PLIVO = "PLIVO"
    VOBIZ = "VOBIZ"
