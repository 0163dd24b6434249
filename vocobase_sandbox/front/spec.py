"""Read openapi.json: the operations with their parameters, bodies and status codes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple

from vocobase_sandbox.front.patterns import is_linear, patterns_of
from vocobase_sandbox.kernel.package_data import read_document

_METHODS = ("get", "post", "put", "patch", "delete")


class Parameter(NamedTuple):
    """One path or query parameter."""

    name: str
    required: bool
    schema: dict[str, Any]


class Operation(NamedTuple):
    """One operation of the document."""

    id: str
    method: str
    path: str
    summary: str
    status: int
    """The documented status of success."""
    body: dict[str, Any] | None
    body_required: bool
    query: tuple[Parameter, ...]
    path_parameters: tuple[Parameter, ...]


@cache
def document() -> dict[str, Any]:
    """Return the parsed document; it is read once per process."""
    loaded: dict[str, Any] = json.loads(read_document())
    return loaded


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation of the document, in its order."""
    return parse(document())


def parse(source: dict[str, Any]) -> tuple[Operation, ...]:
    """Read the operations of a document.

    Raises:
        ValueError: if a pattern could take more than linear time on a client's value.
    """
    read = tuple(
        _operation(path, method, item[method])
        for path, item in source["paths"].items()
        for method in _METHODS
        if method in item
    )
    schemas = source.get("components", {}).get("schemas", {})
    for operation in read:
        _check_patterns(operation, schemas)
    return read


def _check_patterns(operation: Operation, schemas: dict[str, Any]) -> None:
    parameters = [parameter.schema for parameter in (*operation.query, *operation.path_parameters)]
    for schema in (*parameters, operation.body or {}):
        for pattern in patterns_of(schema, schemas):
            if not is_linear(pattern):
                raise ValueError(
                    f"{operation.id}: the pattern {pattern!r} could take more than linear time; "
                    "rewrite it without groups, alternatives or repeated items that overlap"
                )


def _operation(path: str, method: str, raw: dict[str, Any]) -> Operation:
    body = raw.get("requestBody")
    schema = body["content"]["application/json"]["schema"] if body else None
    parameters: list[dict[str, Any]] = raw.get("parameters", [])
    return Operation(
        # A publisher may leave it out.
        id=raw.get("operationId") or f"{method.upper()} {path}",
        method=method.upper(),
        path=path,
        summary=raw["summary"],
        status=next(int(code) for code in raw["responses"] if code.startswith("2")),
        body=schema,
        body_required=bool(body and body.get("required")),
        query=_parameters(parameters, "query"),
        path_parameters=_parameters(parameters, "path"),
    )


def _parameters(raw: list[dict[str, Any]], where: str) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(item["name"], bool(item.get("required")), item["schema"])
        for item in raw
        if item["in"] == where
    )
