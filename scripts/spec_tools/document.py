"""Load an OpenAPI document and walk it; every failure is a SpecError that says where."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeGuard
from urllib.parse import unquote, urlsplit

from spec_tools.text import clean

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# The API has about a hundred operations; the bound keeps a hostile document from costing minutes.
MAX_OPERATIONS = 1000
# The limit on the size of a fetched document.
MAX_BYTES = 8 * 1024 * 1024
# With every reference followed, the API has 7,500 objects on at most 30 levels.
MAX_OBJECTS = 30_000
MAX_LEVELS = 100
# The API has paths with two.
MAX_PLACEHOLDERS = 20
LOCATIONS = ("query", "path", "header", "cookie")
_LONGEST_LINE = 2000


class SpecError(Exception):
    """A document that cannot be used; each argument is one line that says where and what to do.

    The lines may quote the document: no quote starts a line or controls a terminal.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(clean(line, _LONGEST_LINE) for line in lines))


@dataclass(frozen=True)
class Operation:
    """One operation of a document, with parameters of its path item included."""

    tag: str
    summary: str
    method: str
    path: str
    body: Json
    parameters: tuple[Json, ...]

    @property
    def route(self) -> str:
        return f"{self.method.upper()} {self.path}"


def is_object(node: object) -> TypeGuard[Json]:
    """Return whether a node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: object) -> TypeGuard[list[Any]]:
    """Return whether a node is a JSON array."""
    return isinstance(node, list)


def load(path: Path) -> Json:
    """Read a document from a file.

    Raises:
        SpecError: the file is missing, is not JSON, or is not an OpenAPI 3 document.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    if len(text) > MAX_BYTES:
        raise SpecError(f"{path}: larger than {MAX_BYTES} bytes")
    return parse(text, str(path))


def parse(text: bytes, name: str) -> Json:
    """Parse and check the outline of a document; ``name`` is used in messages."""
    try:
        document: Any = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_unambiguous
        )
        # Half of a surrogate pair is legal JSON, but can be written neither to a file nor to a terminal.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SpecError(f"{name}: not JSON: {reason}") from error
    if not is_object(document):
        raise SpecError(f"{name}: the top level is {type(document).__name__}, an object was expected")
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0", "3.1")):
        found = (
            f"`swagger` is {document['swagger']!r}" if "swagger" in document else f"`openapi` is {version!r}"
        )
        raise SpecError(f"{name}: {found}; only OpenAPI 3.0 and 3.1 documents are supported")
    if not is_object(document.get("paths")):
        raise SpecError(f"{name}: `paths` is missing or not an object")
    return document


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} is too large")
    return number


def _unambiguous(pairs: list[tuple[str, Any]]) -> Json:
    # Which of two values counts differs between readers, so a reviewer may see the other one.
    result: Json = {}
    for name, value in pairs:
        if name in result:
            raise ValueError(f"the name {name!r} occurs twice in one object")
        result[name] = value
    return result


def check_extent(document: Json) -> None:
    """Refuse a document that is too large or too deep once all references are followed.

    Raises:
        SpecError: it is; a few references that lead to each other can stand for any number of schemas.
    """
    sizes: dict[str, int] = {}

    def size(node: Any, level: int) -> int:
        if level > MAX_LEVELS:
            raise SpecError(f"the document expands to more than {MAX_LEVELS} levels")
        if is_array(node):
            return sum([size(item, level + 1) for item in node])
        if not is_object(node):
            return 0
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference not in sizes:
                # A schema that refers to itself is not counted again.
                sizes[reference] = 0
                sizes[reference] = size(_target(document, reference), level + 1)
            return 1 + sizes[reference]
        total = 1 + sum([size(value, level + 1) for value in node.values()])
        if total > MAX_OBJECTS:
            raise SpecError(f"the document expands to more than {MAX_OBJECTS} objects")
        return total

    size([document["paths"], document.get("webhooks")], 0)


def _target(document: Json, reference: str) -> Any:
    try:
        return resolve(document, reference)
    except SpecError:
        # The code that needs it reports it, with its place.
        return None


def resolve(document: Json, reference: Any) -> Any:
    """Follow a local JSON pointer such as ``#/components/schemas/Agent``."""
    if not isinstance(reference, str) or not reference.startswith("#/"):
        raise SpecError(f"$ref {reference!r}: only references inside the document are followed")
    node: Any = document
    for part in reference[2:].split("/"):
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        if is_array(node) and key.isdecimal() and len(key) < 10 and int(key) < len(node):
            node = node[int(key)]
        elif is_object(node) and key in node:
            node = node[key]
        else:
            raise SpecError(f"$ref {reference!r}: {key!r} does not exist")
    return node


def deref(document: Json, node: Any, where: str) -> Json:
    """Follow ``$ref`` chains of a parameter, body or response."""
    for _ in range(32):
        if not is_object(node):
            raise SpecError(f"{where}: {type(node).__name__} where an object was expected")
        if "$ref" not in node:
            return node
        try:
            node = resolve(document, node["$ref"])
        except SpecError as error:
            raise SpecError(f"{where}: {error}") from error
    raise SpecError(f"{where}: the $ref chain does not end")


def operations(document: Json, base_path: str = "") -> Iterator[Operation]:
    """Yield every operation, in document order, with paths relative to ``base_path``."""
    check_extent(document)
    prefix = _server_path(document)
    count = 0
    for path, raw in document["paths"].items():
        if path.startswith("x-"):
            continue
        item = deref(document, raw, f"paths[{path!r}]")
        for method in METHODS:
            if method not in item:
                continue
            count += 1
            if count > MAX_OPERATIONS:
                raise SpecError(f"paths: more than {MAX_OPERATIONS} operations")
            full = prefix + path
            relative = full.removeprefix(base_path) if full.startswith(base_path + "/") else path
            yield _operation(document, item, method, path, relative)


def _operation(document: Json, item: Json, method: str, path: str, relative: str) -> Operation:
    where = f"{method.upper()} {path}"
    body = item[method]
    if not is_object(body):
        raise SpecError(f"{where}: the operation is {type(body).__name__}, an object was expected")
    if not _balanced(relative):
        raise SpecError(f"{where}: the braces of the path do not pair")
    if relative.count("{") > MAX_PLACEHOLDERS:
        raise SpecError(f"{where}: more than {MAX_PLACEHOLDERS} path parameters")
    if not _PATH.match(path) or _DOTS.search(unquote(path)):
        raise SpecError(f"{where}: a path begins with one slash and has no segments `.` or `..`")
    tags = body.get("tags")
    return Operation(
        tag=str(tags[0]) if is_array(tags) and tags else "",
        summary=str(body.get("summary") or ""),
        method=method,
        path=relative,
        body=body,
        parameters=tuple(_parameters(document, item, body, where)),
    )


# A path is appended to the address of the API; it must not lead to another host or out of the API.
_PATH = re.compile(r"/(?![/\\])")
_DOTS = re.compile(r"(?:^|[/\\])\.\.?(?:[/\\]|$)")


def _balanced(path: str) -> bool:
    inside = False
    for character in path:
        if character in "{}":
            if inside == (character == "{"):
                return False
            inside = not inside
    return not inside


def _server_path(document: Json) -> str:
    try:
        return urlsplit(server_url(document)).path.rstrip("/")
    except ValueError as error:
        raise SpecError(f"servers[0].url: {error}") from error


def server_url(document: Json) -> str:
    """Return the address of the first server, or an empty string."""
    servers = document.get("servers")
    if is_array(servers) and servers and is_object(servers[0]):
        return str(servers[0].get("url", ""))
    return ""


def _parameters(document: Json, item: Json, body: Json, where: str) -> Iterator[Json]:
    seen: set[tuple[str, str]] = set()
    for owner in (body, item):
        raw_parameters = owner.get("parameters")
        for raw in raw_parameters if is_array(raw_parameters) else []:
            parameter = deref(document, raw, f"{where}: parameter")
            if not isinstance(parameter.get("name"), str):
                raise SpecError(f"{where}: a parameter has no name")
            if parameter.get("in") not in LOCATIONS:
                found = f"`in` is {parameter.get('in')!r}"
                raise SpecError(f"{where}: parameter {parameter['name']!r}: {found}, not in {LOCATIONS}")
            identity = (parameter["name"], parameter["in"])
            if identity not in seen:
                seen.add(identity)
                yield parameter


def json_schema(document: Json, node: Any, where: str) -> Json | None:
    """Return the JSON schema of a body or response, or None when it has none."""
    content = deref(document, node, where).get("content")
    known: Json = content if is_object(content) else {}
    for media_type, media in known.items():
        plain = media_type.split(";")[0].strip().lower()
        if is_object(media) and (plain in {"application/json", "*/*"} or plain.endswith("+json")):
            schema = media.get("schema")
            return schema if is_object(schema) else {}
    return None
