from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.function_parameter import FunctionParameter
from ..types import Load, Model, Unset, load_datetime, load_list, load_model


@define(kw_only=True, repr=False)
class CustomFunction(Model):
    """Payload of functions.create.

    Attributes:
        id (str): Opaque identifier.
        name (str): Name shown to people.
        description (str): Free text.
        method (str): POST is documented; not part of the documented request.
        url (str): Address.
        header_keys (list[str]): Names of the headers, without values.
        input_schema (list[FunctionParameter]): Parameters that the model fills in.
        output_schema (list[FunctionParameter]): Members expected in the response.
        timeout (int): Timeout of the function.
        started_messages (list[str]): Lines spoken while the function runs.
        error_message (str): Description of the failure.
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
    """

    id: str
    name: str
    description: str
    method: str
    url: str
    header_keys: list[str]
    input_schema: list[FunctionParameter]
    output_schema: list[FunctionParameter]
    timeout: int
    started_messages: list[str]
    error_message: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("description", "description", None, None),
        ("method", "method", None, None),
        ("url", "url", None, None),
        ("header_keys", "header_keys", None, None),
        ("input_schema", "input_schema", load_list(load_model(FunctionParameter)), None),
        ("output_schema", "output_schema", load_list(load_model(FunctionParameter)), None),
        ("timeout", "timeout", None, None),
        ("started_messages", "started_messages", None, None),
        ("error_message", "error_message", None, None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
    )
