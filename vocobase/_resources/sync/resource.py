# Derived from vocobase/_resources/aio/resource.py by scripts/derive_sync.py; edit that instead.
"""The base class of all resources."""

from __future__ import annotations

from vocobase._base.secrets import shield_methods
from vocobase._core.sync.core import Core


class Resource:
    """A group of operations of one client."""

    def __init_subclass__(cls) -> None:
        shield_methods(cls)

    def __init__(self, core: Core) -> None:
        self._core = core

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._core.base_url}>"
