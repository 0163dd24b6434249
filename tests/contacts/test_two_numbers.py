"""A cell that may contain two numbers is refused: their digits together can be the number of a stranger."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from vocobase.contacts import Contact, read
from vocobase.contacts._phones import Phones
from vocobase.contacts._values import Refused

from .support import contacts, read_csv, split

TWO = "this may be two numbers; keep one in each cell"
LINE_BREAKS = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"]
SEPARATORS = [
    *LINE_BREAKS,
    *(
        "/",
        " / ",
        "//",
        "\\",
        "\uff0f",
        "\u2044",
        "\u2215",
        "\u29f8",
        "\t",
        ";",
        "; ",
        ":",
        "|",
        ", ",
        "&",
        "+",
    ),
    *(" or ", " und ", " o. ", " and ", "_", "*", "\u00b7", "\u2022", "'", '"', "...;", ") / ("),
]


def reason(written: object, region: str | None) -> str:
    good, bad = split(read([{"phone": written}], region=region))
    assert good == []
    return bad[0].reason


def outcome(look: object, text: str) -> str:
    assert callable(look)
    try:
        return str(look(text))
    except Refused as error:
        return str(error)


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("02 1234567/8", "IT"),
        ("02 1234567 / 68", "IT"),
        ("030 1234567 / 68", "DE"),
        ("030 1234567/0301234568", "DE"),
        ("030/1234567/68", "DE"),
        ("1234567/8", "DE"),
        ("7654321/8", "DE"),
        ("030 1234567,68", "DE"),
        ("01 5234567/8", "AT"),
        ("01 523/4", "AT"),
        ("+43 1 5234567/8", None),
        ("0043 1 5234567/8", "AT"),
        ("9876543210/11", "IN"),
        ("9876543210/9876543211", "IN"),
        ("98765/43210", "IN"),
        ("98765\n43210", "IN"),
        ("9,876,543,210", "IN"),
        ("415-555-2671/2", "US"),
        (["9876543210", "9876543211"], "IN"),
    ],
)
def test_a_separator_between_digits_is_refused_in_every_plan(written: object, region: str | None) -> None:
    assert reason(written, region) == TWO


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("tail", ["8", "68", "0301234568"])
def test_no_separator_joins_two_numbers(separator: str, tail: str) -> None:
    assert reason(f"030 1234567{separator}{tail}", "DE") == TWO


def test_no_region_joins_two_numbers() -> None:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        phones = Phones(region)
        for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
            example = phonenumbers.example_number_for_type(region, kind)
            for style in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.E164):
                number = phonenumbers.format_number(example, style) if example else "12345"
                for second in ("\n8", "/68", f" / {number}", f"\n{number}", f", {number}"):
                    assert outcome(phones.e164, number + second) == TWO, (region, number + second)


def test_a_line_feed_in_a_quoted_field_is_refused() -> None:
    good, bad = read_csv('phone,name\n"030 1234567\n030 7654321",Asha\n"030 1234567\n",B\n', region="DE")
    assert [(row.line, row.reason) for row in bad] == [(2, TWO)]
    assert good == [Contact("+49301234567", "B")]


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("030 1234567-8", "DE"),
        ("030 1234567 - 8", "DE"),
        ("030 1234567-69", "DE"),
        ("030 1234567\u201369", "DE"),
        ("030 1234500-99", "DE"),
        ("030 1234567.8", "DE"),
        ("030/1234567-8", "DE"),
        ("02 1234567-8", "IT"),
        ("+43 1 5234567-8", None),
    ],
)
def test_what_may_be_a_range_is_refused(written: str, region: str | None) -> None:
    assert reason(written, region) == TWO


@pytest.mark.parametrize("written", ["030 1234567 (68)", "030 1234567[68]", "030 1234567\u200b55"])
def test_digits_that_are_added_to_a_whole_number_are_refused(written: str) -> None:
    assert reason(written, "DE") == TWO


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("01 52345 01 67890", "AT"),
        ("01 52345-01 67890", "AT"),
        ("9876543210 9876543211", "IN"),
        ("02 1234567 - 02 7654321", "IT"),
        ("+49 30 901820 +49 30 901821", None),
        ("2. 030 1234567", "DE"),
        ("2) 030 1234567", "DE"),
    ],
)
def test_a_second_number_is_detected_behind_the_signs_of_one(written: str, region: str | None) -> None:
    assert reason(written, region) == TWO


@pytest.mark.parametrize(
    ("written", "region", "phone"),
    [
        ("030/1234567", "DE", "+49301234567"),
        ("030 / 123 45 67", "DE", "+49301234567"),
        ("(030)/1234567", "DE", "+49301234567"),
        ("030\uff0f1234567", "DE", "+49301234567"),
        ("0171/2345678", "DE", "+491712345678"),
        ("+49 30/1234567", None, "+49301234567"),
        ("+49 (0)30/1234567", None, "+49301234567"),
        ("+49/30/1234567", None, "+49301234567"),
        ("0049/30/1234567", "DE", "+49301234567"),
        ("\uff0b\uff14\uff19 \uff13\uff10/1234567", None, "+49301234567"),
        ("02/1234567", "IT", "+39021234567"),
        ("022/24123456", "IN", "+912224123456"),
        ("030 12345-0", "DE", "+4930123450"),
        ("030 12345-67", "DE", "+49301234567"),
        ("030 12345-678", "DE", "+493012345678"),
        ("(020) 7946 0018", "GB", "+442079460018"),
        ("020 7946-0018", "GB", "+442079460018"),
        ("020 7946\u20110018", "GB", "+442079460018"),
        ("348 0123456", "IT", "+393480123456"),
        ("0664 0123456", "AT", "+436640123456"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("415\u200b555\u200b2671", "US", "+14155552671"),
        ("415.555.2671", "US", "+14155552671"),
        ("9.876.543.210", "IN", "+919876543210"),
        ("98765 43210,", "IN", "+919876543210"),
        ("98765 43210\n", "IN", "+919876543210"),
        ("+91 (0)98765 43210", None, "+919876543210"),
    ],
)
def test_one_number_is_read_with_the_signs_that_people_put_into_it(
    written: str, region: str | None, phone: str
) -> None:
    assert contacts(read([{"phone": written}], region=region)) == [Contact(phone)]


@pytest.mark.parametrize("written", ["+/1234567", "+999/1234567", "0/1234567/0301234567", "/"])
def test_a_slash_after_anything_but_an_area_code_is_not_read(written: str) -> None:
    assert reason(written, "DE")


@pytest.mark.parametrize(
    "written", ["030 1234567~6 8", "030 1234567#6 8", "98765x43210 1", "98765;ext=5 6", "+1 415 555-2671#, ="]
)
def test_what_follows_the_sign_of_an_extension_is_not_part_of_the_number(written: str) -> None:
    assert reason(written, "DE") == "the number has an extension, which cannot be dialled"


@pytest.mark.parametrize(
    "written", ["-9876543119", -9876543119, "'-9876543119", "=-9876543119", "\u22129876543119"]
)
def test_a_number_that_a_spreadsheet_calculated_is_refused(written: object) -> None:
    # It takes +91-9876543210 for a subtraction.
    assert reason(written, "IN") == (
        "the number is negative: a spreadsheet has calculated with it; format the column as text and enter it again"
    )


@pytest.mark.parametrize("written", ["30901820.5", "9876543210.25", "919876543210.001"])
def test_the_point_of_a_fraction_is_not_dropped(written: str) -> None:
    assert reason(written, "DE") == "the number is a fraction"


@pytest.mark.parametrize("written", ["9.19876543210E11", "9.19876543210e+11", "9,19876543210E+11"])
def test_scientific_notation_is_refused_however_many_digits_it_has(written: str) -> None:
    assert "scientific notation" in reason(written, "IN")


@pytest.mark.parametrize("written", ["030 1234567\u00b9", "030 1234567\u2460", "\u00b9030 1234567\u00bd"])
def test_footnotes_are_not_digits(written: str) -> None:
    assert reason(written, "DE") == "this is not a phone number"


def test_a_country_code_without_plus_is_not_an_area_code() -> None:
    # phonenumbers reads +49490301234567.
    assert reason("49 (0)30 1234567", "DE") == "the number has a country code without +; write it as +..."


@pytest.mark.parametrize("region", ["AT", "DE", "GB", "IN", "IT", "NG", "US"])
def test_numbers_with_signs_that_are_told_quickly_are_no_two_numbers(region: str) -> None:
    chosen = random.Random(5)
    phones = Phones(region)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    starts = ["", metadata.national_prefix or "", f"+{metadata.country_code}"]
    for _ in range(400):
        length = chosen.choice(metadata.general_desc.possible_length)
        signs = ["", "", "", " ", "-", " - ", "(", ")", " 0", ") 0"]
        digits = [chosen.choice("0123456789") + chosen.choice(signs) for _ in range(length)]
        text = (chosen.choice(starts) + "".join(digits)).rstrip(" -(")
        assert outcome(phones.e164, text) == outcome(phones._look_up, text), text
