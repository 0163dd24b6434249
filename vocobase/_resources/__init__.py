"""One method for each operation, grouped as in the documentation.

A method builds the request of its operation (`api.calls.start`), and the core sends it. Operations and models
(`models.Call`) are loaded when a method first uses them, so that a program does not wait for those that it
never calls; annotations name models for type checkers only. A helper method,
such as `documents.upload` or `calls.wait`, is one line into a capability below: `_transfers`, `_waiting`,
`_dialing`, `_events`, `_folders` or `_imports`. `resource.py` is the base class. Read `aio/`; `sync/` is
derived from it.
"""
