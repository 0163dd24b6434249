"""Lists of calls: every job is dialled once, whatever happens in between.

1. `jobs.py` checks each job and gives it a key; the ledger keeps it as waiting (`_ledger`).
2. `aio/dialer.py` waits until a job is due. `aio/starter.py` acquires a slot and a permit (`aio/slots.py`),
   claims the job durably, checks its window (`windows.py`), and only then sends the start. The request ends
   before the claim does.
3. A start that succeeded is recorded with its call. After an unknown outcome nothing is sent again:
   `aio/outcomes.py` searches for the call, and parks the job for a person if there is none.
4. `rules.py` is the table of what a failed start means: requeue, refuse, wait or abort.

A claim whose worker died is taken over and verified in the same way. Therefore no person is called twice.
"""
