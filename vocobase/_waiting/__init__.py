"""Wait for calls, sessions, campaigns, documents and free concurrency slots.

A resource method (`calls.wait`, `campaigns.watch`, ...) checks its arguments and calls one function of aio/.
That function polls on an `AsyncPollSchedule` (aio/schedule.py), which holds the time limit, sleeps for the
intervals of _policy/cadence.py, acquires a permit for each request, and tolerates temporary errors. Each read
is an operation over the core. A pure module of this folder interprets the response: tracking.py for calls
(one record for each), finality.py for sessions and documents, starts.py for `calls.start(wait_for_slot=)`.
The table _policy/states.py lists the states that end a wait. call_results.py holds the values and errors that
users get. matches.py recognizes a call that was started with an unknown outcome.
"""
