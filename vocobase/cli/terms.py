"""Read term lists from a file: JSON, CSV, or one term on each line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click

TERM, NAME = "term", "dictionary"


@dataclass(frozen=True)
class Terms:
    """The dictionary that a file describes.

    Attributes:
        name: Its name.
        terms: Its terms, each once, in the order of the file.
        description: Its description; None if the file has none.
    """

    name: str
    terms: tuple[str, ...]
    description: str | None = None


def read_terms(path: Path, name: str | None) -> list[Terms]:
    """Return the dictionaries of a file.

    Args:
        path: The file; ``.json`` and ``.csv`` are read as such, everything else by lines.
        name: Name of the dictionary; by default that in the file, else the name of the file.

    Raises:
        click.UsageError: it cannot be read, or holds something else.
        OSError: it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if "\x00" in text:
            raise ValueError("it has null characters")
    except ValueError:
        raise click.UsageError(f"{path} is not a text file in UTF-8.") from None
    try:
        found = _READERS.get(path.suffix.lower(), _of_lines)(text, name or path.stem)
    except RecursionError:
        raise click.UsageError(f"{path} is nested too deeply.") from None
    except (ValueError, csv.Error) as error:
        raise click.UsageError(f"{path}: {error}.") from None
    if not any(each.terms for each in found):
        raise click.UsageError(f"{path} has no terms.")
    if name and len(found) > 1:
        raise click.UsageError(f"{path} has {len(found)} dictionaries with names of their own; omit --name.")
    return [Terms(name, each.terms, each.description) for each in found] if name else found


def _of_lines(text: str, name: str) -> list[Terms]:
    return [Terms(name, _unique(text.splitlines()))]


def _of_csv(text: str, name: str) -> list[Terms]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if any(row)]
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if TERM not in header:
        if len(header) > 1:
            raise ValueError(f"no column is called {TERM}; a column {NAME} may name several dictionaries")
        return _of_lines("\n".join(row[0] for row in rows), name)
    found: dict[str, list[str]] = {}
    for row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        found.setdefault(cells.get(NAME, "").strip() or name, []).append(cells.get(TERM, ""))
    return [Terms(each, _unique(terms)) for each, terms in found.items()]


def _of_json(text: str, name: str) -> list[Terms]:
    value: object = json.loads(text)
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    if all(isinstance(each, str) for each in items):
        return [Terms(name, _unique(cast("list[str]", items)))]
    return [_of_object(each, name) for each in items]


def _of_object(value: object, name: str) -> Terms:
    item = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    terms: object = item.get("terms")
    texts = cast("list[object]", terms) if isinstance(terms, list) else [None]
    own, description = item.get("name", name), item.get("description")
    if not all(isinstance(each, str) for each in (*texts, own, description or "")):
        raise ValueError('pass a list of terms, or objects such as {"name": "Brands", "terms": ["Vocobase"]}')
    return Terms(own, _unique(cast("list[str]", texts)), description)


def _unique(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for each in terms if (term := " ".join(each.split()))))


_READERS: dict[str, Callable[[str, str], list[Terms]]] = {".json": _of_json, ".csv": _of_csv}
