"""docs/sandbox.md matches the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from vocobase_sandbox import Conversation, Sandbox
from vocobase_sandbox.__main__ import _parser
from vocobase_sandbox.kernel.faults import KINDS, executes
from vocobase_sandbox.kernel.settings import Settings
from vocobase_sandbox.rules.numbers import outcome_of
from vocobase_sandbox.rules.scripts import WEBHOOK_DELAYS

TEXT = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def rows(title: str) -> list[list[str]]:
    section = TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_table_of_magic_numbers_matches_the_code() -> None:
    table = rows("Magic numbers")
    assert [row[0] for row in table] == [f"{number:02}" for number in range(11)]
    for ending, _, status, disposition, answered_by in table:
        for prefix in ("+120255501", "+4477009001"):
            outcome = outcome_of(prefix + ending)
            assert (outcome.status, outcome.disposition) == (status, disposition)
            assert answered_by in (outcome.answered_by, "")
    assert outcome_of("+12025550111") == outcome_of("+919876543202") == outcome_of("+12025550100")


def test_the_table_of_faults_matches_the_code() -> None:
    documented = {kind: row[2] == "yes" for row in rows("Faults") for kind in re.findall(r"`(\w+)`", row[0])}
    assert set(documented) == set(KINDS)
    sandbox = Sandbox(clock="manual")
    for kind, executed in documented.items():
        sandbox.faults.add(kind)
        assert executes(sandbox.faults.take("GET /agent")) is executed
        sandbox.faults.clear()


def test_every_option_and_setting_is_listed() -> None:
    options = {
        option for action in _parser()._actions for option in action.option_strings if option.startswith("--")
    }
    for option in options - {"--help"}:
        assert f"`{option}" in TEXT, option
    for name in Settings.__dataclass_fields__:
        assert f"`{name}" in TEXT, name


def test_the_seed_data_of_the_documentation_loads() -> None:
    yaml = pytest.importorskip("yaml")
    example = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0]
    with Sandbox(clock="manual", data=yaml.safe_load(example)) as sandbox:
        assert len(sandbox.world.store.table("agents")) == 1 and len(sandbox.scripts) == 2


def test_the_blocks_run_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    first, *others = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    space: dict[str, Any] = {}
    exec(compile(first, "docs/sandbox.md", "exec"), space)
    assert capsys.readouterr().out == "voicemail\n"
    space["vb"].config.webhooks.create("app", "http://127.0.0.1:9000/hook")
    for block in others:
        exec(compile(block, "docs/sandbox.md", "exec"), space)
    assert [script["id"] for script in space["sandbox"].scripts] == ["+12025550150"]


def test_the_table_of_scripts_matches_the_code() -> None:
    assert {re.findall(r"`(\w+)`", row[0])[0] for row in rows("Scripts")} == set(
        Conversation.__dataclass_fields__
    )
    webhook = next(row for row in rows("Scripts") if row[0] == "`webhook`")
    assert set(re.findall(r'`"(\w+)"`', webhook[1])) == set(WEBHOOK_DELAYS) - {None}
    delays = {WEBHOOK_DELAYS["twice"][1], WEBHOOK_DELAYS["late"][0]}
    assert {int(number) for number in re.findall(r"\d+", webhook[1])} == delays
