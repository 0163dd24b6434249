# Derived from vocobase/_dialing/aio/number_list.py by scripts/derive_sync.py; edit that instead.
"""The common part of the lists of numbers that a ledger keeps."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from vocobase._base.runtime import current_runtime
from vocobase._base.secrets import takes_secrets
from vocobase._dialing.gate import LedgerNumbers
from vocobase._dialing.lists import opening
from vocobase._ledger import Ledger

P = ParamSpec("P")
T = TypeVar("T")


class NumberList(LedgerNumbers):
    """A list of numbers of a ledger."""

    @takes_secrets("ledger")
    def __init__(self, ledger: str | PathLike[str] | Ledger) -> None:
        super().__init__(opening(ledger))

    def __repr__(self) -> str:
        # Tools that show variables call it even if the constructor has failed.
        return f"{type(self).__name__}({getattr(self, 'opened', None)!r})"

    def _use(self, work: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work on the ledger."""

        def use() -> T:
            return work(self.opened.open(), *args, **kwargs)

        return current_runtime().run_shielded(use)

    def close(self) -> None:
        """Close the ledger, if this object has opened it."""
        current_runtime().run_shielded(self.opened.close)

    def __enter__(self) -> Self:
        current_runtime().run_shielded(self.opened.open)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
