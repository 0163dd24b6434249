"""Every example in a docstring runs."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from vocobase.webhooks import WebhookReceiver, sign

SECRET = "whsec_" + "a" * 64
BODY = b'{"event": "session.completed", "timestamp": "2026-01-01T00:00:00Z", "data": {"session_id": "s1"}}'
DEFINED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def blocks(text: str) -> Iterator[str]:
    """Yield the indented blocks of a docstring that are Python."""
    for block in re.findall(r"(?:(?<=\n\n)|^)((?: {4}.*\n|\n)+)", text + "\n", re.MULTILINE):
        code = textwrap.dedent(block).strip() + "\n"
        if re.search(r"^(import|from|with|for|def|async def|\w+ = )\b", code, re.MULTILINE):
            yield code


@cache  # read by a test, as each worker of pytest imports this file
def examples() -> dict[str, str]:
    """Return the examples of the hand-written package, by where they stand."""
    found: dict[str, str] = {}
    for path in sorted(Path("vocobase").rglob("*.py")):
        if "sync" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, DEFINED) and (text := ast.get_docstring(node)):
                name = getattr(node, "name", "")
                found.update({f"{path.as_posix()}:{name}": code for code in blocks(text)})
    return found


# With tests of their own, next to what they need.
ELSEWHERE = {
    "vocobase/__init__.py:": "tests/docs/test_readme.py",
    "vocobase/testing/__init__.py:": "tests/docs/test_readme.py",
    "vocobase/contacts/__init__.py:": "tests/contacts/test_docs.py",
    "vocobase/records/__init__.py:": "tests/records/test_docs.py",
    "vocobase/otel.py:": "tests/otel/test_otel.py",
}
ALONE = ("vocobase/clock.py:", "vocobase/diagnostics.py:", "vocobase/files.py:")
HERE = {*ALONE, "vocobase/webhooks/__init__.py:", "vocobase/webhooks/_receiver.py:handling"}


def test_no_example_is_without_a_test() -> None:
    assert set(examples()) == set(ELSEWHERE) | HERE
    for page in ELSEWHERE.values():
        assert "__doc__" in Path(page).read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ALONE)
def test_an_example_that_needs_nothing_runs(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "openapi.json").write_bytes(Path("openapi.json").read_bytes())
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {}
    exec(compile(examples()[place], place, "exec"), space)
    assert capsys.readouterr().out in ("", "{}\n") and len(space) > 1


def test_the_example_of_the_webhooks_docstring_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = examples()["vocobase/webhooks/__init__.py:"].replace("whsec_...", SECRET)
    exec(compile(code, "example", "exec"), {"body": BODY, "headers": sign(BODY, SECRET)})
    assert "s1" in capsys.readouterr().out


def test_the_example_of_handling_a_webhook_runs() -> None:
    saved: list[Any] = []
    space = {
        "receiver": WebhookReceiver(SECRET),
        "body": BODY,
        "headers": sign(BODY, SECRET),
        "save": saved.append,
    }
    exec(compile(examples()["vocobase/webhooks/_receiver.py:handling"], "example", "exec"), space)
    assert [event.session_id for event in saved] == ["s1"]


# The numbers of a list that was filled as a paragraph: a step begins where the sentence before it ended.
MERGED = re.compile(r"[.:;)] \d{1,2}\.(?= |$)", re.MULTILINE)


def merged_lists(source: str) -> list[str]:
    """Return the numbers of steps that do not begin their line, in the docstrings of a module."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, DEFINED))
    return [found for node in nodes for found in MERGED.findall(ast.get_docstring(node) or "")]


@pytest.mark.parametrize("folder", ["vocobase", "vocobase_sandbox", "scripts"])
def test_every_step_of_a_list_in_a_docstring_begins_a_line(folder: str) -> None:
    files = sorted(Path(folder).rglob("*.py"))
    assert files
    assert {
        str(path): found for path in files if (found := merged_lists(path.read_text(encoding="utf-8")))
    } == {}


@pytest.mark.parametrize(
    ("text", "merged"),
    [
        ("1. Check it (`a.py`). 2.\nSend it.", True),
        ("1. Check it. 2. Send it.", True),
        ("1. Check it.\n2. Send it.", False),
        ("Seconds since 1970.", False),
    ],
)
def test_a_list_that_was_filled_as_a_paragraph_is_found(text: str, merged: bool) -> None:
    assert bool(merged_lists(f'"""{text}"""')) is merged


# An entry names an error, and says when it is raised in the words of one sentence with its name.
RAISES = re.compile(r"^ *Raises:\n((?: +.*\n?|\n)+)", re.MULTILINE)
CAPITAL = re.compile(r"^ +(\w+: [A-Z]\w*)", re.MULTILINE)


def capitals(source: str) -> list[str]:
    """Return the entries of ``Raises:`` whose text begins with a capital, in the docstrings of a module."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, DEFINED))
    sections = [part for node in nodes for part in RAISES.findall(ast.get_docstring(node) or "")]
    return [found for part in sections for found in CAPITAL.findall(part.partition("\n\n")[0])]


@pytest.mark.parametrize("folder", ["vocobase", "vocobase_sandbox"])
def test_errors_are_described_in_one_form(folder: str) -> None:
    files = sorted(Path(folder).rglob("*.py"))
    assert files
    assert {str(path): found for path in files if (found := capitals(path.read_text(encoding="utf-8")))} == {}


def test_an_error_that_is_described_in_another_form_is_found() -> None:
    text = 'def f():\n    """Do.\n\n    Raises:\n        A: it is bad.\n        B: If so.\n\n    Retries: None.\n    """\n'
    assert capitals(text) == ["B: If"]
