"""The base of all resources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from vocobase._async.core import AsyncCore
from vocobase._pagination import AsyncFetch, Page, read_page

T = TypeVar("T")


class AsyncResource:
    """A group of operations of one client."""

    def __init__(self, core: AsyncCore) -> None:
        self._core = core

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._core.base_url}>"

    async def _call(self, request: Mapping[str, Any], parse: Callable[[Any], T]) -> T:
        return await self._core.call(request, parse)

    async def _page(
        self, request: Mapping[str, Any], key: str, load: Callable[[Mapping[str, Any]], T]
    ) -> Page[T]:
        return await self._core.call(request, lambda data: read_page(data, key, load))

    async def _walk(self, fetch: AsyncFetch[T], identity: Callable[[T], str]) -> AsyncIterator[T]:
        """Yield the items of all pages; rows that shift between two requests come once."""
        seen: set[str] = set()
        offset = 0
        while True:
            page = await fetch(offset)
            for item in page:
                if identity(item) not in seen:
                    seen.add(identity(item))
                    yield item
            offset += len(page)
            if not page.has_next:
                return
