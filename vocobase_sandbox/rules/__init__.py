"""The rules of the emulated platform: plain functions over a `World` and its rows.

A call: `calls` dials, rings and answers on the schedule; `numbers` gives the outcome of a magic number;
`conversation` writes the words; `sessions` holds them, prices them with `billing`, fills `extraction` and
publishes the event through `webhooks`. `campaigns` dial their contacts through `calls`; `rooms` are the
browser's side of a session. `limits` count requests, live calls and open sessions. `carriers` chooses the
connection and the number of a call; `voicelink` simulates the account behind the pass-through routes.
`objects` is the store behind presigned URLs; `wav` and `audio` inspect and render sound. `account` fills
a fresh account with `catalog` and defaults; `seed_file` and `seed_data` add data of the user. Transitions
register themselves with `@action`, under the name that the schedule stores.
"""
