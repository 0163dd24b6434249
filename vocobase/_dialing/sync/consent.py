# Derived from vocobase/_dialing/aio/consent.py by scripts/derive_sync.py; edit that instead.
"""The consents that a ledger keeps."""

from __future__ import annotations

from collections.abc import Iterable

from vocobase._dialing.consent import Consent, add_consents, consent_of, remove_consent
from vocobase._dialing.sync.number_list import NumberList


class ConsentList(NumberList):
    """The consents of people to be called, by number; pass it as ``consent=``.

    It records what you pass. You decide whether a consent is sufficient.

    Args:
        ledger: As in ``calls.start_many``.

    Raises:
        ConfigurationError: the ledger is not valid.
        LedgerError: it cannot be used.
    """

    kind = "ConsentList"

    def add(self, number: str, consent: Consent, *, region: str | None = None) -> bool:
        """Record the consent of a person, in place of an older one; return whether that changed anything.

        Args:
            number: The number, in any usual form.
            consent: The consent.
            region: Country of numbers without a country code, two letters such as ``IN``.

        Raises:
            InvalidArgumentError: the number cannot be used.
        """
        return bool(self.add_many([number], consent, region=region))

    def add_many(self, numbers: Iterable[str], consent: Consent, *, region: str | None = None) -> int:
        """Record the same consent of several people; return how many were new or changed."""
        return self._use(add_consents, numbers, consent, region)

    def remove(self, number: str, *, region: str | None = None) -> bool:
        """Withdraw the consent of a person; return whether there was one."""
        return self._use(remove_consent, number, region)

    def get(self, number: str, *, region: str | None = None) -> Consent | None:
        """Return the consent of a person, even one that has ended, or None."""
        return self._use(consent_of, number, region)
