"""Ledgers: lists of things to be done once, that survive crashes and are shared by several workers.

sqlite.py      a file, for the processes of one machine
redis.py       a Redis server, for several machines
postgres.py    a PostgreSQL server, for several machines
"""

from vocobase._ledger.base import Entry, Ledger, State
from vocobase._ledger.opening import closing_own, open_ledger

__all__ = ["Entry", "Ledger", "State", "closing_own", "open_ledger"]
