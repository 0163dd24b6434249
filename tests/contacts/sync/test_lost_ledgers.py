# Derived from tests/contacts/aio/test_lost_ledgers.py by scripts/derive_sync.py; edit that instead.
"""A ledger that is lost in the middle of an import ends it with an error, and nothing is sent after that."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress

import pytest

from tests.contacts.support import Importing, people, posts
from tests.ledger.conftest import address, postgres_address, redis_address
from tests.ledger.losses import place_of
from tests.ledger.test_identity import LOSSES, loss, wipe
from vocobase import LedgerError, LedgerLostError, open_ledger
from vocobase.contacts import ImportProgress
from vocobase_sandbox import Sandbox

__all__ = ["address", "loss", "postgres_address", "redis_address"]
# Of what is deleted here nothing is used again: no number waits, and the numbers of a later chunk are new.
UNUSED = [("redis", "ready jobs deleted"), ("redis", "entries deleted")]


@pytest.mark.parametrize("loss", [loss for loss in LOSSES if loss not in UNUSED], ids=" ".join, indirect=True)
def test_nothing_is_sent_after_a_ledger_was_lost(
    load: Importing, sandbox: Sandbox, campaign: str, loss: tuple[str, str]
) -> None:
    place, name = loss

    def lose(progress: ImportProgress) -> None:
        if progress.stage == "sending":
            place_of(place).losses()[name]()
            with suppress(LedgerError), closing(open_ledger(place)) as watcher:
                watcher.counts("other list")

    with pytest.raises(LedgerLostError):
        load(campaign, people(6), ledger=place, chunk_size=2, on_progress=lose)
    assert posts(sandbox) == 1


def test_nothing_is_sent_after_an_older_copy_of_a_ledger_was_restored(
    load: Importing, sandbox: Sandbox, campaign: str, address: str
) -> None:
    wipe(address)
    restore: list[Callable[[], object]] = []

    def meanwhile(progress: ImportProgress) -> None:
        if progress.stage == "sending" and not restore:
            restore.append(place_of(address).copy())
        elif progress.stage == "sending":
            restore[0]()

    with pytest.raises(LedgerLostError, match="older copy"):
        load(campaign, people(6), ledger=address, chunk_size=2, on_progress=meanwhile)
    assert posts(sandbox) == 2
