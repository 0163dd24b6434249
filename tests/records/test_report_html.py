"""The page of a report is one valid file without scripts and requests, in which nothing of the data is markup."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.records.table import call, missed, table
from vocobase.records.figures import ReportRow
from vocobase.records.report_query import report_of
from vocobase.records.reports import Report

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & {calls}"
VOID = {"meta", "rect", "line"}


class Structure(HTMLParser):
    """The elements of a page, in order; fails if they are not nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.found if name in attributes]


def page(tmp_path: Path, by: Any = "day", **arguments: Any) -> str:
    records = [
        call(
            agent_id=HOSTILE,
            agent_name=HOSTILE,
            project_id=HOSTILE,
            list=HOSTILE,
            disposition=HOSTILE,
            latency_ms=900,
        ),
        missed("2026-03-04T06:00:00Z", latency_ms=500),
        *(call(disposition=f"outcome {number}", direction=None) for number in range(9)),
    ]
    with closing(table(tmp_path / "calls.sqlite", *records)) as store:
        return report_of(store, by=by, **arguments).to_html()


@pytest.mark.parametrize(
    "by", ["day", "hour", "agent", "project", "attempt", "list", "disposition", "direction"]
)
def test_a_page_is_well_formed_and_runs_and_fetches_nothing(tmp_path: Path, by: str) -> None:
    prices = {HOSTILE: 5, "north": 5}
    text = page(tmp_path, by, goal=HOSTILE, prices=prices)
    found = Structure(text)
    tags = {tag for tag, _ in found.found}
    assert not tags & {"script", "img", "link", "iframe", "object", "use", "image", "a", "form", "base"}
    names = {name for _, attributes in found.found for name in attributes}
    assert not {
        name for name in names if name.startswith("on") or name in ("src", "href", "xlink:href", "style")
    }
    assert not re.search(r"https?:|//|url\(|@import", text)
    assert "default-src 'none'; style-src 'unsafe-inline'" in found.attributes("content")
    assert text.count("alert(1)") == text.count("alert(1)&lt;/script&gt;") + text.count(
        "onerror=alert(1)&gt;"
    )


@pytest.mark.parametrize("by", ["day", "hour", "agent"])
def test_charts_have_titles_and_a_table_and_identifiers_are_unique(tmp_path: Path, by: str) -> None:
    found = Structure(page(tmp_path, by))
    identifiers = found.attributes("id")
    assert len(identifiers) == len(set(identifiers))
    for labels in found.attributes("aria-labelledby"):
        assert set(labels.split()) <= set(identifiers)
    charts = [
        attributes for tag, attributes in found.found if tag == "svg" and "aria-hidden" not in attributes
    ]
    assert charts and all(each["role"] == "img" and each["aria-labelledby"] for each in charts)
    sections = sum(tag == "section" for tag, _ in found.found)
    assert sum(tag == "table" for tag, _ in found.found) == sections - 1
    assert ("html", {"lang": "en"}) in found.found
    assert {scope for scope in found.attributes("scope")} == {"col", "row"}


def test_the_page_adapts_to_small_and_dark_screens(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert "width=device-width" in text and "prefers-color-scheme:dark" in text
    colours = set(re.findall(r'class="([a-z]\d)"', text))
    assert colours and all(f".{colour}{{fill:var(--{colour})}}" in text for colour in colours)
    # Each colour is defined for both.
    assert all(text.count(f"--{colour}:#") == 2 for colour in colours)


def test_rare_outcomes_share_a_colour_and_are_in_the_table(tmp_path: Path) -> None:
    text = page(tmp_path)
    legend = re.findall(r"</svg>([^<]*)</li>", text)
    assert "others" in legend and "outcome 8" not in legend
    assert '<th scope="col">outcome 8</th>' in text


def test_days_without_calls_leave_a_gap(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert 'viewBox="0 0 4 100"' in text
    assert re.findall(r'<rect class="f0" x="([\d.]+)"', text) == ["0.1", "3.1"]


def report_by(by: Any, count: int, **values: Any) -> Report:
    """Return a report of many groups."""
    first = date(2026, 1, 1)
    values = {"dispositions": {"completed": 2}, **values}
    rows = [
        ReportRow(
            first + timedelta(days=number) if by == "day" else f"a{number}",
            f"g{number}",
            attempted=2,
            **values,
        )
        for number in range(count)
    ]
    return Report(
        by, "Asia/Kolkata", "", None, tuple(rows), ReportRow(None, "total", attempted=2 * count, **values)
    )


def test_many_columns_touch_and_the_shorter_bar_lies_in_front() -> None:
    text = report_by("day", 90, cost=Decimal(5), revenue=Decimal(2)).to_html()
    assert 'width="1.1"' in text and text.index('class="m1" x="0"') < text.index('class="m0" x="0"')


def test_a_few_columns_lie_next_to_each_other() -> None:
    text = report_by("day", 2, cost=Decimal(1_500_000), revenue=Decimal(2_000)).to_html()
    assert re.findall(r'class="m[01]" x="([\d.]+)"', text)[:2] == ["0.1", "0.5"]
    assert "<span>2M</span><span>1M</span><span>0</span>" in text


def test_more_bars_than_fit_are_in_the_table_only() -> None:
    text = report_by("agent", 25).to_html()
    assert "<p>5 more in the table.</p>" in text and '<th scope="row">g24</th>' in text


def test_groups_without_any_value_are_drawn_without_bars() -> None:
    text = report_by("agent", 1).to_html()
    assert "g0: none" in text
