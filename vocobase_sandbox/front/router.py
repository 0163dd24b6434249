"""Find the operation of a request, and read its parameters and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl, unquote

from vocobase_sandbox.front.combinations import Check
from vocobase_sandbox.front.schema import compile_schema, known_values
from vocobase_sandbox.front.spec import Operation, Parameter, operations
from vocobase_sandbox.kernel.messages import (
    Request,
    Row,
    invalid,
    method_not_allowed,
    not_found,
    parse_json,
)

# The maximum number of digits of a double; Python itself rejects more than 4,300.
_INTEGER = re.compile(r"-?[0-9]{1,309}")


@dataclass(slots=True)
class Route:
    """An operation with the compiled checks of its parameters and its body."""

    operation: Operation
    method: str
    segments: tuple[str, ...]
    """The route under which it is served; for an operation that was moved, not the documented one."""
    body: Check | None
    query: tuple[tuple[Parameter, Check], ...]
    path: dict[str, tuple[dict[str, Any], Check]]

    @property
    def key(self) -> str:
        """Method and path template, which identify the operation for handlers and faults."""
        return f"{self.operation.method} {self.operation.path}"


class Router:
    """Match paths, then methods; literal segments take precedence over placeholders."""

    def __init__(self, known: tuple[Operation, ...]) -> None:
        self.routes = [_route(operation) for operation in known]
        self._index()

    def _index(self) -> None:
        self._literal: dict[str, dict[str, Route]] = {}
        self._templates: dict[int, dict[tuple[str, ...], dict[str, Route]]] = {}
        for route in sorted(self.routes, key=_specificity):
            path = "/" + "/".join(route.segments)
            if "{" in path:
                alike = self._templates.setdefault(len(route.segments), {})
                methods = alike.setdefault(_shape(route.segments), {})
            else:
                methods = self._literal.setdefault(path, {})
            methods[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, Any]]:
        """Return the route of a path below the base path and its decoded parameters.

        Raises:
            ApiError: 404 for an unknown path, 405 for a known path with another method.
        """
        methods = self._literal.get(path)
        segments: list[str] = []
        if methods is None:
            segments = path[1:].split("/")
            methods = self._matching(segments)
        route = methods.get(method)
        if route is None:
            raise method_not_allowed(methods)
        return route, _path_values(route, segments) if segments else {}

    def _matching(self, segments: list[str]) -> dict[str, Route]:
        for template, methods in self._templates.get(len(segments), {}).items():
            if fits(template, segments):
                return methods
        raise not_found("route")


@cache
def published() -> Router:
    """Return the router of the emulated API, which all sandboxes share."""
    return Router(operations())


def _route(operation: Operation) -> Route:
    return Route(
        operation,
        operation.method,
        tuple(operation.path[1:].split("/")),
        compile_schema(operation.body) if operation.body else None,
        tuple((parameter, compile_schema(parameter.schema)) for parameter in operation.query),
        {item.name: (item.schema, compile_schema(item.schema)) for item in operation.path_parameters},
    )


def _shape(segments: tuple[str, ...]) -> tuple[str, ...]:
    """Return a template without the names of its placeholders, which can differ between methods."""
    return tuple("{" if part[0] == "{" else part for part in segments)


def _specificity(route: Route) -> tuple[bool, ...]:
    """Sort key that puts literal segments before placeholders, from left to right."""
    return tuple(part[0] == "{" for part in route.segments)


def fits(template: tuple[str, ...], segments: list[str]) -> bool:
    """Whether the segments of a path fit those of a template."""
    return all(
        part == given or (part[0] == "{" and given != "")
        for part, given in zip(template, segments, strict=True)
    )


def _path_values(route: Route, segments: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for part, given in zip(route.segments, segments, strict=True):
        if part[0] == "{":
            name = part[1:-1]
            schema, check = route.path[name]
            value = _typed(name, unquote(given), schema)
            error = check(value, name, [])
            if error:
                raise invalid(error)
            values[name] = value
    return values


def accept_old_name(route: Route, values: dict[str, Any]) -> None:
    """Rename `connectionId`, which VoiceLink routes accept for compatibility."""
    if "connectionId" in values and route.operation.path.startswith("/voicelink/"):
        old = values.pop("connectionId")
        values.setdefault("connection_id", old)


def query_values(route: Route, query: str) -> tuple[dict[str, Any], list[str]]:
    """Parse the query of a route; return its typed values with defaults, and the unknown names.

    Raises:
        ApiError: 400 for a value of the wrong type or out of range, and for a repeated one.
    """
    documented = {parameter.name for parameter, _ in route.query}
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in given and name in documented:
            raise invalid(f"{name} is passed twice")
        given[name] = value
    accept_old_name(route, given)
    values: dict[str, Any] = {}
    for parameter, check in route.query:
        name, schema = parameter.name, parameter.schema
        if name not in given:
            if "default" in schema:
                values[name] = schema["default"]
            continue
        value = _typed(name, given.pop(name), schema)
        error = check(value, name, [])
        if error:
            raise invalid(error)
        values[name] = value
    return values, list(given)


def read_body(request: Request, route: Route, unknown: list[str]) -> Row:
    """Parse and validate the body of a request; remove undocumented fields and append them to the list.

    Raises:
        ApiError: 400.
    """
    if route.body is None:
        return {}
    if not request.body:
        if route.operation.body_required:
            raise invalid("a JSON body is required")
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise invalid("Content-Type must be application/json")
    body: Any = parse_json(request.body)
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    value = cast("dict[str, Any]", body)
    accept_old_name(route, value)
    undocumented: list[str] = []
    error = route.body(value, "", undocumented)
    if error:
        raise invalid(error)
    unknown += undocumented
    # Some handlers store the whole body; it must not set an `id` or a `deleted_at`.
    for name in value.keys() & undocumented:
        del value[name]
    return value


def _typed(name: str, text: str, schema: dict[str, Any]) -> Any:
    if schema.get("type") == "integer":
        if not _INTEGER.fullmatch(text):
            raise invalid(f"{name} must be a whole number")
        return int(text)
    # Documented for the status of calls; for the other filters, case is not documented.
    if text.lower() in known_values(schema):
        return text.lower()
    return text
