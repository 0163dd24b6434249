"""The rules of the emulated platform: functions that act on a `World` and its rows.

A call: `calls` dials, rings and answers on the schedule; `scripts` chooses the outcome that a test wants,
or else `numbers` does, by magic number; `conversation` writes the words; `sessions` stores them, charges the
price that `billing` computes, runs `extraction`, and publishes the event through `webhooks`. `triggers` makes
up events. `campaigns` dials contacts through `calls`; `rooms` is the browser's side of a session. `limits`
counts requests, live calls and open sessions.
`carriers` chooses connection and caller ID; `voicelink` simulates the account behind the pass-through
routes. `objects` is the store behind presigned URLs; `wav` and `audio` inspect and render sound.
`account` fills a fresh account from `catalog`; `seed_file` and `seed_data` add the user's data.
Transitions register with `@action`, under the name that the schedule stores.
"""
