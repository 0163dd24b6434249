"""A report as one static page: no script, no request, charts as inline SVG with their figures as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from vocobase.records.figures import DEFINITIONS, By, ReportRow, shown
from vocobase.records.report_charts import Chart, Mode, Series, bars, columns, legend
from vocobase.records.report_style import STYLE

# Colours that can be distinguished; all further outcomes share the last one.
_OUTCOME_COLOURS = 7
_OTHERS = "others"
_FUNNEL = ("attempted", "connected", "engaged", "goal")
_MONEY = ("cost", "billed_minutes", "average_seconds", "revenue", "margin")
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
"""


class Heading(NamedTuple):
    """The subject of a page."""

    by: By
    tz: str
    span: str
    goal: str | None


class _Content(NamedTuple):
    by: By
    rows: Sequence[ReportRow]
    headings: Mapping[str, str]


def page(heading: Heading, rows: Sequence[ReportRow], total: ReportRow, headings: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        heading: Its subject.
        rows: The groups.
        total: The figures of all of them.
        headings: Names of the figures that the report has, and their headings.
    """
    content = _Content(heading.by, rows, headings)
    title = f"Calls by {heading.by}"
    about = f"{heading.span or 'All calls'}, days and hours of {heading.tz}"
    goal = "" if heading.goal is None else f", goal: {heading.goal}"
    sections = (_calls, _outcomes, _money, _latencies) if rows else ()
    return "".join(
        [
            f"{_HEAD}<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
            f"<h1>{title}</h1>\n<p>{escape(about + goal)}</p>\n",
            _tiles(total, headings),
            *(section(content) for section in sections),
            _definitions(headings),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _tiles(total: ReportRow, headings: Mapping[str, str]) -> str:
    """Return the totals, with the shares of the funnel."""
    tiles: list[str] = []
    for name, heading in headings.items():
        value = total.figure(name)
        part = name in _FUNNEL[1:] and total.attempted > 0
        share = f"<small>{value / total.attempted:.1%}</small>" if part else ""
        tiles.append(f"<div><dt>{heading}</dt><dd>{shown(value, name)}{share}</dd></div>\n")
    return f'<dl class="tiles">\n{"".join(tiles)}</dl>\n'


def _calls(content: _Content) -> str:
    names = [name for name in _FUNNEL if name in content.headings]
    series = [_figure(name, f"f{number}", content) for number, name in enumerate(names)]
    table = _figures(content, (*names, "transfers", "retries", "unfinished"))
    return _section("Calls", "Each colour is a part of the one behind it.", content, series, "nested", table)


def _outcomes(content: _Content) -> str:
    if content.by == "disposition":
        return ""
    names = list(dict.fromkeys(name for row in content.rows for name in row.dispositions))
    names.sort(key=lambda name: -sum(row.dispositions.get(name, 0) for row in content.rows))
    groups = {name: [name] for name in names}
    if len(names) > _OUTCOME_COLOURS:
        alone, rest = names[: _OUTCOME_COLOURS - 1], names[_OUTCOME_COLOURS - 1 :]
        groups = {name: [name] for name in alone} | {_OTHERS: rest}
    series = [
        _outcome(name, f"s{number}", members, content)
        for number, (name, members) in enumerate(groups.items())
    ]
    table = _table(content, names, lambda row, name: shown(row.dispositions.get(name, 0)))
    return _section("Outcomes", "Calls by disposition.", content, series, "stacked", table)


def _money(content: _Content) -> str:
    names = [name for name in ("revenue", "cost") if name in content.headings]
    series = [_figure(name, f"m{number}", content) for number, name in enumerate(names)]
    table = _figures(content, _MONEY)
    return _section("Money", "In rupees.", content, series, "grouped", table)


def _latencies(content: _Content) -> str:
    names = [name for name in ("latency_p95_ms", "latency_p50_ms") if name in content.headings]
    if not names:
        return ""
    series = [_figure(name, f"l{number}", content) for number, name in enumerate(names)]
    table = _figures(content, tuple(reversed(names)))
    return _section("Response times", "Of the agent, in milliseconds.", content, series, "nested", table)


def _figure(name: str, css: str, content: _Content) -> Series:
    values = [row.figure(name) for row in content.rows]
    return Series(
        content.headings[name],
        css,
        [float(each or 0) for each in values],
        [shown(each, name) for each in values],
    )


def _outcome(name: str, css: str, members: Iterable[str], content: _Content) -> Series:
    values = [sum(row.dispositions.get(each, 0) for each in members) for row in content.rows]
    return Series(name, css, values, [shown(each) for each in values])


def _section(
    title: str, text: str, content: _Content, series: Sequence[Series], mode: Mode, table: str
) -> str:
    name = title.lower().replace(" ", "-")
    labels = [row.label for row in content.rows]
    keys = [row.key for row in content.rows]
    chart = Chart(name, f"{title} by {content.by}", keys, labels, series, mode)
    in_time = content.by in ("day", "hour") and any(key is not None for key in keys)
    drawn = columns(chart) if in_time else bars(chart)
    subject = f"{title} by {content.by}"
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n<p>{text}</p>\n'
        f"{legend(chart)}{drawn}"
        f"<details><summary>Table: {subject}</summary>\n"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{subject}, table">\n'
        f"<table>\n<caption>{subject}</caption>\n{table}</table>\n</div></details>\n</section>\n"
    )


def _figures(content: _Content, names: Iterable[str]) -> str:
    wanted = {name: content.headings[name] for name in names if name in content.headings}
    return _table(content, wanted.values(), lambda row, name: shown(row.figure(name), name), wanted)


def _table(
    content: _Content,
    headings: Iterable[str],
    text: Callable[[ReportRow, str], str],
    names: Iterable[str] | None = None,
) -> str:
    """Return the head and body of a table, whose cells ``text`` returns."""
    titles = list(headings)
    cells = list(names or titles)
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in (content.by, *titles))
    body = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th>'
        f"{''.join(f'<td>{escape(text(row, each))}</td>' for each in cells)}</tr>\n"
        for row in content.rows
    )
    return f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"


def _definitions(headings: Mapping[str, str]) -> str:
    terms = "".join(
        f"<dt>{heading}</dt><dd>{escape(DEFINITIONS[name])}</dd>\n" for name, heading in headings.items()
    )
    return (
        '<section aria-labelledby="definitions">\n<h2 id="definitions">Definitions</h2>\n'
        f'<dl class="terms">\n{terms}</dl>\n</section>\n'
    )
