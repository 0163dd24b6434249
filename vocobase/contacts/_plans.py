"""Numbers that are certainly valid as they are, detected quickly; the library checks all others.

phonenumbers searches for extensions, and tries every kind of number in every region of a country code. A
mobile or fixed line with nothing but a prefix to strip needs none of that: the result is the same. The
patterns are those of phonenumbers; a test compares the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from vocobase.contacts._separators import may_end_range

# Digits and the signs between them, without anything that could be an extension, a fraction or a date.
_USUAL = re.compile(r"(?![0-9]{1,4}-[0-9]{1,2}-[0-9]{1,4}\Z)\(?\+?[0-9][0-9 ()-]*")
_SIGNS = str.maketrans("", "", " ()-")
_MAX_CODE_DIGITS = 3
# Signs after which a second number may begin, or something that is added to the first.
_AGAIN = re.compile(r"[ ()-]0")
_ADDING = frozenset("(-)")
_ADDED = re.compile(r"[(-][ ()-]*(?=[0-9])")
_NUMBERED = re.compile(r"[0-9]{1,3} *[()]")
# "+91 (0)98765 43210": the trunk prefix is not dialled from abroad.
_TRUNK = re.compile(r"\+([0-9]{1,3})[ -]*\(0\)[ -]*(?=[1-9])")


def fits_e164(digits: int) -> bool:
    """Return whether the API accepts numbers with this many digits."""
    return 7 <= digits <= 15


class Lines:
    """The mobile and fixed lines of one region."""

    def __init__(self, metadata: Any, lengths: frozenset[int]) -> None:
        self.leading = None if metadata.leading_digits is None else re.compile(metadata.leading_digits)
        self._kinds = [
            (frozenset(kind.possible_length) or lengths, re.compile(kind.national_number_pattern))
            for kind in (metadata.mobile, metadata.fixed_line)
            if kind is not None and kind.national_number_pattern
        ]

    def has(self, number: str) -> bool:
        return any(len(number) in lengths and kind.fullmatch(number) for lengths, kind in self._kinds)


class Plan:
    """The mobile and fixed lines of a country code, whose first region determines lengths and prefixes.

    Args:
        metadata: Returns the rules of a region.
        regions: The regions of the code; each is loaded only if no earlier one has the number.
    """

    def __init__(self, metadata: Any, regions: Sequence[str]) -> None:
        first = metadata(regions[0])
        code = str(first.country_code)
        possible = first.general_desc.possible_length
        self._shortest = min(possible) - _added_digits(first)
        self._lengths = frozenset(length for length in possible if fits_e164(len(code) + length))
        self._general = re.compile(first.general_desc.national_number_pattern)
        self._prefix = _pattern(first.national_prefix_for_parsing)
        self._metadata, self._regions = metadata, regions
        self._lines: list[Lines] = []

    def has(self, number: str) -> bool:
        """Return whether a number without its country code is certainly valid as it is."""
        return (
            len(number) in self._lengths
            and number[0] != "0"
            and self._general.fullmatch(number) is not None
            and self._prefix.match(number) is None
            and self._is_line(number)
        )

    def _is_line(self, number: str) -> bool:
        """Check the regions in order; the first one that owns the leading digits decides."""
        for lines in self._each_region():
            if lines.leading is None:
                if lines.has(number):
                    return True
            elif lines.leading.match(number):
                return lines.has(number)
        return False

    def _each_region(self) -> Iterator[Lines]:
        yield from self._lines
        for region in self._regions[len(self._lines) :]:
            self._lines.append(Lines(self._metadata(region), self._lengths))
            yield self._lines[-1]

    def drops_zero(self, number: str) -> bool:
        """Return whether a zero before a number is a trunk prefix, and nothing more is."""
        found = self._prefix.match(f"0{number}")
        return found is not None and found.end() == 1 and not found.lastindex

    def is_one(self, text: str, digits: int) -> bool:
        """Return whether a text with this many digits of one number cannot be two numbers."""
        if digits >= 2 * self._shortest and _AGAIN.search(text):
            return False
        if _ADDING.isdisjoint(text):
            return True
        # Nothing stands before the first character.
        return not (
            _NUMBERED.match(text)
            or any(self._may_add(text, signs, digits) for signs in _ADDED.finditer(text, 1))
        )

    def _may_add(self, text: str, signs: re.Match[str], digits: int) -> bool:
        """Return whether the digits before some signs may be a number to which others are added."""
        tail = text[signs.end() :].translate(_SIGNS)
        if digits - len(tail) < self._shortest:
            return False
        head = text[: signs.start()].translate(_SIGNS)
        return "(" in signs[0] or may_end_range(head, tail)


class Plans:
    """The plans of all country codes, created at their first use.

    Args:
        library: phonenumbers.
        region: Region of numbers without a country code.
    """

    def __init__(self, library: Any, region: str | None) -> None:
        self._metadata = library.PhoneMetadata.metadata_for_region
        # 001 stands for codes that belong to no region.
        self._regions: dict[str, Sequence[str]] = {
            str(code): regions
            for code, regions in library.COUNTRY_CODE_TO_REGION_CODE.items()
            if regions[0] != "001"
        }
        self._plans: dict[str, Plan] = {}
        home = self._metadata(region) if region else None
        self._code = str(home.country_code) if home else ""
        self._general = _pattern(home.general_desc.national_number_pattern if home else None)
        self._abroad = _pattern(home.international_prefix if home else None)
        self._prefix = _pattern(home.national_prefix_for_parsing if home else None)
        self._transforms = bool(home and home.national_prefix_transform_rule)
        self._added_digits = _added_digits(home) if home else 0

    def e164(self, text: str) -> str | None:
        """Return a number in E.164 form, or None if the library must check it."""
        if _USUAL.fullmatch(text) is None:
            return None
        text = self._without_trunk(text) if "(0)" in text else text
        digits = text.translate(_SIGNS)
        code, number = self._international(digits[1:]) if digits[0] == "+" else self._national(digits)
        plan = self._plan(code) if number else None
        if plan is None or not plan.has(number):
            return None
        # A part of a text with a plus cannot be a number without its code.
        own = number if digits[0] == "+" else digits
        one = len(digits) == len(text) or plan.is_one(text, len(own) + self._added_digits)
        return f"+{code}{number}" if one else None

    def _without_trunk(self, text: str) -> str:
        """Return an international number without a zero in parentheses, if the library drops it as well."""
        found = _TRUNK.match(text)
        plan = self._plan(found[1]) if found else None
        if found is None or plan is None:
            return text
        number = text[found.end() :]
        return f"+{found[1]} {number}" if plan.drops_zero(number.translate(_SIGNS)) else text

    def _international(self, digits: str) -> tuple[str, str]:
        """Return the country code and the number without it, both empty if the code is unknown."""
        for length in range(1, _MAX_CODE_DIGITS + 1):
            if self._plan(digits[:length]) is not None:
                return digits[:length], digits[length:]
        return "", ""

    def _national(self, digits: str) -> tuple[str, str]:
        """Return the same for digits as they are dialled in this region.

        A country code is stripped, as in the library, only from what would be invalid with it. Both are empty
        if the library must check the digits.
        """
        if (abroad := self._abroad.match(digits)) is not None:
            return self._international(digits[abroad.end() :])
        rest = digits.removeprefix(self._code)
        if self._general.fullmatch(rest) and not self._general.fullmatch(digits):
            return ("", "") if self._prefix.match(rest) else (self._code, rest)
        prefix = self._prefix.match(digits)
        if prefix is not None and self._transforms and prefix.lastindex:
            return "", ""
        number = digits[prefix.end() :] if prefix else digits
        return (self._code, number) if self._general.fullmatch(number) else ("", "")

    def _plan(self, code: str) -> Plan | None:
        if code not in self._plans and code in self._regions:
            self._plans[code] = Plan(self._metadata, self._regions[code])
        return self._plans.get(code)


def _added_digits(metadata: Any) -> int:
    """Return how many digits are put before short local numbers of a region, such as its area code."""
    rule: str = metadata.national_prefix_transform_rule or ""
    return len(rule) - len(rule.lstrip("0123456789"))


def _pattern(text: str | None) -> re.Pattern[str]:
    return re.compile(text or "(?!)")
