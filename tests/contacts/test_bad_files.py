"""Files that are damaged, hostile or something else give clear errors, or one bad row where only one is bad."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest

from vocobase import ContactsError
from vocobase.contacts import BadRow, Contact, read
from vocobase.contacts._lines import MAX_LINE_CHARACTERS

from .support import mobile, read_csv, split

ROW = f"{mobile(1)},Asha\n"
CSV = "phone,name\n" + ROW


def error_of(source: Any, **options: Any) -> str:
    with pytest.raises(ContactsError) as caught:
        list(read(source, **options))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    good, bad = read_csv(f"phone,name\n{mobile(1)},Ünal\n".encode(encoding))
    assert (good, bad) == ([Contact(mobile(1), "Ünal")], [])


def test_a_mark_is_no_part_of_the_header_whatever_the_encoding_is_called() -> None:
    data = codecs.BOM_UTF8 + CSV.encode()
    for options in ({}, {"encoding": "utf-8"}, {"encoding": "utf-8-sig"}):
        assert read_csv(data, **options) == ([Contact(mobile(1), "Asha")], [])
    assert read_csv("\ufeff" + CSV)[0] == [Contact(mobile(1), "Asha")]
    # What it says is certain, what is passed is often meant for other files.
    assert read_csv(f"name,phone\nÜnal,{mobile(1)}\n".encode("utf-8-sig"), encoding="cp1252") == (
        [Contact(mobile(1), "Ünal")],
        [],
    )
    big = codecs.BOM_UTF16_BE + CSV.encode("utf-16-be")
    assert read_csv(big) == read_csv(big, encoding="utf-16") == ([Contact(mobile(1), "Asha")], [])


def test_other_encodings_have_to_be_named() -> None:
    data = f"phone,name\n{mobile(1)},Ünal\n".encode("cp1252")
    assert read_csv(data, encoding="cp1252")[0] == [Contact(mobile(1), "Ünal")]
    assert error_of(io.BytesIO(data), format="csv") == (
        "BytesIO: line 2 is not utf-8; save the file as UTF-8, or pass its encoding, such as encoding='cp1252'"
        " for older Windows programs."
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("line", [2, 3, 700, 1999])
def test_the_line_of_an_undecodable_byte_is_told(end: str, line: int) -> None:
    rows = [b"phone,name"] + [f"{mobile(n)},Asha".encode() for n in range(2000)]
    rows[line - 1] += b"\xff"
    assert f": line {line} is not utf-8;" in error_of(io.BytesIO(end.encode().join(rows)), format="csv")


def test_a_cut_off_character_is_told() -> None:
    assert "line 2 is not utf-8" in error_of(
        io.BytesIO(CSV.encode().rstrip() + "ü".encode()[:1]), format="csv"
    )
    assert "is not utf-16" in error_of(io.BytesIO(CSV.encode("utf-16")[:-1]), format="csv")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_an_editor(end: str) -> None:
    text = [
        "phone,note",
        f'{mobile(1)},"two',
        'lines"',
        "",
        "bad,x",
        f'{mobile(2)},"a ""quoted"" one"',
        "bad,y",
    ]
    good, bad = read_csv(end.join(text))
    assert [row.line for row in bad] == [5, 7]
    assert good[0].metadata == {"note": f"two{end}lines"}
    assert good[1].metadata == {"note": 'a "quoted" one'}


def test_rows_with_too_many_fields_are_bad_and_keep_their_content() -> None:
    good, bad = read_csv(f"phone,name\n{mobile(2)},B,more,yet\n{mobile(3)},C,,\n")
    assert good == [Contact(mobile(3), "C")]
    assert bad == [
        BadRow(
            2,
            "the row has 4 fields where the header has 2",
            {"phone": mobile(2), "name": "B", "": "more,yet"},
        ),
    ]


def test_a_ragged_row_over_several_lines_tells_how_far_it_goes() -> None:
    _, [bad] = read_csv(f'phone,name\n{mobile(1)},"Asha\n{mobile(2)},B",x\n')
    assert (bad.line, bad.reason) == (2, "the row, up to line 3, has 3 fields where the header has 2")


@pytest.mark.parametrize(
    "damaged",
    [
        f'{mobile(1)},"Asha',
        f'{mobile(1)},"Asha"x',
        f'"{mobile(1)},Asha',
        f'{mobile(1)},"' + "x" * 200_000,
    ],
)
@pytest.mark.parametrize("after", [0, 1, 50])
def test_a_stray_quote_costs_only_its_own_row(damaged: str, after: int) -> None:
    rows = [f"{mobile(n)},B" for n in range(2, 2 + after)]
    good, bad = read_csv("\n".join(["phone,name", damaged, *rows]) + "\n")
    assert [contact.phone for contact in good] == [mobile(n) for n in range(2, 2 + after)]
    assert [row.line for row in bad] == [2]
    assert bad[0].row[""] == damaged[:1000]
    assert "quote" in bad[0].reason or "split" in bad[0].reason


def test_a_stray_quote_that_a_later_one_closes_costs_no_other_row() -> None:
    text = f'phone,name\n{mobile(1)},"Asha\n{mobile(2)},B\n{mobile(3)},"C"\n{mobile(4)},D\n'
    good, bad = read_csv(text)
    assert [contact.phone for contact in good] == [mobile(2), mobile(3), mobile(4)]
    assert [row.line for row in bad] == [2]


def test_a_stray_quote_at_the_top_of_a_long_file_costs_no_other_row() -> None:
    rows = "".join(f"{mobile(n)},B\n" for n in range(100_000))
    good, bad = read_csv(f'phone,name\n1,"\n{rows}')
    assert (len(good), [(row.line, row.reason) for row in bad]) == (
        100_000,
        [(2, "the line cannot be split into fields (field larger than field limit (131072))")],
    )


def test_quoted_lines_beyond_the_limit_are_not_collected() -> None:
    field = "x" * 100_000
    text = f'phone,a\n1,"{field}\n' + f'","{field}\n' * 20
    good, bad = read_csv(text)
    assert good == []
    assert {row.line for row in bad} == set(range(2, 23))
    assert bad[0].reason == "a quote is opened and never closed"


def test_nul_characters_are_refused_with_their_line() -> None:
    text = f"phone,name\n{mobile(1)},A\0\n{mobile(2)},B\n"
    good, bad = read_csv(text.encode())
    assert (good, bad) == read_csv(text)
    assert [contact.phone for contact in good] == [mobile(2)]
    assert [(row.line, row.reason) for row in bad] == [(2, "the line contains a NUL character")]


class Endless(io.RawIOBase):
    """A file with one line of any length, made as it is read."""

    def __init__(self, before: bytes, length: int, after: bytes, fill: bytes = b"x") -> None:
        self.left = [before, length, after]
        self.fill = fill

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        head, length, tail = self.left
        if head:
            data, self.left[0] = head[: len(buffer)], head[len(buffer) :]
        elif length:
            data = self.fill * min(length, len(buffer))
            self.left[1] -= len(data)
        else:
            data, self.left[2] = tail[: len(buffer)], tail[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


@pytest.mark.parametrize(("format", "length"), [("csv", 2_000_000_000), ("jsonl", 64_000_000)])
def test_a_huge_line_is_refused_while_memory_stays_flat(format: Any, length: int) -> None:
    before = b"phone,name\n" if format == "csv" else b'{"phone": "1"}\n'
    after = f"\n{mobile(1)},A\n" if format == "csv" else f'\n{{"phone": "{mobile(1)}", "name": "A"}}\n'
    file: Any = io.BufferedReader(Endless(before, length, after.encode()))
    tracemalloc.start()
    try:
        good, bad = split(read(file, format=format))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert good == [Contact(mobile(1), "A")]
    assert (bad[-1].line, bad[-1].reason) == (2, "the line is longer than 1,048,576 characters")
    assert peak < 16 * 1024 * 1024


def test_a_huge_line_within_quotes_costs_no_other_row() -> None:
    long = "x" * (MAX_LINE_CHARACTERS + 1)
    good, bad = read_csv(f'phone,name\n1,"A\n{long}\n{mobile(1)},B\n')
    assert good == [Contact(mobile(1), "B")]
    assert [(row.line, row.reason) for row in bad] == [
        (2, "a quote is opened and never closed"),
        (3, "the line is longer than 1,048,576 characters"),
    ]


def test_a_huge_last_line_without_end_is_refused() -> None:
    _, bad = read_csv("phone\n" + "1" * (MAX_LINE_CHARACTERS + 70_000))
    assert [row.line for row in bad] == [2]
    longest = "9" * MAX_LINE_CHARACTERS
    _, bad = read_csv(f"phone,x\n1,{longest}\n".replace("1,9", "9", 1))
    assert "longer" not in bad[0].reason


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("x" * (MAX_LINE_CHARACTERS + 1), "line 1: the line is longer than 1,048,576 characters."),
        ("phone\0", "line 1: the line contains a NUL character."),
        ('phone,"name', "line 1, the header: a quote is opened and never closed."),
        (
            'phone,"name"x',
            "line 1, the header: the line cannot be split into fields (',' expected after '\"').",
        ),
        ('{"phone": 1}', "this looks like JSON; pass format='jsonl', one object on each line."),
        ('[{"phone": 1}]', "this looks like JSON; pass format='jsonl', one object on each line."),
    ],
)
def test_a_header_that_cannot_be_used_is_an_error(header: str, text: str) -> None:
    assert error_of(io.StringIO(header + "\n"), format="csv") == f"StringIO: {text}"


@pytest.mark.parametrize("text", ["", "\n\n", "  \n", "\ufeff", "sep=;\n"])
def test_an_empty_file_is_an_error(text: str) -> None:
    assert error_of(io.StringIO(text), format="csv") == "StringIO: the file is empty."
    if "sep" not in text:
        assert error_of(io.StringIO(text), format="jsonl") == "StringIO: the file is empty."


def test_a_header_alone_has_no_rows() -> None:
    assert read_csv("phone,name\n") == read_csv("phone") == ([], [])
    assert list(read([])) == []


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"PK\x03\x04rest", "this is an Excel workbook or another zip file; save the sheet as CSV."),
        (b"\xd0\xcf\x11\xe0rest", "this is an old Excel workbook; save the sheet as CSV."),
        (b"\x1f\x8brest", "this is compressed; pass gzip.open(path) with format=."),
        (b"%PDF-1.7", "this is a PDF document; export the list as CSV."),
        (b"PAR1rest", "this is a Parquet file; read it with pandas or polars and pass the dataframe."),
        (b"SQLite format 3\0", "this is an SQLite database; pass its rows as mappings."),
        (b"\x7fELF" + bytes(range(256)) + bytes(100), "this is a binary file, not text."),
        (CSV.encode("utf-16-le"), "this looks like UTF-16; pass encoding='utf-16-le' or 'utf-16-be'."),
        (CSV.encode("utf-16-be"), "this looks like UTF-16; pass encoding='utf-16-le' or 'utf-16-be'."),
    ],
)
def test_what_is_no_text_says_what_it_is(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    assert error_of(path) == f"{str(path)!r}: {text}"
    assert error_of(io.BytesIO(data), format="jsonl") == f"file: {text}"


def test_utf_16_without_a_mark_is_read_when_named() -> None:
    assert read_csv(CSV.encode("utf-16-le"), encoding="utf-16-le")[0] == [Contact(mobile(1), "Asha")]


def test_a_file_that_is_open_for_writing_says_so(tmp_path: Path) -> None:
    with (tmp_path / "people.csv").open("w") as file, pytest.raises(ContactsError) as caught:
        list(read(file))
    assert str(caught.value) == f"{str(tmp_path / 'people.csv')!r}: it is not open for reading."


def test_files_that_cannot_be_opened_say_why(tmp_path: Path) -> None:
    assert error_of(tmp_path / "gone.csv").endswith("gone.csv': No such file or directory.")
    assert error_of(tmp_path, format="csv").endswith(": Is a directory.")
    assert error_of("a\0b.csv") == "'a\\x00b.csv': embedded null byte."
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    assert "symbolic links" in error_of(loop)


class Broken(io.RawIOBase):
    """A file whose device fails after its first bytes."""

    def __init__(self, data: bytes, error: Exception) -> None:
        self.data, self.error = data, error

    def read(self, size: int = -1) -> Any:
        if size == 0:
            return b""
        if not self.data:
            raise self.error
        data, self.data = self.data, b""
        return data


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(errno.EIO, os.strerror(errno.EIO)), "Input/output error."),
        (EOFError("Compressed file ended"), "Compressed file ended."),
        (zlib.error("invalid block"), "invalid block."),
        (ValueError(), "ValueError."),
    ],
)
def test_files_that_break_off_say_where(error: Exception, text: str) -> None:
    assert error_of(Broken(CSV.encode(), error), format="csv") == f"Broken: line 3: {text}"
    assert error_of(Broken(b"", error), format="csv") == f"file: {text}"


def test_each_bad_json_line_is_one_bad_row() -> None:
    bad_lines = [
        "{",
        "nonsense",
        "[1]",
        "5",
        '"text"',
        "null",
        "[" * 100_000,
        '{"phone": ' + "9" * 5000 + "}",
        f'{{"phone": "{mobile(1)}", "phone": "{mobile(2)}"}}',
        f'{{"phone": "{mobile(3)}", "name": "a\\u0000b"}}',
        '{"phone": "' + "x" * MAX_LINE_CHARACTERS,
    ]
    text = "\n".join([f'{{"phone": "{mobile(1)}"}}', *bad_lines, "", f'{{"phone": "{mobile(2)}"}}'])
    good, bad = split(read(io.StringIO(text), format="jsonl"))
    assert [contact.phone for contact in good] == [mobile(1), mobile(2)]
    assert [row.line for row in bad] == list(range(2, 13))
    assert [row.reason for row in bad] == [
        "the line is not JSON (Expecting property name enclosed in double quotes)",
        "the line is not JSON (Expecting value)",
        "the line is not a JSON object",
        "the line is not a JSON object",
        "the line is not a JSON object",
        "the line is not a JSON object",
        "the line is nested too deeply",
        "the line is not JSON (ValueError)",
        "the line has a member twice",
        "the name contains a NUL character",
        "the line is longer than 1,048,576 characters",
    ]


def test_json_numbers_that_are_none_are_left_out_and_infinite_ones_refused() -> None:
    text = f'{{"phone": "{mobile(1)}", "x": NaN}}\n{{"phone": "{mobile(2)}", "x": Infinity}}\n'
    good, [bad] = split(read(io.StringIO(text), format="jsonl"))
    assert good == [Contact(mobile(1))]
    assert bad.reason == "column 'x' is not a finite number"


def test_a_json_array_says_what_is_wanted() -> None:
    text = "StringIO: this is a JSON array; write one object on each line."
    assert error_of(io.StringIO('[\n{"phone": 1}]'), format="jsonl") == text


def test_memory_does_not_grow_with_the_list() -> None:
    def peak(count: int) -> int:
        rows = ({"phone": mobile(n), "name": "Asha", "tier": "gold"} for n in range(count))
        tracemalloc.start()
        try:
            assert sum(isinstance(row, Contact) for row in read(rows)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # loads what is loaded at the first use
    assert peak(5_000) - peak(500) < 256 * 1024


def test_reading_imports_no_client_and_no_dataframes() -> None:
    import subprocess

    code = (
        "import sys; from vocobase.contacts import read; list(read([{'phone': '+919876543210'}]));"
        "print([name for name in ('httpx', 'pandas', 'polars', 'vocobase._async') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
