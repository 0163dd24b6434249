"""One method for each operation, grouped as in the documentation.

A method builds the request of its operation (`vocobase_raw.api`), and the core sends it. A helper method,
such as `documents.upload` or `calls.wait`, is one line into a capability below: `_transfers`, `_waiting`,
`_dialing`, `_events`, `_folders` or `_imports`. `resource.py` is the base class. Read `aio/`; `sync/` is
derived from it.
"""
