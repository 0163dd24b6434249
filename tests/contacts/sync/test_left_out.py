# Derived from tests/contacts/aio/test_left_out.py by scripts/derive_sync.py; edit that instead.
"""Contacts that must not be called are left out of an import, with the reasons."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.contacts.support import Importing, OnServer, mobile, people, posts
from vocobase import Consent, ConsentList, DoNotCall, GateError
from vocobase.contacts import ImportProgress, ImportReport
from vocobase_sandbox import Sandbox


def test_those_who_must_not_be_called_are_left_out_with_the_reasons(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    ledger, bad = tmp_path / "ledger.sqlite", tmp_path / "bad.csv"
    agreed = Consent("web form", date(2020, 1, 1))
    consents = {mobile(n): agreed for n in range(7)} | {
        mobile(5): Consent("web form", date(2020, 1, 1), date(2020, 2, 1))
    }
    rows = [*people(4), {"Mobile": "12"}, *people(4, first=4), *people(1)]
    with DoNotCall(ledger) as listed:
        listed.add(mobile(1), reason="complained")
        options: dict[str, Any] = {"do_not_call": {mobile(2)}, "consent": consents, "rejects": bad}
        report = load(campaign, rows, ledger=ledger, **options)
        assert report == ImportReport(
            rows=10, added=4, duplicates=1, bad=1, do_not_call=2, no_consent=1, consent_expired=1
        )
        log = [(row.list, row.number, row.code, row.job) for row in listed.log()]
        # Another run asks again, and logs nothing twice.
        assert (load(campaign, rows, ledger=ledger, **options)).known == 4
        assert len([*listed.log()]) == 4
    assert set(on_server(campaign)) == {mobile(n) for n in (0, 3, 4, 6)}
    name = f"import:{campaign}"
    assert log == [
        (name, mobile(1), "do_not_call", None),
        (name, mobile(2), "do_not_call", None),
        (name, mobile(5), "consent_expired", None),
        (name, mobile(7), "no_consent", None),
    ]
    lines = bad.read_text().splitlines()
    assert lines[0] == "rejected_line,rejected_reason,Mobile,Name,tier,rejected_rest"
    assert lines[1].startswith("2,on the do-not-call list since ")
    assert lines[1].endswith(f": complained,{mobile(1)},Person 1,gold,")
    assert lines[2] == f"3,numbers of this run lists the number,{mobile(2)},Person 2,gold,"
    assert f"7,the consent ended on 2020-02-01,{mobile(5)},Person 5,gold," in lines
    assert f"9,no consent is on record,{mobile(7)},Person 7,gold," in lines


def test_an_import_without_a_ledger_asks_what_it_is_given(
    load: Importing, campaign: str, on_server: OnServer, tmp_path: Path
) -> None:
    seen: list[ImportProgress] = []
    with ConsentList(tmp_path / "consents.sqlite") as consents:
        consents.add_many((mobile(n) for n in range(1_100)), Consent("mail", date(2020, 1, 1)))
        report = load(campaign, people(1_200), consent=consents, on_progress=seen.append)
    assert report == ImportReport(rows=1_200, added=1_100, no_consent=100)
    assert seen[0] == ImportProgress("reading", 1_200)
    assert len(on_server(campaign)) == 1_100


def test_progress_is_told_every_ten_thousand_rows(load: Importing, campaign: str) -> None:
    seen: list[ImportProgress] = []
    load(campaign, people(10_000), do_not_call=lambda number: True, on_progress=seen.append)
    assert seen == [ImportProgress("reading", 10_000)]


def test_a_function_that_fails_sends_nothing(
    load: Importing, sandbox: Sandbox, campaign: str, tmp_path: Path
) -> None:
    def registry(number: str) -> bool:
        raise ValueError("closed")

    with pytest.raises(GateError, match=r"^campaigns\.import_contacts: registry raised ValueError: closed\."):
        load(campaign, people(3), do_not_call=registry, rejects=tmp_path / "bad.csv")
    assert posts(sandbox) == 0
    assert not (tmp_path / "bad.csv").exists()
