from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class PhoneNumberAgent(Model):
    """Bound agent; likely null when unbound.

    Attributes:
        id (str): Opaque identifier.
        name (str): Named name, not agent_name.
    """

    id: str
    name: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
    )
