"""Poll for the events that webhooks deliver, for programs that cannot receive webhooks.

`events.poll` returns an `AsyncEventPoll` (aio/poll.py). It does three kinds of reads, each when it is due:

1. pages of calls, on which discovery.py finds new calls, back to the mark of the cursor;
2. the details of calls that have ended (_waiting/aio/calls.py), until their results are final;
3. the session of each call that is over, from which event.py builds the event of webhooks/_payloads.py.

cursor.py is the state that survives a crash, as text: the start of the newest known call, and the calls whose
events were not returned yet. A call leaves the cursor only when its event is returned, so no event is lost.
"""
