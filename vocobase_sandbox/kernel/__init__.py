"""State and time, without any rule of the platform.

`store` keeps rows in tables and remembers what changed; `statefile` makes the changes durable. `world` is
one account: its rows, its clock, its schedule of transitions and its event log. `engine` drives the world
through time under one lock: it runs transitions that are due, commits after each, and sends webhooks
without the lock. `clock` is the only module that asks the machine for the time, `ids` the only source of
identifiers and chance. `messages` holds requests, responses and errors as plain data; every front speaks
to the rest in these. `faults` decides which requests go wrong, and how. `request_log` keeps the latest
requests for people. `settings` are the choices of the user, `paths` the parts of the URL space.
"""
