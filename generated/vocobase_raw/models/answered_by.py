from ..types import OpenEnum


class AnsweredBy(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    HUMAN = "human"
    MACHINE = "machine"
    NOT_ANSWERED = "not_answered"
    UNKNOWN = "unknown"
