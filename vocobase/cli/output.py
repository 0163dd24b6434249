"""Write data to standard output as a table, JSON, JSON lines, CSV, or identifiers only."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import chain, islice
from textwrap import indent
from typing import Any, cast

import click

from vocobase.cli.masking import MASK, masked
from vocobase.contacts import escape_formula

Row = dict[str, Any]
# At least one of this many rows must have a member that was requested.
CHECKED_ROWS = 100


@dataclass(frozen=True)
class Card:
    """An object for people.

    Attributes:
        title: The first line.
        facts: Names and values; those without a value are left out.
        sections: Longer texts, each with a title and its lines.
    """

    title: str
    facts: Sequence[tuple[str, object]] = ()
    sections: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True)
class View:
    """The format of output.

    Attributes:
        format: ``table``, ``json``, ``jsonl``, ``csv``, or ``quiet`` for identifiers.
        fields: The members that were requested; empty for all of them, or those that fit into a table.
        columns: The members that a table shows unless others were requested.
        id_field: The member that ``quiet`` shows; empty for the identifier.
        limit: How many rows to show at most, None for all.
        masked: Whether personal data is masked.
    """

    format: str
    fields: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=())
    id_field: str = ""
    limit: int | None = None
    masked: bool = False

    def row(self, item: Any) -> Row:
        """Return an item as a JSON object, masked if that was requested."""
        row = plain(item)
        return cast(Row, masked(row)) if self.masked else row

    def selected(self, row: Row, names: Sequence[str] = ()) -> Row:
        """Return the members of a row that are shown."""
        names = names or self.fields
        return {name: member(row, name) for name in names} if names else row


def plain(item: object) -> Row:
    """Return a model, mapping, dataclass or named tuple as a JSON object."""
    if isinstance(item, Mapping):
        return {str(name): as_json(value) for name, value in cast("Mapping[object, object]", item).items()}
    for method in ("to_dict", "_asdict"):
        if hasattr(item, method):
            return plain(getattr(item, method)())
    if is_dataclass(item):
        return {each.name: as_json(getattr(item, each.name)) for each in fields(item)}
    return {"value": as_json(item)}


def as_json(value: object) -> Any:
    """Return a value as JSON has it; times end with Z in UTC, and other types are their text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if _is_object(value):
        return plain(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json(each) for each in cast("Iterable[object]", value)]
    return str(value)


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping) or is_dataclass(value) or hasattr(value, "to_dict")


def member(row: Mapping[str, Any], name: str) -> Any:
    """Return a member of a row, also one inside another (``session.credits_used``); None if it is absent."""
    value: Any = row
    for part in name.split("."):
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(part)
    return value


def _has(row: Mapping[str, Any], name: str) -> bool:
    outer, _, last = name.rpartition(".")
    inner = member(row, outer) if outer else row
    return isinstance(inner, Mapping) and last in inner


def identifier(row: Row, id_field: str = "") -> str:
    """Return what identifies a row: its id, else the first member whose name ends so, else its name."""
    names = [id_field, "id", *(name for name in row if name.endswith("_id")), *row]
    return _cell(next((row[name] for name in names if row.get(name) is not None), None))


def write_rows(view: View, items: Iterable[Any], *, live: bool = False) -> int:
    """Write rows; return how many.

    Raises:
        click.UsageError: none of the rows has a member that was requested.
    """
    rows: Iterator[Row] = (view.row(item) for item in islice(items, view.limit))
    if not live:
        rows = _checked(view, rows)
    return WRITERS[view.format](view, rows)


def write_one(view: View, item: Any, card: Card | None = None) -> None:
    """Write one object.

    Raises:
        click.UsageError: it does not have a member that was requested.
    """
    row = next(_checked(view, iter([view.row(item)])))
    if view.format == "table":
        card = card if card is not None and not view.fields else _card_of(view, row)
        _write_card(_masked_card(card) if view.masked else card)
    elif view.format == "json":
        _write_line(json.dumps(view.selected(row), indent=2, ensure_ascii=_ascii_only()))
    else:
        WRITERS[view.format](view, iter([row]))


def _checked(view: View, rows: Iterator[Row]) -> Iterator[Row]:
    """Check the names of the requested members against the first rows."""
    first = list(islice(rows, CHECKED_ROWS)) if view.fields else []
    for name in view.fields if first else ():
        if not any(_has(row, name) for row in first):
            known = sorted({each for row in first for each in _names(row)})
            near = get_close_matches(name, known, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise click.UsageError(f"--fields: no row has {name!r}. {advice}")
    return chain(first, rows)


def _names(row: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in row.items():
        yield prefix + name
        if isinstance(value, Mapping):
            yield from _names(cast("Mapping[str, Any]", value), f"{prefix}{name}.")


def _write_json(view: View, rows: Iterator[Row]) -> int:
    ascii_only, count = _ascii_only(), 0
    for row in rows:
        text = json.dumps(view.selected(row), indent=2, ensure_ascii=ascii_only)
        sys.stdout.write((",\n" if count else "[\n") + indent(text, "  "))
        count += 1
    _write_line("\n]" if count else "[]")
    return count


def _write_jsonl(view: View, rows: Iterator[Row]) -> int:
    ascii_only = _ascii_only()
    return _write_each(json.dumps(view.selected(row), ensure_ascii=ascii_only) for row in rows)


def _write_csv(view: View, rows: Iterator[Row]) -> int:
    flat = [dict(_flat(view.selected(row))) for row in rows]
    names = list(view.fields or dict.fromkeys(name for row in flat for name in row))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([escape_formula(_encodable(_cell(row.get(name)))) for name in names] for row in flat)
    sys.stdout.flush()
    return len(flat)


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(cast("Mapping[str, Any]", value), f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _write_quiet(view: View, rows: Iterator[Row]) -> int:
    return _write_each(identifier(view.selected(row), view.id_field) for row in rows)


def _write_each(lines: Iterator[str]) -> int:
    count = 0
    for line in lines:
        _write_line(line)
        count += 1
    return count


def _write_table(view: View, rows: Iterator[Row]) -> int:
    # Lazy, because it loads rich.
    from vocobase.cli import table

    names = view.fields or view.columns
    found = [view.selected(row, names) if names else dict(_flat(row)) for row in rows]
    table.write_table([{name: _cell(value) for name, value in row.items()} for row in found])
    return len(found)


WRITERS: dict[str, Callable[[View, Iterator[Row]], int]] = {
    "table": _write_table,
    "json": _write_json,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "quiet": _write_quiet,
}


def _card_of(view: View, row: Row) -> Card:
    names = view.fields or view.columns
    shown = [(name, member(row, name)) for name in names] if names else list(_flat(row))
    return Card("", [(name, _cell(value)) for name, value in shown])


def _masked_card(card: Card) -> Card:
    facts = [(name, masked(as_json(value), name.lower().replace(" ", "_"))) for name, value in card.facts]
    return Card(masked(card.title), facts, [(title, [MASK]) for title, _ in card.sections])


def _write_card(card: Card) -> None:
    # Lazy, because it loads rich.
    from vocobase.cli import table

    facts = [(name, _cell(value)) for name, value in card.facts]
    table.write_card(card.title, [(name, text) for name, text in facts if text], card.sections)


def _cell(value: object) -> str:
    """Return a value as one cell of a table or CSV file."""
    value = as_json(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _write_line(text: str) -> None:
    sys.stdout.write(_encodable(text) + "\n")
    sys.stdout.flush()


def _ascii_only() -> bool:
    """Return whether standard output cannot write every character, so that JSON must escape them."""
    return not (sys.stdout.encoding or "utf-8").lower().startswith("utf")


def _encodable(text: str) -> str:
    """Return a text that standard output can write: characters that it does not have are escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
