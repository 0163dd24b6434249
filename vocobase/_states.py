"""Which states end a wait, and how they are meant: data."""

from __future__ import annotations

# Lower-case values of `status`; everything else is still going on.
CALL_DONE = frozenset({"completed"})
CALL_FAILED = frozenset({"failed", "no_answer", "busy", "canceled"})

# Seconds between two looks: the first, the factor, the longest. 5 s keeps one wait at a fifth of 60 a minute.
FIRST_LOOK, GROWTH, LONGEST_LOOK = 0.5, 1.5, 5.0
# Routes under /calls/ have 10 a minute.
CALLS_LOOK = 7.0
