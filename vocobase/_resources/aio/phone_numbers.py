"""Imported Plivo and Vobiz numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.values import OMIT, Omit, as_list
from vocobase._policy.pages import Page
from vocobase._resources.aio.resource import AsyncResource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase._policy.choices import NumberProviderValue, NumberStatusValue
    from vocobase_raw.models import Confirmation, PhoneNumber


class AsyncPhoneNumbers(AsyncResource):
    """Imported Plivo and Vobiz numbers."""

    async def list(self, *, provider: NumberProviderValue | Omit = OMIT) -> Page[PhoneNumber]:
        """Return the Plivo and Vobiz numbers that were imported into the account.

        Args:
            provider: Only this carrier (known values: plivo, vobiz).

        Returns:
            A page of ``PhoneNumber``.

        Retries: automatic.
        Documentation: Phone Numbers, List imported phone numbers.
        """
        return await self._core.page(
            api.phone_numbers.list_.build(provider=provider), "phone_numbers", models.PhoneNumber.from_dict
        )

    async def iter(self, *, provider: NumberProviderValue | Omit = OMIT) -> AsyncIterator[PhoneNumber]:
        """Iterate over the imported numbers; the API returns them in one response.

        Args:
            provider: Only this carrier (known values: plivo, vobiz).

        Returns:
            An iterator of ``PhoneNumber``.

        Retries: automatic.
        Documentation: Phone Numbers, List imported phone numbers.
        """
        for item in await self.list(provider=provider):
            yield item

    async def update(
        self,
        phone_number_id: str,
        *,
        agent_id: str | Omit | None = OMIT,
        friendly_name: str | Omit | None = OMIT,
        status: NumberStatusValue | Omit = OMIT,
    ) -> PhoneNumber:
        """Change the agent, the label or the status of an imported number.

        Args:
            phone_number_id: Id of the number, from ``phone_numbers.list``.
            agent_id: Agent that answers the number; None or an empty string unassigns it.
            friendly_name: Label (at most 200 characters).
            status: Status, in upper case (one of ACTIVE, INACTIVE).

        Returns:
            The ``PhoneNumber``.

        Raises:
            NotFoundError: unknown number or agent.

        Retries: automatic.
        Documentation: Phone Numbers, Assign an agent to a DID.
        """
        return await self._core.call(
            api.phone_numbers.update.build(
                phone_number_id,
                body=models.PhoneNumbersUpdateRequest(
                    agent_id=agent_id, friendly_name=friendly_name, status=status
                ),
            ),
            api.phone_numbers.update.parse,
        )

    async def assign(self, phone_number_id: str, agent_id: str) -> PhoneNumber:
        """Assign an imported number to an agent, which then answers its calls.

        Args:
            phone_number_id: Id of the number, from ``phone_numbers.list``.
            agent_id: Agent that answers the number.

        Returns:
            The ``PhoneNumber``.

        Raises:
            InvalidArgumentError: ``agent_id`` is not text, or is empty, which would unassign the number;
                nothing was sent.
            NotFoundError: unknown number or agent.

        Retries: automatic.
        Documentation: Phone Numbers, Assign an agent to a DID.
        """
        if not isinstance(cast(object, agent_id), str) or not agent_id:
            raise InvalidArgumentError(
                "phone_numbers.assign: agent_id must be the id of an agent; or use phone_numbers.unassign."
            )
        return await self.update(phone_number_id, agent_id=agent_id)

    async def unassign(self, phone_number_id: str) -> PhoneNumber:
        """Unassign an imported number, so that no agent answers it.

        Args:
            phone_number_id: Id of the number, from ``phone_numbers.list``.

        Returns:
            The ``PhoneNumber``.

        Raises:
            NotFoundError: unknown number.

        Retries: automatic.
        Documentation: Phone Numbers, Assign an agent to a DID.
        """
        return await self.update(phone_number_id, agent_id=None)

    async def sync(
        self,
        provider: NumberProviderValue,
        *,
        numbers: Sequence[str] | Omit = OMIT,
        connection_id: str | Omit = OMIT,
    ) -> Page[PhoneNumber]:
        """Import the numbers of a carrier into Vocobase for inbound calls.

        Args:
            provider: Carrier to import from (known values: plivo, vobiz).
            numbers: Numbers to import, in E.164 form; only for Vobiz, where they are required (the type of an
                entry is inferred, it may be an object). The name is numbers, not phone_numbers.
            connection_id: Selects a connection if several active ones share the provider; it is not
                documented whether it belongs in the body or the query.

        Returns:
            A page of ``PhoneNumber``.

        Raises:
            ValidationFailedError: ``numbers`` is missing for Vobiz.
            PermissionDeniedError: no credentials for the carrier; plausible, not documented.
            OutcomeUnknownError: no response; check with ``phone_numbers.list`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: Phone Numbers, Sync Plivo or Vobiz DIDs.
        """
        return await self._core.page(
            api.phone_numbers.sync.build(
                body=models.PhoneNumbersSyncRequest(
                    provider=provider, numbers=as_list(numbers), connection_id=connection_id
                )
            ),
            "phone_numbers",
            models.PhoneNumber.from_dict,
        )

    async def reapply_bindings(self, provider: NumberProviderValue) -> Any:
        """Point every assigned number of one carrier to the Vocobase Application again.

        Args:
            provider: Carrier of the numbers (known values: plivo, vobiz).

        Returns:
            The data of the response; its members are not documented.

        Raises:
            OutcomeUnknownError: no response; applying the bindings again should be harmless, which is not
                documented.

        Retries: only if the API certainly did not process the request.
        Documentation: Phone Numbers, Re-apply carrier Application bindings.
        """
        return await self._core.call(
            api.phone_numbers.reapply_bindings.build(
                body=models.PhoneNumbersReapplyBindingsRequest(provider=provider)
            ),
            api.phone_numbers.reapply_bindings.parse,
        )

    async def delete(self, phone_number_id: str) -> Confirmation:
        """Delete an imported number from Vocobase.

        Args:
            phone_number_id: Id of the number, from ``phone_numbers.list``.

        Returns:
            The ``Confirmation``.

        Raises:
            ValidationFailedError: the number is a default from-number; the code is plausible, not documented.
            NotFoundError: unknown number.

        Retries: automatic.
        Documentation: Phone Numbers, Delete an imported phone number.
        """
        return await self._core.call(
            api.phone_numbers.delete.build(phone_number_id), api.phone_numbers.delete.parse
        )
