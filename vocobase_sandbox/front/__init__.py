"""From a request to a response.

`server` runs an event loop in a thread; `http1` cuts the bytes of its connections into requests. Every
front (this server, `asgi`, `httpx_transport`) hands a `Request` to `Sandbox.handle`, and `guard` keeps
web pages of other origins away. `app` authenticates, counts, routes, validates and calls the handler; a
fault may replace or damage the response afterwards. `spec` reads the operations from openapi.json and
rejects one whose `patterns` could run for long; `router` finds the operation and reads parameters and
body; `schema` compiles JSON Schema into plain functions.
"""
