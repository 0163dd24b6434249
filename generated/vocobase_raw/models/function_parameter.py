from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.function_parameter_type import FunctionParameterType
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class FunctionParameter(Model):
    """Found at CustomFunction.input_schema[], CustomFunction.output_schema[].

    Attributes:
        name (str): Name shown to people.
        type_ (FunctionParameterType):
        description (str): Free text.
        required (bool): Whether it is required.
    """

    name: str
    type_: FunctionParameterType
    description: str
    required: bool
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("type_", "type", load_enum(FunctionParameterType), None),
        ("description", "description", None, None),
        ("required", "required", None, None),
    )
