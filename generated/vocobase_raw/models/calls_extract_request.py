from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class CallsExtractRequest(Model):
    """Request body of calls.extract.

    Attributes:
        dry_run (bool | Unset): True only returns the values, nothing is saved. (default False)
    """

    dry_run: bool | Unset = UNSET
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dry_run", "dry_run", None, UNSET),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
