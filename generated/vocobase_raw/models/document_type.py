from ..types import OpenEnum


class DocumentType(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    PDF = "pdf"
