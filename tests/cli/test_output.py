"""Output: the form of values, and what is masked."""

from __future__ import annotations

import json
import runpy
import sys
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest

import vocobase.cli
from tests.cli.conftest import Run, Stream
from vocobase import Vocobase
from vocobase.cli.app import program
from vocobase.cli.cells import cell_width, cut
from vocobase.cli.masking import MASK, masked
from vocobase.cli.output import Card, View, plain, write_one, write_rows
from vocobase.cli.session import Session
from vocobase_sandbox import Sandbox

Pair = namedtuple("Pair", "left right")


@dataclass
class Thing:
    """An object of a helper."""

    id: str
    when: datetime


@pytest.mark.parametrize(
    ("item", "row"),
    [
        ({"a": 1, "b": {"c": None}}, {"a": 1, "b": {"c": None}}),
        (
            Thing("x", datetime(2026, 1, 5, 9, tzinfo=UTC)),
            {"id": "x", "when": "2026-01-05T09:00:00Z"},
        ),
        (Pair(date(2026, 1, 5), {1.5}), {"left": "2026-01-05", "right": [1.5]}),
        ("text", {"value": "text"}),
        (Path("x"), {"value": "x"}),
        (Decimal("1.50"), {"value": 1.5}),
        ({"inner": Pair(1, Thing("x", datetime(2026, 1, 5)))}, None),
    ],
)
def test_every_kind_of_row_becomes_json(item: object, row: dict[str, Any] | None) -> None:
    found = plain(item)
    assert json.loads(json.dumps(found)) == found
    assert row is None or found == row


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"to_number": "+12025550100"}, {"to_number": "+12*******00"}),
        ({"phone": "123"}, {"phone": "***"}),
        ({"note": "ring +1 (202) 555-0100 now"}, {"note": "ring +1 ************00 now"}),
        ({"note": "a@example.com, 2026-01-05"}, {"note": "***, 2026-01-05"}),
        ({"id": "a1b2c3d4-1234-1234-1234-1234567890ab"}, {"id": "a1b2c3d4-1234-1234-1234-1234567890ab"}),
        ({"started_at": "2026-01-05T09:00:00.140000Z"}, {"started_at": "2026-01-05T09:00:00.140000Z"}),
        ({"transcript": [{"content": "Hi"}], "count": 3}, {"transcript": "***", "count": 3}),
        ({"numbers": ["+12025550100"], "ok": True, "cost": 1.5}, None),
        (
            {"variables": {"name": "Asha"}, "short": "1 2 3 4 - 5"},
            {"variables": "***", "short": "1 2 3 4 - 5"},
        ),
    ],
)
def test_personal_data_is_masked(value: dict[str, Any], wanted: dict[str, Any] | None) -> None:
    found = masked(value)
    assert "2025550100" not in json.dumps(found)
    assert wanted is None or found == wanted


@pytest.mark.parametrize(
    "member",
    [
        "transcript",
        "summary",
        "variables",
        "extracted_variables",
        "extraction",
        "recording_url",
        "row",
        "content",
    ],
)
def test_everything_that_the_help_names_is_masked(member: str) -> None:
    assert masked({"id": "a1", member: {"name": "Asha"}}) == {"id": "a1", member: MASK}


def test_messages_are_masked_as_well(run: Run, account: Sandbox) -> None:
    words = ("call", "+12025550100", "--agent", "none", "--no-pii")
    question = run("do-not-call", "remove", "+12025550100", "--reason", "x", "--ledger", "none", "--no-pii")
    assert "2025550100" not in run(*words).stderr + question.stderr
    number = run("call", "12025550100", "--agent", "none")
    assert "'12025550100'" in number.stderr
    assert "'120******00'" in run("call", "12025550100", "--agent", "none", "--no-pii").stderr


def test_nothing_to_show_is_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    for format, text in (("table", ""), ("json", "[]\n"), ("jsonl", ""), ("quiet", "")):
        assert write_rows(View(format), []) == 0
        assert capsys.readouterr().out == text
    Session().emit_result(None)
    write_one(View("table"), {}, Card("Empty"))
    assert capsys.readouterr().out == "Empty\n"


def test_a_card_may_have_only_sections(capsys: pytest.CaptureFixture[str]) -> None:
    write_one(
        View("table", masked=True), {}, Card("", [("To", "+12025550100"), ("Seconds", 3)], [("Said", ["Hi"])])
    )
    text = capsys.readouterr().out
    assert "+12*******00" in text and "Hi" not in text and "Said\n***" in text


def test_flags_and_lists_are_readable_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": "a", "on": True, "tags": ["x"], "none": None}, {"id": "b", "on": False, "tags": []}]
    write_rows(View("table"), rows)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["a", "yes", '["x"]'] and "none" not in lines[0]


def test_a_member_inside_a_value_that_is_not_an_object_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(View("jsonl", fields=("a.b",)), [{"a": {"b": 1}}, {"a": 2}])
    assert capsys.readouterr().out == '{"a.b": 1}\n{"a.b": null}\n'


def test_columns_that_do_not_fit_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(View("table"), [{f"column_{number}": "x" * 60 for number in range(9)}])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80 and "column_8" not in lines[0]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_what_is_cut_keeps_its_end(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    rows = [
        {"verb": "upload", "path": f"opening hours of the clinic/{'x' * 90} {number}.md"} for number in "12"
    ]
    monkeypatch.setattr(sys, "stdout", stream := Stream(tty=False, encoding=encoding))
    write_rows(View("table"), rows)
    _, rule, *lines = stream.text().splitlines()
    assert set(rule) == {"\u2500" if encoding == "utf-8" else "-"}
    assert lines[0].endswith("1.md") and lines[1].endswith("2.md") and max(map(len, lines)) == 80


def test_a_long_name_in_the_first_column_leaves_room_for_figures(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(View("table"), [{"label": "survey of the " * 9, "cost": 3, "id": "x" * 36}])
    assert capsys.readouterr().out.splitlines()[0].split() == ["label", "cost", "id"]


def test_an_identifier_is_copied_whole(capsys: pytest.CaptureFixture[str]) -> None:
    signature = "sha256=" + "0" * 90
    write_rows(View("table"), [{"id": signature, "name": "x"}])
    write_one(View("table"), {"name": "the signature of a delivery is " * 4 + signature})
    assert capsys.readouterr().out.split().count(signature) == 2


@pytest.mark.parametrize(
    "name", ["தமிழ் சேவை மையம்", "श्री गणेश क्लिनिक", "客服中心 前台", "Diwali 🪔", "Zoe\u0301"]
)
def test_columns_are_aligned_in_every_script(capsys: pytest.CaptureFixture[str], name: str) -> None:
    write_rows(View("table"), [{"id": "1", "name": name, "on": True}, {"id": "2", "name": "x", "on": True}])
    _, _, wide, narrow = capsys.readouterr().out.splitlines()
    assert cell_width(wide) == cell_width(narrow)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("மையம்", 4), ("श्री", 3), ("客服", 4), ("🪔", 2), ("e\u0301", 1), ("\u200d", 0)],
)
def test_a_text_is_as_wide_as_in_xterm(text: str, columns: int) -> None:
    assert cell_width(text) == columns


def test_a_cut_does_not_part_a_character_from_its_marks() -> None:
    assert cut("श्री गणेश क्लिनिक रिमाइंडर", 12) == "श्री गणेश…इंडर"
    assert cut("ab" + "\u093f" * 20, 9)[-1] == "…"


def test_an_empty_list_says_so_to_a_person_only(run: Run, account: Sandbox) -> None:
    for words in (("campaigns", "list"), ("campaigns", "list", "--all")):
        shown = run(*words, tty=True)
        assert shown.stdout == "" and shown.stderr == "There are none.\n"
        assert run(*words).stderr == ""


def test_a_question_breaks_between_words(run: Run, account: Sandbox, vb: Vocobase) -> None:
    agent = vb.agents.create("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)
    asked = run("call", "+12025550100", "--agent", "front desk", input="n\n", tty=True).stderr
    *lines, _ = asked.splitlines()
    assert max(map(len, lines)) <= 80 and f"({agent.id})" in asked and "Continue? [y/N] " in asked


def test_help_has_neither_broken_values_nor_ranges_of_code(run: Run) -> None:
    def walk(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            yield (*path, name)
            if isinstance(command, click.Group):
                yield from walk(command, (*path, name))

    # These two are handed to another program.
    others = (("sandbox", "serve"), ("sandbox", "exec"))
    for path in (path for path in walk(program(), ()) if path not in others):
        shown = run(*path, "--help").stdout
        assert max(map(len, shown.splitlines())) <= 80, path
        assert "x>=" not in shown and "<=x" not in shown, path
        assert f"Usage: vocobase {' '.join(path)} " in f"{' '.join(shown.split())} ", path


def test_a_group_that_is_a_command_has_help(run: Run) -> None:
    done = run("profiles", "--help")
    assert "use" in done.stdout and "Operations" not in done.stdout


def test_a_group_of_operations_without_a_command_shows_its_help(run: Run) -> None:
    done = run("voicelink")
    assert done.exit_status == 2 and "call-routing" in done.stderr


def test_a_route_without_content_writes_nothing(run: Run, account: Sandbox) -> None:
    done = run("api", "HEAD", "/agent/voices")
    assert done.stdout == ""


def test_it_runs_as_a_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["vocobase", "--version"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(vocobase.cli.__path__[0] + "/__main__.py")
    assert capsys.readouterr().out.startswith("vocobase ")
