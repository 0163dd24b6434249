"""Convert one phone number, as people write it, to E.164 form."""

from __future__ import annotations

import re
from typing import cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._policy.limits import is_e164

_BETWEEN = re.compile(r"[\s().-]")


def to_e164(number: str, *, region: str | None = None) -> str:
    """Return a phone number in E.164 form, such as ``+12025550100``.

    Args:
        number: The number, with or without spaces, hyphens, dots and parentheses.
        region: Two letters of the country to which a number without a country code belongs, such as ``IN``;
            it needs the extra ``contacts``. Without it, only the form is checked.

    Raises:
        InvalidArgumentError: it cannot be dialled, or there is no such region; the message says why, without
            the number.
        ConfigurationError: phonenumbers is not installed, and a region was passed.
    """
    if not isinstance(cast(object, number), str):
        raise InvalidArgumentError("to_e164: the number is not text.")
    if region is not None:
        return _in_region(number, region)
    bare = _BETWEEN.sub("", number)
    if not is_e164(bare):
        raise InvalidArgumentError(
            "to_e164: this is not a number with its country code, such as +12025550100;"
            " for national numbers pass region=, such as region='IN'."
        )
    return bare


def _in_region(number: str, region: str) -> str:
    # Lazy, because phonenumbers takes 0.1 s to load.
    from vocobase.contacts._phones import Phones
    from vocobase.contacts._values import Refused

    try:
        return Phones(region).e164(number)
    except Refused as error:
        raise InvalidArgumentError(f"to_e164: {error}.") from None
