"""One function for each operation of openapi.json, one module for each of its tags.

`@route("POST /calls/start")` registers a handler under its method and path template; `keys` has the name of
each operation, such as `calls.start`. The front has validated the input against openapi.json: a handler gets
a `Context` with path, query and body, and returns the `data` of the success envelope. It checks what a schema
cannot express, calls the rules, and shows rows with the field names of the API. To reject a request, it
raises an `ApiError`. `context` is the input of a handler; `table` is the complete table of handlers.
"""
