"""The base class of all resources."""

from __future__ import annotations

from vocobase._base.secrets import shield_methods
from vocobase._core.aio.core import AsyncCore


class AsyncResource:
    """A group of operations of one client."""

    def __init_subclass__(cls) -> None:
        shield_methods(cls)

    def __init__(self, core: AsyncCore) -> None:
        self._core = core

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._core.base_url}>"
