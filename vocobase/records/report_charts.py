"""Charts as inline SVG: bars stretch with the page, and text is HTML, so that it keeps its size. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import Literal, NamedTuple

from vocobase.records.figures import Key

Mode = Literal["nested", "stacked", "grouped"]

# More bars than this do not fit below each other; the table has them all.
MOST_BARS = 20
# Columns of more groups than this touch each other.
_SPACED = 60
_TOP = 100
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
_HOURS = 24


class Series(NamedTuple):
    """One colour of a chart.

    Attributes:
        name: Its name in the legend.
        css: Class that has its colour.
        values: One for each group.
        texts: The same for people.
    """

    name: str
    css: str
    values: Sequence[float]
    texts: Sequence[str]


class Chart(NamedTuple):
    """The content of a chart.

    Attributes:
        name: Identifier in the page, and its title in lower case.
        title: Its title.
        keys: Keys of the groups.
        labels: Their labels.
        series: The values that are drawn for each group.
        mode: Whether the bars of a group lie in front of, after or next to each other.
    """

    name: str
    title: str
    keys: Sequence[Key]
    labels: Sequence[str]
    series: Sequence[Series]
    mode: Mode


class _Bar(NamedTuple):
    css: str
    lane: float
    breadth: float
    start: float
    length: float


def columns(chart: Chart) -> str:
    """Return columns along time: days by their date, or the hours of a day."""
    slots, count, marks = _slots(chart)
    top = _round_up(_highest(chart))
    spaced = count <= _SPACED
    if not spaced and chart.mode == "grouped":
        chart = chart._replace(mode="nested")
    # Columns without a space overlap a little, as browsers would show seams between them.
    offset, width = (0.1, 0.8) if spaced else (0.0, 1.1)
    groups: list[str] = []
    for index, slot in slots.items():
        bars = [
            f'<rect class="{bar.css}" x="{_n(slot + offset + bar.lane * width)}"'
            f' y="{_n(_TOP - bar.start - bar.length)}" width="{_n(bar.breadth * width)}"'
            f' height="{_n(bar.length)}"/>'
            for bar in _bars(chart, index, top)
        ]
        groups.append(f"<g><title>{escape(_group_text(chart, index))}</title>{''.join(bars)}</g>\n")
    lines = "".join(f'<line x1="0" x2="{count}" y1="{y}" y2="{y}"/>' for y in (0, 50, 100))
    scale = "".join(f"<span>{_short(top * part)}</span>" for part in (1, 0.5, 0))
    below = "".join(f"<span>{escape(mark)}</span>" for mark in marks)
    return (
        f'<div class="plot"><div class="scale" aria-hidden="true">{scale}</div>'
        f'<svg viewBox="0 0 {count} {_TOP}" preserveAspectRatio="none" role="img"'
        f' aria-labelledby="{chart.name}-t {chart.name}-d">\n'
        f'<title id="{chart.name}-t">{escape(chart.title)}</title>\n'
        f'<desc id="{chart.name}-d">{escape(_description(chart))}</desc>\n'
        f'<g class="grid">{lines}</g>\n{"".join(groups)}</svg>'
        f'<div class="marks" aria-hidden="true">{below}</div></div>\n'
    )


def bars(chart: Chart) -> str:
    """Return bars below each other, for groups that have names."""
    top = _highest(chart)
    items: list[str] = []
    for index, label in enumerate(chart.labels[:MOST_BARS]):
        drawn = "".join(
            f'<rect class="{bar.css}" x="{_n(bar.start)}" y="{_n(bar.lane * 10)}" width="{_n(bar.length)}"'
            f' height="{_n(bar.breadth * 10)}"/>'
            for bar in _bars(chart, index, top)
        )
        text = ", ".join(each.texts[index] for each in chart.series)
        value = f"<b>{escape(text)}</b>" if chart.mode != "stacked" else ""
        items.append(
            f"<li><span>{escape(label)}</span>{value}"
            f'<svg viewBox="0 0 {_TOP} 10" preserveAspectRatio="none" role="img"'
            f' aria-labelledby="{chart.name}-t{index}"><title id="{chart.name}-t{index}">'
            f"{escape(_group_text(chart, index))}</title>{drawn}</svg></li>\n"
        )
    more = len(chart.labels) - MOST_BARS
    rest = f"<p>{more} more in the table.</p>\n" if more > 0 else ""
    return f'<ul class="bars" aria-label="{escape(chart.title)}">\n{"".join(items)}</ul>\n{rest}'


def legend(chart: Chart) -> str:
    """Return what the colours mean."""
    items = "".join(
        f'<li><svg class="key" viewBox="0 0 1 1" aria-hidden="true"><rect class="{each.css}" width="1"'
        f' height="1"/></svg>{escape(each.name)}</li>'
        for each in chart.series
    )
    return f'<ul class="legend">{items}</ul>\n' if len(chart.series) > 1 else ""


def _bars(chart: Chart, index: int, top: float) -> list[_Bar]:
    """Return the bars of one group, measured in hundredths of the highest value."""
    found: list[_Bar] = []
    reached = 0.0
    count = len(chart.series) if chart.mode == "grouped" else 1
    for number, each in enumerate(chart.series):
        length = each.values[index] / top * _TOP
        lane = number / count if chart.mode == "grouped" else 0.0
        if length > 0:
            found.append(_Bar(each.css, lane, 1 / count, reached, length))
        reached += length if chart.mode == "stacked" else 0.0
    # What is drawn later lies in front: the longest bar must not hide the others.
    return sorted(found, key=lambda bar: -bar.length) if chart.mode == "nested" else found


def _slots(chart: Chart) -> tuple[dict[int, int], int, list[str]]:
    """Return the place of each group on the axis of time, the number of places, and texts for the axis."""
    known = {index: key for index, key in enumerate(chart.keys) if key is not None}
    days = [key for key in known.values() if isinstance(key, date)]
    if not days:
        hours = {index: key for index, key in known.items() if isinstance(key, int)}
        return hours, _HOURS, ["00:00", "12:00", "23:00"]
    first, last = days[0], days[-1]
    slots = {index: (key - first).days for index, key in known.items() if isinstance(key, date)}
    middle = first + (last - first) / 2
    marks = dict.fromkeys(each.isoformat() for each in (first, middle, last))
    return slots, (last - first).days + 1, list(marks)


def _highest(chart: Chart) -> float:
    combine: Callable[[Sequence[float]], float] = sum if chart.mode == "stacked" else max
    return max(combine(group) for group in zip(*(each.values for each in chart.series), strict=True)) or 1.0


def _round_up(value: float) -> float:
    """Return the next number that is easy to read."""
    power = 10.0 ** (len(str(int(value))) - 1)
    return next(step * power for step in _STEPS if step * power >= value)


def _short(value: float) -> str:
    for limit, unit in ((1_000_000, "M"), (1_000, "k")):
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


def _group_text(chart: Chart, index: int) -> str:
    shown = ", ".join(f"{each.name} {each.texts[index]}" for each in chart.series if each.values[index])
    return f"{chart.labels[index]}: {shown or 'none'}"


def _description(chart: Chart) -> str:
    parts: list[str] = []
    for each in chart.series:
        highest = max(range(len(each.values)), key=each.values.__getitem__)
        parts.append(f"{each.name} is highest at {chart.labels[highest]}: {each.texts[highest]}")
    return "; ".join(parts) + "."


def _n(value: float) -> str:
    """Return a coordinate without digits that are too small to see."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
