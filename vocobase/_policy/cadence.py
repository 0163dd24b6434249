"""Every interval of the SDK: how often it polls, and for how long it waits. Data only."""

from __future__ import annotations

# Polls of one object: the first interval, its growth, and the longest. 5 s keeps a wait at a fifth of the 60
# requests a minute.
FIRST_INTERVAL_SECONDS, INTERVAL_GROWTH, MAX_INTERVAL_SECONDS = 0.5, 1.5, 5.0
# Routes under /calls/ allow 10 requests a minute, which reads share with calls.start; this leaves one for it.
CALLS_INTERVAL_SECONDS = 7.5
# Polls for a free concurrency slot: they use the same budget as calls.start.
SLOT_INTERVAL_SECONDS, MAX_SLOT_INTERVAL_SECONDS = 6.0, 15.0
# No sleep is longer, whatever a server asks for: clocks cannot sleep for centuries.
MAX_SLEEP_SECONDS = 86_400.0
# A read that begins just before the end of a wait still gets this long.
GRACE_SECONDS = 1.0
# Pages of 100 that one poll may read, and how many missing calls are read one by one instead.
MAX_PAGES, MAX_SINGLE_READS = 5, 3
# Sessions do not say whether their processing is over: their content must be unchanged for this long.
SETTLE_SECONDS = 5.0
# Polling for events: how long before the newest known call new ones may still appear, how many calls a cursor
# holds at most, and how long a call that has ended may take to become final.
OVERLAP_SECONDS, MAX_OPEN_CALLS, MAX_PROCESSING_SECONDS = 300.0, 1000, 600.0

# Lists of calls: the interval between two polls of a ledger that others work on, and of calls that are live.
LEDGER_INTERVAL_SECONDS = 5.0
# The pause after a refusal because of the rate, if the server names none.
RATE_PAUSE_SECONDS = 15.0
# Give up after this many consecutive connection failures.
MAX_OFFLINE_FAILURES = 6
# A worker keeps a job for this long beyond the time limit of a request before others take it over.
LEASE_MARGIN_SECONDS = 60.0
# An unused permit stays valid for this long.
PERMIT_SECONDS = 1.0
# The account's concurrency is read again after this long while there is no slot.
CONCURRENCY_REFRESH_SECONDS = 60.0
