"""How large the costly tests are: smaller where the derived test does the same with other words."""

from __future__ import annotations

# Calls, and the minutes that their results may take.
CONNECTED = {"sync": (1000, 20), "aio": (250, 6)}
