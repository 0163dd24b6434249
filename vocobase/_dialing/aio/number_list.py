"""The common part of the lists of numbers that a ledger keeps."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from vocobase._base.runtime import async_current_runtime
from vocobase._base.secrets import takes_secrets
from vocobase._dialing.gate import LedgerNumbers
from vocobase._dialing.lists import async_opening
from vocobase._ledger import Ledger

P = ParamSpec("P")
T = TypeVar("T")


class AsyncNumberList(LedgerNumbers):
    """A list of numbers of a ledger."""

    @takes_secrets("ledger")
    def __init__(self, ledger: str | PathLike[str] | Ledger) -> None:
        super().__init__(async_opening(ledger))

    def __repr__(self) -> str:
        # Tools that show variables call it even if the constructor has failed.
        return f"{type(self).__name__}({getattr(self, 'opened', None)!r})"

    async def _use(self, work: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work on the ledger."""

        def use() -> T:
            return work(self.opened.open(), *args, **kwargs)

        return await async_current_runtime().run_shielded(use)

    async def close(self) -> None:
        """Close the ledger, if this object has opened it."""
        await async_current_runtime().run_shielded(self.opened.close)

    async def __aenter__(self) -> Self:
        await async_current_runtime().run_shielded(self.opened.open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
