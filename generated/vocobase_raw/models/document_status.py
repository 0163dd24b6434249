from ..types import OpenEnum


class DocumentStatus(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    READY = "ready"
    UPLOADING = "uploading"
