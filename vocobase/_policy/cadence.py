"""The intervals of waits, polls and lists of calls: how often they read, and how long they pause. Data only.

The pauses between retries are in `retry`, those before a permit in `budgets`, and those of the command line
in its commands. What grows or varies an interval is in `vocobase._waiting.intervals`.
"""

from __future__ import annotations

# Polls of one object: the first interval, the factor by which each one grows, and the longest. At 5 s, a wait
# uses a fifth of the 60 requests a minute.
FIRST_INTERVAL_SECONDS = 0.5
INTERVAL_GROWTH = 1.5
MAX_INTERVAL_SECONDS = 5.0
# Every interval varies randomly by this share, so that many programs do not send at the same moment.
JITTER_SHARE = 0.1
# Defaults of the methods whose interval is a parameter, and the shortest interval that they accept.
CAMPAIGN_INTERVAL_SECONDS = 5.0
EVENT_INTERVAL_SECONDS = 10.0
MIN_INTERVAL_SECONDS = 1.0
# Routes under /calls/ allow 10 requests a minute, which reads share with calls.start; this leaves one for it.
CALLS_INTERVAL_SECONDS = 7.5
# Results of many calls are read through GET /sessions/{id} too; this leaves ten of its 60 requests a minute
# to pages of calls and to others.
SESSIONS_INTERVAL_SECONDS = 1.2
# Such a response may not report whether its processing is over. It counts as final when the end of the call
# was seen this long ago. The time doubles while calls.get shows that processing takes longer than half of it,
# up to MAX_PROCESSING_SECONDS.
SESSION_FINAL_SECONDS = 60.0
# Polls for a free concurrency slot use the budget of calls.start. Their jitter is wider, because clients that
# wait for the same slot were refused at the same moment.
SLOT_INTERVAL_SECONDS = 6.0
MAX_SLOT_INTERVAL_SECONDS = 15.0
SLOT_JITTER_SHARE = 0.5
# A wait for a permit that may be abandoned checks for that this often.
MAX_ACQUIRE_STEP_SECONDS = 1.0
# No sleep is longer, whatever a server asks for: clocks cannot sleep for centuries.
MAX_SLEEP_SECONDS = 86_400.0
# A read that begins just before the end of a wait still gets this long.
LAST_READ_SECONDS = 1.0
# One poll reads at most MAX_PAGES pages of 100 calls, or a page for every MISSING_CALLS_PER_PAGE calls that
# are missing from them, up to MAX_DEEP_PAGES. When at most MAX_SINGLE_READS are missing, they are read one by
# one instead.
MAX_PAGES = 5
MISSING_CALLS_PER_PAGE = 2
MAX_DEEP_PAGES = 50
MAX_SINGLE_READS = 3
# Sessions do not report whether their processing is over: their content must be unchanged for this long.
SETTLE_SECONDS = 5.0
# Polls for events: new calls may still appear this long before the newest known call; a cursor holds at most
# this many calls; and a call that has ended may take this long to become final.
OVERLAP_SECONDS = 300.0
MAX_OPEN_CALLS = 1000
MAX_PROCESSING_SECONDS = 600.0

# Lists of calls: the interval between two polls of a ledger that others work on, and of calls that are live.
LEDGER_INTERVAL_SECONDS = 5.0
# The same while every job waits for its window to open: a twentieth of that time, but not more than this.
MAX_LEDGER_INTERVAL_SECONDS = 300.0
# The pause after a refusal because of the rate, if the server names none.
RATE_PAUSE_SECONDS = 15.0
# The caps of the pauses after failed connections, which double from the first to the longest; give up after
# this many consecutive failures.
FIRST_OFFLINE_PAUSE_SECONDS = 4.0
MAX_OFFLINE_PAUSE_SECONDS = 64.0
MAX_OFFLINE_FAILURES = 6
# A worker that stays checks for its end this often while it waits.
STOP_INTERVAL_SECONDS = 1.0
# A worker keeps a job for this long beyond the time limit of a request before others take it over.
LEASE_MARGIN_SECONDS = 60.0
# An unused permit stays valid for this long.
PERMIT_SECONDS = 1.0
# The call of a start with an unknown outcome is searched after each of these delays, among this many calls at
# most.
SEARCH_DELAYS_SECONDS = (2.0, 10.0)
MAX_SEARCHED_CALLS = 500
# Such a call may be created this many leases after the claim: the request ends within one, but a slow server
# may process it later.
MAX_LATE_LEASES = 2
# The outcome of a call is read after a tenth of the time since its dial, within these limits.
FIRST_OUTCOME_SECONDS = 10.0
MAX_OUTCOME_INTERVAL_SECONDS = 60.0
# Outcomes that a worker reads at a time: one page and this many sessions fit into a lease.
MAX_OUTCOMES = 20
# Rows of older pages that are kept for the outcomes that are read next.
MAX_KEPT_ROWS = 10_000
# The account's concurrency is read again after this long while there is no slot.
CONCURRENCY_REFRESH_SECONDS = 60.0
