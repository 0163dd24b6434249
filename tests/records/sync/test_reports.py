# Derived from tests/records/aio/test_reports.py by scripts/derive_sync.py; edit that instead.
"""A report is a method of a table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.records.table import call, missed, table
from vocobase.records import Records
from vocobase.records.report_query import report_of


def test_a_table_reports_in_both_colours(tmp_path: Path) -> None:
    place = tmp_path / "calls.sqlite"
    table(place, call(), missed(direction="inbound")).close()
    with Records.open(place) as records:
        made = records.report(by="agent", direction="outbound", since=date(2026, 3, 1))
        whole = report_of(records._store, by="agent", direction="outbound", since=date(2026, 3, 1))
    assert made == whole and made.total.attempted == 1
