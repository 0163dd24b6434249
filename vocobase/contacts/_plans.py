"""Numbers that are certainly valid as they are, detected quickly; the library checks all others.

phonenumbers looks for prefixes to strip, and tries every region of a country code and every kind of number. A
number that has nothing to strip and is a mobile or fixed line of the first region needs none of that: the
result is the same. The patterns are those of phonenumbers; a test compares the results.
"""

from __future__ import annotations

import re
from typing import Any

# Digits and the signs between them, without anything that could be an extension or a fraction.
_USUAL = re.compile(r"\+?[0-9][0-9 ()-]*")
_SIGNS = str.maketrans("", "", " ()-")
_MAX_CODE_DIGITS = 3


def fits_e164(digits: int) -> bool:
    """Tell whether the API takes numbers with so many digits."""
    return 7 <= digits <= 15


class Plan:
    """The mobile and fixed lines of the first region of a country code."""

    def __init__(self, metadata: Any) -> None:
        code = str(metadata.country_code)
        possible = metadata.general_desc.possible_length
        self._lengths = frozenset(length for length in possible if fits_e164(len(code) + length))
        self._general = re.compile(metadata.general_desc.national_number_pattern)
        self._prefix = _pattern(metadata.national_prefix_for_parsing)
        self._leading = re.compile(metadata.leading_digits or "")
        self._kinds = [
            (frozenset(kind.possible_length) or self._lengths, re.compile(kind.national_number_pattern))
            for kind in (metadata.mobile, metadata.fixed_line)
            if kind is not None and kind.national_number_pattern
        ]

    def has(self, number: str) -> bool:
        """Tell whether a number without its country code is certainly valid as it stands."""
        return (
            len(number) in self._lengths
            and number[0] != "0"
            and self._general.fullmatch(number) is not None
            and self._prefix.match(number) is None
            and self._leading.match(number) is not None
            and any(len(number) in lengths and kind.fullmatch(number) for lengths, kind in self._kinds)
        )


class Plans:
    """The plans of all country codes, made when they are first needed.

    Args:
        library: phonenumbers.
        region: Region of numbers without a country code.
    """

    def __init__(self, library: Any, region: str | None) -> None:
        self._metadata = library.PhoneMetadata.metadata_for_region
        # 001 stands for codes that belong to no region.
        self._regions: dict[str, str] = {
            str(code): regions[0]
            for code, regions in library.COUNTRY_CODE_TO_REGION_CODE.items()
            if regions[0] != "001"
        }
        self._plans: dict[str, Plan] = {}
        home = self._metadata(region) if region else None
        self._code = str(home.country_code) if home else ""
        # What would be stripped from a number of this region, or make it one of another.
        self._strange = re.compile(
            "|".join(
                f"(?:{pattern})"
                for pattern in (
                    [self._code, home.international_prefix, home.national_prefix_for_parsing] if home else []
                )
                if pattern
            )
        )

    def e164(self, text: str) -> str | None:
        """Return a number in E.164 form, None when the library has to look at it."""
        if _USUAL.fullmatch(text) is None:
            return None
        digits = text.translate(_SIGNS)
        if digits[0] != "+":
            plan = None if self._strange.match(digits) else self._plan(self._code)
            return f"+{self._code}{digits}" if plan is not None and plan.has(digits) else None
        for length in range(2, _MAX_CODE_DIGITS + 2):
            plan = self._plan(digits[1:length])
            if plan is not None:
                return digits if plan.has(digits[length:]) else None
        return None

    def _plan(self, code: str) -> Plan | None:
        if code not in self._plans and code in self._regions:
            self._plans[code] = Plan(self._metadata(self._regions[code]))
        return self._plans.get(code)


def _pattern(text: str | None) -> re.Pattern[str]:
    return re.compile(text or "(?!)")
