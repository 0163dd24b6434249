from ..types import OpenEnum


class CampaignStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    CANCELLED = "cancelled"
    COMPLETED = "completed"
    CREDIT_EXHAUSTED = "credit_exhausted"
    DRAFT = "draft"
    PAUSED = "paused"
    RUNNING = "running"
