"""vocobase dial: lists from the command line."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Result, Run
from vocobase import (
    CallWindow,
    PersonCap,
    Redial,
    SpendCap,
    Vocobase,
)
from vocobase.cli.dial_rules import rules_of, window_of
from vocobase.testing._time import sandbox_time
from vocobase.types import Agent
from vocobase_sandbox import Sandbox

# Numbers reserved for fiction: answered, busy, no answer.
ASHA, BUSY, AWAY = "+12025550100", "+12025550101", "+12025550102"


@pytest.fixture(autouse=True)
def moving_time(account: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Move the clock of the sandbox whenever a command waits."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with sandbox_time(account):
        yield


@pytest.fixture
def agent(moving_time: None, vb: Vocobase) -> Agent:
    made = vb.agents.create("Front desk", "Greet {{name}}.", voice_id=vb.voices.list()[0].id)
    return vb.agents.update(made.id, variables=["name"])


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(
        f"phone,name,tier\n{ASHA},Asha,gold\n{BUSY},Ravi,\n{AWAY},,silver\n12,Wrong,\n{ASHA},Asha,\n"
    )
    return file


@pytest.fixture
def due(run: Run, agent: Agent, people: Path) -> Path:
    """A list of three people in the ledger of the profile."""
    words = ("--agent", "front desk", "--provider", "twilio", "--any-time")
    assert run("dial", "add", "due", str(people), *words).exit_status == 0
    [ledger] = people.parent.rglob("dialling.sqlite")
    return ledger


def row(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def status(run: Run) -> dict[str, Any]:
    return row(run("dial", "status", "due"))


def test_adding_people_says_what_does_not_fit_and_dials_nobody(
    run: Run, agent: Agent, people: Path, vb: Vocobase
) -> None:
    add = ("dial", "add", "due", str(people), "--agent", agent.id)
    dry = run(*add, "--dry-run")
    assert dry.exit_status == 0 and "3 people, 1 duplicate, 1 row that cannot be called" in dry.stderr
    assert dry.stderr.endswith("Nothing was added.\n") and run("dial", "status", "due").exit_status == 3
    done = run(*add, "--hours", "09:00-12:00")
    assert row(done) == {"list": "due", "added": 3, "known": 0, "duplicates": 1, "bad": 1}
    assert "1 person has no name, a variable of the agent" in done.stderr and "not sent: tier" in done.stderr
    assert row(run(*add, "--output", "json"))["known"] == 3
    [asha] = [json.loads(line) for line in run("dial", "jobs", "due").stdout.splitlines()][:1]
    assert asha["variables"] == {"name": "Asha"} and list(vb.calls.list()) == []


def test_a_list_that_does_not_exist_is_not_found(run: Run, due: Path) -> None:
    for words in (("status",), ("report",), ("run", "--yes"), ("jobs",), ("pause",)):
        done = run("dial", words[0], "dew", *words[1:])
        assert done.exit_status == 3 and f"The list 'dew' has no jobs in {due}" in done.stderr


def test_all_lists_of_a_ledger_are_shown(run: Run, due: Path, agent: Agent, people: Path) -> None:
    run("dial", "add", "second", str(people), "--agent", agent.id, "--any-time")
    run("dial", "pause", "second", "--reason", "wrong prompt")
    shown = [json.loads(line) for line in run("dial", "lists").stdout.splitlines()]
    assert [(each["list"], each["jobs"], each["waiting"]) for each in shown] == [
        ("due", 3, 3),
        ("second", 3, 3),
    ]
    assert [each["pause"] and each["pause"]["reason"] for each in shown] == [None, "wrong prompt"]
    assert run("dial", "lists", "--quiet").stdout == "due\nsecond\n"
    assert "wrong prompt" in run("dial", "lists", tty=True).stdout


def test_a_run_shows_the_counts_asks_and_reports(run: Run, due: Path, vb: Vocobase) -> None:
    refused = run("dial", "run", "due")
    assert refused.exit_status == 2 and "3 people wait" in refused.stderr and "--yes" in refused.stderr
    declined = run("dial", "run", "due", "--budget", "500", tty=True, input="n\n")
    assert declined.exit_status == 130 and "spend 500.00 rupees, of which 0 are" in declined.stderr
    dry = run("dial", "run", "due", "--dry-run")
    assert row(dry)["waiting"] == 3 and "Nothing was dialled." in dry.stderr
    assert list(vb.calls.list()) == []
    rules = (
        "--redial",
        "busy=15m,no_answer=1h/2h",
        "--attempts",
        "2",
        "--per-person",
        "3",
        "--budget",
        "500",
    )
    done = run("dial", "run", "due", *rules, "--yes")
    assert done.exit_status == 0, done
    result = row(done)
    assert (result["finished"], result["waiting"], result["stopped"]) == (3, 0, "done")
    assert result["run"]["started"] == 5 and len(list(vb.calls.list())) == 5
    again = run("dial", "run", "due", "--yes", tty=True)
    assert again.exit_status == 0 and len(list(vb.calls.list())) == 5 and "This run" in again.stdout
    other = run("dial", "run", "due", "--budget", "600", "--yes")
    assert other.exit_status == 2 and "different budget" in other.stderr


def test_reports_and_jobs_show_outcomes_and_costs(run: Run, due: Path, tmp_path: Path) -> None:
    run("dial", "run", "due", "--yes", "--wait-for-outcomes")
    rows = [json.loads(line) for line in run("dial", "report", "due").stdout.splitlines()]
    assert {each["outcome"]: each["jobs"] for each in rows}["busy"] == 1
    assert sum(each["cost"] for each in rows) > 0
    file = tmp_path / "results.csv"
    assert "3 jobs are in" in run("dial", "report", "due", "--csv", str(file)).stderr
    replaced = run("dial", "report", "due", "--csv", str(file))
    assert replaced.exit_status == 2 and f"{file} will be replaced" in replaced.stderr
    shown = run("dial", "jobs", "due", "--state", "finished", tty=True)
    assert ASHA in shown.stdout and "outcome" in shown.stdout
    quiet = run("dial", "jobs", "due", "--quiet")
    assert all(line.split()[1].startswith("+1202") for line in quiet.stdout.splitlines())
    assert ASHA not in run("dial", "jobs", "due", "--no-pii").stdout


def test_a_person_is_shown_by_number_or_key(
    run: Run, due: Path, agent: Agent, people: Path, vb: Vocobase
) -> None:
    waiting = run("dial", "show", "due", ASHA, tty=True)
    assert "waiting" in waiting.stdout and "name: Asha" in waiting.stdout
    run("dial", "run", "due", "--yes", "--wait-for-outcomes")
    card = run("dial", "show", "due", f"{agent.id} {ASHA}", tty=True).stdout
    assert "Attempts" in card and "completed" in card and "rupees" in card
    unknown = run("dial", "show", "due", "+12025550199")
    assert unknown.exit_status == 3 and "no job with the key or number '+12025550199'" in unknown.stderr
    complete = people.with_name("complete.csv")
    complete.write_text(f"phone,name\n{BUSY},Ravi\n")
    assert run("dial", "add", "other", str(complete), "--agent", agent.id).stderr.count("Warning") == 0
    other = vb.agents.create("Night desk", "Hello.", voice_id=vb.voices.list()[0].id)
    run("dial", "add", "due", str(people), "--agent", other.id)
    assert len(run("dial", "show", "due", ASHA).stdout.splitlines()) == 2


def test_a_paused_list_is_not_dialled_until_it_is_resumed(run: Run, due: Path, vb: Vocobase) -> None:
    assert row(run("dial", "pause", "due", "--reason", "storm"))["paused"] is True
    assert status(run)["pause"]["reason"] == "storm"
    assert "storm (paused" in run("dial", "status", "due", tty=True).stdout
    done = run("dial", "run", "due", "--yes")
    assert done.exit_status == 1 and "vocobase dial resume due" in done.stderr.splitlines()[-1]
    assert list(vb.calls.list()) == [] and row(done)["stopped"] == "paused"
    assert run("dial", "resume", "due").exit_status == 2
    assert row(run("dial", "resume", "due", "--yes"))["changed"] is True
    assert run("dial", "run", "due", "--yes", "--for", "2h", "--concurrency", "1").exit_status == 0


def test_a_budget_stops_a_list_and_can_be_raised(run: Run, due: Path) -> None:
    spare = ("--budget", "2", "--worst-case", "1.9")
    stopped = run("dial", "run", "due", *spare, "--yes")
    assert stopped.exit_status == 5 and "vocobase dial change due --budget" in stopped.stderr
    assert run("dial", "change", "due", "--yes").exit_status == 2
    changed = run("dial", "change", "due", "--budget", "500", "--yes")
    assert row(changed) == {"list": "due", "changed": ["budget"]}
    assert run("dial", "run", "due", "--yes").exit_status == 0


def test_jobs_are_dropped_and_retried_by_number_or_state(run: Run, due: Path) -> None:
    assert run("dial", "drop", "due", "--yes").exit_status == 2
    refused = run("dial", "drop", "due", ASHA)
    assert refused.exit_status == 2 and "1 job of due will not be dialled" in refused.stderr
    assert row(run("dial", "drop", "due", ASHA, "--yes"))["dropped"] == 1
    assert row(run("dial", "drop", "due", "--state", "waiting", "--yes"))["dropped"] == 2
    assert status(run)["refused"] == 3
    assert row(run("dial", "retry", "due", "--state", "refused", "--yes"))["retried"] == 3
    assert status(run)["waiting"] == 3


class Interrupted(httpx.BaseTransport):
    """Ctrl-C, or no response, at the first start of a call."""

    def __init__(self, sandbox: Sandbox, error: BaseException) -> None:
        self.inner, self.error = sandbox.transport(), error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/calls/start"):
            raise self.error
        return self.inner.handle_request(request)


class Signal(httpx.BaseTransport):
    """SIGTERM while the first call is started."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.inner = sandbox.transport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/calls/start"):
            signal.raise_signal(signal.SIGTERM)
        return self.inner.handle_request(request)


def test_an_interrupted_run_says_how_to_go_on_and_calls_nobody_twice(
    run: Run, due: Path, account: Sandbox, vb: Vocobase
) -> None:
    stop = Interrupted(account, KeyboardInterrupt())
    done = run("dial", "run", "due", "--yes", options={"transport": stop})
    assert done.exit_status == 130 and "To continue: vocobase dial run due" in done.stderr
    assert run("dial", "run", "due", "--yes").exit_status in (0, 7)
    numbers = [call.to_number for call in vb.calls.list()]
    assert len(numbers) == len(set(numbers))


def test_unknown_outcomes_end_with_the_status_of_them(run: Run, due: Path, account: Sandbox) -> None:
    lost = Interrupted(account, httpx.ReadError("lost"))
    done = run("dial", "run", "due", "--yes", options={"transport": lost})
    assert done.exit_status == 7 and "vocobase dial jobs due --state parked" in done.stderr
    assert row(done)["parked"] == 3
    assert row(run("dial", "retry", "due", ASHA, "--yes"))["retried"] == 1


def test_nobody_outside_of_the_hours_is_waited_for_if_you_say_so(
    run: Run, agent: Agent, people: Path, account: Sandbox
) -> None:
    hour = (account.clock.now.hour + 2) % 22
    hours = ("--hours", f"{hour}:00-{hour + 1}:00", "--tz", "UTC")
    run("dial", "add", "due", str(people), "--agent", agent.id, *hours)
    done = run("dial", "run", "due", "--yes", "--no-wait")
    assert done.exit_status == 0 and row(done)["stopped"] == "hours" and row(done)["waiting"] == 3
    assert "the first until" in run("dial", "run", "due").stderr


def test_a_plan_shows_counts_and_costs_and_changes_nothing(
    run: Run, due: Path, people: Path, agent: Agent
) -> None:
    plan = run("dial", "plan", "due", "--redial", "busy=15m", "--budget", "500")
    assert plan.exit_status == 0 and row(plan)["to_dial"] == 3 and row(plan)["counts"]["now"] == 3
    card = run("dial", "plan", "due", tty=True).stdout
    assert "3 of 3 jobs" in card and "rupees" in card and "Estimated by" in card
    new = run("dial", "plan", "other", str(people), "--agent", agent.id, "--any-time", "--rows")
    assert [json.loads(line)["code"] for line in new.stdout.splitlines()] == ["now"] * 3
    assert run("dial", "status", "other").exit_status == 3
    assert run("dial", "plan", "other", str(people)).exit_status == 2


def test_a_worker_dials_what_is_there_until_it_is_stopped(
    run: Run, due: Path, account: Sandbox, vb: Vocobase
) -> None:
    assert run("dial", "work", "due").exit_status == 2
    stop = Signal(account)
    done = run("dial", "work", "due", "--yes", options={"transport": stop})
    assert done.exit_status == 0, done
    assert row(done)["stopped"] == "stop" and row(done)["started"] == 1
    assert len(list(vb.calls.list())) == 1 and "3 people wait" in done.stderr


def test_a_number_that_must_not_be_called_is_not_dialled(run: Run, due: Path, vb: Vocobase) -> None:
    run("do-not-call", "add", ASHA, "--reason", "asked not to be called")
    assert run("dial", "run", "due", "--yes").exit_status == 0
    assert ASHA not in [call.to_number for call in vb.calls.list()]
    assert "asked not to be called" in run("dial", "show", "due", ASHA).stdout


def test_an_address_with_a_password_is_not_taken_as_an_argument(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "redis://:hunter2@localhost:1/0"
    done = run("dial", "status", "due", "--ledger", secret)
    assert done.exit_status == 2 and "VOCOBASE_LEDGER" in done.stderr and "hunter2" not in done.stderr
    monkeypatch.setenv("VOCOBASE_LEDGER", secret)
    failed = run("dial", "status", "due")
    assert failed.exit_status != 0 and "hunter2" not in failed.stderr


def test_texts_become_hours() -> None:
    none: Any = ((), None, None, (), False)
    assert window_of(*none) is None
    assert window_of((), None, None, (), True) == CallWindow.any_time()
    window = window_of(("9:00-12:00", "15:00-24:00"), "sat-mon,wed", "Asia/Kolkata", ("2026-10-20",), False)
    assert window and [(part.start, part.end) for part in window.parts()] == [
        (time(9), time(12)),
        (time(15), time(0)),
    ]
    assert window.weekdays == (0, 2, 5, 6) and window.timezone == "Asia/Kolkata"
    weekdays = window_of((), "mon-fri", None, (), False)
    assert weekdays and (weekdays.start, weekdays.weekdays) == (time(9), (0, 1, 2, 3, 4))


def test_texts_become_rules() -> None:
    assert rules_of(None, None, None, None, None) == {}
    rules = rules_of("busy=15m, no_answer=1h/1d", 4, "1,000", "20", "3/30d")
    after = {"busy": timedelta(minutes=15), "no_answer": [timedelta(hours=1), timedelta(days=1)]}
    assert rules == {
        "redial": Redial(4, after),
        "budget": SpendCap(1000, 20),
        "person_cap": PersonCap(3, 30.0),
    }
    assert rules_of(None, 2, "50", None, "3") == {
        "redial": Redial(2),
        "budget": SpendCap(50),
        "person_cap": PersonCap(3),
    }


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--hours", "nine"), "--hours"),
        (("--hours", "09:00-25:00"), "such as 09:00-20:00"),
        (("--hours", "09:00-09:00"), "start and end are equal"),
        (("--days", "mo-fr"), "such as mon-fri"),
        (("--days", "mon-xyz"), "such as mon-fri"),
        (("--holiday", "today"), "such as 2026-10-20"),
        (("--tz", "Mars/Base"), "Mars/Base"),
        (("--any-time", "--days", "mon"), "--any-time needs none"),
        (("--column", "phone"), "is not NAME=HEADER"),
        (("--column", "name=a", "--column", "name=b"), "is passed twice"),
    ],
)
def test_wrong_options_of_add_are_one_line(
    run: Run, agent: Agent, people: Path, words: tuple[str, ...], text: str
) -> None:
    done = run("dial", "add", "due", str(people), "--agent", agent.id, *words)
    assert (
        done.exit_status == 2
        and text in done.stderr
        and done.stderr.splitlines()[-1].startswith("vocobase: ")
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--redial", "busy"), "such as busy=15m"),
        (("--redial", "busy=soon"), "such as busy=15m"),
        (("--redial", "busy=15m,busy=20m"), "such as busy=15m"),
        (("--redial", "busy=999999w"), "1 minute to 90 days"),
        (("--redial", "busy=100d"), "1 minute to 90 days"),
        (("--attempts", "99"), "from 1 to 20"),
        (("--budget", "much"), "such as 500"),
        (("--budget", "5"), "Raise rupees or lower worst_case"),
        (("--worst-case", "5"), "needs --budget"),
        (("--per-person", "0"), "such as 3"),
        (("--for", "ever"), "is not a duration"),
    ],
)
def test_wrong_rules_are_one_line(run: Run, due: Path, words: tuple[str, ...], text: str) -> None:
    done = run("dial", "run", "due", "--yes", *words)
    assert done.exit_status == 2 and text in done.stderr and done.stderr.count("\n") == 1
