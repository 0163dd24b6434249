from ..types import OpenEnum


class AgentStatus(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    ACTIVE = "active"
