from ..types import OpenEnum


class ExtractionStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    FAILED = "failed"
    SKIPPED = "skipped"
    SUCCESS = "success"
