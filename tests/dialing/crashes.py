"""Workers that die, or are interrupted, at any use of their ledger and at any request."""

from __future__ import annotations

from typing import Any

import pytest

from vocobase import Ledger
from vocobase._transport.async_pool import AsyncPool
from vocobase._transport.pool import Pool


class Crash(BaseException):
    """The end of a process, wherever it is."""


class Fragile:
    """A ledger that ends the process at one of its calls: before or after it has done its work."""

    def __init__(self, ledger: Ledger, at: int, after: bool) -> None:
        self.ledger = ledger
        self.left = at
        self.after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.ledger, name)

        def call(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left < 0 or (self.left == 0 and not self.after):
                raise Crash(name)
            result = method(*args, **options)
            if self.left == 0:
                raise Crash(name)
            return result

        return call


class Interrupting(Fragile):
    """A ledger at one of whose calls the user presses Control-C."""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.ledger, name)

        def call(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise KeyboardInterrupt
            result = method(*args, **options)
            if self.left == 0:
                raise KeyboardInterrupt
            return result

        return call


def patch_pools(patch: pytest.MonkeyPatch, ledger: Fragile, at: int, after: bool) -> None:
    send, async_send, left = Pool.send, AsyncPool.send, [at]

    def over() -> bool:
        left[0] -= 1
        if left[0] == 0:
            ledger.left = 0
        return left[0] == 0

    def crash(self: Any, *args: Any) -> Any:
        last = over()
        if last and not after:
            raise Crash
        result = send(self, *args)
        if last:
            raise Crash
        return result

    async def async_crash(self: Any, *args: Any) -> Any:
        last = over()
        if last and not after:
            raise Crash
        result = await async_send(self, *args)
        if last:
            raise Crash
        return result

    patch.setattr(Pool, "send", crash)
    patch.setattr(AsyncPool, "send", async_crash)
