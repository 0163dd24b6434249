"""How large the costly tests are: smaller where the derived test does the same with other words."""

from __future__ import annotations

CONTACTS = {"sync": 1000, "aio": 100}
CRASHED_JOBS = {"sync": 2, "aio": 1}
