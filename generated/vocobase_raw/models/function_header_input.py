from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("key", "key", None, UNSET),
        ("value", "value", None, UNSET),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
