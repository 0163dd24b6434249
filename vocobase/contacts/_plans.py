"""Numbers that are certainly valid as they are, detected quickly; the library checks all others.

phonenumbers searches for prefixes to strip, and tries every region of a country code and every kind of
number. A number with nothing but a fixed trunk prefix to strip, which is a mobile or fixed line of the first
region, needs none of that: the result is the same. The patterns are those of phonenumbers; a test compares
the results.
"""

from __future__ import annotations

import re
from typing import Any

# Digits and the signs between them, without anything that could be an extension, a fraction or a date.
_USUAL = re.compile(r"(?![0-9]{1,4}-[0-9]{1,2}-[0-9]{1,4}\Z)\+?[0-9][0-9 ()-]*")
_SIGNS = str.maketrans("", "", " ()-")
_MAX_CODE_DIGITS = 3
# Signs after which a second number may begin, or something that is added to the first.
_AGAIN = re.compile(r"[ ()-]0")
_ADDING = frozenset("(-)")
_ADDED = re.compile(r"[(-][ ()-]*([0-9]+)")
_NUMBERED = re.compile(r"[0-9]{1,3} *[()]")


def fits_e164(digits: int) -> bool:
    """Return whether the API accepts numbers with so many digits."""
    return 7 <= digits <= 15


class Plan:
    """The mobile and fixed lines of the first region of a country code."""

    def __init__(self, metadata: Any) -> None:
        code = str(metadata.country_code)
        possible = metadata.general_desc.possible_length
        self._shortest = min(possible)
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
        """Return whether a number without its country code is certainly valid as it is."""
        return (
            len(number) in self._lengths
            and number[0] != "0"
            and self._general.fullmatch(number) is not None
            and self._prefix.match(number) is None
            and self._leading.match(number) is not None
            and any(len(number) in lengths and kind.fullmatch(number) for lengths, kind in self._kinds)
        )

    def is_one(self, text: str, digits: int) -> bool:
        """Return whether a text with so many digits of one number cannot be two numbers."""
        if digits >= 2 * self._shortest and _AGAIN.search(text):
            return False
        if _ADDING.isdisjoint(text):
            return True
        added = (digits - len(group) for group in _ADDED.findall(text))
        return not (_NUMBERED.match(text) or any(head >= self._shortest for head in added))


class Plans:
    """The plans of all country codes, created at their first use.

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
        self._trunk = _trunk(home) if home else ""
        self._abroad = _pattern(home.international_prefix if home else None)
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
        """Return a number in E.164 form, None if the library must check it."""
        if _USUAL.fullmatch(text) is None:
            return None
        digits = text.translate(_SIGNS)
        if digits[0] == "+":
            code, number = self._international(digits)
        else:
            code, number = self._code, self._national(digits)
        plan = self._plan(code) if number else None
        if plan is None or not plan.has(number):
            return None
        one = len(digits) == len(text) or plan.is_one(text, len(number))
        return f"+{code}{number}" if one else None

    def _international(self, digits: str) -> tuple[str, str]:
        """Return the country code and the number without it, both empty if the code is unknown."""
        for length in range(2, _MAX_CODE_DIGITS + 2):
            if self._plan(digits[1:length]) is not None:
                return digits[1:length], digits[length:]
        return "", ""

    def _national(self, digits: str) -> str:
        """Return a number of this region without its trunk prefix, empty if the library must check it."""
        if self._trunk and digits.startswith(self._trunk) and self._abroad.match(digits) is None:
            return digits[len(self._trunk) :]
        return "" if self._strange.match(digits) else digits

    def _plan(self, code: str) -> Plan | None:
        if code not in self._plans and code in self._regions:
            self._plans[code] = Plan(self._metadata(self._regions[code]))
        return self._plans.get(code)


def _trunk(home: Any) -> str:
    """Return the digits before national numbers, empty if they are not fixed or may be a country code."""
    prefix: str = home.national_prefix_for_parsing or ""
    fixed = prefix.isdecimal() and not home.national_prefix_transform_rule
    return prefix if fixed and prefix[0] != str(home.country_code)[0] else ""


def _pattern(text: str | None) -> re.Pattern[str]:
    return re.compile(text or "(?!)")
