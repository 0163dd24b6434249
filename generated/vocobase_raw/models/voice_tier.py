from ..types import OpenEnum


class VoiceTier(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    VA_1 = "va-1"
    VA_1_PRO = "va-1-pro"
