"""The path of every request: limits, budget, deadline, attempts, errors, log."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from vocobase._base.arguments import fails_again, is_id
from vocobase._base.clock import Deadline
from vocobase._base.errors import OutcomeUnknownError, ResponseError, VocobaseError
from vocobase._base.runtime import AsyncRuntime, AsyncSleep, async_current_runtime
from vocobase._base.secrets import Secret, drop_frames, reveal
from vocobase._core.aio.permits import acquire, try_acquire
from vocobase._policy.limits import check_members, members_of, write_json
from vocobase._policy.messages import Request, Response
from vocobase._policy.operations import Budget, Operation, RetrySafety, operation_of
from vocobase._policy.options import Timeout, time_limit
from vocobase._policy.overrides import Routes, rerouted
from vocobase._policy.pacers import Pacer, account_of, log_budget_wait, warn_about_long_wait
from vocobase._policy.pages import Page, PageWalk, read_page
from vocobase._policy.paths import check_path, encoded_query
from vocobase._policy.responses import DELETED, failure, payload, request_id
from vocobase._policy.retry import already_deleted, budget_wait, delay, final_error, is_not_processed
from vocobase._policy.tracing import Observe, Trace, observed, trace_of
from vocobase._policy.variables import Declared
from vocobase._transport.async_pool import AsyncPool
from vocobase._version import __version__
from vocobase_raw.types import UNSET, OperationRequest

if TYPE_CHECKING:
    from vocobase._policy.hooks import ClientEvent, Notifier, ResponseInfo

T = TypeVar("T")
log = logging.getLogger("vocobase")


class Options(NamedTuple):
    """The options of a view; it may change all but the routes."""

    timeout: Timeout | None
    max_retries: int
    headers: Secret[Mapping[str, str]]
    pacer: Pacer | None = None
    on_response: Callable[[ResponseInfo], None] | None = None
    routes: Routes = MappingProxyType({})
    on_event: Notifier | None = None
    observe: Observe | None = None
    # No request is sent later than this.
    not_after: Deadline | None = None


class AsyncCore:
    """Send operations over one pool, under the options of one view."""

    def __init__(
        self,
        base_url: str,
        key: Callable[[], str],
        pool: AsyncPool,
        options: Options,
        declared: Declared | None = None,
        runtime: AsyncRuntime | None = None,
    ) -> None:
        self.base_url = base_url
        self.declared: Declared = declared or Declared()
        self.pool = pool
        self.options: Options = options
        self.runtime: AsyncRuntime = runtime or async_current_runtime()
        self._key = key

    def on(self, runtime: AsyncRuntime) -> AsyncCore:
        """Return a core that waits on another runtime, with the same options on the same pool."""
        return AsyncCore(self.base_url, self._key, self.pool, self.options, self.declared, runtime)

    def view(self, **changes: Any) -> AsyncCore:
        """Return a core with other options on the same pool."""
        options = self.options._replace(**changes)
        return AsyncCore(self.base_url, self._key, self.pool, options, self.declared, self.runtime)

    def observe(self, observe: Observe | None) -> None:
        """Run each operation of this core, and of the cores created from it later, inside a context."""
        self.options = self.options._replace(observe=observe)

    async def call(self, request: OperationRequest, parse: Callable[[Any], T]) -> T:
        """Send the request of an operation, and return its parsed payload."""
        operation = operation_of(request)
        trace = trace_of(request)
        with observed(self.options.observe, trace):
            response = await self._send(operation, request, trace)
            result = _read(operation, response, parse, request.method)
            if isinstance(result, Exception):
                final = self._final(operation, trace, _unreadable(operation, response, result))
                raise final from (result if final is not result else result.__cause__)
        self.declared.observe(operation.key, result)
        return result

    async def page(
        self, request: OperationRequest, key: str, load: Callable[[Mapping[str, Any]], T]
    ) -> Page[T]:
        """Send the request of a list operation, and return its page."""
        return await self.call(request, lambda data: read_page(data, key, load, request.query))

    async def walk(
        self,
        build: Callable[[int], OperationRequest],
        key: str,
        load: Callable[[Mapping[str, Any]], T],
        identity: Callable[[T], object],
    ) -> AsyncIterator[T]:
        """Yield the items of all pages, paced; rows that shift between requests are yielded exactly once."""
        core, walk = self.paced(), PageWalk(identity)
        while (offset := walk.offset) is not None:
            for item in walk.advance(await core.page(build(offset), key, load)):
                yield item

    def paced(self) -> AsyncCore:
        """Return a core that stays within the requests per minute, for loops."""
        if self.options.pacer is not None:
            return self
        # Loaded at the first loop: all programs start, and a single request needs no pacer.
        from vocobase._policy.budgets import shared_pacer

        return self.view(pacer=shared_pacer(self.runtime.clock))

    async def try_acquire(self, budget: Budget) -> float:
        """Acquire a permit; return 0, or the seconds after which to try again."""
        pacer = self.options.pacer
        return (
            0.0 if pacer is None else await try_acquire(pacer, budget, account_of(self._key()), self.runtime)
        )

    async def acquire(self, budget: Budget, sleep: AsyncSleep | None = None) -> None:
        """Wait for a permit; ``sleep`` passes the time, and may raise to give up."""
        pacer = self.options.pacer
        if pacer is not None:
            waited = await acquire(pacer, budget, account_of(self._key()), self.runtime, sleep)
            self._note_wait(None, budget, waited)

    def emit(self, event: ClientEvent) -> None:
        """Pass an event to the hook of the user, if there is one."""
        if self.options.on_event is not None:
            self.options.on_event(event)

    async def send_raw(self, request: OperationRequest) -> Response:
        """Send a request of the raw client."""
        operation = operation_of(request)
        trace = trace_of(request)
        with observed(self.options.observe, trace):
            return await self._send(operation, request, trace)

    async def _send(self, operation: Operation, request: OperationRequest, trace: Trace) -> Response:
        """Send, and retry if that is safe, until there is a response; raise the error of a failure."""
        request = rerouted(request, self.options.routes)
        trace.path = request.template
        check_members(operation.key, members_of(request))
        check_path(request.url, operation.key)
        timeout = self.options.timeout or time_limit(operation.seconds)
        end = self.options.not_after
        total = timeout.total if end is None else min(timeout.total, end.remaining())
        deadline = Deadline(self.runtime.clock, total)
        prepared = self._prepare(operation, request)
        waits = 0
        lost = False
        while True:
            deadline.extend(await self._acquire_for(prepared, operation.budget, trace))
            trace.attempts += 1
            result = await self._attempt(prepared, timeout, deadline, trace)
            if isinstance(result, Response):
                return result
            if lost and already_deleted(operation, result):
                return DELETED
            lost = lost or not is_not_processed(result)
            if waited := await self._wait_for_budget(trace, result, waits):
                waits += 1
                deadline.extend(waited)
                continue
            seconds = delay(
                operation,
                result,
                attempt=trace.attempts - waits,
                max_retries=self.options.max_retries,
                remaining=deadline.remaining(),
                random=self.runtime.random,
            )
            if seconds is None:
                final = self._final(operation, trace, result)
                raise final from (result if final is not result else result.__cause__)
            warn_about_long_wait(result, trace.operation)
            self.emit(trace.retry(result, seconds))
            await self.runtime.sleep(seconds)

    async def _acquire_for(self, request: Request, budget: Budget, trace: Trace) -> float:
        """Wait for a permit; return how long, because the time limit is for the request alone."""
        if self.options.pacer is None:
            return 0.0
        started = self.runtime.monotonic()
        # The key of the request, as a key function may return another one now.
        account = account_of(request.headers["authorization"].removeprefix("Bearer "))
        waited = await acquire(self.options.pacer, budget, account, self.runtime)
        trace.waited += waited
        self._note_wait(trace.operation, budget, waited)
        return self.runtime.monotonic() - started

    async def _wait_for_budget(self, trace: Trace, error: VocobaseError, waits: int) -> float:
        """Wait while others use up the budget of a paced client; return how long, 0 for another error."""
        seconds = None if self.options.pacer is None else budget_wait(error, waits)
        if seconds is None:
            return 0.0
        log_budget_wait(trace.operation, seconds)
        warn_about_long_wait(error, trace.operation)
        self.emit(trace.retry(error, seconds))
        await self.runtime.sleep(seconds)
        return seconds

    async def _attempt(
        self, request: Request, timeout: Timeout, deadline: Deadline, trace: Trace
    ) -> Response | VocobaseError:
        path, attempt, trace.status = trace.path, trace.attempts, None
        started = self.runtime.monotonic()
        try:
            response = await self.pool.send(request, timeout, deadline)
        except VocobaseError as error:
            _log(request, path, type(error).__name__, self.runtime.monotonic() - started, attempt)
            return error
        seconds = self.runtime.monotonic() - started
        trace.status = response.status
        identifier = request_id(response.headers)
        _log(request, path, str(response.status), seconds, attempt, identifier)
        if self.options.on_response is not None:
            # Loaded for the clients that have such a hook, which are few.
            from vocobase._policy.hooks import ResponseInfo

            info = ResponseInfo(
                operation=request.name,
                method=request.method,
                path=path,
                status=response.status,
                headers=dict(response.headers),
                request_id=identifier,
                attempt=attempt,
                seconds=seconds,
            )
            try:
                self.options.on_response(info)
            except Exception:
                log.exception("on_response failed for %s %s", request.method, path)
        now, routes = self.runtime.now, self.options.routes
        return failure(response, request.name, request.method, path, now, routes) or response

    def _note_wait(self, operation: str | None, budget: Budget, waited: float) -> None:
        if waited:
            # Loaded at the first event: all programs start, and few requests wait.
            from vocobase._policy.hooks import PermitWaited

            self.emit(PermitWaited(operation, budget, waited))

    def _final(self, operation: Operation, trace: Trace, error: VocobaseError) -> VocobaseError:
        final = final_error(operation, error)
        if isinstance(final, OutcomeUnknownError):
            self.emit(trace.unknown(error))
        return final

    def _prepare(self, operation: Operation, request: OperationRequest) -> Request:
        name, once = operation.key, operation.safety is not RetrySafety.SAFE
        body = None if request.json is UNSET else Secret(write_json(name, request.json))
        query = encoded_query(request)
        return Request(
            request.method,
            self.base_url + request.url + (f"?{query.reveal()}" if query.reveal() else ""),
            {
                "accept": "application/json",
                "accept-encoding": "gzip, deflate",
                "user-agent": f"vocobase-python/{__version__}",
                **self.options.headers.reveal(),
                **({"content-type": "application/json"} if body is not None else {}),
                "authorization": f"Bearer {self._key()}",
            },
            reveal(body),
            name,
            once,
        )


def _read(operation: Operation, response: Response, parse: Callable[[Any], T], method: str) -> T | Exception:
    """Return the payload, or the error of the parser, whose frames hold secrets of the payload."""
    handled = sys.exception()
    try:
        return _parsed(operation, response, parse, method)
    except Exception as error:  # a hostile body may raise anything in a parser
        if not fails_again(lambda: _parsed(operation, response, parse, method)):
            raise
        return drop_frames(error, handled)


def _parsed(operation: Operation, response: Response, parse: Callable[[Any], T], method: str) -> T:
    result = parse(payload(response, operation, method))
    if operation.required_field and not is_id(getattr(result, operation.required_field, None)):
        raise ValueError(f"`{operation.required_field}` is missing")
    return result


def _unreadable(operation: Operation, response: Response, error: Exception) -> ResponseError:
    """Return the error for a success with an unexpected body."""
    if not isinstance(error, ResponseError):
        # Only our own texts: others may quote the body, which may contain a secret.
        fault = str(error) if isinstance(error, ValueError) else type(error).__name__
        text = f"{operation.key}: unexpected response (HTTP {response.status}): {fault}."
        error = ResponseError(text, status=response.status, operation=operation.key)
    return error


def _log(
    request: Request, path: str, outcome: str, seconds: float, attempt: int, identifier: str | None = None
) -> None:
    # Never a body, a query, a header or the values of a path: they contain prompts, numbers and keys.
    if log.isEnabledFor(logging.DEBUG):
        text = "%s %s: %s in %.0f ms (attempt %d, request %s)"
        log.debug(text, request.method, path, outcome, seconds * 1000, attempt, identifier or "-")
