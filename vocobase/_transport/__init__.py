"""The transport, which sends one request once: the only package of the facade that imports httpx.

The core calls `pools`; one pool serves a client and all its views. `routes` chooses a transport of httpx:
direct, or through a proxy, which `proxies` reads from the environment; `tls` reads the certificates. Going
there directly costs less per call than httpx.Client.
`attempt` follows what happens to the request, so that "not sent" is certain; `exchange` translates between
our requests and errors and those of httpx. `bodies` reads and writes bodies in pieces, under limits.

Below httpx: `deadline` (synchronous) and `async_stream` are the sockets, which keep to the deadline of a
request; `line` holds the rules for both of them: a connection with anything left on it is not used again.
`own_transport` and `async_own_transport` are the transports of httpx over them, and repair a pool after a
request that was interrupted; `inside` is the only module that uses internals of httpx and httpcore.
`raw_client` sends requests of the generated client through the core.
"""

import httpx

# The objects that users may pass; the only types of httpx that the public interface names.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport
HttpClient = httpx.Client
AsyncHttpClient = httpx.AsyncClient

__all__ = [
    "AsyncHttpClient",
    "AsyncTransport",
    "HttpClient",
    "Transport",
]
