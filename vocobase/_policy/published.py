"""Compare the routes of a published document with those of the SDK. Pure, no I/O.

The document is not trusted: parts that are not valid OpenAPI count as absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from vocobase._policy.overrides import METHODS, placeholders
from vocobase_raw.routes import ROUTES
from vocobase_raw.titles import TITLES

# The API has about a hundred operations.
MAX_OPERATIONS = 1000
_WORD = re.compile("[a-z0-9]+")
_APOSTROPHE = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")


@dataclass(frozen=True, slots=True)
class RouteDifference:
    """An operation whose route in the document is not that of the SDK.

    Attributes:
        operation: The operation, such as ``campaigns.stop``.
        ours: Its route in the SDK.
        published: Its route in the document, as ``Vocobase(routes=)`` takes it; empty if it has none.
        evidence: How the route of the SDK is known, such as ``inferred``.
    """

    operation: str
    ours: str
    published: str
    evidence: str


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation of either side."""

    title: str
    method: str
    path: str

    @property
    def route(self) -> str:
        """Its route without the names of placeholders, which do not matter."""
        return f"{self.method} {re.sub('{[^}]*}', '{}', self.path).rstrip('/')}"


def differences(document: object, base_path: str) -> list[RouteDifference]:
    """Return the operations that a document has under another route, or not at all.

    An operation is found by tag and summary, else by method and path.

    Args:
        document: An OpenAPI document, as JSON is read.
        base_path: Path of the address of the API, which is not part of a route.

    Raises:
        ValueError: it is not an OpenAPI document.
    """
    ours = {key: _Operation(_title(*TITLES[key]), method, path) for key, (method, path, _) in ROUTES.items()}
    free = list(_operations(document, base_path.rstrip("/")))
    found: dict[str, _Operation] = {}
    for identity in (_title_of, _route_of):
        _pair(ours, free, found, identity)
    return [
        RouteDifference(key, f"{each.method} {each.path}", _published(each, found.get(key)), ROUTES[key][2])
        for key, each in ours.items()
        if key not in found or found[key].route != each.route
    ]


def _pair(
    ours: Mapping[str, _Operation],
    free: list[_Operation],
    found: dict[str, _Operation],
    identity: Callable[[_Operation], str],
) -> None:
    """Find the operations that have the same identity; several are one only if the route decides."""
    alike: dict[str, list[_Operation]] = {}
    for each in free:
        alike.setdefault(identity(each), []).append(each)
    for key, each in ours.items():
        candidates = alike.get(identity(each), []) if key not in found else []
        if len(candidates) > 1:
            candidates = [other for other in candidates if other.route == each.route]
        if len(candidates) == 1:
            found[key] = candidates[0]
            free.remove(candidates[0])
            alike[identity(each)].remove(candidates[0])


def _title_of(operation: _Operation) -> str:
    return operation.title


def _route_of(operation: _Operation) -> str:
    return operation.route


def _title(tag: str, summary: str) -> str:
    """Reduce a title to lower-case words: case and punctuation do not matter."""
    return " / ".join("-".join(_WORD.findall(_APOSTROPHE.sub("", each.lower()))) for each in (tag, summary))


def _published(ours: _Operation, theirs: _Operation | None) -> str:
    """Return a published route with our names of its placeholders, by position."""
    if theirs is None:
        return ""
    names = placeholders(ours.path)
    if len(placeholders(theirs.path)) != len(names):
        return f"{theirs.method} {theirs.path}"
    rest = iter(names)
    return f"{theirs.method} {re.sub('{[^}]*}', lambda _: f'{{{next(rest)}}}', theirs.path)}"


def _operations(document: object, base_path: str) -> Iterator[_Operation]:
    root = _object(document)
    if not str(root.get("openapi", "")).startswith("3.") or not isinstance(root.get("paths"), dict):
        raise ValueError("it is not an OpenAPI 3 document")
    prefix = _server_path(root)
    count = 0
    for path, item in _object(root["paths"]).items():
        for method, each in _object(item).items():
            if method.upper() not in METHODS:
                continue
            count += 1
            if count > MAX_OPERATIONS:
                raise ValueError(f"it has more than {MAX_OPERATIONS} operations")
            operation = _object(each)
            tags = operation.get("tags")
            tag = str(cast("list[object]", tags)[0]) if isinstance(tags, list) and tags else ""
            full = prefix + path
            relative = full.removeprefix(base_path) if full.startswith(f"{base_path}/") else path
            yield _Operation(_title(tag, str(operation.get("summary", ""))), method.upper(), relative)


def _server_path(root: Mapping[str, Any]) -> str:
    servers = root.get("servers")
    first: object = cast("list[object]", servers)[0] if isinstance(servers, list) and servers else None
    try:
        return urlsplit(str(_object(first).get("url", ""))).path.rstrip("/")
    except ValueError:
        return ""


def _object(value: object) -> Mapping[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
