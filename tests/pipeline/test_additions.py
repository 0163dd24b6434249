"""The texts that `make new-operation` writes, and the lists that the drift report folds."""

from __future__ import annotations

import ast
import dataclasses

import pytest
from ruamel.yaml import YAML

from spec_tools import additions
from spec_tools.document import SpecError
from spec_tools.matching import Row
from spec_tools.report import Report, folded, grouped_names, render
from spec_tools.surface import NameChange
from tests.pipeline.variants import HOSTILE, ROOT

ROW = Row("calls.hold", "Calls", "Put a call on hold", "POST", "/calls/{id}/hold")


def read(line: str) -> dict[str, str]:
    (row,) = YAML(typ="safe").load(line)
    return dict(row)


@pytest.mark.parametrize(
    "text", ["Stop (cancel) it", "It's", "a: b, {c}", "- x", "no", "null", "5", "", "#", *HOSTILE]
)
def test_a_row_reads_back_whatever_the_title_is(text: str) -> None:
    line = additions.row_text(dataclasses.replace(ROW, tag=text, summary=text))
    assert line.isprintable()
    found = read(line)
    assert (found["key"], found["method"], found["path"]) == (ROW.key, ROW.method, ROW.path)
    if text.isprintable() and len(text) < 300:
        assert (found["tag"], found["summary"]) == (text, text)


def test_a_row_comes_after_those_of_its_resource() -> None:
    config = (ROOT / "generator-config.yaml").read_text(encoding="utf-8")
    for key, before in (("calls.hold", "calls."), ("tickets.get", "voicelink.state.")):
        lines = additions.with_row(config, dataclasses.replace(ROW, key=key)).splitlines()
        place = next(number for number, line in enumerate(lines) if f"key: {key}," in line)
        assert f"key: {before}" in lines[place - 1]
        assert f"key: {before}" not in lines[place + 1]


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/tickets", '_safe("calls.hold"),'),
        ("GET", "/calls/{id}/hold", '_safe("calls.hold", Budget.CALLS),'),
        ("POST", "/tickets", '_unsafe("calls.hold", "check its effect before you send it again."),'),
    ],
)
def test_the_proposed_policy_retries_reads_only(method: str, path: str, line: str) -> None:
    row = dataclasses.replace(ROW, method=method, path=path)
    assert additions.policy_text(row).strip() == line
    source = (ROOT / "vocobase" / "_policy" / "operations.py").read_text(encoding="utf-8")
    changed = additions.with_policy(source, row)
    ast.parse(changed)
    assert line in changed


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_stays_inside_its_docstring(text: str) -> None:
    row = dataclasses.replace(ROW, tag=text, summary=text)
    found = additions.Generated({"id": "str"}, "", {}, "Any", {})
    facade = (ROOT / "vocobase" / "_resources" / "aio" / "calls.py").read_text(encoding="utf-8")
    for before, after in (
        (facade, additions.with_method(facade, row, found)),
        (HANDLERS, additions.with_handler(HANDLERS, row, "POST /calls/{id}/hold")),
    ):
        strange = {ast.dump(node) for node in ast.walk(ast.parse(after)) if isinstance(node, ast.Import)}
        assert strange == {
            ast.dump(node) for node in ast.walk(ast.parse(before)) if isinstance(node, ast.Import)
        }
        names = {node.id for node in ast.walk(ast.parse(after)) if isinstance(node, ast.Name)}
        assert "INJECTED" not in names


HANDLERS = (ROOT / "vocobase_sandbox" / "handlers" / "calls.py").read_text(encoding="utf-8")


def test_a_module_without_the_resource_is_left_to_a_person() -> None:
    found = additions.Generated({}, "", {}, "Any", {})
    with pytest.raises(SpecError, match="write the method hold yourself"):
        additions.with_method("class Other:\n    pass\n", ROW, found)


def test_long_lists_are_folded() -> None:
    assert folded(["a", "b"]) == "a, b"
    assert folded(map(str, range(20))) == "0, 1, 2, 3, 4, 5 and 14 more"


def test_names_that_come_or_go_together_are_one_line_and_breaking_ones_come_first() -> None:
    names = [NameChange("models/new", None, "module", False)]
    names += [NameChange(f"models/new:New.m{number}", None, "str", False) for number in range(30)]
    names += [NameChange(f"models/agent:Agent.m{number}", None, "str", False) for number in range(3)]
    names += [NameChange("models/agent:Agent.old", "str", "int", True)]
    names += [NameChange(f"api/x:build(m{number})", "str", None, True) for number in range(2)]
    assert [line.text for line in grouped_names(tuple(names))] == [
        "models/agent:Agent.old: str -> int",
        "api/x:build: removed, 2 names: build(m0), build(m1)",
        "models/new: added, 31 names: m0, m1, m2, m3, m4, m5 and 24 more",
        "models/agent:Agent: added, 3 names: m0, m1, m2",
    ]
    for format_ in ("text", "markdown"):
        assert len(render(Report("x", names=tuple(names)), format_).splitlines()) < 15
