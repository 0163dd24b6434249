"""Find, for each row of `naming.operations`, the operation of the document that it means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from spec_tools.document import Operation, SpecError
from spec_tools.names import Names
from spec_tools.text import clean

# Keys become module names; a hostile title must not exceed what a file system takes.
_LONGEST_WORD = 60
# The document of another API misses every row; a few of them are enough to see that.
_SHOWN = 5
# Names that the generated functions use themselves, so a parameter cannot have them.
TAKEN_BY_FUNCTIONS = frozenset(
    {"client", "body", "request", "params", "quote", "dump", "response", "cast", "data", "segment", "payload"}
    | {"build", "parse", "expect_object", "sync_detailed", "asyncio_detailed"}
)


@dataclass(frozen=True)
class Row:
    """One row of `naming.operations`: our key, and the titles of the operation in the documentation."""

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

    @property
    def path(self) -> str:
        """The path of the operation, with the names of the row for its parameters."""
        # By position: `{call_id}` or `{id}` upstream is the same.
        ours = iter(placeholders(self.row.path))
        return re.sub(r"{[^}]*}", lambda _: f"{{{next(ours)}}}", self.operation.path)


def slug(text: str) -> str:
    """Reduce a title to lower-case words, so that case and punctuation do not matter."""
    return "-".join(re.findall(r"[a-z0-9]+", re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]", "", text.lower())))


def shape(method: str, path: str) -> str:
    """Reduce a route to its identity: placeholder names do not matter."""
    return f"{method.lower()} {re.sub(r'{[^}]*}', '{}', path).rstrip('/')}"


def _title(item: Row | Operation) -> str:
    return f"{slug(item.tag)} / {slug(item.summary)}"


def _route(item: Row | Operation) -> str:
    return shape(item.method, item.path)


def pair(
    rows: Iterable[Row], operations: Iterable[Operation]
) -> tuple[dict[str, Operation], list[Operation]]:
    """Pair rows and operations: by (tag, summary), then by method and path.

    Returns:
        The operation of each key that has one, and the operations that are left.
    """
    rows, free = list(rows), list(operations)
    found: dict[str, Operation] = {}
    for identity in (_title, _route):
        alike: dict[str, list[Operation]] = {}
        for operation in free:
            alike.setdefault(identity(operation), []).append(operation)
        for row in rows:
            candidates = alike.get(identity(row), []) if row.key not in found else []
            if len(candidates) > 1:
                candidates = [op for op in candidates if _route(op) == _route(row)]
            if len(candidates) == 1:
                found[row.key] = candidates[0]
                alike[identity(row)].remove(candidates[0])
        free = [operation for left in alike.values() for operation in left]
    return found, free


def match(rows: Iterable[Row], operations: Iterable[Operation]) -> list[Match]:
    """Pair rows and operations; operations without a row come last, under a key derived from their title.

    Raises:
        SpecError: a row has no operation; the message names the nearest candidates.
    """
    rows, every = list(rows), list(operations)
    _check_routes(every)
    found, free = pair(rows, every)
    missing = [row for row in rows if row.key not in found]
    if missing:
        lines = [_no_operation(row, free) for row in missing[:_SHOWN]]
        more = len(missing) - _SHOWN
        raise SpecError(*lines, *([f"... and {more} more rows without an operation"] if more > 0 else []))
    for row in rows:
        _check_placeholders(row, found[row.key])
    listed = [Match(row, found[row.key], True) for row in rows]
    return listed + _unlisted(free, {row.key for row in rows})


def _check_routes(operations: list[Operation]) -> None:
    seen: dict[str, Operation] = {}
    for operation in operations:
        other = seen.setdefault(_route(operation), operation)
        if other is not operation:
            raise SpecError(f"paths: {other.route} and {operation.route} are one route; delete one of them")


def _no_operation(row: Row, free: list[Operation]) -> str:
    def likeness(op: Operation) -> float:
        pairs = ((_title(row), _title(op)[:100]), (_route(row), _route(op)[:100]))
        return max(difflib.SequenceMatcher(None, ours, theirs).ratio() for ours, theirs in pairs)

    nearest = sorted(free, key=likeness, reverse=True)[:3]
    hints = "; ".join(clean(f"{op.tag!r} / {op.summary!r} ({op.route})") for op in nearest) or "none is left"
    return (
        f"naming.operations: {row.key}: the document has no operation {row.tag!r} / {row.summary!r} and no "
        f"{row.method} {row.path}. Nearest operations without a row: {hints}. Correct tag, summary, method "
        "or path of this row in generator-config.yaml, or delete the row together with the facade's method."
    )


def placeholders(path: str) -> list[str]:
    """Return the names of the path parameters, in order."""
    return re.findall(r"{([^}]*)}", path)


def _check_placeholders(row: Row, operation: Operation) -> None:
    ours, theirs = placeholders(row.path), placeholders(operation.path)
    if len(ours) != len(theirs):
        raise SpecError(
            f"naming.operations: {row.key}: the document's {operation.route} has the path parameters "
            f"{theirs}, the row has {ours}; the facade's signature would change. Adjust the row's path and "
            "the facade's method together."
        )


def _word(text: str) -> str:
    return slug(text).replace("-", "_")[:_LONGEST_WORD].strip("_")


def _unlisted(free: list[Operation], taken: set[str]) -> list[Match]:
    result: list[Match] = []
    names = Names(taken)
    for operation in sorted(free, key=lambda op: (op.path, op.method)):
        resource = _word(operation.tag) or "other"
        verb = _word(operation.summary) or _word(operation.route)
        plain = f"{resource}.{verb}"
        key = names.claim(f"{resource}.{_word(operation.route)}" if plain in names else plain)
        path = _own_placeholders(operation.path)
        row = Row(key, operation.tag, operation.summary, operation.method.upper(), path)
        result.append(Match(row, operation, False))
    return result


def _own_placeholders(path: str) -> str:
    # A publisher's `{id.__class__}` would be read by str.format, and `{client}` clashes with an argument.
    names = Names()

    def rename(found: re.Match[str]) -> str:
        name = _word(found[1]) or "value"
        if name in TAKEN_BY_FUNCTIONS or not name.isidentifier():
            name = f"value_{name}"
        return f"{{{names.claim(name)}}}"

    return re.sub(r"{([^}]*)}", rename, path)
