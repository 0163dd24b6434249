from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class FunctionHeaderInput(Model):
    """Found at FunctionsCreateRequest.headers[].

    Attributes:
        key (str | Unset): Name of the entry.
        value (str | Unset): Kept encrypted, never returned.
    """

    key: str | Unset = UNSET
    value: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("key", "key", None, UNSET),
        ("value", "value", None, UNSET),
    )
