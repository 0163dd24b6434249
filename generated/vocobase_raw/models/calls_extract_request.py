from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class CallsExtractRequest(Model):
    """Request body of calls.extract.

    Attributes:
        dry_run (bool | Unset): True only returns the values, nothing is saved. (default False)
    """

    dry_run: bool | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dry_run", "dry_run", None, UNSET),
    )
