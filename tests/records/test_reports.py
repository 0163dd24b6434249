"""A report counts what its definitions say, in days of a time zone, and its sums are those of the account."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from tests.ledger.servers import postgres_server
from tests.records.table import call, missed, table
from vocobase import InvalidArgumentError, Vocobase
from vocobase.records.figures import DEFINITIONS, By, percentile
from vocobase.records.filters import Filters
from vocobase.records.prices import Price
from vocobase.records.report_query import ReportFilters, report_of
from vocobase.records.reports import Report
from vocobase.records.row import CallRecord
from vocobase.records.store import SQLStore, Store
from vocobase.records.sync.records import Records
from vocobase.webhooks import SessionCompleted
from vocobase_sandbox import Sandbox

Reporting = Callable[..., Report]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reporting]:
    """Return the report of some records, from each kind of database."""
    place = tmp_path / "calls.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres")

    def make(*records: CallRecord, **arguments: Any) -> Report:
        with closing(table(place, *records)) as store:
            try:
                return report_of(store, **arguments)
            finally:
                store.remove("1 = 1")

    return make


def test_each_figure_is_what_its_definition_says(report: Reporting) -> None:
    made = report(
        call(duration_seconds=61, cost=Decimal("4.50"), turns=4, transferred=True, latency_ms=900),
        call(duration_seconds=15, cost=Decimal("0.90"), turns=3, attempt=2, latency_ms=700),
        missed(attempt=3, is_final=False),
        missed(
            disposition=None, turns=None, duration_seconds=None, cost=None, transferred=None, attempt=None
        ),
    )
    (row,) = made.rows
    assert row.key == date(2026, 3, 1) and row.label == "2026-03-01"
    assert (row.attempted, row.connected, row.engaged, row.goal) == (4, 2, 1, None)
    assert dict(row.dispositions) == {"completed": 2, "(none)": 1, "no_answer": 1}
    assert (row.cost, row.billed_minutes, row.average_seconds) == (Decimal("5.4"), Decimal("1.5"), 38.0)
    assert (row.latency_p50_ms, row.latency_p95_ms) == (700, 900)
    assert (row.transfers, row.retries, row.unfinished) == (1, 2, 1)
    assert (row.revenue, row.margin) == (None, None)
    assert made.total.attempted == 4


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        (0, "0"),
        (1, "0.25"),
        (14, "0.25"),
        (15, "0.25"),
        (19, "0.5"),
        (30, "0.5"),
        (60, "1"),
        (61, "1.25"),
        (15.2, "0.5"),
    ],
)
def test_billed_minutes_are_those_of_the_billing_guide(tmp_path: Path, seconds: float, minutes: str) -> None:
    with closing(table(tmp_path / "calls.sqlite", call(duration_seconds=seconds))) as store:
        assert report_of(store).total.billed_minutes == Decimal(minutes)


@pytest.mark.parametrize(
    ("tz", "moment", "day"),
    [
        ("Asia/Kolkata", "2026-02-28T18:29:59.999Z", "2026-02-28"),
        ("Asia/Kolkata", "2026-02-28T18:30:00Z", "2026-03-01"),
        # The clocks go forward on 8 March and back on 1 November, at 2 o'clock.
        ("America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"),
        ("America/New_York", "2026-03-08T05:00:00Z", "2026-03-08"),
        ("America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"),
        ("America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"),
        ("America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"),
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T05:00:00Z", "2026-11-02"),
        # Midnight itself was skipped in Beirut, and came half an hour early on Lord Howe.
        ("Asia/Beirut", "2026-03-28T21:59:59Z", "2026-03-28"),
        ("Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29"),
        ("Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05"),
    ],
)
def test_a_day_is_a_day_of_the_zone(report: Reporting, tz: str, moment: str, day: str) -> None:
    around = (call("2026-01-01T12:00:00Z"), call(moment), call("2026-12-30T12:00:00Z"))
    made = report(*around, tz=tz)
    assert [row.label for row in made.rows][1] == day
    # The same day as a limit contains the call; it ends where the next one begins.
    first = date.fromisoformat(day)
    inside = report(*around, tz=tz, since=first, until=first + timedelta(days=1))
    assert inside.rows[0].label == day and inside.total.attempted == 1
    assert report(*around, tz=tz, until=first).total.attempted == 1


def test_days_are_those_of_python_at_every_change_of_the_clocks(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    moments = [datetime.fromtimestamp(1_760_000_000 + 4321 * step, UTC) for step in range(9000)]
    with closing(table(tmp_path / "calls.sqlite", *(call(each.isoformat()) for each in moments))) as store:
        for tz in ("America/New_York", "Africa/Casablanca", "Pacific/Chatham", "Asia/Kolkata"):
            local = [each.astimezone(ZoneInfo(tz)) for each in moments]
            days = {row.key: row.attempted for row in report_of(store, tz=tz).rows}
            hours = {row.key: row.attempted for row in report_of(store, tz=tz, by="hour").rows}
            assert days == {day: sum(each.date() == day for each in local) for day in days}
            assert hours == {hour: sum(each.hour == hour for each in local) for hour in range(24)}


def test_limits_are_half_open(report: Reporting) -> None:
    records = [call(f"2026-03-01T0{hour}:00:00Z") for hour in range(1, 5)]
    limits = {"since": datetime(2026, 3, 1, 2, tzinfo=UTC), "until": datetime(2026, 3, 1, 4, tzinfo=UTC)}
    made = report(*records, **limits)
    assert made.total.attempted == 2
    assert made.span == "from 2026-03-01T02:00:00+00:00 before 2026-03-01T04:00:00+00:00"


def test_groups_come_in_an_order_that_helps(report: Reporting) -> None:
    records = [
        call(agent_id="a", agent_name="Anna", attempt=2, list="Q1"),
        call(agent_id="b", agent_name="Bert", attempt=1, list="Q1", direction="inbound"),
        call(agent_id="b", agent_name="Bert", attempt=None, created_at="2026-03-01T20:00:00Z"),
    ]
    found = {
        by: [(row.label, row.attempted) for row in report(*records, by=by).rows]
        for by in ("agent", "attempt", "list", "direction", "disposition", "project", "hour")
    }
    assert found == {
        "agent": [("Bert", 2), ("Anna", 1)],
        "attempt": [("1", 1), ("2", 1), ("(none)", 1)],
        "list": [("Q1", 2), ("(none)", 1)],
        "direction": [("outbound", 2), ("inbound", 1)],
        "disposition": [("completed", 3)],
        "project": [("north", 3)],
        "hour": [("01:00", 1), ("11:00", 2)],
    }


def test_a_call_without_a_time_is_counted_and_comes_last(report: Reporting) -> None:
    made = report(call(), call(None))
    assert [(row.key, row.label) for row in made.rows] == [(date(2026, 3, 1), "2026-03-01"), (None, "(none)")]
    assert "2 more" not in made.to_html() and made.to_html().count("(none)") > 0
    only = report(call(None))
    assert [row.label for row in only.rows] == ["(none)"] and "(none)" in only.to_html()


@pytest.mark.parametrize(
    ("goal", "count"),
    [
        ("booked", 1),
        (("booked", False), 1),
        (("amount", 5), 2),
        (("amount", "5"), 1),
        (("Stadt_1%!", 'Köln \\ "x"'), 1),
        ("nothing", 0),
        ("inner", 0),
    ],
)
def test_the_goal_is_a_value_of_the_extraction(report: Reporting, goal: Any, count: int) -> None:
    records = [
        call(extraction={"booked": True, "amount": 5, "Stadt_1%!": 'Köln \\ "x"'}),
        call(extraction={"booked": False, "amount": 5.0}),
        call(extraction={"booked": 1, "amount": "5"}),
        call(extraction={"note": '"booked":true', "deep": {"booked": True, "inner": True}}),
        call(extraction={"BOOKED": True, "amount": True}),
        call(extraction=None),
    ]
    made = report(*records, goal=goal)
    assert made.total.goal == made.rows[0].goal == count
    assert made.goal == (goal if isinstance(goal, str) else goal[0])


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(each) for each in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 95), percentile(values, 100)) == (50, 95, 100)
    assert (percentile([7.0], 50), percentile([7.0], 95), percentile([], 50)) == (7, 7, None)


def test_prices_give_revenue_and_margin(report: Reporting) -> None:
    records = [
        call(duration_seconds=61, cost=Decimal("4.50")),
        call(project_id="south", cost=Decimal("3.60")),
        missed(project_id=None),
    ]
    prices = {"north": "6.50", "south": Price(per_minute=5, per_call=0.1), None: 0}
    made = report(*records, by="project", prices=prices)
    money = {row.key: (row.revenue, row.margin) for row in made.rows}
    assert money == {
        "north": (Decimal("8.125"), Decimal("3.625")),
        "south": (Decimal("5.1"), Decimal("1.5")),
        None: (0, 0),
    }
    assert made.total.margin == Decimal("5.125")


def test_an_invoice_is_rounded_line_by_line_and_runs_no_formula(report: Reporting) -> None:
    records = [
        call(project_id='=HYPERLINK("x")', duration_seconds=1),
        call(project_id="north, west", duration_seconds=1),
    ]
    made = report(*records, by="project", prices={'=HYPERLINK("x")': "6.50", "north, west": "6.50"})
    assert list(csv.reader(io.StringIO(made.to_invoice()))) == [
        ["project", "connected_calls", "billed_minutes", "amount_inr"],
        ['\'=HYPERLINK("x")', "1", "0.25", "1.63"],
        ["north, west", "1", "0.25", "1.63"],
        ["total", "2", "0.50", "3.26"],
    ]
    assert made.total.revenue == Decimal("3.25")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "week"}, "report: by must be one of day, hour, agent, project, attempt, list, disposition,"),
        ({"tz": "Mars/Base"}, "report: tz: there is no time zone 'Mars/Base' on this machine"),
        ({"tz": 5}, "report: tz must be the name of a time zone"),
        ({"since": datetime(2026, 3, 1)}, "report: since must be a datetime with a time zone"),
        ({"until": "2026-03-01"}, "report: until must be a date, or a datetime with a time zone."),
        ({"goal": ("booked", None)}, "report: goal must be the name of an extracted value"),
        ({"goal": 5}, "report: goal must be the name of an extracted value"),
        ({"goal": ("a", "b", "c")}, "report: goal must be the name of an extracted value"),
        ({"colour": "red"}, "report: there is no filter colour"),
        ({"prices": [5]}, "prices must map identifiers of projects to rupees per minute"),
        (
            {"prices": {"north": "much"}},
            "prices: per_minute must be an amount in rupees, such as '6.50', not 'much'.",
        ),
        ({"prices": {"north": -1}}, "prices: per_minute must be an amount in rupees"),
        ({"prices": {"north": 10**30}}, "prices: per_minute must be an amount in rupees"),
        ({"prices": {"north": "1e400"}}, "prices: per_minute must be an amount in rupees"),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 1)}, "report: since is later than until"),
        ({"prices": {"north": True}}, "prices: per_minute must be an amount in rupees"),
        ({"prices": {"north": "NaN"}}, "prices: per_minute must be an amount in rupees"),
    ],
)
def test_a_wrong_argument_is_one_line(tmp_path: Path, arguments: dict[str, Any], message: str) -> None:
    with (
        closing(table(tmp_path / "calls.sqlite", call())) as store,
        pytest.raises(InvalidArgumentError) as caught,
    ):
        report_of(store, **arguments)
    assert str(caught.value).startswith(message) and "\n" not in str(caught.value)


def test_a_price_list_with_gaps_names_the_projects(tmp_path: Path) -> None:
    records = [call(project_id=f"p{number}") for number in range(7)]
    with closing(table(tmp_path / "calls.sqlite", *records, call(project_id=None))) as store:
        with pytest.raises(InvalidArgumentError) as caught:
            report_of(store, prices={f"p{number}": 5 for number in range(6)})
        assert str(caught.value) == (
            "prices: there is no price for calls without a project (key None), project 'p6'; add it, or filter by"
            " project=."
        )
        with pytest.raises(InvalidArgumentError, match="project 'p3' and 3 more; add it"):
            report_of(store, prices={})
        assert report_of(store, prices={"p1": 5}, project="p1").total.revenue == 5


def test_an_invoice_needs_prices(tmp_path: Path) -> None:
    with closing(table(tmp_path / "calls.sqlite", call())) as store:
        with pytest.raises(InvalidArgumentError, match="report: an invoice needs prices; pass prices="):
            report_of(store).to_invoice()


def test_a_table_without_calls_gives_a_report_without_rows(report: Reporting) -> None:
    for by in ("day", "agent"):
        made = report(by=by)
        assert made.rows == () and made.total.attempted == 0 and made.total.average_seconds is None
        assert made.to_dicts() == [] and len(str(made).splitlines()) == 2


def test_the_table_is_aligned(tmp_path: Path) -> None:
    with closing(table(tmp_path / "calls.sqlite", call(), missed(list="Q1"))) as store:
        assert str(report_of(store, by="list")) == (
            "list    attempted  connected  engaged  cost INR  minutes  avg s  transfers  retries  unfinished\n"
            "(none)          1          1        1      3.60     1.00   60.0          0        0           0\n"
            "Q1              1          0        0      0.00     0.00      -          0        0           0\n"
            "total           2          1        1      3.60     1.00   60.0          0        0           0"
        )


def test_dictionaries_all_have_the_same_keys(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with closing(table(tmp_path / "calls.sqlite", call(), missed("2026-03-02T06:00:00Z"))) as store:
        rows = report_of(store).to_dicts()
    expected = ["day", "label", *DEFINITIONS, "dispositions.completed", "dispositions.no_answer"]
    assert [list(row) for row in rows] == [expected, expected]
    frame = pandas.DataFrame(rows)
    assert frame["dispositions.no_answer"].tolist() == [0, 1] and frame["cost"].sum() == Decimal("3.6")


class Planned:
    """A store that asks SQLite how it would run each statement."""

    def __init__(self, store: SQLStore) -> None:
        self.store = store
        self.plans: list[str] = []

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self.plans += [row[3] for row in self.store.query(f"EXPLAIN QUERY PLAN {sql}", parameters)]
        return self.store.query(sql, parameters)


@pytest.mark.parametrize("by", get_args(By))
def test_reports_of_a_file_read_no_transcripts(tmp_path: Path, by: Any) -> None:
    with closing(table(tmp_path / "calls.sqlite", call())) as store:
        planned = Planned(store)
        report_of(
            cast(Store, planned), by=by, since=date(2026, 1, 1), until=date(2027, 1, 1), status="completed"
        )
    scans = [plan for plan in planned.plans if plan.startswith(("SCAN", "SEARCH"))]
    assert scans and all("COVERING INDEX" in plan for plan in scans), scans


def test_sums_are_the_change_of_the_balance_to_the_paisa(
    vb: Vocobase, sandbox: Sandbox, tmp_path: Path
) -> None:
    agent = vb.agents.create("Caller", "Ask.", voice_id=vb.voices.find().id)
    vb.config.webhooks.create("main", "https://example.com/hook")
    before = Decimal(str(vb.config.get().credits))
    for number in range(40):
        vb.calls.start(agent.id, f"+1202555{number % 40 + 100:04}", provider="twilio")
        sandbox.clock.advance(300)
    sandbox.clock.advance(600)
    with Records.open(tmp_path / "calls.sqlite") as records:
        for delivery in sandbox.deliveries:
            records.receive(SessionCompleted.from_dict(json.loads(delivery["body"])))
        made = report_of(records._store, by="disposition", prices={None: "3.60"})
    assert made.total.attempted > 0 and made.total.cost > 0
    assert made.total.cost == before - Decimal(str(vb.config.get().credits))
    # The list price of the default voices, so the margin is nothing: the minutes are those that were billed.
    assert made.total.margin == 0


def test_filters_of_a_report_are_those_of_a_list_of_calls() -> None:
    assert {*ReportFilters.__annotations__, "since", "until"} == set(Filters.__annotations__)
