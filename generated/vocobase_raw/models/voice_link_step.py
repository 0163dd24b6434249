from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkStep(Model):
    """Found at VoiceLinkCallReady.steps[].

    Attributes:
        step (str): Resolve_did and ensure_routing are documented, more exist.
        status (str): Done is documented.
        detail (str): Result of the step.
        data (JsonObject): Any JSON object.
    """

    step: str
    status: str
    detail: str
    data: JsonObject
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("step", "step", None, None),
        ("status", "status", None, None),
        ("detail", "detail", None, None),
        ("data", "data", None, None),
    )
