"""The way from a request to its response.

`server` runs an event loop in a thread; `http1` splits the bytes of its connections into requests. Every
front (this server, `asgi`, `httpx_transport`) passes a `Request` to `Sandbox.handle`, where `guard`
rejects requests from web pages of other sites. `app` authenticates, counts, routes, validates and calls
the handler; then a fault can replace or damage the response. `spec` reads the operations from
openapi.json, and rejects `patterns` that could run for long; `router` finds the operation and reads its
parameters and body; `schema` compiles JSON Schema into functions.
"""
