"""The consents that a ledger keeps."""

from __future__ import annotations

from collections.abc import Iterable

from vocobase._dialing.aio.number_list import AsyncNumberList
from vocobase._dialing.consent import Consent, add_consents, consent_of, remove_consent


class AsyncConsentList(AsyncNumberList):
    """The consents of people to be called, by number; pass it as ``consent=``.

    It records what you pass. You decide whether a consent is sufficient.

    Args:
        ledger: As in ``calls.start_many``.

    Raises:
        ConfigurationError: the ledger is not valid.
        LedgerError: it cannot be used.
    """

    kind = "ConsentList"

    async def add(self, number: str, consent: Consent, *, region: str | None = None) -> bool:
        """Record the consent of a person, in place of an older one; return whether that changed anything.

        Args:
            number: The number, in any usual form.
            consent: The consent.
            region: Country of numbers without a country code, two letters such as ``IN``.

        Raises:
            InvalidArgumentError: the number cannot be used.
        """
        return bool(await self.add_many([number], consent, region=region))

    async def add_many(self, numbers: Iterable[str], consent: Consent, *, region: str | None = None) -> int:
        """Record the same consent of several people; return how many were new or changed."""
        return await self._use(add_consents, numbers, consent, region)

    async def remove(self, number: str, *, region: str | None = None) -> bool:
        """Withdraw the consent of a person; return whether there was one."""
        return await self._use(remove_consent, number, region)

    async def get(self, number: str, *, region: str | None = None) -> Consent | None:
        """Return the consent of a person, even one that has ended, or None."""
        return await self._use(consent_of, number, region)
