"""Find, for each row of `naming.operations`, the operation of the document that it means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from spec_tools.document import Operation, SpecError


@dataclass(frozen=True)
class Row:
    """One row of `naming.operations`: our key, and how the documentation calls the operation."""

    key: str
    tag: str
    summary: str
    method: str
    path: str
    data: str | None = None

    @property
    def resource(self) -> str:
        return self.key.rpartition(".")[0]

    @property
    def verb(self) -> str:
        return self.key.rpartition(".")[2]


@dataclass(frozen=True)
class Match:
    """A row together with its operation."""

    row: Row
    operation: Operation
    listed: bool


def slug(text: str) -> str:
    """Reduce a title to lower-case words, so that case and punctuation do not matter."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", "")))


def shape(method: str, path: str) -> str:
    """Reduce a route to what identifies it: placeholder names do not matter."""
    return f"{method.lower()} {re.sub(r'{[^}]*}', '{}', path).rstrip('/')}"


def match(rows: Iterable[Row], operations: Iterable[Operation]) -> list[Match]:
    """Pair rows and operations: by (tag, summary), then by method and path.

    Operations without a row come last, under a key made from their tag and summary.

    Raises:
        SpecError: a row has no operation; the message names the nearest candidates.
    """
    rows = list(rows)
    free = list(operations)
    found: dict[str, Operation] = {}
    for of_row, of_operation in (
        (lambda row: (slug(row.tag), slug(row.summary)), lambda op: (slug(op.tag), slug(op.summary))),
        (lambda row: shape(row.method, row.path), lambda op: shape(op.method, op.path)),
    ):
        for row in rows:
            if row.key in found:
                continue
            wanted = of_row(row)
            candidates = [op for op in free if of_operation(op) == wanted]
            if len(candidates) > 1:
                candidates = [op for op in candidates if shape(op.method, op.path) == shape(row.method, row.path)]
            if len(candidates) == 1:
                found[row.key] = candidates[0]
                free.remove(candidates[0])
    missing = [row for row in rows if row.key not in found]
    if missing:
        raise SpecError("\n".join(_no_operation(row, free) for row in missing))
    for row in rows:
        _check_placeholders(row, found[row.key])
    listed = [Match(row, found[row.key], True) for row in rows]
    return listed + _unlisted(free, {row.key for row in rows})


def _no_operation(row: Row, free: list[Operation]) -> str:
    def likeness(op: Operation) -> float:
        titles = difflib.SequenceMatcher(None, slug(row.tag + " " + row.summary), slug(op.tag + " " + op.summary))
        routes = difflib.SequenceMatcher(None, shape(row.method, row.path), shape(op.method, op.path))
        return max(titles.ratio(), routes.ratio())

    nearest = sorted(free, key=likeness, reverse=True)[:3]
    hints = "; ".join(f"{op.tag!r} / {op.summary!r} ({op.route})" for op in nearest) or "none is left"
    return (
        f"naming.operations: {row.key}: the document has no operation {row.tag!r} / {row.summary!r} and no "
        f"{row.method} {row.path}. Nearest operations without a row: {hints}. Correct tag, summary, method or path "
        f"of this row in generator-config.yaml, or delete the row together with the facade's method."
    )


def placeholders(path: str) -> list[str]:
    """Return the names of the path parameters, in order."""
    return re.findall(r"{([^}]*)}", path)


def _check_placeholders(row: Row, operation: Operation) -> None:
    ours, theirs = placeholders(row.path), placeholders(operation.path)
    if len(ours) != len(theirs):
        raise SpecError(
            f"naming.operations: {row.key}: the document's {operation.route} has the path parameters {theirs}, the row "
            f"has {ours}; the facade's signature would change. Adjust the row's path and the facade's method together."
        )


def _unlisted(free: list[Operation], taken: set[str]) -> list[Match]:
    result = []
    for operation in sorted(free, key=lambda op: (op.path, op.method)):
        resource = slug(operation.tag).replace("-", "_") or "other"
        verb = slug(operation.summary).replace("-", "_") or slug(operation.route).replace("-", "_")
        key = f"{resource}.{verb}"
        if key in taken:
            key = f"{resource}.{slug(operation.route).replace('-', '_')}"
        taken.add(key)
        row = Row(key, operation.tag, operation.summary, operation.method.upper(), operation.path)
        result.append(Match(row, operation, False))
    return result
