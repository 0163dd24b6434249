from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.function_header_input import FunctionHeaderInput
from ..models.function_parameter_input import FunctionParameterInput
from ..types import UNSET, Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class FunctionsCreateRequest(Model):
    """Request body of functions.create.

    Attributes:
        name (str | Unset): Function name that the LLM sees.
        description (str | Unset): Explains to the LLM when to call it.
        url (str | Unset): Endpoint of the partner that receives the POST.
        headers (list[FunctionHeaderInput] | Unset): Extra request headers as key/value objects, not a
            map.
        input_schema (list[FunctionParameterInput] | Unset): Flat list of parameters the LLM fills in; not
            JSON Schema.
        output_schema (list[FunctionParameterInput] | Unset): Members expected in the response of the
            endpoint.
        timeout (int | Unset): Presumably seconds.
        started_messages (list[str] | Unset): One is picked at random and spoken while the function runs.
        error_message (str | Unset): Spoken when the function fails.
    """

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    url: str | Unset = UNSET
    headers: list[FunctionHeaderInput] | Unset = UNSET
    input_schema: list[FunctionParameterInput] | Unset = UNSET
    output_schema: list[FunctionParameterInput] | Unset = UNSET
    timeout: int | Unset = UNSET
    started_messages: list[str] | Unset = UNSET
    error_message: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("description", "description", None, UNSET),
        ("url", "url", None, UNSET),
        ("headers", "headers", load_list(load_model(FunctionHeaderInput)), UNSET),
        ("input_schema", "input_schema", load_list(load_model(FunctionParameterInput)), UNSET),
        ("output_schema", "output_schema", load_list(load_model(FunctionParameterInput)), UNSET),
        ("timeout", "timeout", None, UNSET),
        ("started_messages", "started_messages", None, UNSET),
        ("error_message", "error_message", None, UNSET),
    )
