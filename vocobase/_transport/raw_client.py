"""The generated client over the facade's pool and policies."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from vocobase._base.errors import ConfigurationError, InvalidArgument
from vocobase._base.secrets import Secret, drop_frames
from vocobase._transport.bodies import Answer
from vocobase._transport.exchange import DECODED
from vocobase_raw.client import Client

# Never looked up: requests of the raw client take the facade's address.
RAW = "https://raw.invalid"


class RawClient(httpx.Client):
    """Lets the raw client go through the facade's policies: same pool, same repetition, same errors."""

    def __init__(self, forward: Callable[[Mapping[str, Any]], Answer]) -> None:
        super().__init__(base_url=RAW, trust_env=False)
        self._forward = forward

    def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        """Send a request of an operation; what httpx makes of it stays out of errors."""
        handled = sys.exception()
        try:
            return super().request(method, url, **options)
        except BaseException as error:
            drop_frames(error, handled)
            raise

    def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """Hand a request to the facade."""
        return raw_response(self._forward(raw_request(request, request.read())))


class AsyncRawClient(httpx.AsyncClient):
    """Lets the raw client's async functions go through the facade's policies."""

    def __init__(self, forward: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> None:
        super().__init__(base_url=RAW, trust_env=False)
        self._forward = forward

    async def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        """Send a request of an operation; what httpx makes of it stays out of errors."""
        handled = sys.exception()
        try:
            return await super().request(method, url, **options)
        except BaseException as error:
            drop_frames(error, handled)
            raise

    async def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """Hand a request to the facade."""
        return raw_response(await self._forward(raw_request(request, await request.aread())))


class FacadeClient(Client):
    """What ``vb.raw`` gives; whatever would leave the connections and policies of the facade is refused."""

    def with_headers(self, headers: dict[str, str]) -> Client:
        """Refuse: a view of the facade does it under the same policies."""
        raise ConfigurationError("raw.with_headers: use with_options(headers=...).raw instead.")

    def with_timeout(self, timeout: float | httpx.Timeout) -> Client:
        """Refuse: a view of the facade does it under the same policies."""
        raise ConfigurationError("raw.with_timeout: use with_options(timeout=...).raw instead.")

    def get_httpx_client(self) -> httpx.Client:
        """Return what forwards to the facade."""
        if self._sync is None:
            raise ConfigurationError("raw of AsyncVocobase: call the asyncio functions of vocobase_raw.api.")
        return self._sync

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return what forwards to the facade."""
        if self._async is None:
            raise ConfigurationError("raw of Vocobase: call the sync functions of vocobase_raw.api.")
        return self._async


def raw_client(base_url: str, forward: Callable[[Mapping[str, Any]], Answer]) -> Client:
    """Make the generated client over a synchronous facade."""
    return FacadeClient(token="", base_url=base_url).set_httpx_client(RawClient(forward))


def async_raw_client(base_url: str, forward: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> Client:
    """Make the generated client over an asynchronous facade."""
    return FacadeClient(token="", base_url=base_url).set_async_httpx_client(AsyncRawClient(forward))


def raw_request(request: httpx.Request, body: bytes) -> dict[str, Any]:
    """Bring a request of httpx into the form that raw operations build."""
    result: dict[str, Any] = {
        "method": request.method,
        "url": request.url.raw_path.decode("ascii").partition("?")[0],
        "query": request.url.query.decode("ascii"),
        "extensions": {"operation": f"{request.method} (custom)", "path": "(custom)", **request.extensions},
    }
    if not body:
        return result
    try:
        return {**result, "json": Secret(json.loads(body))}
    except (ValueError, RecursionError) as error:
        fault = f"raw: a body must be JSON ({error}); nothing was sent."
    raise InvalidArgument(fault)


def raw_response(answer: Answer) -> httpx.Response:
    """Bring an answer back into the form that the raw client reads."""
    headers = {name: text for name, text in answer.headers.items() if name.lower() not in DECODED}
    return httpx.Response(answer.status, headers=headers, content=answer.body)
