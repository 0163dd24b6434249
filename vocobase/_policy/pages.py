"""Pages, which every `list` returns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from vocobase._base.values import whole_number
from vocobase_raw.types import Model, expect_object

if TYPE_CHECKING:
    from vocobase_raw.display import Table

T = TypeVar("T")
MAX_PAGE_SIZE = 100


class Page(Sequence[T], Generic[T]):
    """One page of a list, which is a sequence of its items.

    Attributes:
        items: The items of this page.
        total: Number of items on all pages, None if the server does not say.
        limit: Page size that applied, None for routes without pages.
        offset: Items before this page.
        extra: Members of the payload that are not documented.
    """

    __slots__ = ("extra", "items", "limit", "offset", "total")

    def __init__(
        self,
        items: Sequence[T],
        *,
        total: int | None = None,
        limit: int | None = None,
        offset: int = 0,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.items: list[T] = list(items)
        self.total: int | None = total
        self.limit: int | None = limit
        self.offset: int = offset
        self.extra: dict[str, Any] = dict(extra or {})

    @property
    def has_next(self) -> bool:
        """Whether there are items after this page."""
        if not self.items:
            return False
        if self.total is None:
            return self.limit is not None and len(self.items) >= self.limit
        return self.offset + len(self.items) < self.total

    def to_dicts(self, *, flat: bool = False) -> list[dict[str, Any]]:
        """Return the items as dictionaries, for tables such as ``pandas.DataFrame``.

        Args:
            flat: Return rows: nested members are joined with dots (``session.credits_used``), and values keep
                their Python types, such as aware datetimes. Otherwise the items are JSON objects.
        """
        rows = [_row(item, flat) for item in self.items]
        nested = {outer for row in rows for name in row for outer in _outer(name)} if flat else set[str]()
        # A member that is None in some rows and has members in others gets no column of its own.
        return [
            {name: value for name, value in row.items() if value is not None or name not in nested}
            for row in rows
        ]

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Page):
            return NotImplemented
        return self._state() == other._state()

    def _state(self) -> tuple[object, ...]:
        return self.items, self.total, self.limit, self.offset

    def __hash__(self) -> int:
        raise TypeError("a page can change, so it has no hash")

    def __repr__(self) -> str:
        return f"Page({len(self.items)} items, total={self.total}, limit={self.limit}, offset={self.offset})"

    def _repr_html_(self) -> str:
        return self._table().to_html()

    def __rich__(self) -> Any:
        return self._table().to_rich()

    def _table(self) -> Table:
        """Return the items of this page as a table; no further page is requested."""
        # Few programs show a page: the import waits for the first one.
        from vocobase_raw.display import table_of_rows

        return table_of_rows(repr(self), [dict(_model(item).__rich_repr__()) for item in self.items])


def _outer(name: str) -> list[str]:
    """Return the names of the members around a nested one: ``a`` and ``a.b`` for ``a.b.c``."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _row(item: object, flat: bool) -> dict[str, Any]:
    """Return an item as a dictionary; items of some lists are plain mappings."""
    return _model(item).to_dict(flat=flat)


def _model(item: object) -> Model:
    return item if isinstance(item, Model) else Model.from_dict(cast("Mapping[str, Any]", item))


class PageWalk(Generic[T]):
    """The position of a walk through a list whose rows may shift between two requests.

    Args:
        identity: Returns the identifier of an item; an item without one counts as new.

    Attributes:
        offset: Offset of the next page, None at the end.
    """

    def __init__(self, identity: Callable[[T], object]) -> None:
        self.offset: int | None = 0
        self._identity = identity
        self._seen: set[object] = set()
        self._total: int | None = None
        self._may_go_back = True

    def advance(self, page: Page[T]) -> list[T]:
        """Return the items of a page that were not on an earlier one, and move on.

        Rows that were removed since the last page have moved the others up, so the walk goes back by as many.
        It goes back only after a page with something new: where servers disagree about the total, it would
        never end.
        """
        offset, removed = self.offset or 0, (self._total or 0) - (page.total or 0)
        known_totals = self._total is not None and page.total is not None
        self._total = page.total
        if known_totals and removed > 0 and offset and self._may_go_back:
            self.offset, self._may_go_back = max(0, offset - removed), False
            return []
        known = len(self._seen)
        fresh = [item for item in page if self._is_new(item)]
        # Items without an identifier are passed on, but prove nothing: the page may be the same as before.
        has_news = len(self._seen) > known
        self._may_go_back = self._may_go_back or has_news
        self.offset = self._next(offset + len(page), page, has_news)
        return fresh

    def _next(self, offset: int, page: Page[T], has_news: bool) -> int | None:
        # Counted here, as a server that ignores the offset names its own. Without a total, a short page may
        # be one that the server has capped, so the end is a page without news.
        more = offset < page.total if page.total is not None else has_news and page.limit is not None
        return offset if len(page) and more else None

    def _is_new(self, item: T) -> bool:
        identity = self._identity(item)
        if not isinstance(identity, (str, int)):
            return True
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True


# One request over the core that is passed.
C = TypeVar("C")
Read = Callable[[C], T]
AsyncRead = Callable[[C], Awaitable[T]]


def read_page(
    data: Any,
    key: str,
    load: Callable[[Mapping[str, Any]], T],
    asked: Mapping[str, Any] | None = None,
) -> Page[T]:
    """Read the payload of a list route; ``asked`` holds the limit and offset of the request.

    Most list keys are inferred, so a bare array and a single array member are accepted as well.

    Raises:
        ValueError: the payload is neither an object nor an array, or it has several arrays and none of the
            expected name. Without any array it is not an empty list: a search would conclude that a call
            does not exist.
    """
    asked = asked or {}
    members: dict[str, Any] = {key: data} if isinstance(data, list) else {**expect_object(data)}
    arrays = [name for name, value in members.items() if isinstance(value, list)]
    found = key if key in arrays else arrays[0] if len(arrays) == 1 else None
    if found is None and arrays:
        raise ValueError(f"none of the lists {', '.join(arrays)} is the expected {key}")
    # Some servers write an empty list as null.
    if found is None and members.get(key, members) is not None and members.get("total") != 0:
        raise ValueError(f"it has no list {key}")
    taken = members.pop(found or key, None)
    rows = cast("list[object]", taken) if isinstance(taken, list) else []
    total, limit, offset = (whole_number(members.pop(name, None)) for name in ("total", "limit", "offset"))
    return Page(
        _load(rows, load),
        total=total,
        limit=limit if limit is not None else whole_number(asked.get("limit")),
        offset=offset if offset is not None else whole_number(asked.get("offset")) or 0,
        extra=members,
    )


def _load(rows: list[object], load: Callable[[Mapping[str, Any]], T]) -> list[T]:
    return [load(cast("Mapping[str, Any]", row)) for row in rows if isinstance(row, dict)]
