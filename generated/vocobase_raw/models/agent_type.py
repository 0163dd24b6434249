from ..types import OpenEnum


class AgentType(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
