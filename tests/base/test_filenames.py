"""safe_filename: whatever a text says, the name stays in its folder, on every system."""

from __future__ import annotations

import ntpath
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vocobase
from vocobase import safe_filename
from vocobase._base.filenames import distinct_filenames


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("Grüße an alle (2).md", "Grüße an alle (2).md"),
        ("मूल्य सूची.pdf", "मूल्य सूची.pdf"),
        ("../../planted.txt", "planted.txt"),
        ("..\\..\\planted.txt", "planted.txt"),
        ("/etc/passwd", "etc_passwd"),
        ("C:\\Windows\\x.dll", "C__Windows_x.dll"),
        ("\\\\server\\share", "server_share"),
        ("file.txt:stream", "file.txt_stream"),
        ("sub/./../a.md", "sub_a.md"),
        ("a\uff0f..\uff3cb", "a_b"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (" . . ", "file"),
        ("\x00", "file"),
        ("/", "file"),
        ("\ud800", "file"),
        ("a\x00b\x1b[31m\r\n.txt", "ab[31m .txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200bb\ufeff.md", "ab.md"),
        (".\u2066.", "file"),
        (".bashrc", "bashrc"),
        ("report.pdf. . ", "report.pdf"),
        ("a..b", "a.b"),
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("Com1 .txt", "_Com1 .txt"),
        ("lpt\u00b9", "_lpt\u00b9"),
        ("aux\u200b.md", "_aux.md"),
        ("CONOUT$", "_CONOUT$"),
        ("console.md", "console.md"),
        ('a<b>c"d|e?f*g.md', "a_b_c_d_e_f_g.md"),
        ("e\u0301.md", "\u00e9.md"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("\u0905" * 100 + ".docx", "\u0905" * 65 + ".docx"),
        ("x" * 300 + ". " + "y" * 10, "x" * 200),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


def is_reserved(name: str) -> bool:
    """Return whether Windows has the name for a device; a method of paths until Python 3.12, a function since."""
    if sys.version_info >= (3, 13):
        return ntpath.isreserved(name)
    return PureWindowsPath(name).is_reserved()


@given(st.text(alphabet=st.sampled_from("/\\:.. \x00\u202e\ud800aCONul\u0301\uff0f")) | st.text(max_size=300))
def test_the_result_is_one_visible_name_and_stays_the_same(name: str) -> None:
    safe = safe_filename(name)
    assert Path(safe).name == PureWindowsPath(safe).name == safe
    assert not is_reserved(safe)
    assert len(safe.encode()) <= 200
    assert safe.isprintable() or all(not character.isspace() or character == " " for character in safe)
    assert safe == safe.strip(". ")
    assert ".." not in safe
    assert safe_filename(safe) == safe


def test_the_default_is_a_choice() -> None:
    assert safe_filename("..", default="document") == "document"
    for default in ("", "..", "a/b", "CON"):
        with pytest.raises(vocobase.InvalidArgumentError, match="default must be a safe name"):
            safe_filename("..", default=default)


@pytest.mark.parametrize("value", [None, 5, b"a", Path("a")])
def test_only_strings_are_accepted(value: Any) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match="takes strings, not"):
        safe_filename(value)
    with pytest.raises(vocobase.InvalidArgumentError, match="takes strings, not"):
        safe_filename("a", default=value)


def test_equal_names_are_told_apart_by_a_part_of_the_id() -> None:
    named = [
        ("a.md", "11111111-x"),
        ("A.MD", "22222222-x"),
        ("a.md", "22222222-y"),
        ("a-22222222.md", "33333333-x"),
        ("../a.md", "22222222-y"),
        ("", "44444444-x"),
        ("x" * 300 + ".md", "55555555-x"),
        ("x" * 400 + ".md", "66666666-x"),
        ("\u00e9", "7"),
        ("e\u0301", "8"),
        ("STRASSE", "9"),
        ("stra\u00dfe", "10"),
    ]
    assert distinct_filenames(named) == [
        "a.md",
        "A-22222222.MD",
        "a-22222222-y.md",
        "a-22222222-33333333.md",
        "a-2.md",
        "44444444-x",
        "x" * 197 + ".md",
        "x" * 188 + "-66666666.md",
        "\u00e9",
        "\u00e9-8",
        "STRASSE",
        "stra\u00dfe-10",
    ]
