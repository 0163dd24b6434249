"""What the operator of a sandbox can do and see, below `/_sandbox/`.

`api` answers the control API as `control.openapi.json` describes it: clock, account, faults, inbound
calls, deliveries, snapshots. `views` are its short lists for people who watch. `dashboard` serves the
page in `static/`, which uses the control API only: a script can do whatever the page does.
"""
