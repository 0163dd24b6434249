from ..types import OpenEnum


class DocumentStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    READY = "ready"
    UPLOADING = "uploading"
