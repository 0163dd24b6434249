from ..types import OpenEnum


class ExtractionStatus(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    FAILED = "failed"
    SKIPPED = "skipped"
    SUCCESS = "success"
