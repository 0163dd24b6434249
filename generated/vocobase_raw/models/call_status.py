from ..types import OpenEnum


class CallStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    BUSY = "busy"
    CANCELED = "canceled"
    COMPLETED = "completed"
    FAILED = "failed"
    IN_PROGRESS = "in_progress"
    NO_ANSWER = "no_answer"
    PENDING = "pending"
    RINGING = "ringing"
