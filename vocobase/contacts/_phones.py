"""Convert phone numbers, as people and spreadsheets write them, to E.164 form."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import date, time, timedelta
from typing import Any, TypeGuard, cast, get_args

from vocobase._base.arguments import shown
from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.extras import needs
from vocobase.contacts._plans import Plans, fits_e164
from vocobase.contacts._separators import (
    EXTENSION,
    TWO_NUMBERS,
    check_rest,
    check_signs,
    check_slashes,
    holds_two,
    in_ascii,
    with_hyphens,
    without_unseen,
)
from vocobase.contacts._types import LineType
from vocobase.contacts._values import Refused, missing, narrow, written

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:\bext?|x|extn|extension|#|;|~)\.?\s*\S*$", re.IGNORECASE)
# A day of this century or the last one, as ISO 8601 and as most countries write it; and the time that a
# spreadsheet keeps, as days since 1900: 46023.5.
_YEAR, _TWO = r"(?:19|20)\d\d", r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(rf"{_YEAR}([-/.]){_TWO}\1{_TWO}|{_TWO}([-/.]){_TWO}\2{_YEAR}|[345]\d{{4}}\.\d+")
# A float as a file has it. Other texts that end in .0 are numbers with dots between their digits.
_FLOAT = re.compile(r"(\d+)\.0+")
_FRACTION = re.compile(r"[1-9]\d{6,}\.\d+")
# A spreadsheet takes +91-9876543210 for a subtraction and shows -9876543119.
_NEGATIVE = re.compile(r"[='\"\s]*[-\u2212]\d")
# "49 (0)30 ..." without its plus: phonenumbers would keep the zero, and the country code as an area code.
_NO_PLUS = re.compile(r"[1-9]\d{0,2}\s*[(\[]0[)\]]")
# A float that ends in this many zeros has most likely been rounded; numbers that really do are very rare.
_ROUNDED = 100_000
_ROUNDED_TEXT = "00000"
# As in phonenumbers; beyond it, the search for an extension could take minutes.
_LONGEST = 250
_LARGEST_FLOAT = 2**53
LINE_TYPES: tuple[str, ...] = get_args(LineType)
# The kind of a number where mobile and fixed lines cannot be distinguished.
_SHARED = "fixed_line_or_mobile"
_DATE_GIVEN = "this is a date or a time, not a phone number"
_MAY_HAVE_LOST = "the number was read as a float and may have lost digits; read the column as text"


class Phones:
    """Turn numbers into E.164 form.

    Args:
        region: Two letters of the country to which numbers without a country code belong; None accepts
            international forms only.
        line_types: Kinds of numbers to accept; None accepts all.

    Raises:
        ConfigurationError: phonenumbers is not installed.
        InvalidArgumentError: there is no such region or kind.
    """

    def __init__(self, region: str | None, line_types: Collection[LineType] | None = None) -> None:
        try:
            import phonenumbers
        except ImportError as error:
            raise ConfigurationError(f"{needs('Reading phone numbers', 'contacts')}.") from error
        self._region = _known_region(region, phonenumbers.SUPPORTED_REGIONS)
        self._library = phonenumbers
        self._codes = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
        self._plans = Plans(phonenumbers, self._region)
        self._line_types = _checked_line_types(line_types)

    def e164(self, value: Any) -> str:
        """Return a number in E.164 form.

        Raises:
            Refused: it cannot be dialled; the text says why, without the number.
        """
        phone = self._plans.e164(with_hyphens(value)) if _is_short(value) else None
        if phone is None:
            text = _clean(value)
            phone = self._plans.e164(in_ascii(text)) or self._look_up(text)
        if self._line_types:
            self._check_line_type(phone)
        return phone

    def _check_line_type(self, phone: str) -> None:
        library = self._library
        kind = library.PhoneNumberType.to_string(library.number_type(library.parse(phone))).lower()
        if kind not in self._line_types:
            raise Refused(f"the line type is {kind}, not {' or '.join(sorted(self._line_types))}")

    def _look_up(self, text: str) -> str:
        library = self._library
        if _NO_PLUS.match(text):
            raise Refused("the number has a country code without +; write it as +...")
        check_slashes(text, self._is_number, self._codes)
        try:
            number = library.parse(text, self._region)
        except library.NumberParseException as error:
            raise self._refusal(text, self._unreadable(text, error)) from None
        if number.extension:
            raise Refused(EXTENSION)
        if not library.is_valid_number(number):
            raise self._refusal(text, self._invalid(number))
        check_rest(text, self._is_number)
        phone: str = library.format_number(number, library.PhoneNumberFormat.E164)
        if not fits_e164(len(phone) - 1):
            raise Refused("the number is too short or too long for E.164 form")
        return phone

    def _refusal(self, text: str, reason: str) -> Refused:
        """Return why a text is not a number; prefer the reason that it may be two."""
        return Refused(TWO_NUMBERS if holds_two(text, self._is_number) else reason)

    def _is_number(self, text: str) -> bool:
        """Return whether a text is a complete number."""
        try:
            return bool(self._library.is_valid_number(self._library.parse(text, self._region)))
        except self._library.NumberParseException:
            return False

    def _unreadable(self, text: str, error: Any) -> str:
        if error.error_type != error.INVALID_COUNTRY_CODE:
            return "this is not a phone number"
        if text.startswith("+"):
            return "the number has an unknown country code"
        return "the number has no country code; write it as +..., or pass region="

    def _invalid(self, number: Any) -> str:
        reason = self._library.is_possible_number_with_reason(number)
        kinds = self._library.ValidationResult
        named = {kinds.TOO_SHORT: "the number is too short", kinds.TOO_LONG: "the number is too long"}
        return named.get(reason, "no such number exists") + f" for country code +{number.country_code}"


def _checked_line_types(line_types: object) -> frozenset[str]:
    """Return the kinds of numbers to accept; an empty set accepts all."""
    if line_types is None:
        return frozenset()
    found = shown(line_types)
    listed: list[object] = []
    if isinstance(line_types, Collection) and not isinstance(line_types, (str, bytes)):
        listed = [*cast("Collection[object]", line_types)]
    unknown = [name for name in listed if not isinstance(name, str) or name not in LINE_TYPES]
    if unknown or not listed:
        found = shown(unknown[0]) if unknown else found
        raise InvalidArgumentError(
            f"line_types: {found} cannot be used; pass a set of {', '.join(LINE_TYPES)}."
        )
    names = frozenset(cast("list[str]", listed))
    return names | {_SHARED} if names & {"mobile", "fixed_line"} else names


def _is_short(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= _LONGEST


def _known_region(region: object, known: Any) -> str | None:
    if region is None:
        return None
    if not isinstance(region, str) or region.upper() not in known:
        raise InvalidArgumentError(
            f"region: {shown(region)} is not known; pass two letters, such as 'IN' or 'US'."
        )
    return region.upper()


def _clean(value: Any) -> str:
    """Undo what spreadsheets and dataframes do to numbers, and refuse what cannot be undone."""
    if narrow(value):
        raise Refused(_MAY_HAVE_LOST)
    if isinstance(value, float) and math.isfinite(value):
        value = _whole(value)
    # An empty cell in a column of times is a time as well.
    if isinstance(value, (date, time, timedelta)) and not missing(value):
        raise Refused(_DATE_GIVEN)
    try:
        text = without_unseen(written(value)).strip().removeprefix("'").strip().rstrip(";,").rstrip()
    except Refused as error:
        raise Refused(f"the number {error}") from None
    if not text:
        raise Refused("there is no phone number")
    if len(text) > _LONGEST:
        raise Refused("this is not a phone number")
    return _usual(text)


def _usual(text: str) -> str:
    """Reject a text that is not the digits of one number, and undo the form of a float."""
    if (whole := _FLOAT.fullmatch(text)) is not None:
        text = whole[1]
        if text.endswith(_ROUNDED_TEXT):
            raise Refused(_MAY_HAVE_LOST)
    if _SCIENTIFIC.fullmatch(text):
        raise Refused(
            "a spreadsheet has shortened the number to scientific notation and lost digits;"
            " format the column as text and export it again"
        )
    if _FRACTION.fullmatch(text):
        raise Refused("the number is a fraction")
    if _DATE.fullmatch(text):
        raise Refused(_DATE_GIVEN)
    if _NEGATIVE.match(text):
        raise Refused(
            "the number is negative: a spreadsheet has calculated with it; format the column as text and"
            " enter it again"
        )
    check_signs(text)
    # Not the "#N/A" of a spreadsheet.
    if _EXTENSION.search(text) and any(map(str.isdecimal, text)):
        raise Refused(EXTENSION)
    if any(character.isalpha() for character in text):
        raise Refused("the number contains letters")
    return " ".join(text.split())


def _whole(value: float) -> int:
    if value != int(value) or abs(value) > _LARGEST_FLOAT:
        raise Refused("the number is a fraction")
    if value % _ROUNDED == 0:
        raise Refused(_MAY_HAVE_LOST)
    return int(value)
