"""Columns are told by their headers, or by the caller."""

from __future__ import annotations

import io
from typing import Any, Literal

import pandas
import pytest

from vocobase import ContactsError, InvalidArgumentError
from vocobase.contacts import Contact, read
from vocobase.contacts._columns import HEADERS, name_columns

from .support import contacts, mobile, read_csv, split

PHONE = "+919876543210"


@pytest.mark.parametrize(
    "header", [*sorted(HEADERS["phone"]), "PHONE", "Phone No.", " Mobile_Number ", "tel:", "Mobile-No"]
)
def test_usual_headers_of_numbers_are_recognised(header: str) -> None:
    good, bad = read_csv(f"{header},City\n{PHONE},Pune\n")
    assert (good, bad) == ([Contact(PHONE, None, {"City": "Pune"})], [])


@pytest.mark.parametrize(
    ("header", "row", "name", "metadata"),
    [
        ("Full Name", "Asha Rao", "Asha Rao", {}),
        ("First Name,Surname", "Asha,Rao", "Asha Rao", {}),
        ("Last Name,First", "Rao,Asha", "Asha Rao", {}),
        ("given name", "Asha", "Asha", {}),
        ("family_name,x", "Rao,", "Rao", {}),
        ("name,first name", "Asha Rao,Asha", "Asha Rao", {"first name": "Asha"}),
        ("name", "  Asha \u00a0 Rao\u200b ", "Asha Rao", {}),
        ("name", "", None, {}),
        ("nombre", "Asha", None, {"nombre": "Asha"}),
    ],
)
def test_names_are_put_together(header: str, row: str, name: str | None, metadata: dict[str, str]) -> None:
    good, bad = read_csv(f"{header},phone\n{row},{PHONE}\n")
    assert (good, bad) == ([Contact(PHONE, name, metadata)], [])


def test_columns_can_be_named() -> None:
    text = f"Kunde,Mobile  No,phone\nAsha,{PHONE},home\n"
    good, _ = read_csv(text, columns={"phone": "Mobile No", "name": "Kunde"})
    assert good == [Contact(PHONE, "Asha", {"phone": "home"})]


def test_a_file_without_header_is_read_with_a_list_of_names() -> None:
    good, bad = read_csv(f"{PHONE};Asha;gold\n", columns=["phone", "name", "tier"])
    assert (good, bad) == ([Contact(PHONE, "Asha", {"tier": "gold"})], [])


@pytest.mark.parametrize(
    ("header", "columns", "text"),
    [
        (
            "city,name",
            None,
            "StringIO: no column with phone numbers among 'city', 'name'; name it with columns={'phone': ...},"
            " or pass the names of all columns as a list if there is no header.",
        ),
        (
            "phone,mobile",
            None,
            "StringIO: 'phone' and 'mobile' could both be the phone; say which with columns={'phone': ...}.",
        ),
        ("a,b", {"phone": "c"}, "StringIO: columns: there is no column 'c' among 'a', 'b'."),
        ("a,phone", {"name": "c"}, "StringIO: columns: there is no column 'c' among 'a', 'phone'."),
    ],
)
def test_columns_that_do_not_tell_are_an_error_that_helps(header: str, columns: object, text: str) -> None:
    with pytest.raises(ContactsError) as caught:
        read_csv(f"{header}\n1,2\n", columns=columns)
    assert str(caught.value) == text


@pytest.mark.parametrize("part", ["phone", "name"])
def test_a_header_that_comes_twice_is_no_guess(part: str) -> None:
    text = f"phone,name,{part}\n{PHONE},Asha,{PHONE}\n"
    with pytest.raises(ContactsError, match=f"'{part}' and '{part}_2' could both be the {part}; say which"):
        read_csv(text)
    assert read_csv(text, columns={part: part})[0] == [Contact(PHONE, "Asha", {f"{part}_2": PHONE})]
    # A column that is really called so is another one.
    rows = [{"phone": PHONE, "phone_2": "home"}]
    assert contacts(read(rows)) == [Contact(PHONE, None, {"phone_2": "home"})]


def test_a_header_of_many_equal_columns_is_named_in_time() -> None:
    names = name_columns(["a"] * 200_000)
    assert names[:3] == ("a", "a_2", "a_3")
    assert len(set(names)) == 200_000
    assert name_columns(["a_2", "a", "a", "a"]) == ("a_2", "a", "a_3", "a_4")


def test_named_columns_are_found_whatever_the_spaces_between_their_words() -> None:
    for source in ([{" Mobile  No": PHONE, "phone": "home"}], [{"Mobile No": PHONE, "phone": "home"}]):
        for name in ("Mobile No", " Mobile  No"):
            assert contacts(read(source, columns={"phone": name})) == [
                Contact(PHONE, None, {"phone": "home"})
            ]


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_a_header_over_several_lines_tells_the_delimiter(format: Literal["csv", "tsv"]) -> None:
    text = f'"Phone\nnumber, with code";name\n{PHONE};Asha\n'.replace(";", ";" if format == "csv" else "\t")
    found = contacts(read(io.StringIO(text), format=format, columns={"phone": "Phone number, with code"}))
    assert found == [Contact(PHONE, "Asha")]


def test_no_number_of_a_file_without_header_is_told() -> None:
    with pytest.raises(ContactsError) as caught:
        read_csv(f"{PHONE},gold\n{mobile(1)},silver\n")
    assert str(caught.value).startswith("StringIO: no column with phone numbers among a number, 'gold'; name")


@pytest.mark.parametrize("source", [[{"Mobile": PHONE}], pandas.DataFrame({"Mobile": [PHONE]}), "list.jsonl"])
def test_names_of_all_columns_are_refused_where_columns_have_names(source: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read(source, columns=["phone"])
    assert str(caught.value) == (
        "columns: only a CSV file without header takes the names of all columns; pass a mapping such as"
        " {'phone': 'Mobile No'}."
    )


def test_many_columns_are_not_all_listed() -> None:
    with pytest.raises(ContactsError) as caught:
        read_csv(",".join(f"c{n}" for n in range(50)) + "\n" + "1," * 49 + "1\n")
    assert "'c19' and 30 more;" in str(caught.value)


def test_the_first_mapping_tells_of_a_mistake_and_later_ones_are_bad_rows() -> None:
    with pytest.raises(ContactsError, match="no column with phone numbers among 'fone'"):
        list(read([{"fone": mobile(1)}]))
    good, bad = split(
        read(
            [{"fone": mobile(1), "who": "Asha"}, {"fone": mobile(2)}, {"who": "Jordan"}, {"a": 1, "b": 2}],
            columns={"phone": "fone", "name": "who"},
        )
    )
    assert good == [Contact(mobile(1), "Asha"), Contact(mobile(2))]
    assert [row.line for row in bad] == [3, 4]
    assert bad[1].reason.startswith("no column with phone numbers among 'a', 'b'")


def test_mappings_of_many_shapes_cost_no_memory() -> None:
    rows = [{"phone": mobile(n), f"key{n}": n} for n in range(500)]
    assert [row.metadata for row in contacts(read(rows))] == [{f"key{n}": n} for n in range(500)]


def test_any_column_can_become_a_variable() -> None:
    text = f"Mobile No.,Amount  Due,City\n{PHONE},450,Pune\n"
    good, _ = read_csv(text, columns={"phone": "Mobile No.", "amount_due": "Amount Due", "place": "City"})
    assert good == [Contact(PHONE, None, {"amount_due": "450", "place": "Pune"})]


def test_the_column_of_the_number_can_be_a_variable_too() -> None:
    good, _ = read_csv(f"Mobile\n{PHONE}\n", columns={"phone": "Mobile", "callback": "Mobile"})
    assert good == [Contact(PHONE, None, {"callback": PHONE})]


def test_a_variable_of_a_column_that_is_not_there_is_an_error_and_in_later_rows_just_absent() -> None:
    with pytest.raises(ContactsError, match="there is no column 'Amount Due' among 'phone', 'due'"):
        read_csv(f"phone,due\n{PHONE},450\n", columns={"amount_due": "Amount Due"})
    rows = [{"phone": PHONE, "Due": 5}, {"phone": mobile(2)}]
    found = contacts(read(rows, columns={"amount_due": "Due"}))
    assert [contact.metadata for contact in found] == [{"amount_due": 5}, {}]


def test_a_variable_with_the_name_of_another_column_is_an_error() -> None:
    with pytest.raises(ContactsError, match="there is a column 'amount_due' too; remove it or rename"):
        read_csv(f"phone,Due,amount_due\n{PHONE},450,1\n", columns={"amount_due": "Due"})


@pytest.mark.parametrize(
    ("number", "kind"),
    [("+919876543210", "mobile"), ("+911123456789", "fixed_line"), ("+18002530000", "toll_free")],
)
def test_numbers_of_other_line_types_are_rejected_with_their_type(number: str, kind: str) -> None:
    wanted: set[Any] = {"mobile", "voip"}
    good, bad = read_csv(f"phone\n{number}\n", line_types=wanted)
    if kind == "mobile":
        assert (good, bad) == ([Contact(number)], [])
    else:
        reason = f"the line type is {kind}, not fixed_line_or_mobile or mobile or voip"
        assert (good, [row.reason for row in bad]) == ([], [reason])


@pytest.mark.parametrize("kind", ["mobile", "fixed_line", "fixed_line_or_mobile"])
def test_numbers_that_may_be_mobile_or_fixed_count_as_both(kind: Any) -> None:
    good, bad = read_csv("phone\n+12025550143\n", line_types={kind})
    assert (len(good), bad) == (1, [])
    assert read_csv("phone\n+12025550143\n", line_types={"voip"})[0] == []
