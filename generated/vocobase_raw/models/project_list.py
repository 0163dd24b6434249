from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.project import Project
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class ProjectList(Model):
    """Payload of projects.list.

    Attributes:
        projects (list[Project]): List key; a bare array in data is the alternative.
        total (int | None): May be absent.
    """

    projects: list[Project]
    total: int | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("projects", "projects", load_list(load_model(Project)), None),
        ("total", "total", None, None),
    )
