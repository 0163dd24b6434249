"""Consents to be called, and the decisions that follow from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._dialing.decisions import Refuse
from vocobase._dialing.ledger_forms import check_date, e164_numbers, e164_of, end_of
from vocobase._dialing.number_table import look_up, put_rows, remove_row
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import CONSENTS
from vocobase._ledger import Ledger

NO_CONSENT = "no_consent"
CONSENT_EXPIRED = "consent_expired"
# By then it is the same day everywhere.
_DAY_LEAD = timedelta(hours=14)


@dataclass(frozen=True)
class Consent:
    """The consent of a person to be called.

    Args:
        basis: Its basis, such as ``web form``.
        given_on: The date on which it was given.
        valid_until: The last day, which ends in UTC, or a time with a zone; None if it has no end.
    """

    basis: str
    given_on: date
    valid_until: date | datetime | None = None

    def __post_init__(self) -> None:
        """Reject values of other types."""
        if not isinstance(cast(object, self.basis), str) or not self.basis:
            raise InvalidArgumentError("Consent: basis must be a text, such as 'web form'.")
        check_date(self.given_on, "Consent: given_on")
        end = end_of(self.valid_until, "Consent: valid_until")
        if end is not None and end <= datetime(*self.given_on.timetuple()[:3], tzinfo=UTC).timestamp():
            raise InvalidArgumentError("Consent: valid_until must not be before given_on.")


def refusal_of(consent: Consent | None, now: datetime) -> Refuse | None:
    """Return the refusal that follows from the consent of a person, or None if it allows the call."""
    if consent is None:
        return Refuse(NO_CONSENT, "no consent is on record")
    if consent.given_on > (now + _DAY_LEAD).date():
        return Refuse(NO_CONSENT, f"the consent starts on {consent.given_on}", consent.basis)
    end = end_of(consent.valid_until, "Consent: valid_until")
    if end is not None and end <= now.timestamp():
        return Refuse(CONSENT_EXPIRED, f"the consent ended on {consent.valid_until}", consent.basis)
    return None


def add_consents(ledger: Ledger, numbers: Iterable[str], consent: Consent, region: str | None) -> int:
    """Add a consent of several people, in place of older ones; return how many were new or changed."""
    if not isinstance(cast(object, consent), Consent):
        raise InvalidArgumentError("ConsentList.add: consent must be a Consent object.")
    end = end_of(consent.valid_until, "ConsentList.add: valid_until")
    row = {"basis": consent.basis, "given": consent.given_on.isoformat(), "until": end}
    row["day"] = None if end is None else str(consent.valid_until)
    found = e164_numbers(numbers, region, "ConsentList.add")
    return put_rows(ledger, CONSENTS, ((number, row) for number in found), lambda new, known: True)


def remove_consent(ledger: Ledger, number: str, region: str | None) -> bool:
    """Withdraw a consent; return whether there was one."""
    found = e164_of(number, region, "ConsentList.remove")
    return remove_row(ledger, CONSENTS, found, {"removed": ledger.now()}) is not None


def consents_of(ledger: Ledger, numbers: Collection[str]) -> dict[str, Consent]:
    """Return the consents of those numbers that have one."""
    return {number: _consent_of(row) for number, row in look_up(ledger, CONSENTS, numbers).items()}


def consent_of(ledger: Ledger, number: str, region: str | None) -> Consent | None:
    """Return the consent of a number."""
    found = e164_of(number, region, "ConsentList.get")
    return consents_of(ledger, [found]).get(found)


def _consent_of(row: dict[str, Any]) -> Consent:
    until: date | datetime | None = None
    if row["until"] is not None:
        is_day = len(row["day"]) == len("2026-01-05")
        until = date.fromisoformat(row["day"]) if is_day else moment(row["until"])
    return Consent(row["basis"], date.fromisoformat(row["given"]), until)
