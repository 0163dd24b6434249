# Derived from vocobase/_resources/aio/functions.py by scripts/derive_sync.py; edit that instead.
"""HTTP functions that an agent may call during a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vocobase._base.values import OMIT, Omit, as_list, given
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import CustomFunction


class Functions(Resource):
    """HTTP functions that an agent may call during a conversation."""

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
        """Create an HTTP function that an agent may call during a conversation.

        Args:
            name: Name by which the LLM calls the function.
            description: Explains to the LLM when to call it.
            url: Your endpoint, which receives the POST.
            headers: Extra request headers, as a list of key/value objects and not as a map.
            input_schema: Flat list of the parameters that the LLM supplies; not JSON Schema.
            output_schema: Members that the response of the endpoint should have.
            timeout: Time limit, presumably in seconds.
            started_messages: One of them, picked at random, is spoken while the function runs.
            error_message: Spoken if the function fails.

        Returns:
            The ``CustomFunction``.

        Raises:
            OutcomeUnknownError: no response; check in the dashboard or ask Vocobase, because the API cannot
                list functions.

        Retries: only if the API certainly did not process the request.
        Documentation: Custom Functions, Create a custom function.
        """
        return self._core.call(
            api.functions.create.build(
                body=models.FunctionsCreateRequest(
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
            api.functions.create.parse,
        )
