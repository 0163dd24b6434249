"""The path of every request, from an operation to its result.

core.call(request, parse) sends a request and returns its parsed payload:

1. `check_path` and `check_members` reject arguments beyond a documented limit (`_policy/limits.py`).
2. `acquire` waits for a permit of the budget, if the client is paced (`permits.py`, `_policy/budgets.py`).
3. The pool sends it, never later than its deadline (`_transport`).
4. `failure` turns the response into an error (`_policy/responses.py`), and `delay` decides whether a retry is
   safe and useful (`_policy/retry.py`).
5. `payload` opens the envelope, and the operation's parser reads it.

core.page returns one page of a list, and core.walk yields the items of all pages.
"""
