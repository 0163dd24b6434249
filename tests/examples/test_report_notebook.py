"""examples/report_notebook: its cells run in order, and what they show is right."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.waiting.support import Clock
from vocobase import Vocobase
from vocobase_sandbox import Sandbox

ROOT = Path(__file__).parents[2]
NOTEBOOK: dict[str, Any] = json.loads(
    (ROOT / "examples" / "report_notebook" / "report.ipynb").read_text(encoding="utf-8")
)
CELLS = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
CODE = ["".join(cell["source"]) for cell in CELLS]


def run() -> dict[str, Any]:
    """Run the cells as a kernel does; the value of a last expression is kept under the id of its cell."""
    names: dict[str, Any] = {"__name__": "__main__"}
    shown: dict[str, Any] = {}
    for cell, source in zip(CELLS, CODE, strict=True):
        body = ast.parse(source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), cell["id"], "exec"), names)
        if isinstance(last, ast.Expr):
            shown[cell["id"]] = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
    return shown


@pytest.fixture
def account(stack: ExitStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """An account with two calls of yesterday, which have ended, in a folder of its own."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with (
        Sandbox(seed=1, clock="manual", start=yesterday, rate_limits=False) as sandbox,
        sandbox.serve() as server,
    ):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.base_url)
        Clock(stack, sandbox)
        yield sandbox


def call(sandbox: Sandbox, *numbers: str) -> Decimal:
    """Call some people, wait until all is final, and return what it cost."""
    with Vocobase() as vb:
        before = vb.config.get().credits
        agent = vb.agents.ensure("Desk", "You are the desk.", voice_id=vb.voices.find().id)
        for number in numbers:
            vb.calls.start(agent.id, number, provider="twilio")
        sandbox.clock.advance(3600)
        return Decimal(str(before)) - Decimal(str(vb.config.get().credits))


def test_the_cells_show_the_calls_of_the_account(
    account: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    cost = call(account, "+12025550100", "+12025550101")
    shown = run()
    printed = capsys.readouterr().out
    assert printed.startswith("2 calls, 0 of them can still change\n")
    assert f"{cost:.2f}" in printed
    assert shown["outcomes"]["calls"].sum() == 2 and shown["outcomes"]["share"].sum() == 1
    assert shown["agents"].to_dict("index")["Desk"]["cost"] == cost > 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "+1202" not in page


def test_a_second_run_adds_what_is_new(account: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    call(account, "+12025550100", "+12025550101")
    run()
    call(account, "+12025550105")
    capsys.readouterr()
    shown = run()
    assert capsys.readouterr().out.startswith("3 calls, 0 ")
    assert shown["agents"]["attempted"].sum() == 3


def test_an_account_without_calls_has_an_empty_report(account: Sandbox) -> None:
    shown = run()
    assert len(shown["outcomes"]) == len(shown["agents"]) == 0


def test_it_is_committed_without_outputs() -> None:
    assert (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    assert [cell for cell in CELLS if cell["outputs"] or cell["execution_count"] is not None] == []
    assert len({cell["id"] for cell in NOTEBOOK["cells"]}) == len(NOTEBOOK["cells"])
