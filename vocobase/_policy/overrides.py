"""Routes that replace those of operations: read, checked, and applied to requests.

Some routes are inferred, and the API may move any of them. An override changes method and path of an
operation; its name, retries, rate limit and checks of arguments stay.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from os import PathLike
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from attrs import evolve

from vocobase._base.arguments import as_path
from vocobase._base.errors import ConfigurationError
from vocobase._base.nesting import json_reason
from vocobase_raw.types import OperationRequest

ROUTES_VARIABLE = "VOCOBASE_ROUTES"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# An override for each of some hundred operations takes a tenth of it.
MAX_FILE_BYTES = 100_000
# A placeholder is a whole segment: inside one, an empty identifier would go unnoticed. There is no percent
# sign, which could hide a slash.
_SEGMENT = r"[A-Za-z0-9._~!$&'()*+,;=:@-]+|{[A-Za-z_][A-Za-z0-9_-]*}"
_PLACEHOLDER = r"{([^}]*)}"


class Route(NamedTuple):
    """Method and path template of an operation."""

    method: str
    path: str


Routes = Mapping[str, Route]
RoutesOption = Mapping[str, str] | str | PathLike[str]


def resolve_routes(given: RoutesOption | None, base_url: str) -> Routes:
    """Return the overrides of the constructor, else of the file that VOCOBASE_ROUTES names.

    Args:
        given: A mapping of operations to routes, or the path of a JSON file with one.
        base_url: Address of the API, whose path is not part of a route.

    Raises:
        ConfigurationError: an operation does not exist, or cannot have its route.
    """
    if given is None and not os.environ.get(ROUTES_VARIABLE):
        return {}
    source, rows = _read(os.environ[ROUTES_VARIABLE], ROUTES_VARIABLE) if given is None else _read(given)
    # Loaded only if there are overrides, as creating a client should be quick.
    from vocobase_raw.routes import ROUTES

    known = {key: Route(method, path) for key, (method, path, _) in ROUTES.items()}
    routes: dict[str, Route] = {}
    for key, text in rows.items():
        found = _route(key, text, known, urlsplit(base_url).path)
        if isinstance(found, str):
            raise ConfigurationError(f"{source}: {found}")
        routes[key] = found
    clash = _clash({**known, **routes}, routes)
    if clash:
        raise ConfigurationError(f"{source}: {clash}")
    return routes


def rerouted(request: OperationRequest, routes: Routes) -> OperationRequest:
    """Return the request under its override, or the request itself if it has none."""
    route = routes.get(request.operation)
    return request if route is None else evolve(request, method=route.method, template=route.path)


def evidence_of(operation: str, routes: Routes) -> str:
    """Return how the route of an operation is known: ``override``, or the level of its evidence."""
    if operation in routes:
        return "override"
    # Loaded at the first response that doubts a route.
    from vocobase_raw.routes import ROUTES

    return ROUTES.get(operation, ("", "", ""))[2]


def _read(given: object, source: str = "routes") -> tuple[str, Mapping[Any, object]]:
    """Return the name of the source for messages, and its rows."""
    if isinstance(given, Mapping):
        return source, cast("Mapping[Any, object]", given)
    if not isinstance(given, (str, PathLike)):
        raise ConfigurationError(
            f"{source} must be a mapping such as {{'campaigns.stop': 'POST /campaigns/{{id}}/stop'}}, "
            f"or the path of a JSON file with one, not {type(given).__name__}."
        )
    path = as_path(cast("str | PathLike[str]", given), source)
    source = f"{source} ({path})"
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
        rows: object = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_unambiguous)
    except OSError as error:
        raise ConfigurationError(f"{source}: the file cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{source}: not a JSON file of routes: {json_reason(error)}.") from error
    if len(text) > MAX_FILE_BYTES or not isinstance(rows, dict):
        raise ConfigurationError(f"{source}: a JSON object of operations and routes was expected.")
    return source, cast("dict[Any, object]", rows)


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    rows = dict(pairs)
    if len(rows) < len(pairs):
        raise ValueError("an operation occurs twice")
    return rows


def _route(key: object, text: object, known: Routes, base_path: str) -> Route | str:
    """Return the route that a row states, or the fault of the row."""
    if not isinstance(key, str) or key not in known:
        return f"{key!r} is not an operation; did you mean {_nearest(str(key), known)!r}?"
    parts = text.split(" ") if isinstance(text, str) else []
    if len(parts) != 2:
        example = " ".join(known[key])
        return f"{key}: a route is a method and a path, such as {example!r}, not {text!r}."
    method, path = parts
    fault = _method_fault(method) or _path_fault(path, base_path)
    if fault:
        return f"{key}: {fault}"
    ours, theirs = placeholders(known[key].path), placeholders(path)
    renamed = _renamed(ours, theirs)
    if renamed is None:
        needed = ", ".join(f"{{{name}}}" for name in ours) or "none"
        return f"{key}: {path!r} does not have the placeholders of the operation, each once: {needed}."
    return Route(method, re.sub(_PLACEHOLDER, lambda found: f"{{{renamed[found[1]]}}}", path))


def _nearest(key: str, known: Routes) -> str:
    # Loaded for a typing error only, as importing the client should be quick.
    from difflib import get_close_matches

    return get_close_matches(key, known, n=1, cutoff=0)[0]


def _method_fault(method: str) -> str:
    return "" if method in METHODS else f"{method!r} is not one of the methods {', '.join(METHODS)}."


def _path_fault(path: str, base_path: str) -> str:
    if not path.startswith("/") or path.startswith("//"):
        return f"{path!r} is not a path; begin with one slash, and without the address of the API."
    if base_path.strip("/") and f"{path}/".startswith(f"{base_path.rstrip('/')}/"):
        return f"{path!r} repeats the path of base_url; leave {base_path!r} out."
    for segment in path[1:].split("/"):
        if not segment.strip(".") or not re.fullmatch(_SEGMENT, segment):
            return (
                f"{path!r} has a segment that a route cannot have, {segment!r}; use plain segments and "
                "placeholders such as {id}, without a query."
            )
    return ""


def placeholders(path: str) -> list[str]:
    """Return the names of the placeholders of a path, in order."""
    return re.findall(_PLACEHOLDER, path)


def _renamed(ours: list[str], theirs: list[str]) -> dict[str, str] | None:
    """Return our name of each placeholder, None if it is not certain which is which.

    One placeholder may have a name of its own; of two, it would be a guess which is which.
    """
    missing = [name for name in ours if name not in theirs]
    strange = [name for name in theirs if name not in ours]
    if len(theirs) != len(ours) or len(set(theirs)) != len(theirs) or len(missing) > 1:
        return None
    return {**{name: name for name in ours}, **dict(zip(strange, missing, strict=True))}


def _clash(every: Routes, changed: Routes) -> str:
    """Return the fault of an override that is the route of another operation, empty if there is none."""
    taken: dict[tuple[str, str], str] = {}
    for key in sorted(every, key=lambda key: key in changed):
        route = every[key]
        other = taken.setdefault((route.method, re.sub(_PLACEHOLDER, "{}", route.path)), key)
        if other != key:
            return f"{key}: '{route.method} {route.path}' is the route of {other}; change that one as well."
    return ""
