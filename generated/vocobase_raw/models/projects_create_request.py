from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ProjectsCreateRequest(Model):
    """Request body of projects.create.

    Attributes:
        name (str): Unique per partner; required is inferred, limit from projects.update. (maxLength 100)
        description (str | Unset): Limit from projects.update. (maxLength 500)
    """

    name: str
    description: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("description", "description", None, UNSET),
    )
