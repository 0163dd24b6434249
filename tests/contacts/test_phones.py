"""Numbers become E.164, or say why they cannot."""

from __future__ import annotations

import datetime
import random
import sys
from collections.abc import Callable, Iterator

import numpy
import pandas
import phonenumbers
import polars
import pytest

from vocobase import ConfigurationError
from vocobase.contacts import Contact, read
from vocobase.contacts._phones import Phones, _clean
from vocobase.contacts._separators import in_ascii
from vocobase.contacts._values import Refused

from .support import contacts, split

INDIAN = "+919876543210"


@pytest.mark.parametrize(
    "written",
    [
        "9876543210",
        "09876543210",
        "+91 98765 43210",
        "00919876543210",
        "919876543210",
        "98765-43210",
        "(98765) 43210",
        "+91\u00a098765\u202f43210",
        "\u202a+919876543210\u202c",
        "\ufeff9876543210",
        "'9876543210",
        "'+919876543210",
        "９８７６５４３２１０",
        "＋９１９８７６５４３２１０",
        "९८७६५४३२१०",
        "9876543210.0",
        "919876543210.0",
        9876543210,
        9876543210.0,
        "9876543210.00",
        '="+919876543210"',
        '="9876543210"',
        "٩٨٧٦٥٤٣٢١٠",
    ],
)
def test_the_ways_people_write_a_number(written: object) -> None:
    assert contacts(read([{"phone": written}], region="IN")) == [Contact(INDIAN)]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("9876543210", "the number has no country code; write it as +..., or pass region="),
        ("00919876543210", "the number has no country code; write it as +..., or pass region="),
        ("+999876543210", "the number has an unknown country code"),
        ("", "there is no phone number"),
        ("\u00a0\u200b", "there is no phone number"),
        ("n/a", "the number contains letters"),
        ("1-800-FLOWERS", "the number contains letters"),
        ("call +919876543210", "the number contains letters"),
        ("+", "this is not a phone number"),
        ("--", "this is not a phone number"),
        ("12", "the number has no country code; write it as +..., or pass region="),
        ("+9198765", "the number is too short for country code +91"),
        ("+9198765432101234", "the number is too long for country code +91"),
        ("+911111111111", "no such number exists for country code +91"),
        ("+15555555555", "no such number exists for country code +1"),
        ("9" * 300, "this is not a phone number"),
        (
            "9.19877E+11",
            "a spreadsheet has shortened the number to scientific notation and lost digits;"
            " format the column as text and export it again",
        ),
        (
            "9,19877e+11",
            "a spreadsheet has shortened the number to scientific notation and lost digits;"
            " format the column as text and export it again",
        ),
        ("+919876543210 x123", "the number has an extension, which cannot be dialled"),
        ("+919876543210 ext. 5", "the number has an extension, which cannot be dialled"),
        ("+919876543210;ext=5", "the number has an extension, which cannot be dialled"),
        ("+919876543210#5", "the number has an extension, which cannot be dialled"),
        ("+919876543210,5", "the number has an extension, which cannot be dialled"),
        ("+919876543210 / +919876543211", "this may be two numbers; keep one in each cell"),
        ("+431111", "the number is too short or too long for E.164 form"),
        ("+4938300014367069", "the number is too short or too long for E.164 form"),
        (919876543210.5, "the number is a fraction"),
        (1e300, "the number is a fraction"),
        (919877e6, "the number was read as a float and may have lost digits; read the column as text"),
        (
            "919877000000.0",
            "the number was read as a float and may have lost digits; read the column as text",
        ),
        (
            numpy.float32(81234567),
            "the number was read as a float and may have lost digits; read the column as text",
        ),
        (numpy.float32("nan"), "there is no phone number"),
        pytest.param(10**5000, "the number is too long for a number", id="long"),
        ("\ud800", "the number contains half a character (a lone surrogate)"),
        ("98765\x0043210", "the number contains a NUL character"),
        ("#" * 100_000 + " b", "this is not a phone number"),
        (float("inf"), "the number contains letters"),
        (True, "the number contains letters"),
        ("#N/A", "the number contains letters"),
        ("#REF!", "the number contains letters"),
        ("####", "this is not a phone number"),
    ],
)
def test_numbers_that_are_refused_say_why_without_the_number(written: object, reason: str) -> None:
    good, [bad] = split(read([{"phone": written, "name": "x"}]))
    assert good == []
    assert bad.reason == reason
    assert bad.row == {"phone": written, "name": "x"}


@pytest.mark.parametrize(
    ("region", "written"),
    [
        ("DK", "2026-01-01"),
        ("DE", "2026-01-01"),
        ("DE", "2026/1/31"),
        ("IT", "01.02.1998"),
        ("IT", "31/12/1998"),
        ("IT", "'01-02-1998"),
        ("IT", "01.02.1998;"),
        ("DE", "46023.5"),
        ("DK", datetime.date(2026, 1, 1)),
        ("DK", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
        ("DK", datetime.time(20, 26)),
        ("DK", datetime.timedelta(days=20260101)),
        ("DK", pandas.Timestamp("2026-01-01")),
    ],
)
def test_dates_of_a_spreadsheet_do_not_become_the_numbers_of_strangers(region: str, written: object) -> None:
    good, [bad] = split(read([{"phone": written}], region=region))
    assert good == []
    assert bad.reason == "this is a date or a time, not a phone number"


def test_an_empty_cell_in_a_column_of_times_is_an_empty_cell() -> None:
    good, [bad] = split(read([{"phone": pandas.NaT, "name": "x"}], region="DK"))
    assert good == []
    assert bad.reason == "there is no phone number"


@pytest.mark.parametrize("written", ["9876543210;", "+91 98765 43210,", "9876543210 ; "])
def test_a_separator_after_the_only_number_of_a_cell_is_dropped(written: str) -> None:
    assert contacts(read([{"phone": written}], region="IN")) == [Contact(INDIAN)]


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("+49.89.2180.0", "+498921800"),
        ("089 2180.0", "+498921800"),
        ("+49 89 2180.00", "+4989218000"),
        ("49892180.0", "+49892180"),
        ("030.901.820", "+4930901820"),
    ],
)
def test_points_between_digits_are_those_of_a_float_only_where_there_is_nothing_else(
    written: str, phone: str
) -> None:
    assert contacts(read([{"phone": written}], region="DE")) == [Contact(phone)]


@pytest.mark.parametrize("bits", ["float32", "Float32"])
def test_columns_of_short_floats_are_refused_as_they_hold_the_numbers_of_others(bits: str) -> None:
    frame = pandas.DataFrame({"phone": [9876543210.0, None], "score": [0.5, 1.0]}).astype(bits)
    good, bad = split(read(frame, region="IN"))
    assert good == []
    lost = "the number was read as a float and may have lost digits; read the column as text"
    assert [row.reason for row in bad] == [lost, "there is no phone number"]
    narrow = polars.DataFrame({"phone": [9876543210.0, None], "score": [None, 0.5]}).cast(polars.Float32)
    assert [row.reason for row in split(read(narrow))[1]] == [lost, "there is no phone number"]
    scores = polars.DataFrame({"phone": [INDIAN], "score": [0.5]}, schema_overrides={"score": polars.Float32})
    assert contacts(read(scores)) == [Contact(INDIAN, None, {"score": 0.5})]


def written(region: str, chosen: random.Random) -> Iterator[str]:
    """Yield numbers of a region as people write them, right and wrong ones."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    code = str(metadata.country_code)
    for kind in phonenumbers.PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        number = phonenumbers.national_significant_number(example)
        place = chosen.randrange(len(number))
        other = number[:place] + str(chosen.randrange(10)) + number[place + 1 :]
        for style in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
            yield phonenumbers.format_number(example, style)
        prefix = metadata.national_prefix or ""
        yield from (
            number,
            other,
            code + number,
            f"+{code}{number}",
            f"+{code}{other}",
            f"+{code}{prefix}{number}",
        )
        yield from (f"00{code}{number}", prefix + number, f"+0{code}{number}", number[:-1], number + "1")
    for length in (*metadata.general_desc.possible_length, 1, 5, 15):
        for _ in range(2):
            digits = "".join(chosen.choice("0123456789") for _ in range(length))
            yield from (digits, f"+{code}{digits}", f"+{digits}")


def outcome(look: Callable[[str], str], text: str) -> str:
    try:
        return look(text)
    except Refused as error:
        return str(error)


def test_numbers_that_are_told_quickly_are_those_of_phonenumbers() -> None:
    chosen = random.Random(1)
    quickly = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        phones = Phones(region)
        for text in written(region, chosen):
            quickly += phones._plans.e164(text) is not None
            assert outcome(phones.e164, text) == outcome(phones._look_up, text), (region, text)
    assert quickly > 1_500
    assert Phones("IN")._plans.e164("98765 43210") == Phones(None)._plans.e164("+91 98765-43210") == INDIAN
    assert Phones("IN")._plans.e164("098765 43210") == Phones("IN")._plans.e164("0 98765-43210") == INDIAN
    assert Phones("IN")._plans.e164("00 98765 43210") is Phones("IN")._plans.e164("0098765432") is None
    assert Phones(None)._plans.e164("9876543210") is None


def test_numbers_with_a_trunk_prefix_are_read_quickly_and_as_phonenumbers_reads_them() -> None:
    chosen = random.Random(3)
    quickly = total = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        phones = Phones(region)
        trunk = phonenumbers.PhoneMetadata.metadata_for_region(region).national_prefix or ""
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        for _ in range(20 if trunk and example else 0):
            known = phonenumbers.national_significant_number(example)
            number = known[:-3] + "".join(chosen.choice("0123456789") for _ in range(3))
            text = trunk * chosen.choice((1, 1, 1, 2)) + chosen.choice((number, number[1:], number[::-1]))
            total += 1
            quickly += phones._plans.e164(text) is not None
            assert outcome(phones.e164, text) == outcome(phones._look_up, text), (region, text)
    assert quickly > total / 5 > 300


def test_numbers_with_any_prefix_and_signs_are_those_of_phonenumbers() -> None:
    chosen = random.Random(4)
    quickly = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        phones = Phones(region)
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        code, trunk = str(metadata.country_code), metadata.national_prefix or ""
        known = str(phonenumbers.example_number(region).national_number)
        prefixes = ("", trunk, "0", "1", code, f"+{code}", f"(+{code}) ", f"00{code}", f"{code} (0)", "0044")
        for prefix in prefixes:
            kept = chosen.randrange(len(known))
            number = known[:kept] + "".join(chosen.choice("0123456789") for _ in known[kept:])
            for sign in ("", chosen.choice((" ", "-", ".", "(", " (", ") ", "-("))):
                place = chosen.randrange(len(number))
                text = f"{prefix}{number[:place]}{sign}{number[place:]}"
                quickly += phones._plans.e164(text) is not None
                assert outcome(phones.e164, text) == outcome(looked_up(phones), text), (region, text)
    assert quickly > 500


def test_numbers_of_any_region_and_script_are_those_of_phonenumbers() -> None:
    """Numbers of another region of the same code, a trunk prefix after the code, dashes and digits of others."""
    chosen = random.Random(5)
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    devanagari = {ord(str(digit)): chr(0x966 + digit) for digit in range(10)}
    quickly = 0
    for region in regions:
        phones = Phones(region)
        code = phonenumbers.country_code_for_region(region)
        near = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
        for other in (region, chosen.choice(near), chosen.choice(near), chosen.choice(regions)):
            code = phonenumbers.country_code_for_region(other)
            known = str(phonenumbers.example_number(other).national_number)
            kept = chosen.randrange(1, len(known))
            number = known[:kept] + "".join(chosen.choice("0123456789") for _ in known[kept:])
            for prefix in ("", f"+{code} ", f"+{code} (0)", f"+{code}-(0) "):
                place = chosen.randrange(1, len(number))
                sign = chosen.choice(("", "\u2013", "-", "--", "\uff0d(", "\uff09"))
                text = f"{prefix}{number[:place]}{sign}{number[place:]}"
                text = text.translate(devanagari) if chosen.randrange(4) == 0 else text
                quickly += phones._plans.e164(in_ascii(text)) is not None
                assert outcome(phones.e164, text) == outcome(looked_up(phones), text), (region, text)
    assert quickly > 1_000


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2014\u2015")
@pytest.mark.parametrize("region", ["IN", "DE", "US"])
def test_typographic_dashes_are_read_as_phonenumbers_reads_them(region: str, dash: str) -> None:
    phones = Phones(region)
    for text in (
        *("98765-43210", "+91-98765-43210", "202-555-0123", "030-901820", "+49-(0)30-901820"),
        *("2026-11-28", "28-11-2026", "030 1234567-69", "02 1234567 - 02 7654321", "-98765 43210", "98765-"),
    ):
        written = text.replace("-", dash)
        assert outcome(phones.e164, written) == outcome(looked_up(phones), written), written


def looked_up(phones: Phones) -> Callable[[str], str]:
    return lambda text: phones._look_up(_clean(text))


@pytest.mark.parametrize(
    ("region", "text", "number"),
    [
        ("US", "(202) 555-0123", "+12025550123"),
        ("US", "202.555.0123", "+12025550123"),
        ("US", "1-202-555-0123", "+12025550123"),
        ("IN", "919876543210", INDIAN),
        ("IN", "0091 98765 43210", INDIAN),
        ("IN", "(+91) 98765-43210", INDIAN),
        ("IN", 9876543210, INDIAN),
        ("GB", "07400 123456", "+447400123456"),
        ("BR", "(11) 96123-4567", "+5511961234567"),
        ("IN", "+91 (0)98765 43210", INDIAN),
        ("DE", "+49 (0)30 901820", "+4930901820"),
        ("IN", "98765\u201343210", INDIAN),
        ("IN", "\u096f\u096e\u096d\u096c\u096b\u096a\u0969\u0968\u0967\u0966", INDIAN),
        ("CA", "(416) 555-0123", "+14165550123"),
        ("GB", "07911 123456", "+447911123456"),
        ("ID", "0812-345-678", "+62812345678"),
    ],
)
def test_usual_forms_need_no_look_up(region: str, text: object, number: str) -> None:
    assert WithoutLibrary(region).e164(text) == number


class WithoutLibrary(Phones):
    """Phones that read only what is certainly valid as it is."""

    def _look_up(self, text: str) -> str:
        raise AssertionError(text)


@pytest.mark.parametrize("region", ["IN", "US", "GB", "DE", "AE", "BR", "NG", "IT"])
def test_results_are_those_of_phonenumbers(region: str) -> None:
    for text in written(region, random.Random(2)):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            number = None
        good, _ = split(read([{"phone": text}], region=region))
        if number is None or not phonenumbers.is_valid_number(number):
            assert good == []
        elif good:
            assert good[0].phone == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        else:
            assert len(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) > 16


def test_without_phonenumbers_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(ConfigurationError) as caught:
        read([{"phone": INDIAN}])
    assert str(caught.value) == (
        "Reading phone numbers needs more packages: run pip install 'phonenumbers>=8.13' tzdata"
        " (the extra contacts of vocobase)."
    )


def test_the_code_of_a_carrier_is_left_out() -> None:
    """In Brazil, 0 15 before a number chooses the carrier of a call."""
    kind = phonenumbers.PhoneNumberType.MOBILE
    mobile = phonenumbers.example_number_for_type("BR", kind)
    national = str(mobile.national_number)
    assert Phones("BR").e164(f"0 15 {national[:2]} {national[2:]}") == f"+55{national}"
