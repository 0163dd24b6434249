"""The operator's side of a sandbox, below `/_sandbox/`.

`api` implements the control API that `control.openapi.json` describes: clock, account, faults, inbound
calls, events, deliveries, snapshots. `views` builds its short lists; `scripting` sets the outcomes of calls.
`operator` has the same for Python: the methods of a `Sandbox` that play the outside world. `dashboard`
serves the page in `static/`, which uses only the control API, so a script can do everything that the page
does.
"""
