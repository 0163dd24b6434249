"""Sum up the calls of a table: one statement for the figures, one for latencies, one for the goal."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypedDict, cast, get_args

from vocobase._base.arguments import check_aware, is_number, shown
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.zones import change_between, zone_of
from vocobase.records.figures import BUCKET_SECONDS, ENGAGED_TURNS, By
from vocobase.records.filters import Condition, condition_of
from vocobase.records.prices import Prices, check_gaps, price_list
from vocobase.records.reports import Report, Tally, rows_of
from vocobase.records.row import stored
from vocobase.records.store import Store

Goal = str | tuple[str, bool | int | float | str]

_HOUR, _DAY = 3_600_000, 86_400_000
# Stored texts have no spaces around them, so none are searched for.
_decode = json.JSONDecoder().raw_decode
_MILLISECONDS = "CAST(ROUND(duration_seconds * 1000) AS BIGINT)"
# What is added up in the database. SQLite and PostgreSQL truncate divisions of whole numbers alike.
_SUMS = {
    "attempted": "COUNT(*)",
    "connected": "COUNT(CASE WHEN duration_seconds > 0 THEN 1 END)",
    "engaged": f"COUNT(CASE WHEN turns > {ENGAGED_TURNS} THEN 1 END)",
    "micros": "SUM(cost)",
    "buckets": f"SUM(({_MILLISECONDS} + {BUCKET_SECONDS * 1000 - 1}) / {BUCKET_SECONDS * 1000})",
    "milliseconds": f"SUM({_MILLISECONDS})",
    "transfers": "SUM(transferred)",
    "retries": "COUNT(CASE WHEN attempt > 1 THEN 1 END)",
    "unfinished": "COUNT(CASE WHEN is_final = 0 THEN 1 END)",
}
# Groups that are columns; those by time are computed. SQLite would read whole rows by the index of a mere
# `agent_id`; in an expression it cannot, and uses the index of the figures.
_COLUMNS: dict[By, str] = {
    "agent": "COALESCE(agent_id, NULL)",
    "project": "project_id",
    "attempt": "attempt",
    "list": "list",
    "disposition": "disposition",
    "direction": "direction",
}


class ReportFilters(TypedDict, total=False):
    """A selection of calls, in addition to the time; see ``Filters``."""

    agent: str | None
    disposition: str | None
    status: str | None
    direction: str | None
    person: str | None
    list: str | None
    project: str | None
    is_final: bool | None


def report_of(
    store: Store,
    *,
    by: By = "day",
    tz: str = "Asia/Kolkata",
    since: datetime | date | None = None,
    until: datetime | date | None = None,
    goal: Goal | None = None,
    prices: Prices | None = None,
    **filters: Any,
) -> Report:
    """Return a report.

    Args:
        store: The table of calls.
        by: What to group by; a call belongs to the day and hour in which it was created.
        tz: Time zone of the days and hours.
        since: First time, or first day in ``tz``.
        until: The end: the first time, or the first day in ``tz``, that is not part of the report.
        goal: Name of an extracted value that is True when the goal is reached, or its name and the value.
        prices: Rupees per minute, or a ``Price``, for each project; None stands for calls without one.
        filters: Restrictions as for ``records.calls``, such as ``project=``.

    Raises:
        InvalidArgumentError: an argument cannot be used, or a project has no price.
    """
    if not isinstance(cast(object, by), str) or by not in get_args(By):
        raise InvalidArgumentError(f"report: by must be one of {', '.join(get_args(By))}, not {shown(by)}.")
    zone = zone_of(tz, "report: tz")
    limits = {"since": moment_of(since, zone, "since"), "until": moment_of(until, zone, "until")}
    where = condition_of("report", {**limits, **filters})
    name, wanted = _goal(goal)
    priced = price_list(prices)
    key = _COLUMNS.get(by) or _time_key(by, store, zone)

    tallies: defaultdict[Any, Tally] = defaultdict(Tally)
    _add_sums(store, by, key, where, tallies, priced)
    _add_latencies(store, key, where, tallies)
    if name is not None:
        _add_goals(store, key, where, tallies, name, wanted)
    rows, total = rows_of(by, tallies, goal=name is not None, priced=priced is not None)
    return Report(by, tz, _span(since, until), name, rows, total)


def _add_sums(
    store: Store,
    by: By,
    key: str,
    where: Condition,
    tallies: defaultdict[Any, Tally],
    prices: Mapping[str | None, Any] | None,
) -> None:
    label = "MAX(agent_name)" if by == "agent" else "NULL"
    project, keys = ("NULL", "1, 2") if prices is None else ("project_id", "1, 2, 3")
    found = store.query(
        f"SELECT {key}, disposition, {project}, {label}, {', '.join(_SUMS.values())}"  # noqa: S608 - constants
        f" FROM {{calls}} WHERE {where.sql} GROUP BY {keys}",
        where.parameters,
    )
    if prices is not None:
        check_gaps(prices, (row[2] for row in found))
    for value, disposition, project, label, *sums in found:
        counted = {name: each or 0 for name, each in zip(_SUMS, sums, strict=True)}
        price = None if prices is None else prices[project]
        tallies[value].add(counted, disposition, label, price)


def _add_latencies(store: Store, key: str, where: Condition, tallies: defaultdict[Any, Tally]) -> None:
    found = store.query(
        f"SELECT {key}, latency_ms FROM {{calls}} WHERE {where.sql} AND latency_ms IS NOT NULL",  # noqa: S608
        where.parameters,
    )
    for value, latency in found:
        tallies[value].latencies.append(latency)


def _add_goals(
    store: Store, key: str, where: Condition, tallies: defaultdict[Any, Tally], name: str, wanted: Any
) -> None:
    """Count the calls whose extraction has a value: the database finds candidates, the JSON decides."""
    text = f"{_json(name)}:{'' if is_number(wanted) else _json(wanted)}"
    pattern = f"%{text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    found = store.query(
        f"SELECT {key}, extraction FROM {{calls}} WHERE {where.sql} AND extraction LIKE ? ESCAPE '!'",  # noqa: S608
        (*where.parameters, pattern),
    )

    for value, extraction in found:
        tallies[value].goal += _is_reached(extraction, name, wanted)


def _is_reached(extraction: str, name: str, wanted: Any) -> bool:
    value = _decode(extraction)[0].get(name)
    # True is not 1 here, unlike in Python.
    return bool(value == wanted and isinstance(value, bool) is isinstance(wanted, bool))


def moment_of(value: datetime | date | None, zone: tzinfo, name: str) -> datetime | None:
    """Return a limit as a time: for a date the moment at which that day begins in the zone.

    Raises:
        InvalidArgumentError: it is neither a date nor a datetime with a time zone.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        check_aware(value, f"report: {name}")
        return value
    if isinstance(cast(object, value), date):
        return datetime.combine(value, time(), zone)
    raise InvalidArgumentError(f"report: {name} must be a date, or a datetime with a time zone.")


def _time_key(by: By, store: Store, zone: tzinfo) -> str:
    """Return the expression of the day, counted from 1970, or of the hour of the day, in a zone."""
    # Two statements: an index answers each of them immediately.
    (first,), (last,) = (
        store.query(f"SELECT {end}(created_at) FROM {{calls}}", ())[0]  # noqa: S608 - constants
        for end in ("MIN", "MAX")
    )
    if first is None:
        return "created_at"
    local = f"(created_at + {_offset(zone, first, last)})"
    if by == "day":
        return f"{local} / {_DAY}"
    return f"({local} - {local} / {_DAY} * {_DAY}) / {_HOUR}"


def _offset(zone: tzinfo, first: int, last: int) -> str:
    """Return the expression of the offset of a zone, in milliseconds, between two moments."""
    moment = datetime.fromtimestamp(first // 1000, UTC)
    until = datetime.fromtimestamp(last // 1000 + 1, UTC)
    cases = ""
    while moment < until:
        later = moment + timedelta(days=1)
        change = change_between(moment, later, zone)
        if change is not None:
            cases += f" WHEN created_at < {stored('created_at', change)} THEN {_milliseconds(moment, zone)}"
        moment = later
    final = _milliseconds(moment, zone)
    return f"CASE{cases} ELSE {final} END" if cases else str(final)


def _milliseconds(moment: datetime, zone: tzinfo) -> int:
    offset = cast(timedelta, moment.astimezone(zone).utcoffset())
    return round(offset.total_seconds() * 1000)


def _goal(goal: Goal | None) -> tuple[str | None, Any]:
    """Return the name of the extracted value that is the goal, and what it must be."""
    given = cast(object, goal)
    if given is None:
        return None, None
    name, wanted = cast("tuple[object, object]", given) if _is_pair(given) else (given, True)
    if not isinstance(name, str) or not (isinstance(wanted, (bool, str)) or is_number(wanted)):
        raise InvalidArgumentError(
            "report: goal must be the name of an extracted value, or its name and what it must be."
        )
    return name, wanted


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(cast("tuple[object, ...]", value)) == 2


def _json(value: object) -> str:
    return cast(str, stored("extraction", value))


def _span(since: datetime | date | None, until: datetime | date | None) -> str:
    parts = [f"from {since.isoformat()}" if since else "", f"before {until.isoformat()}" if until else ""]
    return " ".join(filter(None, parts))
