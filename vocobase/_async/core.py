"""What every call goes through: key, pace, deadline, attempts, errors, log."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from vocobase._answers import DELETED, ResponseInfo, failure, payload, request_id
from vocobase._checks import check_members, write_json
from vocobase._config import Timeout
from vocobase._errors import VocobaseError
from vocobase._http import AsyncPool
from vocobase._operations import Operation, operation_of
from vocobase._pacing import Pacer, account_of, async_reserve, no_room
from vocobase._paths import check_path
from vocobase._retry import already_deleted, certainly_not_done, delay, final_error
from vocobase._version import __version__
from vocobase._wire import Answer, Request

T = TypeVar("T")
log = logging.getLogger("vocobase")


@dataclass(frozen=True)
class Options:
    """What a view may change; the pool is not among it."""

    timeout: Timeout
    max_retries: int
    headers: Mapping[str, str]
    pacer: Pacer | None = None
    on_response: Callable[[ResponseInfo], None] | None = None


class AsyncCore:
    """Send operations over one pool, under the options of one view."""

    def __init__(self, base_url: str, key: Callable[[], str], pool: AsyncPool, options: Options) -> None:
        self.base_url = base_url
        self.pool = pool
        self.options = options
        self._key = key

    def view(self, **changes: Any) -> AsyncCore:
        """Return a core with other options on the same pool."""
        return AsyncCore(self.base_url, self._key, self.pool, replace(self.options, **changes))

    async def call(self, request: Mapping[str, Any], parse: Callable[[Any], T]) -> T:
        """Send what a raw operation built, and parse the payload inside the envelope."""
        operation = operation_of(request)
        answer = await self.send(operation, request)
        try:
            data = payload(answer, operation.key)
        except VocobaseError as error:
            raise final_error(operation, error) from error
        return parse(data)

    async def send_raw(self, request: Mapping[str, Any]) -> Answer:
        """Send what the raw client built."""
        return await self.send(operation_of(request), request)

    async def send(self, operation: Operation, request: Mapping[str, Any]) -> Answer:
        """Send until there is an answer, within the deadline; raise what a failure means."""
        check_path(request["url"], operation.key)
        check_members(operation.key, request)
        deadline = time.monotonic() + self.options.timeout.total
        prepared = self._prepare(operation.key, request)
        attempt = 0
        lost = False
        while True:
            attempt += 1
            if self.options.pacer is not None:
                await self._take_place(self.options.pacer, operation, deadline)
            result = await self._attempt(prepared, deadline, request["extensions"]["path"], attempt)
            if isinstance(result, Answer):
                return result
            if lost and already_deleted(request["method"], result):
                return DELETED
            lost = lost or not certainly_not_done(result)
            seconds = delay(
                operation,
                result,
                attempt=attempt,
                max_retries=self.options.max_retries,
                remaining=deadline - time.monotonic(),
                random=random.random,
            )
            if seconds is None:
                final = final_error(operation, result)
                raise final from (result if final is not result else result.__cause__)
            await asyncio.sleep(seconds)

    async def _take_place(self, pacer: Pacer, operation: Operation, deadline: float) -> None:
        account = account_of(self._key())
        while seconds := await async_reserve(pacer, operation.budget, account):
            if time.monotonic() + seconds > deadline:
                raise no_room(operation)
            await asyncio.sleep(seconds)

    async def _attempt(
        self, request: Request, deadline: float, path: str, attempt: int
    ) -> Answer | VocobaseError:
        started = time.monotonic()
        try:
            answer = await self.pool.send(request, self.options.timeout, deadline)
        except VocobaseError as error:
            _log(request, path, type(error).__name__, started, attempt)
            return error
        _log(request, path, str(answer.status), started, attempt)
        if self.options.on_response is not None:
            self.options.on_response(
                ResponseInfo(
                    operation=request.name,
                    method=request.method,
                    path=path,
                    status=answer.status,
                    headers=dict(answer.headers),
                    request_id=request_id(answer.headers),
                    attempt=attempt,
                    seconds=time.monotonic() - started,
                )
            )
        return failure(answer, request.name, request.method, path) or answer

    def _prepare(self, name: str, request: Mapping[str, Any]) -> Request:
        headers = {
            "Authorization": f"Bearer {self._key()}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": f"vocobase-python/{__version__}",
            **self.options.headers,
        }
        body = None
        if "json" in request:
            headers["Content-Type"] = "application/json"
            body = write_json(name, request["json"])
        url = self.base_url + request["url"]
        query = request.get("query") or urlencode(request.get("params") or {})
        if query:
            url += f"?{query}"
        return Request(request["method"], url, headers, body, name)


def _log(request: Request, path: str, outcome: str, started: float, attempt: int) -> None:
    # Never a body, a query, a header or a filled-in path: they hold prompts, numbers and keys.
    if log.isEnabledFor(logging.DEBUG):
        milliseconds = (time.monotonic() - started) * 1000
        log.debug("%s %s: %s in %.0f ms (attempt %d)", request.method, path, outcome, milliseconds, attempt)
