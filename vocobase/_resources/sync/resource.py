# Derived from vocobase/_resources/aio/resource.py by scripts/derive_sync.py; edit that instead.
"""The base of all resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self, TypeVar

from vocobase._base.secrets import shield_methods
from vocobase._core.sync.core import Core
from vocobase._policy.pages import Fetch, Page, read_page

T = TypeVar("T")


class Resource:
    """A group of operations of one client."""

    def __init_subclass__(cls) -> None:
        shield_methods(cls)

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
        offset, total, gained = 0, None, True
        while True:
            page = fetch(offset)
            # Rows that were removed since the last page have moved the others up. Back only after something
            # new: where servers disagree about the total, the walk would never end.
            removed = total - page.total if total is not None and page.total is not None else 0
            total = page.total
            if removed > 0 and offset and gained:
                offset, gained = max(0, offset - removed), False
                continue
            known = len(seen)
            for item in page:
                if not _known(identity(item), seen):
                    yield item
            is_news = len(seen) > known
            gained = gained or is_news
            offset += len(page)
            # Counted here, as a server that ignores the offset names its own. Without a total, a short page
            # may be one that the server has capped, so the end is a page without news.
            if not len(page) or (offset >= total if total is not None else not is_news or page.limit is None):
                return


def _known(identity: object, seen: set[object]) -> bool:
    """Tell whether an item came before; items without a readable identifier count as new."""
    if not isinstance(identity, (str, int)):
        return False
    if identity in seen:
        return True
    seen.add(identity)
    return False
