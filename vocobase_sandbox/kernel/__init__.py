"""State and time, without any rule of the platform.

`store` keeps rows in tables and tracks their changes; `statefile` makes the changes durable. `world` is
one account: its rows, its clock, its schedule of transitions and its event log. `engine` drives the world
through time under one lock: it runs due transitions, commits after each, and sends webhooks without the
lock. Only `clock` reads the time of the machine; only `ids` generates identifiers and random choices.
`messages` holds requests, responses and errors as plain data, which all layers exchange. `faults` decides
which requests fail, and how. `request_log` keeps the latest requests for the dashboard. `settings` are
the user's settings, `paths` the URL paths. `loopback` knows which hosts are this machine; `package_data`
reads the files of the package.
"""
