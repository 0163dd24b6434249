from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.call import Call
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class CallList(Model):
    """Payload of calls.list.

    Attributes:
        calls (list[Call]): Calls of the page.
        total (int): Number of rows over all pages.
        limit (int): Page size that applies.
        offset (int): Rows skipped before this page.
    """

    calls: list[Call]
    total: int
    limit: int
    offset: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("calls", "calls", load_list(load_model(Call)), None),
        ("total", "total", None, None),
        ("limit", "limit", None, None),
        ("offset", "offset", None, None),
    )
