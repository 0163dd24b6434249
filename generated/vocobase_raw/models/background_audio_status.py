from ..types import OpenEnum


class BackgroundAudioStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    FAILED = "FAILED"
    READY = "READY"
