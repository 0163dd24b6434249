# Derived from tests/contacts/aio/test_importing.py by scripts/derive_sync.py; edit that instead.
"""A list of any length is added to a campaign, once."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import stat
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.contacts.support import ROUTE, Importing, OnServer, mobile, people, posts
from vocobase import (
    ConfigurationError,
    ContactsError,
    InvalidArgumentError,
    Ledger,
    LedgerError,
    NotFoundError,
    ServerError,
    ValidationFailedError,
    Vocobase,
    VocobaseError,
    open_ledger,
)
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase.contacts import Contact, ImportProgress, ImportReport, read
from vocobase_sandbox import Sandbox


def test_everybody_gets_onto_the_campaign(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Mobile,Name,tier\n9876543210,Asha,gold\n12,B,\n+91 98765 43210,C,\n9876543211,,\n")
    report = load(campaign, path, region="IN", rejects=tmp_path / "bad.csv")
    assert report == ImportReport(rows=4, added=2, skipped=0, known=0, duplicates=1, bad=1)
    found = on_server(campaign)
    assert [(row["phone"], row["name"], row["metadata"]) for row in found.values()] == [
        ("+919876543210", "Asha", {"tier": "gold"}),
        ("+919876543211", None, {}),
    ]
    assert (tmp_path / "bad.csv").read_text().count("\n") == 3


def test_long_lists_go_in_chunks_with_progress(load: Importing, campaign: str, on_server: OnServer) -> None:
    seen: list[ImportProgress] = []
    report = load(campaign, people(25), chunk_size=10, on_progress=seen.append)
    assert (report.added, len(on_server(campaign))) == (25, 25)
    assert seen == [
        ImportProgress("reading", 25),
        ImportProgress("sending", 10, 25),
        ImportProgress("sending", 20, 25),
        ImportProgress("sending", 25, 25),
    ]
    assert list(on_server(campaign)) == [row["Mobile"] for row in people(25)]


def test_without_a_ledger_a_second_run_is_skipped_by_the_server(load: Importing, campaign: str) -> None:
    load(campaign, people(5))
    assert load(campaign, people(6)) == ImportReport(rows=6, added=1, skipped=5)


def test_with_a_ledger_a_second_run_sends_what_is_new(
    load: Importing, campaign: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    load(campaign, people(5), ledger=ledger)
    before = posts(sandbox)
    assert load(campaign, people(5), ledger=ledger) == ImportReport(rows=5, known=5)
    assert posts(sandbox) == before
    edited = [people(1, 7)[0], *reversed(people(5)), people(1, 8)[0]]
    assert load(campaign, edited, ledger=str(ledger)) == ImportReport(rows=7, added=2, known=5)
    assert posts(sandbox) == before + 1


def test_the_ledger_holds_numbers_only(load: Importing, campaign: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    load(campaign, people(2), ledger=path)
    ledger = open_ledger(path)
    assert [(entry.key, entry.payload) for entry in ledger.entries(f"import:{campaign}", "done")] == [
        (mobile(0), {}),
        (mobile(1), {}),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_open_ledger_is_used_and_stays_open(load: Importing, campaign: str, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    load(campaign, people(2), ledger=ledger)
    assert ledger.counts(f"import:{campaign}")["done"] == 2


def test_a_ledger_that_was_opened_for_an_import_is_closed_and_blocks_no_loop(
    load: Importing, campaign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops: list[bool] = []
    closed: list[bool] = []
    init, close = SQLiteLedger.__init__, SQLiteLedger.close

    def noted(self: SQLiteLedger, *arguments: Any, **options: Any) -> None:
        try:
            loops.append(bool(asyncio.get_running_loop()))
        except RuntimeError:
            loops.append(False)
        init(self, *arguments, **options)

    def close_noted(self: SQLiteLedger) -> None:
        closed.append(True)
        close(self)

    monkeypatch.setattr(SQLiteLedger, "__init__", noted)
    monkeypatch.setattr(SQLiteLedger, "close", close_noted)
    load(campaign, people(1), ledger=tmp_path / "ledger.sqlite")
    with pytest.raises(ContactsError):
        load(campaign, [{"fone": "1"}], ledger=tmp_path / "ledger.sqlite")
    assert (loops, closed) == ([False, False], [True, True])
    load(campaign, people(1), ledger=open_ledger(tmp_path / "ledger.sqlite"))
    assert closed == [True, True]


def test_campaigns_do_not_share_what_was_sent(
    load: Importing, vb: Vocobase, campaign: str, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    other = vb.campaigns.create("Other", vb.campaigns.get(campaign).agent_id, provider="twilio").campaign_id
    assert (load(campaign, people(3), ledger=ledger)).added == 3
    assert (load(other, people(3), ledger=ledger)).added == 3


def test_what_was_read_and_filtered_can_be_imported(load: Importing, campaign: str) -> None:
    rows = (row for row in read(people(4)) if not isinstance(row, Contact) or row.phone != mobile(2))
    assert load(campaign, rows) == ImportReport(rows=3, added=3)


def test_an_empty_list_sends_nothing(
    load: Importing, campaign: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    assert load(campaign, []) == load(campaign, [], ledger=tmp_path / "l") == ImportReport()
    assert posts(sandbox) == 0


@pytest.mark.parametrize("chunk_size", [0, -1, 10_001, 1.5, True, "10", None])
def test_chunks_beyond_the_documented_limit_are_refused(
    load: Importing, campaign: str, chunk_size: Any
) -> None:
    with pytest.raises(InvalidArgumentError, match="chunk_size must be a whole number, from 1 to 10,000"):
        load(campaign, people(1), chunk_size=chunk_size)


def test_nothing_is_read_for_a_campaign_that_takes_no_contacts(
    load: Importing, campaign: str, vb: Vocobase
) -> None:
    def never() -> Any:
        raise AssertionError
        yield

    with pytest.raises(NotFoundError):
        load("unknown", never())
    load(campaign, people(1))
    vb.campaigns.start(campaign)
    with pytest.raises(InvalidArgumentError) as caught:
        load(campaign, never())
    assert str(caught.value) == (
        "campaigns.import_contacts: the campaign is running, and only a draft accepts contacts."
        " Create another campaign; nothing was sent."
    )
    with pytest.raises(InvalidArgumentError):
        load("..", never())


def test_a_file_that_breaks_off_leaves_nothing_on_the_campaign(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    rows = "".join(f"{row['Mobile']}\n" for row in people(30_000))
    path.write_bytes(b"phone\n" + rows.encode() + b"\xff\n")
    with pytest.raises(ContactsError, match="line 30002 is not utf-8"):
        load(campaign, path, ledger=tmp_path / "ledger.sqlite", chunk_size=10)
    assert on_server(campaign) == {}


def test_a_ledger_that_cannot_be_used_is_told_before_anything_is_sent(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    other = tmp_path / "other.sqlite"
    other.write_text("no database, but text that is long enough to be looked at " * 10)
    with pytest.raises(LedgerError):
        load(campaign, people(1), ledger=other)
    with pytest.raises(ConfigurationError):
        load(campaign, people(1), ledger=tmp_path)
    assert on_server(campaign) == {}


def test_requests_stay_below_a_size(load: Importing, campaign: str, sandbox: Sandbox) -> None:
    note = "ü" * 500_000
    report = load(campaign, [{"phone": mobile(n), "note": note} for n in range(9)])
    assert (report.added, posts(sandbox)) == (9, 3)


def test_a_body_that_is_too_large_for_the_server_is_halved(
    load: Importing, campaign: str, sandbox: Sandbox, on_server: OnServer, tmp_path: Path
) -> None:
    sandbox.faults.add("status", ROUTE, status=413, count=3)
    assert load(campaign, people(40), ledger=tmp_path / "l") == ImportReport(rows=40, added=40)
    # 40, 20 and 10 were too large; 5, 5, 10 and 20 were not.
    assert (list(on_server(campaign)), posts(sandbox)) == ([row["Mobile"] for row in people(40)], 7)
    assert load(campaign, people(40), ledger=tmp_path / "l") == ImportReport(rows=40, known=40)
    sandbox.faults.add("status", ROUTE, status=413)
    with pytest.raises(VocobaseError, match="413"):
        load(campaign, people(3, 50))


def test_numbers_that_another_run_sends_meanwhile_are_not_sent_again(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    scope, theirs = f"import:{campaign}", [mobile(8), mobile(9)]
    other = open_ledger(tmp_path / "ledger.sqlite")

    def meanwhile(progress: ImportProgress) -> None:
        if progress.stage == "sending" and progress.done == 5:
            other.record(scope, theirs, "done")

    report = load(campaign, people(10), ledger=other, chunk_size=5, on_progress=meanwhile)
    assert report == ImportReport(rows=10, added=8, known=2)
    assert set(on_server(campaign)) == {row["Mobile"] for row in people(8)}


class Rival:
    """A ledger in which another run records each chunk that this one is about to send."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def find(self, scope: str, keys: Any, state: Any) -> list[str]:
        found = self._ledger.find(scope, keys, state)
        if scope.startswith("import:"):
            self._ledger.record(scope, keys, "done")
        return found


def test_a_chunk_that_two_runs_send_at_once_is_recorded_once(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    assert (load(campaign, people(10), ledger=Rival(ledger), chunk_size=5)).added == 10
    assert len(on_server(campaign)) == ledger.counts(f"import:{campaign}")["done"] == 10


def test_entries_that_are_not_done_are_sent_if_the_list_has_them(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    scope = f"import:{campaign}"
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.enter(scope, [(mobile(1), {}), (mobile(77), {}), (mobile(2), {})])
    ledger.claim(scope, "killed", 2, lease=3600)
    assert load(campaign, people(3), ledger=ledger) == ImportReport(rows=3, added=3)
    assert set(on_server(campaign)) == {row["Mobile"] for row in people(3)}
    assert [entry.key for entry in ledger.entries(scope, "done")] == [mobile(2), mobile(0)]


class Killed:
    """The ledger of a run that ends after the response to its first chunk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def record(self, *arguments: Any, **options: Any) -> Any:
        raise KeyError("killed")


def test_a_chunk_that_was_sent_and_not_recorded_is_sent_again(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    with closing(open_ledger(tmp_path / "ledger.sqlite")) as ledger:
        with pytest.raises(KeyError, match="killed"):
            load(campaign, people(10), ledger=Killed(ledger), chunk_size=5)
        assert len(on_server(campaign)) == 5
        assert load(campaign, people(10), ledger=ledger) == ImportReport(rows=10, added=5, skipped=5)
        assert len(on_server(campaign)) == 10


def test_a_chunk_that_the_server_refuses_can_be_mended(
    load: Importing, campaign: str, sandbox: Sandbox, on_server: OnServer, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    load(campaign, people(10), ledger=ledger)
    sandbox.faults.add("status", ROUTE, status=400, count=1)
    with pytest.raises(ValidationFailedError):
        load(campaign, people(30), ledger=ledger, chunk_size=5)
    assert len(on_server(campaign)) == 10
    # The people who were in the refused chunk are called only if the list still names them.
    mended = [row for row in people(30) if row["Mobile"] not in {mobile(11), mobile(12)}]
    assert load(campaign, mended, ledger=ledger) == ImportReport(rows=28, added=18, known=10)
    assert not {mobile(11), mobile(12)} & set(on_server(campaign))
    assert load(campaign, people(30), ledger=ledger) == ImportReport(rows=30, added=2, known=28)


FAULTS: dict[str, dict[str, Any]] = {
    "reset_before_headers": {},
    "reset_after_headers": {},
    "truncated": {},
    "malformed_json": {},
    "empty": {},
    "html": {},
    "status 500": {"status": 500},
    "status 500 executed": {"status": 500, "execute": True},
    "status 429": {"status": 429, "headers": {"retry-after": "0"}},
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_on_every_chunk_loses_and_doubles_nobody(
    kind: str,
    load: Importing,
    campaign: str,
    sandbox: Sandbox,
    on_server: OnServer,
    tmp_path: Path,
) -> None:
    seen: set[int] = set()

    def fail_once(progress: ImportProgress) -> None:
        """Let the next chunk meet the fault, unless it has met it before."""
        sent = progress.done if progress.stage == "sending" else 0
        if sent < 25 and sent not in seen:
            seen.add(sent)
            sandbox.faults.add(kind.split()[0], ROUTE, count=1, **FAULTS[kind])

    ledger, list_ = tmp_path / "ledger.sqlite", people(25)
    for _ in range(6):
        try:
            load(campaign, list_, ledger=ledger, chunk_size=5, on_progress=fail_once)
        except VocobaseError as error:
            assert "\n" not in str(error)
            assert mobile(0)[1:8] not in str(error)
        else:
            break
    assert seen == {0, 5, 10, 15, 20}
    assert list(on_server(campaign)) == [row["Mobile"] for row in list_]
    assert open_ledger(ledger).counts(f"import:{campaign}") == {
        "waiting": 0,
        "claimed": 0,
        "done": 25,
        "refused": 0,
        "parked": 0,
    }
    assert load(campaign, list_, ledger=ledger) == ImportReport(rows=25, known=25)


def test_a_server_that_stays_down_is_told_and_the_rest_is_sent_later(
    load: Importing,
    campaign: str,
    sandbox: Sandbox,
    on_server: OnServer,
    tmp_path: Path,
) -> None:
    sandbox.faults.add("status", ROUTE, status=503)
    with pytest.raises(ServerError):
        load(campaign, people(5), ledger=tmp_path / "ledger.sqlite")
    sandbox.faults.clear()
    assert (load(campaign, people(5), ledger=tmp_path / "ledger.sqlite")).added == 5
    assert len(on_server(campaign)) == 5


def test_a_callback_that_fails_ends_the_import_and_loses_nothing(
    load: Importing, campaign: str, tmp_path: Path
) -> None:
    def fail(progress: ImportProgress) -> None:
        if progress.stage == "sending":
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        load(campaign, people(10), ledger=tmp_path / "l", chunk_size=5, on_progress=fail)
    assert load(campaign, people(10), ledger=tmp_path / "l") == ImportReport(rows=10, added=5, known=5)


def test_errors_of_a_database_that_the_caller_reads_come_through(load: Importing, campaign: str) -> None:
    def rows() -> Any:
        yield people(1)[0]
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("SELECT * FROM people")

    with pytest.raises(sqlite3.OperationalError, match="no such table: people"):
        load(campaign, rows())


def test_an_import_that_fails_while_it_reads_leaves_the_rejects_of_an_earlier_one(
    load: Importing, campaign: str, tmp_path: Path
) -> None:
    rejects = tmp_path / "bad.csv"
    rejects.write_text("earlier")

    def fail(progress: ImportProgress) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        load(campaign, [{"Mobile": "1"}, *people(2)], rejects=rejects, on_progress=fail, chunk_size=1)
    assert rejects.read_text() == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


def test_the_ledger_is_not_overwritten_by_rejects(load: Importing, campaign: str, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    load(campaign, people(2), ledger=ledger)
    link = tmp_path / "link"
    link.symlink_to(ledger)
    for rejects in (ledger, str(link)):
        with pytest.raises(InvalidArgumentError) as caught:
            load(campaign, people(2), ledger=str(ledger), rejects=rejects)
        assert str(caught.value) == (
            "campaigns.import_contacts: rejects and ledger must be two files. Nothing was sent."
        )
    assert load(campaign, people(2), ledger=ledger) == ImportReport(rows=2, known=2)
    with pytest.raises(ContactsError, match="embedded null"):
        load(campaign, people(2), ledger=ledger, rejects="a\0b")


def test_no_number_is_logged_above_debug_or_told_in_errors(
    load: Importing, campaign: str, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    load(
        campaign, [*people(3), {"Mobile": "9876599999"}], ledger=tmp_path / "l", rejects=tmp_path / "bad.csv"
    )
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "POST /campaigns/{id}/contacts: 200" in text
    assert "98765" not in text
    assert mobile(0)[3:] not in text


def test_without_a_place_for_the_contacts_nothing_is_sent(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(ContactsError) as caught:
        load(campaign, [{"phone": mobile(n), "note": "x" * 1_000_000} for n in range(9)])
    assert str(caught.value) == "the temporary file for contacts: No such file or directory."
    assert on_server(campaign) == {}


def test_a_full_disk_for_the_ledger_loses_nothing(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.sqlite"
    connect = sqlite3.connect
    pages = [12]

    def limited(address: str, *arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(address, *arguments, **options)
        if "ledger" in address:
            connection.execute(f"PRAGMA max_page_count = {pages[0]}")
        return connection

    monkeypatch.setattr("vocobase._ledger.sqlite.sqlite3.connect", limited)
    failures = 0
    for pages[0] in (12, 16, 24, 32, 64, 1000):
        try:
            load(campaign, people(500), ledger=path, chunk_size=50)
        except LedgerError as error:
            failures += 1
            assert str(error).endswith("database or disk is full.")
            assert "\n" not in str(error)
    assert failures >= 2
    assert list(on_server(campaign)) == [row["Mobile"] for row in people(500)]
    assert open_ledger(path).counts(f"import:{campaign}")["done"] == 500


def test_a_full_disk_for_the_rejects_sends_nothing(
    load: Importing, campaign: str, on_server: OnServer
) -> None:
    with pytest.raises(ContactsError, match="rejects: No space left on device"):
        load(campaign, [*people(3), {"Mobile": "1"}], rejects="/dev/full")
    assert on_server(campaign) == {}


def test_without_phonenumbers_the_error_says_what_to_install(
    load: Importing, campaign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'phonenumbers"):
        load(campaign, people(1))
