"""Handle requests: authenticate, count, route, validate, execute, and apply the faults that are set."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from vocobase_sandbox.front.router import Route, Router, query_values, read_body
from vocobase_sandbox.handlers.context import Context, not_emulated
from vocobase_sandbox.handlers.keys import KEYS
from vocobase_sandbox.handlers.table import HANDLERS
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.clock import stopwatch
from vocobase_sandbox.kernel.faults import Fault, Faults, executes
from vocobase_sandbox.kernel.messages import (
    ApiError,
    Request,
    Response,
    failure,
    forbidden,
    invalid,
    not_found,
    success,
)
from vocobase_sandbox.kernel.request_log import RequestLog
from vocobase_sandbox.kernel.world import World, logger
from vocobase_sandbox.rules import objects, rooms
from vocobase_sandbox.rules.limits import RateLimiter

_MAX_LOGGED_PATH = 200


class App:
    """Dispatch requests to the operations, the object store, the rooms and the control API."""

    def __init__(
        self, world: World, faults: Faults, control: Callable[[Request], Response], router: Router
    ) -> None:
        self.world = world
        self._router = router
        self.limiter = RateLimiter()
        self.requests = RequestLog(self._operation_of)
        self._faults = faults
        self._control = control

    def handle(self, request: Request) -> Response:
        """Handle one request; every failure becomes an error envelope."""
        began = stopwatch()
        fault = self._fault_of(request) if len(self._faults) else None
        limiter = self.limiter if self.world.settings.rate_limits else None
        response = self._respond(request, limiter) if executes(fault) else Response(500)
        if fault is not None:
            response = self._faults.apply(fault, response)
        control = _is_control(request.path)
        if not (control and request.method == "GET"):
            # Reading must leave no trace: the dashboard polls every second.
            path = request.path[:_MAX_LOGGED_PATH]
            self.world.record("request", method=request.method, path=path, status=response.status)
        if not control:
            kind = fault.kind if fault is not None else None
            self.requests.add(request, response, self.world.now_ms, stopwatch() - began, kind)
        return response

    def handle_seed(self, request: Request) -> Response:
        """Handle one request without rate limits, log or faults, for data loaded at the start."""
        return self._respond(request, None)

    def _fault_of(self, request: Request) -> Fault | None:
        """Return the fault that affects a request; rooms and the control API never fail."""
        if request.path.startswith(paths.OBJECTS):
            return self._faults.take(f"{request.method} {paths.OBJECTS.rstrip('/')}")
        route = self._route(request.method, request.path)
        return self._faults.take(route.key, KEYS.get(route.key, route.key)) if route else None

    def _route(self, method: str, path: str) -> Route | None:
        if not path.startswith(paths.API + "/"):
            return None
        try:
            return self._router.find(method, path[len(paths.API) :])[0]
        except ApiError:
            return None

    def _operation_of(self, method: str, path: str) -> str | None:
        """Return the name of an operation for the request log, or None."""
        if path.startswith(paths.OBJECTS):
            return "object store"
        if path.startswith(paths.ROOMS):
            return "room"
        route = self._route(method, path)
        return KEYS.get(route.key, route.key) if route else None

    def _respond(self, request: Request, limiter: RateLimiter | None) -> Response:
        try:
            return self._dispatch(request, limiter)
        except ApiError as error:
            return failure(error)
        except Exception:  # noqa: BLE001 - one broken request must not take the server down
            return internal_error(request)

    def _dispatch(self, request: Request, limiter: RateLimiter | None) -> Response:
        path = request.path
        if path.startswith(paths.API + "/"):
            return self._operate(request, path[len(paths.API) :], limiter)
        if path.startswith(paths.OBJECTS):
            return objects.handle(self.world, request)
        if path.startswith(paths.ROOMS):
            return rooms.room(self.world, request)
        if _is_control(path):
            return self._control(request)
        raise not_found("route")

    def _operate(self, request: Request, path: str, limiter: RateLimiter | None) -> Response:
        world = self.world
        self._authenticate(request)
        if limiter is not None:
            limiter.check(request.method, path, world.now_ms)
        route, values = self._router.find(request.method, path)
        query, unknown = query_values(route, request.query)
        body = read_body(request, route, unknown)
        if unknown:
            self._report_unknown(route, unknown)
        handler = HANDLERS.get(route.key)
        if handler is None:
            raise not_emulated(route.key)
        data = handler(Context(world, values, query, body, request.origin))
        return success(route.operation.status, data)

    def _authenticate(self, request: Request) -> None:
        account = self.world.account
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        known = hmac.compare_digest(key.strip().encode("utf-8", "replace"), account["api_key"].encode())
        if scheme.lower() != "bearer" or not known:
            raise ApiError(401, "UNAUTHORIZED", "the API key is missing or invalid")
        if account["status"] != "active":
            raise forbidden(f"the account is {account['status']}")

    def _report_unknown(self, route: Route, names: list[str]) -> None:
        # A client must not forge log lines with line breaks or control characters.
        shown = ", ".join(name[:100] if name.isprintable() else ascii(name[:100]) for name in names[:10])
        if self.world.settings.strict:
            raise invalid(f"unknown: {shown}")
        logger.warning("%s: not documented, ignored: %s", route.key, shown)


def internal_error(request: Request) -> Response:
    """Log the current exception and build the response to its request."""
    logger.exception("unexpected error in %s %s", request.method, request.path)
    return failure(ApiError(500, "INTERNAL_ERROR", "the sandbox has a bug; see its log"))


def protect(work: Callable[[], Response], request: Request) -> Callable[[], Response]:
    """Turn an exception in deferred work into a response, which the front waits for."""

    def run() -> Response:
        try:
            return work()
        except Exception:  # noqa: BLE001 - as for work that is not deferred
            return internal_error(request)

    return run


def _is_control(path: str) -> bool:
    """Whether a path belongs to the control API or the dashboard."""
    return path == "/" or (path.startswith(paths.CONTROL + "/") and not path.startswith(paths.ROOMS))
