"""Durable lists of work: SQLite, PostgreSQL and Redis behind one protocol.

base         the protocol `Ledger`, its entries and states; opening: the ledger of a ``ledger=`` argument
sqlite, sqlite_file, sqlite_statements; postgres, postgres_statements; redis, redis_scripts: three ledgers
identity     how a worker detects that a ledger was emptied, replaced or restored from an older copy
ledger_budgets: rate limits that all workers on a ledger share

A worker claims an entry for the time of a lease, works, and settles it: waiting -> claimed -> done, refused
or parked. A result that a method has returned is durable and visible to every other worker.
"""

from vocobase._ledger.base import Entry, Ledger, State
from vocobase._ledger.opening import closing_own, open_ledger

__all__ = ["Entry", "Ledger", "State", "closing_own", "open_ledger"]
