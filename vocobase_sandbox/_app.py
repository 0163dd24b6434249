"""Answer requests: authenticate, count, route, validate, carry out."""

from __future__ import annotations

import hmac
from typing import Any

from vocobase_sandbox import _handlers, _objects, _web
from vocobase_sandbox._context import HANDLERS, Context
from vocobase_sandbox._http import (
    ApiError,
    Request,
    Response,
    Row,
    failure,
    forbidden,
    invalid,
    not_found,
    parse_json,
    success,
)
from vocobase_sandbox._limits import RateLimiter
from vocobase_sandbox._router import BASE_PATH, Route, Router, query_values
from vocobase_sandbox._world import World, logger

assert _handlers  # imported for the handlers that it registers


class App:
    """Dispatch requests to the object store, the rooms and the operations."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.router = Router()
        self.limiter = RateLimiter()

    def handle(self, request: Request) -> Response:
        """Answer one request; whatever goes wrong becomes an error envelope."""
        try:
            response = self._dispatch(request)
        except ApiError as error:
            response = failure(error)
        except Exception:  # noqa: BLE001 - one broken request must not take the server down
            logger.exception("unexpected fault in %s %s", request.method, request.path)
            response = failure(ApiError(500, "INTERNAL_ERROR", "the sandbox has a bug; see its log"))
        self.world.record("request", method=request.method, path=request.path, status=response.status)
        return response

    def _dispatch(self, request: Request) -> Response:
        path = request.path
        if path.startswith(BASE_PATH + "/"):
            return self._operate(request, path[len(BASE_PATH) :])
        if path.startswith(_objects.PREFIX):
            return _objects.handle(self.world, request)
        if path.startswith(_web.ROOM_PREFIX):
            return _web.room(self.world, request)
        raise not_found("route")

    def _operate(self, request: Request, path: str) -> Response:
        world = self.world
        self._authenticate(request)
        if world.settings.rate_limits:
            self.limiter.check(request.method, path, world.now_ms)
        route, values = self.router.find(request.method, path)
        query, unknown = query_values(route, request.query)
        body = self._body(request, route, unknown)
        if unknown:
            self._report_unknown(route, unknown)
        data = HANDLERS[route.key](Context(world, values, query, body, request.origin))
        return success(route.operation.status, data)

    def _authenticate(self, request: Request) -> None:
        account = self.world.account
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        known = hmac.compare_digest(key.strip().encode("utf-8", "replace"), account["api_key"].encode())
        if scheme.lower() != "bearer" or not known:
            raise ApiError(401, "UNAUTHORIZED", "the API key is missing or invalid")
        if account["status"] != "active":
            raise forbidden(f"the account is {account['status']}")

    def _body(self, request: Request, route: Route, unknown: list[str]) -> Row:
        if route.body is None:
            return {}
        if not request.body:
            if route.operation.body_required:
                raise invalid("a JSON body is required")
            return {}
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise invalid("Content-Type must be application/json")
        value: Any = parse_json(request.body)
        if not isinstance(value, dict):
            raise invalid("the body must be a JSON object")
        error = route.body(value, "", unknown)
        if error:
            raise invalid(error)
        return value  # pyright: ignore[reportUnknownVariableType]

    def _report_unknown(self, route: Route, names: list[str]) -> None:
        shown = ", ".join(name[:100] for name in names[:10])
        if self.world.settings.strict:
            raise invalid(f"unknown: {shown}")
        logger.warning("%s: not documented, ignored: %s", route.key, shown)
