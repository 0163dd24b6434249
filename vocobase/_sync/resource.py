# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""The base of all resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

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
        return self._core.call(request, lambda data: read_page(data, key, load))

    def _walk(self, fetch: Fetch[T], identity: Callable[[T], str]) -> Iterator[T]:
        """Yield the items of all pages; rows that shift between two requests come once."""
        seen: set[str] = set()
        offset = 0
        while True:
            page = fetch(offset)
            for item in page:
                if identity(item) not in seen:
                    seen.add(identity(item))
                    yield item
            offset += len(page)
            if not page.has_next:
                return
