"""Rejects open in a spreadsheet without running anything, and are read back as they were."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocobase import Vocobase
from vocobase.contacts import Contact, read
from vocobase.contacts._formulas import escape_formula, unescape_formula

from .support import contacts, mobile, split

FORMULAS = [
    '=HYPERLINK("http://example.com","x")',
    "+1+cmd|' /C calc'!A0",
    "+91-98765-43210",
    "+SUM(A1)",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\uff1d1+1",
    "'=1+1",
    "''+A1",
]
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def cells(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_written_as_text_and_read_as_it_was(tmp_path: Path, formula: str) -> None:
    rejects = tmp_path / "bad.csv"
    list(read([{"phone": "12", "note": formula, "=head": "x"}], rejects=rejects))
    for row in cells(rejects):
        assert not any(cell.strip(" ").startswith(LIVE) for cell in row)
    _, [bad] = split(read(rejects))
    assert (bad.row["note"], bad.row["=head"]) == (formula, "x")
    rejects.write_bytes(rejects.read_bytes().replace(b",12,", f",{mobile(1)},".encode()))
    assert contacts(read(rejects)) == [Contact(mobile(1), None, {"note": formula, "=head": "x"})]


@pytest.mark.parametrize("phone", ["+919876543210", "+91-98765-43210", "+91 (98765) 43210"])
def test_numbers_with_a_plus_stay_usable(tmp_path: Path, phone: str) -> None:
    rejects = tmp_path / "bad.csv"
    list(read([{"phone": phone, "note": "=1", "x": float("inf")}], rejects=rejects))
    assert contacts(read(rejects)) == [Contact("+919876543210", None, {"note": "=1", "x": "inf"})]


@given(st.text(alphabet="'=+-@ \t\r\n\uff1da1(,\"", max_size=8))
def test_every_cell_is_restored(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_cells_of_other_files_are_not_changed() -> None:
    file = io.StringIO(f"phone,note\n{mobile(1)},'=1\n")
    assert contacts(read(file, format="csv")) == [Contact(mobile(1), None, {"note": "'=1"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", False), ("utf-8-sig", True), ("utf-16", True), ("cp1252", True)]
)
@pytest.mark.parametrize("kind", ["path", "binary", "import"])
def test_rejects_have_the_delimiter_and_the_mark_of_their_source(
    tmp_path: Path, vb: Vocobase, campaign: str, delimiter: str, encoding: str, mark: bool, kind: str
) -> None:
    source, rejects = tmp_path / "list.csv", tmp_path / "bad.csv"
    rows = [["phone", "name", "tier", "city", '"a;b|c"'], ["12", "Jürgen", "x", "y", "z"]]
    source.write_bytes("\n".join(delimiter.join(row) for row in rows).encode(encoding))
    given: Any = {"encoding": "cp1252"} if encoding == "cp1252" else {}
    if kind == "path":
        list(read(source, rejects=rejects, **given))
    elif kind == "binary":
        list(read(io.BytesIO(source.read_bytes()), format="csv", rejects=rejects, **given))
    else:
        vb.campaigns.import_contacts(campaign, source, rejects=rejects, **given)
    assert rejects.read_bytes().startswith(codecs.BOM_UTF8) is mark
    assert cells(rejects, delimiter)[0][:4] == ["rejected_line", "rejected_reason", "phone", "name"]
    _, [bad] = split(read(rejects, **given))
    expected = {"phone": "12", "name": "Jürgen", "a;b|c": "z"}
    assert {name: bad.row[name] for name in expected} == expected


def test_the_mark_of_text_counts_too(tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    list(read(io.StringIO("\ufeffphone;name\n12;A\n"), format="csv", rejects=rejects))
    assert rejects.read_bytes().startswith(codecs.BOM_UTF8 + b"rejected_line;")
