from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class FunctionParameterInput(Model):
    """Found at FunctionsCreateRequest.input_schema[], FunctionsCreateRequest.output_schema[].

    Attributes:
        name (str | Unset): Name shown to people.
        type_ (str | Unset): Kind. Known values: string, number, boolean, string[], number[], custom.
        description (str | Unset): Free text.
        required (bool | Unset): Whether it must be given.
    """

    name: str | Unset = UNSET
    type_: str | Unset = UNSET
    description: str | Unset = UNSET
    required: bool | Unset = UNSET
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("type_", "type", None, UNSET),
        ("description", "description", None, UNSET),
        ("required", "required", None, UNSET),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
