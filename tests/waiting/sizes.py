"""How large the costly tests are: smaller where the derived test does the same with other words."""

from __future__ import annotations

CONNECTED = {"sync": 1000, "aio": 250}
