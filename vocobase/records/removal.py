"""Select the records to remove, and replace a number in the others: pure, no I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from vocobase._base.arguments import check_aware
from vocobase._base.errors import InvalidArgumentError
from vocobase._policy.limits import is_e164

# The calls of a person; if the direction is not known, either number may be theirs.
OF_PERSON = "person = ? OR (person IS NULL AND (from_number = ? OR to_number = ?))"
# Where the number of a person may stand in the records of others.
TEXTS = ("from_number", "to_number", "list_key", "variables", "extraction", "transcript", "raw")
MENTIONS = " OR ".join(f"{name} LIKE ?" for name in TEXTS)
REMOVED = "removed"


def check_number(number: str) -> None:
    """Require a number in the form of the records: another form would silently remove nothing."""
    if not is_e164(number):
        raise InvalidArgumentError("records.forget: number must be in E.164 form, such as +12025550100.")


def remover_of(number: str) -> Callable[[Any], Any]:
    """Return the function that removes a number from a text, or from all that a JSON value contains.

    The digits are removed where they are a whole number: inside a longer one, they belong to another person's
    number.
    """
    pattern = re.compile(rf"(?<!\d)((?:00)?){number.lstrip('+')}(?!\d)", re.ASCII)

    def remove(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(rf"\1{REMOVED}", value)
        if isinstance(value, Mapping):
            members = cast("Mapping[str, Any]", value)
            return {remove(name): remove(member) for name, member in members.items()}
        if isinstance(value, (list, tuple)):
            return [remove(entry) for entry in cast("list[Any]", value)]
        # A JSON number is not part of a text, so it is replaced by one.
        return REMOVED if isinstance(value, (int, float)) and pattern.search(str(value)) else value

    return remove


def end_of(older_than: timedelta | datetime, now: datetime) -> datetime:
    """Return the time before which records are removed.

    Raises:
        InvalidArgumentError: it is neither an age nor a datetime with a time zone.
    """
    if not isinstance(older_than, timedelta):
        check_aware(older_than, "records.purge: older_than")
        return older_than
    if older_than < timedelta(0):
        raise InvalidArgumentError("records.purge: older_than must not be negative.")
    try:
        return now - older_than
    except OverflowError:
        raise InvalidArgumentError("records.purge: older_than is longer than the calendar.") from None
