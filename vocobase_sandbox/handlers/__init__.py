"""One function for each operation of openapi.json, one module for each of its tags.

`@route("POST /calls/start")` puts a handler into the table under its method and path template. The front
has checked the input against openapi.json before: a handler gets a `Context` with path, query and body,
and returns the `data` of the success envelope. It checks what a schema cannot express, asks the rules to
act, and shows rows with the spelling that the API uses. Refusals are `ApiError`s. `context` is what a
handler gets; `table` is the complete table of handlers.
"""
