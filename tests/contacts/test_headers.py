"""A header that cannot be right is an error that says what was seen and what to pass, never only bad rows."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import pandas
import polars
import pytest

from vocobase import ContactsError, ContactsHeaderError, InvalidArgumentError
from vocobase.contacts import BadRow, Contact, read

from .support import contacts, mobile, read_csv

A, B = mobile(1), mobile(2)


def error_of(text: str, **options: Any) -> str:
    """Return the message of the error for a CSV file."""
    with pytest.raises(ContactsHeaderError) as caught:
        read_csv(text, **options)
    assert isinstance(caught.value, ContactsError)
    assert str(caught.value).startswith("StringIO: ")
    return str(caught.value).removeprefix("StringIO: ")


@pytest.mark.parametrize("rows", [1, 2, 30])
def test_a_header_that_no_row_fits_is_an_error(rows: int) -> None:
    text = "phone,name\n" + "".join(f"{mobile(n)},Asha,Pune\n" for n in range(rows))
    assert error_of(text) == (
        "no row matches the header in line 1, which has 2 columns ('phone', 'name'); line 2 has 3 fields."
        " Quote fields that contain ',', pass delimiter=, or pass columns= with the names of all fields if there"
        " is no header."
    )


def test_names_of_all_columns_that_no_row_fits_are_an_error() -> None:
    text = error_of(f"{A},Asha,Pune\n{B},B,Goa\n", columns=["phone", "name"])
    assert text.startswith(
        "no row matches columns=, which has 2 columns ('phone', 'name'); line 1 has 3 fields. "
    )
    assert "no column with phone numbers among 'a', 'b';" in error_of(f"{A},B\n", columns=["a", "b"])


@pytest.mark.parametrize(
    "title", ["Customers 2026", "Customers of Pune, Goa", "Customers;", ",,", '"Customers"']
)
@pytest.mark.parametrize("blank", ["", "\n", ",,\n\n"])
def test_a_title_above_the_header_is_an_error(title: str, blank: str) -> None:
    line = 2 + blank.count("\n")
    text = error_of(f"{title}\n{blank}Mobile,Name,City\n{A},Asha,Pune\n")
    assert text.startswith("no column with phone numbers among ")
    assert text.endswith(
        f"The header is in line 1, but line {line} looks like one; remove the lines above it."
    ) or (f"line {line} looks like one with delimiter=','; remove the lines above it." in text)


@pytest.mark.parametrize("title", ["Mobile", "Mobile,", "Mobile,,"])
def test_a_title_that_is_called_like_the_column_is_an_error(title: str) -> None:
    text = error_of(f"{title}\nName,Mobile,City\nAsha,{A},Pune\nB,{B},Goa\n")
    assert text.startswith("no row matches the header in line 1, which has ")
    assert "'Mobile'" in text


def test_a_title_as_wide_as_the_rows_is_an_error_that_names_the_header() -> None:
    assert error_of(f"Mobile,,\nName,Mobile,City\nAsha,{A},Pune\nB,{B},Goa\n") == (
        "no row matches the header in line 1, which has 3 columns ('Mobile', 'column_2', 'column_3'). Line 2 looks like"
        " the header; remove the lines above it."
    )


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("Phone;Name, first", "line 1 looks like one with delimiter=';'."),
        ("Phone;Name, first, last", "line 1 looks like one with delimiter=';'."),
        ("Name, first;Phone", "line 1 looks like one with delimiter=';'."),
        ("Name;Phone, home", "The header contains ';' too; pass delimiter= if that is between the columns."),
        ("Name;City, Phone", "The fields contain ';'; pass delimiter=';'."),
    ],
)
@pytest.mark.parametrize("city", ["", ";Pune, IN"])
def test_an_unquoted_comma_in_a_header_with_semicolons_is_an_error(header: str, hint: str, city: str) -> None:
    rows = {"Phone": f"{A};Asha{city}\n", "Name": f"Asha;{A}{city}\n"}
    text = header + "\n" + rows["Phone" if header.startswith("Phone") else "Name"]
    assert error_of(text).endswith(hint)


@pytest.mark.parametrize("passed", [";", "|", "\t"])
def test_a_wrong_delimiter_is_an_error_that_names_the_right_one(passed: str) -> None:
    text = error_of(f"phone,name\n{A},Asha\n", delimiter=passed)
    assert text.endswith("The header is in line 1, but line 1 looks like one with delimiter=','.")


def test_the_delimiter_of_another_format_is_named(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text(f"phone,name\n{A},Asha\n")
    with pytest.raises(ContactsHeaderError, match="with delimiter=','"):
        list(read(path))
    assert contacts(read(path, delimiter=",")) == [Contact(A, "Asha")]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (f"phone,name\n{A};Asha\n{B};B\n", 1),
        (f"phone,name,city\n{A};Rao, Asha\n", 2),
        (f"phone\n{A};Asha;Pune\n", 1),
        (f"name,phone\nAsha;{A}\n", 1),
    ],
)
def test_rows_with_another_delimiter_than_the_header_are_an_error(text: str, fields: int) -> None:
    found = error_of(text)
    assert f"line 2 has {fields} field" in found
    assert found.endswith(". The fields contain ';'; pass delimiter=';'.")


def test_a_named_column_that_is_missing_is_an_error_whatever_the_rows() -> None:
    expected = "columns: there is no column 'Mobile' among 'phone', 'name'"
    for rows in ("", f"{A},Asha\n", f"{A},Asha,Pune\n", '"'):
        assert error_of(f"phone,name\n{rows}", columns={"phone": "Mobile"}).startswith(expected)
    below = error_of(f"List\nMobile,Wer\n{A},Asha\n", columns={"phone": "Mobile", "name": "Wer"})
    assert below.endswith(
        "line 2 looks like one with delimiter=','; remove the lines above it."
    ) or below.endswith("line 2 looks like one; remove the lines above it.")


def test_a_header_alone_must_have_the_columns_too() -> None:
    assert read_csv("phone,name\n") == ([], [])
    # The only row of a file without header would be lost without a word.
    assert error_of(f"{A},Asha\n").startswith("no column with phone numbers among a number, 'Asha';")
    for empty in (pandas.DataFrame({"fone": []}), polars.DataFrame({"fone": []})):
        with pytest.raises(ContactsHeaderError, match="no column with phone numbers among 'fone'"):
            list(read(empty))


def test_the_error_tells_the_line_and_pickles() -> None:
    with pytest.raises(ContactsHeaderError) as caught:
        read_csv(f"\n\nfone,name\n{A},Asha\n")
    assert caught.value.line == 3
    assert pickle.loads(pickle.dumps(caught.value)).line == 3
    with pytest.raises(ContactsHeaderError) as caught:
        read_csv(f"{A},Asha,Pune\n", columns=["phone", "name"])
    assert caught.value.line is None
    with pytest.raises(ContactsHeaderError) as caught:
        read_csv('phone,"name')
    assert caught.value.line == 1


def test_no_number_is_shown() -> None:
    text = error_of(f"{A},mobile\n" + f"{B},home\n" * 20)
    assert text == (
        "no row matches the header in line 1, which has 2 columns (a number, 'mobile'). Pass columns= with the names of"
        " all columns as a list if there is no header."
    )
    text = error_of(f"{A},gold\n" + f"{B},silver\n" * 20)
    assert A not in text
    assert B not in text
    assert "looks like" not in text


def test_shorter_rows_are_read_with_blanks() -> None:
    good, bad = read_csv(f"phone,name,city,tier\n{A}\n{B},B\n{mobile(3)},C,Pune\n,D\n")
    assert good == [Contact(A), Contact(B, "B"), Contact(mobile(3), "C", {"city": "Pune"})]
    assert bad == [BadRow(5, "there is no phone number", {"phone": "", "name": "D", "city": "", "tier": ""})]


def test_a_shorter_row_may_lack_its_number() -> None:
    good, bad = read_csv(f"name,phone\nAsha\nB,{B}\n")
    assert good == [Contact(B, "B")]
    assert [(row.line, row.reason) for row in bad] == [(2, "there is no phone number")]
    assert read_csv("name,phone\nAsha\n")[1] == bad


@pytest.mark.parametrize("cell", [f'"{A}; home"', "n/a", '"Rao; Asha"', "12"])
def test_one_bad_row_is_not_a_fault_of_the_header(cell: str) -> None:
    _, bad = read_csv(f"phone,name\n{cell},Asha\n")
    assert [row.line for row in bad] == [2]


def test_a_header_that_comes_again_is_a_bad_row() -> None:
    good, bad = read_csv(f"phone,name\nphone,name\n{A},Asha\n{B};B\n")
    assert good == [Contact(A, "Asha")]
    assert [(row.line, row.reason) for row in bad] == [
        (2, "the number contains letters"),
        (4, "the row has 1 fields where the header has 2"),
    ]


def test_a_header_with_a_second_delimiter_does_not_spoil_rows_with_numbers() -> None:
    good, bad = read_csv(f"phone,name;title\nn/a,x;y\n{A},Asha;Dr\n")
    assert good == [Contact(A, None, {"name;title": "Asha;Dr"})]
    assert len(bad) == 1


@pytest.mark.parametrize("text", ["phone,name\n+919876543210,Asha\n", "nonsense\n", "[1\n5\n"])
def test_a_file_that_is_not_json_lines_is_an_error(text: str) -> None:
    with pytest.raises(ContactsError) as caught:
        list(read(io.StringIO(text), format="jsonl"))
    assert "JSON" in str(caught.value)


def test_rejects_of_an_earlier_run_stay_when_the_header_is_at_fault(tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    rejects.write_text("old")
    with pytest.raises(ContactsHeaderError):
        list(read(io.StringIO(f"phone\n{A},B\n"), format="csv", rejects=rejects))
    assert rejects.read_text() == "old"
    with pytest.raises(InvalidArgumentError):
        read(tmp_path / "list.csv", columns=[])
