# Derived from vocobase/_resources/aio/functions.py by scripts/derive_sync.py; edit that instead.
"""HTTP functions that an agent may call in a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vocobase._base.values import OMIT, Omit, as_list, given
from vocobase._resources.sync.resource import Resource
from vocobase_raw.api.functions import create as functions_create
from vocobase_raw.models.custom_function import CustomFunction
from vocobase_raw.models.functions_create_request import FunctionsCreateRequest


class Functions(Resource):
    """HTTP functions that an agent may call in a conversation."""

    def create(
        self,
        name: str,
        description: str,
        *,
        url: str,
        headers: Sequence[Mapping[str, Any]] | Omit = OMIT,
        input_schema: Sequence[Mapping[str, Any]] | Omit = OMIT,
        output_schema: Sequence[Mapping[str, Any]] | Omit = OMIT,
        timeout: int | Omit = OMIT,
        started_messages: Sequence[str] | Omit = OMIT,
        error_message: str | Omit = OMIT,
    ) -> CustomFunction:
        """Define an HTTP function that an agent may call in the middle of a conversation.

        Args:
            name: Function name given to the LLM.
            description: Tells the LLM when to call it.
            url: Endpoint of the partner that receives the POST.
            headers: Extra request headers as key/value objects, not a map.
            input_schema: Flat list of parameters the LLM fills in; not JSON Schema.
            output_schema: Members expected in the reply of the endpoint.
            timeout: Presumably seconds.
            started_messages: One is picked at random and spoken while the function runs.
            error_message: Spoken when the function fails.

        Returns:
            The :class:`CustomFunction`.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            OutcomeUnknownError: no response; there is no route to list functions; ask Vocobase or look
                in the dashboard.

        Retries: only if the API certainly did not process the request.
        Documentation: Custom Functions, Create a custom function.
        """
        return self._core.call(
            functions_create.build(
                body=FunctionsCreateRequest(
                    name=name,
                    description=description,
                    url=url,
                    headers=given(headers),
                    input_schema=given(input_schema),
                    output_schema=given(output_schema),
                    timeout=timeout,
                    started_messages=as_list(started_messages),
                    error_message=error_message,
                )
            ),
            functions_create.parse,
        )
