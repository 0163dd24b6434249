"""The transport: the only package of the facade that imports httpx.

Requests go straight to httpx's transports, which costs less per call than httpx.Client; proxies from the
environment, TLS verification, limits and timeouts are kept. One pool serves a client and all its views.
"""

import httpx

from vocobase._transport.addresses import fault_of

# What users may pass in; the only types of httpx that the public interface names.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport
HttpClient = httpx.Client
AsyncHttpClient = httpx.AsyncClient

__all__ = [
    "AsyncHttpClient",
    "AsyncTransport",
    "HttpClient",
    "Transport",
    "fault_of",
]
