"""vocobase contacts, campaigns and do-not-call: files of people, and who is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Result, Run
from vocobase import Vocobase
from vocobase.testing._time import sandbox_time
from vocobase.types import Agent
from vocobase_sandbox import Sandbox

# Numbers reserved for fiction.
ASHA, RAVI = "+12025550100", "+12025550103"


@pytest.fixture(autouse=True)
def moving_time(account: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with sandbox_time(account):
        yield


@pytest.fixture
def agent(moving_time: None, vb: Vocobase) -> Agent:
    return vb.agents.create("Front desk", "Hello.", voice_id=vb.voices.list()[0].id)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(f"Mobile No.;name\n{ASHA};Asha\n{RAVI};Ravi\n(202) 555-01;Wrong\n{ASHA};Asha\n")
    return file


def row(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- contacts


def test_checking_a_file_shows_each_bad_row_and_why(run: Run, people: Path, tmp_path: Path) -> None:
    column = ("--column", "phone=Mobile No.")
    rejects = tmp_path / "rejects.csv"
    done = run("contacts", "check", str(people), *column, "--rejects", str(rejects))
    assert done.exit_status == 1
    assert [each["line"] for each in rows(done)] == [4, 5] and "line 2" in rows(done)[1]["reason"]
    assert "2 people, 1 duplicate, 1 row that cannot be called" in done.stderr
    assert rejects.read_text().count("\n") == 3
    shown = run("contacts", "check", str(people), *column, tty=True)
    assert "reason" in shown.stdout and "Wrong" not in shown.stdout


def test_a_file_without_faults_is_fine(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOCOBASE_API_KEY")
    file = tmp_path / "many.csv"
    file.write_text("phone\n" + "".join(f"+1202555{number:04}\n" for number in range(1000, 2000)))
    done = run("contacts", "check", str(file))
    assert (done.exit_status, done.stdout) == (0, "") and "1,000 people" in done.stderr
    kinds = run("contacts", "check", str(file), "--line-type", "toll_free", "--limit", "1")
    assert kinds.exit_status == 1 and len(rows(kinds)) == 1


@pytest.mark.parametrize(
    ("content", "words", "text"),
    [
        (b"\x00\x01\x02\xff\xfe", (), "people"),
        (b"a,b\n1,2\n", (), "no column"),
        (b"phone\n\xe9\n", (), "UTF-8"),
        (b"phone\n+1\n", ("--delimiter", "::"), "one character"),
        (b"phone\n+1\n", ("--encoding", "klingon"), "klingon"),
        (b"phone\n+1\n", ("--region", "XX"), "XX"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    run: Run, tmp_path: Path, content: bytes, words: tuple[str, ...], text: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    done = run("contacts", "check", str(file), *words)
    assert done.exit_status == 2 and text in done.stderr and done.stderr.count("\n") == 1, done


def test_a_file_that_is_missing_is_one_line(run: Run) -> None:
    done = run("contacts", "check", "missing.csv")
    assert done.exit_status == 2 and "missing.csv" in done.stderr and done.stderr.count("\n") == 1


# --- campaigns


def campaign(people: Path, *more: str) -> tuple[str, ...]:
    words = ("--agent", "Front desk", "--provider", "twilio", "--column", "phone=Mobile No.")
    return ("campaigns", "run", str(people), *words, *more)


def test_a_campaign_is_shown_and_asked_before_anything_is_created(
    run: Run, agent: Agent, people: Path, vb: Vocobase
) -> None:
    dry = run(*campaign(people, "--dry-run"))
    assert dry.exit_status == 0 and "Call 2 people" in dry.stderr and "Nothing was created." in dry.stderr
    refused = run(*campaign(people))
    assert refused.exit_status == 2 and "Cost per minute" in refused.stderr
    declined = run(*campaign(people), tty=True, input="n\n")
    assert declined.exit_status == 130 and list(vb.campaigns.list()) == []


def test_a_campaign_runs_to_its_end_and_has_results(
    run: Run, agent: Agent, people: Path, vb: Vocobase
) -> None:
    run("do-not-call", "add", RAVI)
    done = run(*campaign(people, "--yes", "--watch", "--name", "Dues", "--concurrency", "2"))
    assert done.exit_status == 0, done
    made = row(done)
    assert (made["name"], made["status"]) == ("Dues", "completed")
    assert "1 person was added" in done.stderr
    [result] = rows(run("campaigns", "results", vb.campaigns.list()[0].id))
    assert (result["phone"], result["outcome"]) == (ASHA, "completed") and result["cost"] > 0
    assert (
        run("campaigns", "results", vb.campaigns.list()[0].id, "--quiet").stdout.strip() == result["call_id"]
    )


def test_a_campaign_that_is_not_watched_is_a_row_and_a_hint(run: Run, agent: Agent, people: Path) -> None:
    done = run(*campaign(people, "--yes"))
    assert row(done)["name"] == "people" and "vocobase campaigns results" in done.stderr


def test_a_campaign_for_nobody_is_not_started(run: Run, agent: Agent, people: Path, vb: Vocobase) -> None:
    run("do-not-call", "add", ASHA, RAVI)
    done = run(*campaign(people, "--yes"))
    assert done.exit_status == 1 and "No one is left to call" in done.stderr
    [draft] = vb.campaigns.list()
    assert draft.status == "draft"
    people.write_text("Mobile No.\n12\n")
    empty = run(*campaign(people, "--yes"))
    assert empty.exit_status == 1 and "nothing was created" in empty.stderr


class Interrupted(httpx.BaseTransport):
    """Ctrl-C at a request whose path ends so, and every later one."""

    def __init__(self, sandbox: Sandbox, end: str, after: int = 0) -> None:
        self.inner, self.end, self.after = sandbox.transport(), end, after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(self.end):
            self.after -= 1
            if self.after < 0:
                raise KeyboardInterrupt
        return self.inner.handle_request(request)


def test_an_interrupted_import_leaves_a_draft_that_goes_on(
    run: Run, agent: Agent, people: Path, account: Sandbox, vb: Vocobase
) -> None:
    done = run(*campaign(people, "--yes"), options={"transport": Interrupted(account, "/contacts")})
    [draft] = vb.campaigns.list()
    assert done.exit_status == 130 and f"--campaign {draft.id}" in done.stderr and draft.status == "draft"
    again = run(*campaign(people, "--yes", "--campaign", draft.id, "--watch"))
    assert again.exit_status == 0 and row(again)["status"] == "completed"


def test_an_interrupted_watch_says_how_to_stop_the_campaign(
    run: Run, agent: Agent, people: Path, account: Sandbox, vb: Vocobase
) -> None:
    words = campaign(
        people, "--yes", "--campaign", vb.campaigns.create("Dues", agent.id, provider="twilio").id
    )
    [draft] = vb.campaigns.list()
    stop = Interrupted(account, f"/{draft.id}", after=3)
    done = run(*words, "--watch", options={"transport": stop})
    assert done.exit_status == 130 and f"vocobase campaigns stop {draft.id}" in done.stderr


# --- do-not-call


def test_numbers_are_added_checked_listed_and_removed(run: Run) -> None:
    assert run("do-not-call", "list").exit_status == 3
    added = rows(run("do-not-call", "add", ASHA, "+1 202-555-0103", "--until", "2099-01-31"))
    assert [(each["number"], each["changed"]) for each in added] == [(ASHA, True), (RAVI, True)]
    assert run("do-not-call", "add", "(202) 555-0104", "--region", "US").exit_status == 0
    entry = row(run("do-not-call", "check", ASHA))
    assert entry["listed"] is True and entry["valid_until"].startswith("2099-02-01")
    assert row(run("do-not-call", "check", "+12025550150")) == {"number": "+12025550150", "listed": False}
    assert run("do-not-call", "list", "--quiet").stdout.split() == [ASHA, RAVI, "+12025550104"]
    refused = run("do-not-call", "remove", ASHA, "--reason", "mistake")
    assert refused.exit_status == 2 and f"{ASHA} may be called again" in refused.stderr
    assert row(run("do-not-call", "remove", ASHA, "--reason", "mistake", "--yes"))["changed"] is True
    [logged] = rows(run("do-not-call", "log", "--since", "1d"))
    assert logged["code"] == "removed_from_do_not_call" and logged["reason"] == "mistake"
    wrong = run("do-not-call", "add", "12")
    assert wrong.exit_status == 2 and "country code" in wrong.stderr


def test_a_scrub_is_imported_with_its_date(run: Run, people: Path, tmp_path: Path) -> None:
    words = ("do-not-call", "import", str(people), "--source", "registry", "--column", "Mobile No.")
    undated = run(*words)
    assert undated.exit_status == 2 and "date" in undated.stderr
    dry = run(*words, "--scrubbed-on", "2026-01-31", "--dry-run")
    assert row(dry)["changed"] == 2 and "Nothing was added." in dry.stderr
    assert run("do-not-call", "list").stdout == ""
    rejects = tmp_path / "rejects.csv"
    done = run(*words, "--scrubbed-on", "2026-01-31", "--rejects", str(rejects))
    assert row(done) == {"rows": 4, "numbers": 2, "changed": 2, "rejected": 1}
    assert "1 numbers cannot be read" in done.stderr and rejects.exists()
    people.write_text(f"Mobile No.\n{ASHA}\n")
    again = run(*words, "--scrubbed-on", "2026-02-01")
    assert (row(again)["rejected"], again.stderr) == (0, "")
    assert row(run("do-not-call", "check", RAVI))["scrubbed_on"] == "2026-01-31"
