from ..types import OpenEnum


class AgentType(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
