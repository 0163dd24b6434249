from ..types import OpenEnum


class DocumentSyncStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    PENDING = "pending"
