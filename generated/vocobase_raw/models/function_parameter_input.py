from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class FunctionParameterInput(Model):
    """Found at FunctionsCreateRequest.input_schema[], FunctionsCreateRequest.output_schema[].

    Attributes:
        name (str | Unset): Name shown to people.
        type_ (str | Unset): Kind. Known values: string, number, boolean, string[], number[], custom.
        description (str | Unset): Free text.
        required (bool | Unset): Whether it is required.
    """

    name: str | Unset = UNSET
    type_: str | Unset = UNSET
    description: str | Unset = UNSET
    required: bool | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("type_", "type", None, UNSET),
        ("description", "description", None, UNSET),
        ("required", "required", None, UNSET),
    )
