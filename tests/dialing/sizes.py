"""How large the costly tests are: smaller where the derived test does the same with other words."""

from __future__ import annotations

# More than two pages of calls, and one.
CONTACTS = {"sync": 300, "aio": 100}
CRASHED_JOBS = {"sync": 2, "aio": 1}
