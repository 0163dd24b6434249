from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.agent import Agent
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class AgentList(Model):
    """Payload of agents.list.

    Attributes:
        agents (list[Agent]): List key; items are the agent object of agents.get.
        total (int | None): Number of rows over all pages.
        limit (int): Page size that applies.
        offset (int): Rows skipped before this page.
    """

    agents: list[Agent]
    total: int | None
    limit: int
    offset: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agents", "agents", load_list(load_model(Agent)), None),
        ("total", "total", None, None),
        ("limit", "limit", None, None),
        ("offset", "offset", None, None),
    )
