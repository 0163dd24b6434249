# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""The base of all resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self, TypeVar

from vocobase._pagination import Fetch, Page, read_page
from vocobase._sync.core import Core

T = TypeVar("T")


class Resource:
    """A group of operations of one client."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._core.base_url}>"

    def _call(self, request: Mapping[str, Any], parse: Callable[[Any], T]) -> T:
        return self._core.call(request, parse)

    def _page(self, request: Mapping[str, Any], key: str, load: Callable[[Mapping[str, Any]], T]) -> Page[T]:
        return self._core.call(request, lambda data: read_page(data, key, load, request.get("params")))

    def _paced(self) -> Self:
        """Return this resource as a loop should use it: within the requests a minute."""
        return type(self)(self._core.paced())

    def _walk(self, fetch: Fetch[T], identity: Callable[[T], object]) -> Iterator[T]:
        """Yield the items of all pages; rows that shift between requests come once and are not skipped."""
        seen: set[object] = set()
        offset, total = 0, None
        while True:
            page = fetch(offset)
            # Rows that were removed since the last page have moved the others up.
            removed = total - page.total if total is not None and page.total is not None else 0
            if removed > 0 and offset:
                offset, total = max(0, offset - removed), page.total
                continue
            total = page.total
            new = [item for item in page if not _known(identity(item), seen)]
            for item in new:
                yield item
            offset += len(page)
            # Without a total, a server that ignores the offset would send the same page for ever.
            if not page.has_next or (total is None and not new):
                return


def _known(identity: object, seen: set[object]) -> bool:
    """Tell whether an item came before; items without a readable identifier count as new."""
    if not isinstance(identity, (str, int)):
        return False
    if identity in seen:
        return True
    seen.add(identity)
    return False
