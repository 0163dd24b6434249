"""docs/contacts.md and the docstring of the package say what is so."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from vocobase import contacts
from vocobase.contacts._lines import LONGEST_LINE

TEXT = (Path(__file__).parents[2] / "docs" / "contacts.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(marker: str) -> None:
        (block,) = [block for block in BLOCKS if marker in block]
        exec(compile(block, "docs/contacts.md", "exec"), {"__name__": "example"})

    return run


def test_the_example_of_reading_prints_what_it_says(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Path("people.csv").write_text("Mobile,Name,tier\n098765 43210,Asha,gold\nnone,B,\n")
    run("for row in read")
    assert capsys.readouterr().out.splitlines() == [
        "+919876543210 Asha {'tier': 'gold'}",
        "line 3: the number contains letters",
    ]
    assert Path("people.rejects.csv").exists()


def test_the_examples_of_columns_work(run: Any) -> None:
    Path("kunden.csv").write_text("Kunde;Rufnummer\nJürgen;030 901820\n", encoding="cp1252")
    Path("plain.csv").write_text("9876543210,Asha,gold\n")
    run("kunden.csv")


def test_the_example_of_the_docstring_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"(?:^    .*\n|^\n)+", contacts.__doc__ or "", re.MULTILINE)[0]
    exec(textwrap.dedent(code), {})
    printed = capsys.readouterr().out.strip()
    assert printed == "+919876543210 Asha {'tier': 'gold'}"
    assert f"# {printed}" in code


def test_the_limit_of_a_line_is_the_one_that_is_told() -> None:
    assert f"{LONGEST_LINE:,} characters" in TEXT
