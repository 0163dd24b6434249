"""docs/contacts.md and the docstring of the package say what is so."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from vocobase import contacts
from vocobase._imports.sync.importing import MAX_BODY_BYTES, MAX_CHUNK_CONTACTS
from vocobase.contacts import ImportReport
from vocobase.contacts._lines import MAX_LINE_CHARACTERS
from vocobase_sandbox import Sandbox

TEXT = (Path(__file__).parents[2] / "docs" / "contacts.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


(PEOPLE,) = re.findall(r"^```csv\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(marker: str, **names: Any) -> None:
        (block,) = [block for block in BLOCKS if marker in block]
        exec(compile(block, "docs/contacts.md", "exec"), {"__name__": "example", **names})

    return run


def test_the_example_of_reading_prints_what_it_says(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Path("people.csv").write_text(PEOPLE)
    run("for row in read")
    assert capsys.readouterr().out.splitlines() == [
        "+12025550123 Asha {'tier': 'gold'}",
        "line 3: the number contains letters",
        "line 4: the number came before, in line 2",
    ]
    assert Path("people.rejects.csv").exists()


def test_the_examples_of_columns_work(run: Any) -> None:
    Path("kunden.csv").write_text("Kunde;Rufnummer\nJürgen;030 901820\n", encoding="cp1252")
    Path("dues.csv").write_text("Mobile No.,Amount Due\n2025550123,450\n")
    Path("plain.csv").write_text("2025550123,Asha,gold\n")
    run("kunden.csv")


def test_the_example_of_the_docstring_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"(?:^    .*\n|^\n)+", contacts.__doc__ or "", re.MULTILINE)[0]
    exec(textwrap.dedent(code), {})
    printed = capsys.readouterr().out.strip()
    assert printed == "+12025550123 Asha {'tier': 'gold'}"
    assert f"# {printed}" in code


def test_the_example_of_importing_prints_what_it_says(
    run: Any,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
    Path("people.csv").write_text(PEOPLE)
    with sandbox.serve() as server:
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.base_url)
        run("import_contacts(")
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["reading 3 None", "sending 1 1"]
    assert f"print(report)  # {printed[2]}" in TEXT


def test_the_limits_of_a_request_are_those_that_are_told() -> None:
    assert f"at most {MAX_CHUNK_CONTACTS:,} and {MAX_BODY_BYTES // 1024**2} MiB in a request" in TEXT


def test_every_member_of_the_report_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \| ", TEXT.partition("## Results of a campaign")[0], re.MULTILINE)
    assert told == ["ImportReport", *[field.name for field in dataclasses.fields(ImportReport)][1:]]


def test_the_limit_of_a_line_is_the_one_that_is_told() -> None:
    assert f"{MAX_LINE_CHARACTERS:,} characters" in TEXT
