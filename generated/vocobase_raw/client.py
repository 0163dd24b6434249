"""The client for calling operations."""

from __future__ import annotations

import threading
from typing import Any, Self

import httpx
from attrs import define, evolve, field

from .errors import UnexpectedContent, UnexpectedStatus


@define(kw_only=True, repr=False)
class Client:
    """Settings and connection pools for calling operations.

    Attributes:
        token: The API key, sent as a bearer token.
        base_url: The address of the API, with its version.
        timeout: Seconds for each phase of a request, or an httpx.Timeout.
        headers: Further headers for every request.
        httpx_args: Further arguments for httpx.Client and httpx.AsyncClient.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.vocobase.com/api/v2"
    timeout: float | httpx.Timeout = 30.0
    headers: dict[str, str] = field(factory=dict, repr=False)
    httpx_args: dict[str, Any] = field(factory=dict, repr=False)
    _sync: httpx.Client | None = field(default=None, init=False, eq=False, repr=False)
    _async: httpx.AsyncClient | None = field(default=None, init=False, eq=False, repr=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, eq=False, repr=False)

    def __repr__(self) -> str:
        return f"Client(base_url={self.base_url!r}, timeout={self.timeout!r})"

    def __dir__(self) -> list[str]:
        """List the attributes that may be shown."""
        return [name for name in super().__dir__() if name not in ("token", "headers", "httpx_args")]

    def with_headers(self, headers: dict[str, str]) -> Client:
        """Return a client with more headers and its own pools."""
        return evolve(self, headers={**self.headers, **headers})

    def with_timeout(self, timeout: float | httpx.Timeout) -> Client:
        """Return a client with another timeout and its own pools."""
        return evolve(self, timeout=timeout)

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Use this pool, with its own settings."""
        self._sync = client
        return self

    def set_async_httpx_client(self, client: httpx.AsyncClient) -> Self:
        """Use this pool, with its own settings, for the async functions."""
        self._async = client
        return self

    def _settings(self) -> dict[str, Any]:
        return {
            "base_url": self.base_url,
            "headers": {"Authorization": f"Bearer {self.token}", **self.headers},
            "timeout": self.timeout,
            "follow_redirects": False,
            **self.httpx_args,
        }

    def get_httpx_client(self) -> httpx.Client:
        """Return the pool, created at the first use."""
        with self._lock:
            if self._sync is None:
                self._sync = httpx.Client(**self._settings())
            return self._sync

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the async pool, created at the first use."""
        with self._lock:
            if self._async is None:
                self._async = httpx.AsyncClient(**self._settings())
            return self._async

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.get_httpx_client().close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *args: object) -> None:
        await self.get_async_httpx_client().aclose()

    @staticmethod
    def payload(response: httpx.Response) -> Any:
        """Return the payload inside the envelope of a success.

        Raises:
            UnexpectedStatus: the status is not a 2xx.
            UnexpectedContent: the body is not JSON.
        """
        if not response.is_success:
            message = f"the server responded with {response.status_code}; see `content` for the body"
            raise UnexpectedStatus(message, response.status_code, response.content)
        try:
            body = response.json()
        except ValueError as error:
            message = (
                f"the server responded with {response.status_code} and a body that is not JSON; see `content`"
            )
            raise UnexpectedContent(message, response.status_code, response.content) from error
        return body["data"] if isinstance(body, dict) and "success" in body and "data" in body else body
