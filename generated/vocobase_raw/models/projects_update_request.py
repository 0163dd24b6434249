from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ProjectsUpdateRequest(Model):
    """Request body of projects.update. At least one field is required (inferred).

    Attributes:
        name (str | Unset): Name shown to people. (maxLength 100)
        description (str | Unset): Free text. (maxLength 500)
    """

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("description", "description", None, UNSET),
    )
