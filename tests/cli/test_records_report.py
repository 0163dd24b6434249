"""vocobase report: figures of the local table, for people, programs and customers."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase import Vocobase
from vocobase.cli.periods import period_of
from vocobase_sandbox import Sandbox

TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, vb: Vocobase, account: Sandbox, run: Run) -> None:
    monkeypatch.setenv("VOCOBASE_RECORDS", str(tmp_path / "calls.sqlite"))
    agent = vb.agents.create("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)
    vb.agents.update(agent.id, extraction_config={"prompt": "p", "keys": [{"name": "mood"}]})
    for number in ("+12025550100", "+12025550101", "+12025550103"):
        vb.calls.start(agent.id, number, provider="twilio")
    account.clock.advance(60)
    assert run("records", "sync").exit_status == 0


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("today", "2026-03-04", "2026-03-05"),
        ("Yesterday", "2026-03-03", "2026-03-04"),
        ("this week", "2026-03-02", "2026-03-09"),
        ("last week", "2026-02-23", "2026-03-02"),
        ("this month", "2026-03-01", "2026-04-01"),
        ("last  month", "2026-02-01", "2026-03-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last 7 days", "2026-02-26", "2026-03-05"),
        ("last 1 day", "2026-03-04", "2026-03-05"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2026-01..2026-02", "2026-01-01", "2026-03-01"),
        ("yesterday..today", "2026-03-03", "2026-03-05"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: str, end: str) -> None:
    assert period_of(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13",
        "2026-02-30",
        "today..yesterday",
        "..today",
        "last 0 days",
        "26-01",
        "9999",
        "0000",
    ],
)
def test_what_is_not_a_period_is_one_line(run: Run, text: str) -> None:
    done = run("report", "--for", text)
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "is not a period; pass one such as today" in done.stderr


def test_programs_get_a_row_for_each_group_and_people_the_sums_too(run: Run) -> None:
    rows = [
        json.loads(line) for line in run("report", "--by", "disposition", "--for", "2026").stdout.splitlines()
    ]
    assert {row["disposition"] for row in rows} == {"completed", "busy", "voicemail"}
    assert sum(Decimal(row["cost"]) for row in rows) > 0
    shown = run("report", "--by", "disposition", tty=True)
    assert "total" in shown.stdout and "attempted" in shown.stdout
    assert [line for line in run("report", "--by", "disposition", "--quiet").stdout.split()] != []


def test_periods_and_zones_and_filters_limit_the_report(run: Run, account: Sandbox) -> None:
    def attempted(*options: str) -> int:
        rows = [json.loads(line) for line in run("report", *options).stdout.splitlines()]
        return sum(row["attempted"] for row in rows)

    assert attempted("--for", "today") == attempted("--for", "last 7 days", "--by", "hour") == 3
    assert "No call in the local table matches" in run("report", "--for", "2001").stderr
    assert attempted("--for", "2001") == 0 and attempted("--disposition", "busy") == 1
    assert attempted("--tz", "America/New_York", "--person", "+12025550103", "--by", "agent") == 1
    unknown = run("report", "--tz", "Mars/Base")
    assert unknown.exit_status == 2 and "there is no time zone 'Mars/Base'" in unknown.stderr
    grouped = run("report", "--by", "weekday")
    assert grouped.exit_status == 2 and "'weekday' is not one of" in grouped.stderr


def test_sync_first_reads_what_is_new(run: Run, vb: Vocobase, account: Sandbox, tmp_path: Path) -> None:
    done = run("report", "--sync", "--by", "direction", "--db", str(tmp_path / "new.sqlite"))
    assert json.loads(done.stdout)["attempted"] == 3


def test_a_goal_is_a_name_or_a_name_and_a_value(run: Run) -> None:
    for goal in ("mood", "mood=true", "mood=good", "mood={"):
        row = json.loads(run("report", "--by", "agent", "--goal", goal).stdout)
        assert row["goal"] is not None


# The program that shows the page continues after the command.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_page_is_written_and_opened(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, opened = tmp_path / "report.html", tmp_path / "opened"
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    without = run("report", "--html", str(page), "--open")
    assert without.exit_status == 0 and "No program can open it" in without.stderr
    assert "<html" in page.read_text(encoding="utf-8")
    for name in ("xdg-open", "open"):
        (programs / name).write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
        (programs / name).chmod(0o755)
    refused = run("report", "--html", str(page))
    assert refused.exit_status == 2 and "exists and will be replaced" in refused.stderr
    assert run("report", "--html", str(page), "--open", "--yes").exit_status == 0


def test_an_invoice_needs_prices_for_every_project(run: Run, tmp_path: Path) -> None:
    prices, invoice = tmp_path / "prices.json", tmp_path / "invoice.csv"
    project = json.loads(run("report", "--by", "project").stdout)["project"]
    words = ("report", "--by", "project", "--prices", str(prices))
    prices.write_text(f'{{"{project}": {{"per_minute": 6.50, "per_call": "0.50"}}, "none": 0}}')
    done = run(*words, "--invoice", str(invoice))
    assert Decimal(json.loads(done.stdout)["revenue"]) > 0 and f"Written: {invoice}" in done.stderr
    assert len(list(csv.reader(io.StringIO(invoice.read_text(encoding="utf-8"))))) >= 2
    prices.write_text(f'{{"{project}": "6.50"}}')
    assert run(*words).exit_status == 0
    prices.write_text('{"none": 5}')
    gap = run(*words)
    assert gap.exit_status == 2 and f"there is no price for project '{project}'" in gap.stderr


@pytest.mark.parametrize("content", ["[1]", "6.5", "{", '{"none": {"rate": 1}}'])
def test_a_file_that_has_no_prices_is_one_line(run: Run, tmp_path: Path, content: str) -> None:
    prices = tmp_path / "prices.json"
    prices.write_text(content)
    done = run("report", "--prices", str(prices))
    assert done.exit_status == 2 and "is not a JSON file such as" in done.stderr
    assert done.stderr.count("\n") == 1


def test_options_that_need_another_one_say_which(run: Run, tmp_path: Path) -> None:
    for words, text in [
        (("--open",), "--open needs --html FILE."),
        (("--invoice", "i.csv"), "--invoice needs --prices FILE."),
        (("--prices", str(tmp_path / "missing.json")), "missing.json: no such file"),
        (("--html", str(tmp_path / "no" / "page.html")), "no such file"),
    ]:
        done = run("report", *words)
        assert done.exit_status in (1, 2) and text in done.stderr
        assert done.stderr.count("\n") == 1
