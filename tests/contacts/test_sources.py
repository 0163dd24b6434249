"""Lists of people come as files, dataframes and mappings."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy
import pandas
import polars
import pytest

from vocobase import ContactsError, InvalidArgumentError
from vocobase.contacts import BadRow, Contact, read
from vocobase.contacts._phones import LINE_TYPES

from .support import contacts, mobile, read_csv, split

ASHA = Contact("+919876543210", "Asha", {"tier": "gold"})
JORDAN = Contact("+14155552671", "Jordan")
CSV = "phone,name,tier\n+919876543210,Asha,gold\n+1 (415) 555-2671,Jordan,\n"
JSONL = (
    '{"phone": "+919876543210", "name": "Asha", "tier": "gold"}\n{"phone": 14155552671, "name": "Jordan"}\n'
)

KINDS = ", ".join(LINE_TYPES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", CSV),
        ("list.CSV", CSV),
        ("list.csv", CSV.replace(",", ";")),
        ("list.csv", CSV.replace(",", "|")),
        ("list.csv", "sep=;\n" + CSV.replace(",", ";")),
        ("list.tsv", CSV.replace(",", "\t")),
        ("list.jsonl", JSONL),
        ("list.ndjson", JSONL),
        ("list.json", JSONL),
    ],
)
def test_a_path_is_read_by_its_suffix(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    region = "US" if name.endswith("n") or name.endswith("l") else None
    assert contacts(read(path, region=region)) == [ASHA, JORDAN]
    assert contacts(read(str(path), region=region)) == [ASHA, JORDAN]


def test_open_files_are_read_and_stay_open(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(CSV)
    with path.open("rb") as binary, path.open() as text:
        assert contacts(read(binary)) == contacts(read(text)) == [ASHA, JORDAN]
        assert not binary.closed
        assert not text.closed
    memory = io.BytesIO(CSV.encode())
    assert contacts(read(memory, format="csv")) == [ASHA, JORDAN]
    assert not memory.closed


def test_files_that_others_unpack_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "list.csv.gz", "wb") as packed:
        packed.write(CSV.encode())
    with gzip.open(tmp_path / "list.csv.gz") as unpacked:
        assert contacts(read(unpacked, format="csv")) == [ASHA, JORDAN]
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("list.csv", CSV)
    with zipfile.ZipFile(tmp_path / "list.zip") as archive, archive.open("list.csv") as member:
        assert contacts(read(member)) == [ASHA, JORDAN]
    with tempfile.SpooledTemporaryFile() as spooled:
        spooled.write(CSV.encode())
        spooled.seek(0)
        assert contacts(read(spooled, format="csv")) == [ASHA, JORDAN]


def test_a_pandas_dataframe_is_read() -> None:
    frame = pandas.DataFrame(
        {
            "Mobile": [919876543210, None, 919876500000],
            "Name": ["Asha", "Nobody", None],
            "tier": ["gold", 1, None],
        }
    )
    assert str(frame["Mobile"].dtype) == "float64"
    good, bad = split(read(frame, region="IN"))
    assert good == [ASHA]
    assert [(row.line, row.reason) for row in bad] == [
        (2, "there is no phone number"),
        (3, "the number was read as a float and may have lost digits; read the column as text"),
    ]


def test_the_types_of_pandas_become_those_of_json() -> None:
    frame = pandas.DataFrame(
        {
            "phone": pandas.array([919876543210, 919876543211], dtype="Int64"),
            "score": [1, 2],
            "seen": pandas.to_datetime(["2026-05-01", None]),
            "share": [0.5, float("nan")],
            "member": [True, False],
            "code": pandas.array(["x", pandas.NA], dtype="string"),
        }
    )
    first, second = contacts(read(frame, region="IN"))
    assert first.metadata == {
        "score": 1,
        "seen": "2026-05-01T00:00:00",
        "share": 0.5,
        "member": True,
        "code": "x",
    }
    assert second.metadata == {"score": 2, "member": False}
    assert type(first.metadata["score"]) is int


def test_a_polars_dataframe_is_read() -> None:
    frame = polars.DataFrame(
        {"Mobile": [919876543210, 14155552671], "Name": ["Asha", "Jordan"], "tier": ["gold", None]}
    )
    good, bad = split(read(frame, region="IN"))
    assert good == [ASHA]
    assert [row.line for row in bad] == [2]
    assert contacts(read(frame.with_columns(polars.format("+{}", "Mobile").alias("Mobile")))) == [
        ASHA,
        JORDAN,
    ]
    with pytest.raises(InvalidArgumentError, match="collect the lazy dataframe first"):
        read(frame.lazy())  # type: ignore[arg-type]


def test_scalars_of_numpy_become_plain_ones() -> None:
    scores = pandas.Series([7]).to_numpy()
    [contact] = contacts(read([{"phone": mobile(1), "score": scores[0], "half": scores[0] / 2}]))
    assert contact.metadata == {"score": 7, "half": 3.5}
    assert {type(value) for value in contact.metadata.values()} == {int, float}


def test_arrays_become_lists() -> None:
    frame = pandas.DataFrame(
        {"phone": [mobile(1)], "tags": [numpy.array(["a", "b"])], "none": [numpy.array([])]}
    )
    [contact] = contacts(read(frame))
    assert contact.metadata == {"tags": ["a", "b"], "none": []}
    rows = polars.DataFrame({"phone": [mobile(1)], "tags": [["a", "b"]], "who": [{"age": 7}]})
    assert contacts(read(rows))[0].metadata == {"tags": ["a", "b"], "who": {"age": 7}}


def test_columns_of_one_name_are_told_apart() -> None:
    frame = pandas.DataFrame([[mobile(1), "a", "b", "c"]], columns=["phone", "note", "note", ""])
    assert contacts(read(frame))[0].metadata == {"note": "a", "note_2": "b", "column_4": "c"}


def test_mappings_keep_nested_metadata() -> None:
    rows = [
        {"phone": mobile(1), "name": "Asha", "metadata": {"tier": "gold", "tags": ["a"]}, "city": "Pune"},
        {"metadata": {"city": "Goa"}, "phone": mobile(2), "when": date(2026, 5, 1)},
        {
            "phone": mobile(3),
            "cost": Decimal("1.50"),
            "id": UUID(int=1),
            "at": datetime(2026, 5, 1, tzinfo=UTC),
        },
        {"phone": mobile(5), "cost": Decimal("NaN")},
        {"phone": mobile(4), 5: "five", "deep": {"a": [None, float("nan"), 2.5, (True,)]}},
    ]
    assert [contact.metadata for contact in contacts(read(rows))] == [
        {"tier": "gold", "tags": ["a"], "city": "Pune"},
        {"city": "Goa", "when": "2026-05-01"},
        {"cost": "1.50", "id": str(UUID(int=1)), "at": "2026-05-01T00:00:00Z"},
        {},
        {"5": "five", "deep": {"a": [None, None, 2.5, [True]]}},
    ]


def test_what_json_cannot_express_is_a_bad_row() -> None:
    deep: Any = "end"
    for _ in range(120):
        deep = [deep]
    values = [
        *(object(), float("inf"), deep, "\ud800", {"\udc00": 1}, b"bytes", "a\0b", 10**5000),
        *({1}, [{"a\0b": 1}], {"a": ["a\0b"]}, {1: "a", "1": "b"}, numpy.array([None, {2}])),
    ]
    good, bad = split(read({"phone": mobile(n), "note": value} for n, value in enumerate(values)))
    assert good == []
    assert [row.reason for row in bad] == [
        "column 'note' is of type object, which JSON cannot express",
        "column 'note' is not a finite number",
        f"column 'note'{'[0]' * 29}... is nested too deeply",
        "column 'note' contains half a character (a lone surrogate)",
        "column 'note' has a key that contains a character that UTF-8 cannot express",
        "column 'note' is of type bytes, which JSON cannot express",
        "column 'note' contains a NUL character",
        "column 'note' has too many digits",
        "column 'note' is of type set, which JSON cannot express",
        "column 'note' contains a NUL character",
        "column 'note' contains a NUL character",
        "column 'note' has two keys that JSON writes as '1'",
        "column 'note'[1] is of type set, which JSON cannot express",
    ]
    _, [bad_key] = split(read([{"phone": mobile(1), "\ud800": "x"}]))
    assert bad_key.reason == "column '\\ud800' contains half a character (a lone surrogate)"
    _, [bad_name] = split(read([{"phone": mobile(1), "name": "\ud800"}]))
    assert bad_name.reason == "the name contains half a character (a lone surrogate)"


def test_what_was_read_can_be_filtered_and_read_again() -> None:
    rows = list(read([{"phone": mobile(1), "tier": 1}, {"phone": "x"}, {"phone": mobile(2)}]))
    assert list(read(rows)) == rows
    hostile = [
        Contact("12"),
        Contact(mobile(3), None, {"x": object()}),
        Contact(mobile(4)),
        Contact(mobile(4)),
    ]
    good, bad = split(read(hostile))
    assert good == [Contact(mobile(4))]
    assert [(row.line, row.duplicate_of) for row in bad] == [(1, None), (2, None), (4, 3)]


def test_contacts_that_were_made_by_hand_are_judged_as_rows_are() -> None:
    made: list[Any] = [
        Contact(mobile(1), 5),  # type: ignore[arg-type]
        Contact(mobile(2), " ", None),  # type: ignore[arg-type]
        Contact(mobile(3), metadata={5: "x"}),  # type: ignore[dict-item]
        Contact(mobile(4), metadata=["x"]),  # type: ignore[arg-type]
        Contact(mobile(5), "\ud800"),
        Contact(None),  # type: ignore[arg-type]
    ]
    good, bad = split(read(made))
    assert good == [Contact(mobile(1), "5"), Contact(mobile(2)), Contact(mobile(3), None, {"5": "x"})]
    assert [(row.line, row.reason) for row in bad] == [
        (4, "the metadata is not a mapping"),
        (5, "the name contains half a character (a lone surrogate)"),
        (6, "there is no phone number"),
    ]
    assert bad[0].row == {"phone": mobile(4), "metadata": ["x"]}


def test_rows_that_are_no_mappings_are_bad() -> None:
    good, bad = split(read([{"phone": mobile(1)}, mobile(2), None, 5]))  # type: ignore[list-item]
    assert [contact.phone for contact in good] == [mobile(1)]
    assert [(row.line, row.reason) for row in bad] == [
        (2, "the row is not a mapping but of the type str"),
        (3, "the row is not a mapping but of the type NoneType"),
        (4, "the row is not a mapping but of the type int"),
    ]


def test_blank_rows_are_passed_over() -> None:
    assert contacts(read([{"phone": ""}, {}, {"phone": None, "name": " "}, {"phone": mobile(1)}])) == [
        Contact(mobile(1))
    ]
    good, bad = read_csv("\n\nphone,name\n\n,\n  ,\t\n+919876543210,A\n\n")
    assert (len(good), bad) == (1, [])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("list.xlsx", "source: workbooks cannot be read; save the sheet as CSV."),
        ("list.doc", "source: the format of 'list.doc' is not known; pass format=, one of csv, tsv, jsonl."),
        (io.StringIO(), "source: the format of StringIO is not known; pass format=, one of csv, tsv, jsonl."),
        (b"phone", "source: bytes cannot be read; pass a path, an open file, a dataframe or mappings."),
        ({"phone": "1"}, "source: dict cannot be read; pass a path, an open file, a dataframe or mappings."),
        (None, "source: NoneType cannot be read; pass a path, an open file, a dataframe or mappings."),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(source: Any, text: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read(source)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"region": "India"}, "region: 'India' is not known; pass two letters, such as 'IN' or 'US'."),
        ({"region": 91}, "region: 91 is not known; pass two letters, such as 'IN' or 'US'."),
        ({"encoding": "nonsense"}, "encoding: 'nonsense' is not known; try 'utf-8' or 'cp1252'."),
        ({"encoding": "rot13"}, "encoding: 'rot13' is not known; try 'utf-8' or 'cp1252'."),
        ({"encoding": 8}, "encoding: 8 is not known; try 'utf-8' or 'cp1252'."),
        ({"delimiter": ";;"}, "delimiter: pass one character, such as ';'."),
        ({"delimiter": "\n"}, "delimiter: pass one character, such as ';'."),
        ({"delimiter": 5}, "delimiter: pass one character, such as ';'."),
        ({"delimiter": [";"]}, "delimiter: pass one character, such as ';'."),
        ({"rejects": 5}, "rejects: pass the path of a file."),
        ({"format": "xml"}, "format: 'xml' is not one of csv, tsv, jsonl."),
        (
            {"columns": {"amount due": "x"}},
            "columns: 'amount due' is not one of phone, name, first_name, last_name, and not a variable (letters,"
            " digits and underscores).",
        ),
        ({"columns": {"mobile": "x"}}, "columns: write 'phone' instead of 'mobile'."),
        ({"line_types": {"phone"}}, f"line_types: 'phone' cannot be used; pass a set of {KINDS}."),
        ({"line_types": "mobile"}, f"line_types: 'mobile' cannot be used; pass a set of {KINDS}."),
        ({"line_types": 5}, f"line_types: 5 cannot be used; pass a set of {KINDS}."),
        ({"line_types": []}, f"line_types: [] cannot be used; pass a set of {KINDS}."),
        (
            {"columns": "phone"},
            "columns: pass a mapping such as {'phone': 'Mobile No'}, or the names of all columns as a list.",
        ),
        (
            {"columns": {"phone": 5}},
            "columns: pass a mapping such as {'phone': 'Mobile No'}, or the names of all columns as a list.",
        ),
        (
            {"columns": []},
            "columns: pass a mapping such as {'phone': 'Mobile No'}, or the names of all columns as a list.",
        ),
    ],
)
def test_arguments_of_no_use_are_refused_at_once(options: Any, text: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read("list.csv", **options)
    assert str(caught.value) == text


def test_the_region_may_be_in_lower_case() -> None:
    assert contacts(read([{"phone": "9876543210"}], region="in")) == [Contact("+919876543210")]


def test_errors_of_the_callers_iterable_come_through() -> None:
    def rows() -> Any:
        yield {"phone": mobile(1)}
        raise KeyError("mine")

    reading = read(rows())
    next(reading)
    with pytest.raises(KeyError, match="mine"):
        next(reading)


def test_contacts_are_what_add_contacts_takes() -> None:
    assert ASHA.to_dict() == {"phone": "+919876543210", "name": "Asha", "metadata": {"tier": "gold"}}
    assert Contact("+919876543210").to_dict() == {"phone": "+919876543210"}
    assert len({ASHA, JORDAN, Contact("+919876543210", "Asha")}) == 3
    assert hash(BadRow(1, "x", {})) is not None


def test_a_file_that_was_closed_is_a_clear_error() -> None:
    for file in (io.StringIO(CSV), io.BytesIO(CSV.encode())):
        file.close()
        with pytest.raises(ContactsError, match="closed file"):
            list(read(file, format="csv"))
