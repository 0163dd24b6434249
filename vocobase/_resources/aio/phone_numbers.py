"""Imported Plivo and Vobiz numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.values import OMIT, Omit, as_list
from vocobase._policy.pages import Page
from vocobase._resources.aio.resource import AsyncResource
from vocobase_raw.api.phone_numbers import delete as phone_numbers_delete
from vocobase_raw.api.phone_numbers import list_ as phone_numbers_list
from vocobase_raw.api.phone_numbers import reapply_bindings as phone_numbers_reapply_bindings
from vocobase_raw.api.phone_numbers import sync as phone_numbers_sync
from vocobase_raw.api.phone_numbers import update as phone_numbers_update
from vocobase_raw.models.confirmation import Confirmation
from vocobase_raw.models.phone_number import PhoneNumber
from vocobase_raw.models.phone_numbers_reapply_bindings_request import PhoneNumbersReapplyBindingsRequest
from vocobase_raw.models.phone_numbers_sync_request import PhoneNumbersSyncRequest
from vocobase_raw.models.phone_numbers_update_request import PhoneNumbersUpdateRequest


class AsyncPhoneNumbers(AsyncResource):
    """Imported Plivo and Vobiz numbers."""

    async def list(self, *, provider: str | Omit = OMIT) -> Page[PhoneNumber]:
        """List the Plivo and Vobiz numbers imported into the account.

        Args:
            provider: Only this carrier (known values: plivo, vobiz).

        Returns:
            A page of :class:`PhoneNumber`.

        Retries: automatic.
        Documentation: Phone Numbers, List imported phone numbers.
        """
        return await self._core.page(
            phone_numbers_list.build(provider=provider), "phone_numbers", PhoneNumber.from_dict
        )

    async def update(
        self,
        phone_number_id: str,
        *,
        agent_id: str | Omit | None = OMIT,
        friendly_name: str | Omit | None = OMIT,
        status: str | Omit = OMIT,
    ) -> PhoneNumber:
        """Change which agent answers an imported number, its label or its status.

        Args:
            phone_number_id: Id of the number, from phone_numbers.list.
            agent_id: Agent to bind; null or empty string unbinds.
            friendly_name: Label (at most 200 characters).
            status: Upper case (one of ACTIVE, INACTIVE).

        Returns:
            The :class:`PhoneNumber`.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            NotFoundError: unknown number or agent.

        Retries: automatic.
        Documentation: Phone Numbers, Assign an agent to a DID.
        """
        return await self._core.call(
            phone_numbers_update.build(
                phone_number_id,
                body=PhoneNumbersUpdateRequest(agent_id=agent_id, friendly_name=friendly_name, status=status),
            ),
            phone_numbers_update.parse,
        )

    async def assign(self, phone_number_id: str, agent_id: str) -> PhoneNumber:
        """Let an agent answer an imported number.

        Args:
            phone_number_id: Id of the number, from ``phone_numbers.list``.
            agent_id: Agent that shall answer.

        Returns:
            The :class:`PhoneNumber`.

        Raises:
            InvalidArgumentError: no agent is named, which would unassign the number; nothing was sent.
            NotFoundError: unknown number or agent.

        Retries: automatic.
        Documentation: Phone Numbers, Assign an agent to a DID.
        """
        if not agent_id:
            raise InvalidArgumentError(
                "phone_numbers.assign: agent_id is empty; name an agent, or use phone_numbers.unassign."
            )
        return await self.update(phone_number_id, agent_id=agent_id)

    async def unassign(self, phone_number_id: str) -> PhoneNumber:
        """Let no agent answer an imported number any more.

        Args:
            phone_number_id: Id of the number, from ``phone_numbers.list``.

        Returns:
            The :class:`PhoneNumber`.

        Raises:
            NotFoundError: unknown number.

        Retries: automatic.
        Documentation: Phone Numbers, Assign an agent to a DID.
        """
        return await self.update(phone_number_id, agent_id=None)

    async def sync(
        self, provider: str, *, numbers: Sequence[str] | Omit = OMIT, connection_id: str | Omit = OMIT
    ) -> Page[PhoneNumber]:
        """Import numbers into Vocobase for inbound routing.

        Args:
            provider: Carrier to import from (known values: plivo, vobiz).
            numbers: Vobiz only and then required: the numbers to import, in E.164 (item type inferred,
                objects are possible); the name is numbers, not phone_numbers.
            connection_id: Which connection, when several active ones share the provider; whether body or
                query is not documented.

        Returns:
            A page of :class:`PhoneNumber`.

        Raises:
            ValidationFailedError: numbers missing for Vobiz.
            PermissionDeniedError: no credentials for the carrier; plausible, not documented.
            OutcomeUnknownError: no response; check with phone_numbers.list before repeating.

        Retries: only if the API certainly did not process the request.
        Documentation: Phone Numbers, Sync Plivo or Vobiz DIDs.
        """
        return await self._core.page(
            phone_numbers_sync.build(
                body=PhoneNumbersSyncRequest(
                    provider=provider, numbers=as_list(numbers), connection_id=connection_id
                )
            ),
            "phone_numbers",
            PhoneNumber.from_dict,
        )

    async def reapply_bindings(self, provider: str) -> Any:
        """Point every assigned number of one carrier back at the Vocobase Application.

        Args:
            provider: Carrier whose numbers are re-bound (known values: plivo, vobiz).

        Returns:
            Whatever the server sends; its members are not documented.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            OutcomeUnknownError: no response; applying again is expected to do no harm, though that is
                not documented.

        Retries: only if the API certainly did not process the request.
        Documentation: Phone Numbers, Re-apply carrier Application bindings.
        """
        return await self._core.call(
            phone_numbers_reapply_bindings.build(body=PhoneNumbersReapplyBindingsRequest(provider=provider)),
            phone_numbers_reapply_bindings.parse,
        )

    async def delete(self, phone_number_id: str) -> Confirmation:
        """Remove an imported number from Vocobase.

        Args:
            phone_number_id: Id of the number, from phone_numbers.list.

        Returns:
            The confirmation text.

        Raises:
            ValidationFailedError: the number is a default from-number; the code is a plausible choice, not
                documented.
            NotFoundError: unknown number.

        Retries: automatic.
        Documentation: Phone Numbers, Delete an imported phone number.
        """
        return await self._core.call(phone_numbers_delete.build(phone_number_id), phone_numbers_delete.parse)
