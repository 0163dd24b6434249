"""The generated client, sent through the pool and the policies of the facade."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.nesting import json_reason
from vocobase._base.secrets import Secret, drop_frames
from vocobase._policy.custom_requests import CustomRequest
from vocobase._policy.messages import Response
from vocobase._transport.exchange import DECODED
from vocobase_raw.client import Client
from vocobase_raw.types import UNSET, OperationRequest

# Never resolved: requests of the raw client go to the base URL of the facade.
RAW_BASE_URL = "https://raw.invalid"


class RawClient(httpx.Client):
    """Send the requests of the raw client through the facade: same pool, same retries, same errors."""

    def __init__(self, forward: Callable[[OperationRequest], Response]) -> None:
        super().__init__(base_url=RAW_BASE_URL, trust_env=False)
        self._forward = forward

    def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        """Send a request of an operation, and keep the frames of httpx out of errors."""
        handled = sys.exception()
        try:
            return super().request(method, url, **options)
        except BaseException as error:
            drop_frames(error, handled)
            raise

    def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """Pass a request to the facade."""
        return raw_response(self._forward(raw_request(request, request.read())))


class AsyncRawClient(httpx.AsyncClient):
    """Send the requests of the raw client's async functions through the facade."""

    def __init__(self, forward: Callable[[OperationRequest], Awaitable[Response]]) -> None:
        super().__init__(base_url=RAW_BASE_URL, trust_env=False)
        self._forward = forward

    async def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        """Send a request of an operation, and keep the frames of httpx out of errors."""
        handled = sys.exception()
        try:
            return await super().request(method, url, **options)
        except BaseException as error:
            drop_frames(error, handled)
            raise

    async def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """Pass a request to the facade."""
        return raw_response(await self._forward(raw_request(request, await request.aread())))


class FacadeClient(Client):
    """The client ``vb.raw``; it refuses changes that would bypass the pool and policies of the facade."""

    def with_headers(self, headers: dict[str, str]) -> Client:
        """Refuse: create a view of the facade instead."""
        raise ConfigurationError("raw.with_headers: use with_options(headers=...).raw instead.")

    def with_timeout(self, timeout: float | httpx.Timeout) -> Client:
        """Refuse: create a view of the facade instead."""
        raise ConfigurationError("raw.with_timeout: use with_options(timeout=...).raw instead.")

    def get_httpx_client(self) -> httpx.Client:
        """Return the client that forwards to the facade."""
        if self._sync is None:
            raise ConfigurationError("raw of AsyncVocobase: call the asyncio functions of vocobase_raw.api.")
        return self._sync

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the client that forwards to the facade."""
        if self._async is None:
            raise ConfigurationError("raw of Vocobase: call the sync functions of vocobase_raw.api.")
        return self._async


def raw_client(base_url: str, forward: Callable[[OperationRequest], Response]) -> Client:
    """Return the generated client over a synchronous facade."""
    return FacadeClient(token="", base_url=base_url).set_httpx_client(RawClient(forward))


def async_raw_client(base_url: str, forward: Callable[[OperationRequest], Awaitable[Response]]) -> Client:
    """Return the generated client over an asynchronous facade."""
    return FacadeClient(token="", base_url=base_url).set_async_httpx_client(AsyncRawClient(forward))


def raw_request(request: httpx.Request, body: bytes) -> OperationRequest:
    """Return the request of the operation, or one for anything else that was sent through the raw client.

    Raises:
        InvalidArgumentError: the body is not JSON; nothing was sent.
    """
    original = request.extensions.get("operation_request")
    if isinstance(original, OperationRequest):
        return original
    fault = ""
    json_body: object = UNSET
    try:
        json_body = Secret(json.loads(body)) if body else UNSET
    except (ValueError, RecursionError) as error:
        fault = f"raw: a body must be JSON ({json_reason(error)}); nothing was sent."
    if fault:
        raise InvalidArgumentError(fault)
    return CustomRequest(
        operation=f"{request.method} (custom)",
        method=request.method,
        template="(custom)",
        target=request.url.raw_path.decode("ascii").partition("?")[0],
        encoded=Secret(request.url.query.decode("ascii")),
        json=json_body,
    )


def raw_response(response: Response) -> httpx.Response:
    """Return a response in the form that the raw client reads."""
    headers = {name: text for name, text in response.headers.items() if name.lower() not in DECODED}
    return httpx.Response(response.status, headers=headers, content=response.body)
