"""Load an OpenAPI document and walk it; every failure is a SpecError that says where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class SpecError(Exception):
    """A document that cannot be used; the message says where and what to do."""


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


def load(path: Path) -> Json:
    """Read a document from a file.

    Raises:
        SpecError: the file is missing, is not JSON, or is not an OpenAPI 3 document.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    return parse(text, str(path))


def parse(text: bytes, name: str) -> Json:
    """Parse and check the outline of a document; ``name`` goes into messages."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SpecError(f"{name}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise SpecError(f"{name}: the top level is {type(document).__name__}, an object was expected")
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith("3."):
        raise SpecError(f"{name}: `openapi` is {version!r}; only OpenAPI 3.0 and 3.1 documents are understood")
    if not isinstance(document.get("paths"), dict):
        raise SpecError(f"{name}: `paths` is missing or not an object")
    return document


def resolve(document: Json, reference: str) -> Any:
    """Follow a local JSON pointer such as ``#/components/schemas/Agent``."""
    if not reference.startswith("#/"):
        raise SpecError(f"$ref {reference!r}: only references inside the document are followed")
    node: Any = document
    for part in reference[2:].split("/"):
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, dict) and key in node:
            node = node[key]
        else:
            raise SpecError(f"$ref {reference!r}: {key!r} does not exist")
    return node


def deref(document: Json, node: Any, where: str) -> Json:
    """Follow ``$ref`` chains of a parameter, body or response."""
    for _ in range(32):
        if not isinstance(node, dict):
            raise SpecError(f"{where}: {type(node).__name__} where an object was expected")
        if "$ref" not in node:
            return node
        node = resolve(document, node["$ref"])
    raise SpecError(f"{where}: the $ref chain does not end")


def operations(document: Json, base_path: str = "") -> Iterator[Operation]:
    """Yield every operation, in document order, with paths relative to ``base_path``."""
    prefix = _server_path(document)
    for path, item in document["paths"].items():
        item = deref(document, item, f"paths[{path!r}]")
        for method in METHODS:
            if method not in item:
                continue
            where = f"{method.upper()} {path}"
            body = item[method]
            if not isinstance(body, dict):
                raise SpecError(f"{where}: the operation is {type(body).__name__}, an object was expected")
            full = prefix + path
            tags = body.get("tags")
            yield Operation(
                tag=str(tags[0]) if isinstance(tags, list) and tags else "",
                summary=str(body.get("summary") or ""),
                method=method,
                path=full.removeprefix(base_path) if full.startswith(base_path + "/") else path,
                body=body,
                parameters=tuple(_parameters(document, item, body, where)),
            )


def _server_path(document: Json) -> str:
    servers = document.get("servers")
    if isinstance(servers, list) and servers and isinstance(servers[0], dict):
        return urlsplit(str(servers[0].get("url", ""))).path.rstrip("/")
    return ""


def _parameters(document: Json, item: Json, body: Json, where: str) -> Iterator[Json]:
    seen: set[tuple[Any, Any]] = set()
    for raw in [*body.get("parameters", []), *item.get("parameters", [])]:
        parameter = deref(document, raw, f"{where}: parameter")
        if not isinstance(parameter.get("name"), str):
            raise SpecError(f"{where}: a parameter has no name")
        identity = (parameter["name"], parameter.get("in"))
        if identity not in seen:
            seen.add(identity)
            yield parameter


def json_schema(document: Json, node: Any, where: str) -> Json | None:
    """Return the JSON schema of a body or response, or None when it has none."""
    content = deref(document, node, where).get("content", {})
    for media_type, media in content.items():
        if media_type.split(";")[0].strip() in {"application/json", "*/*"} or media_type.endswith("+json"):
            schema = media.get("schema")
            return schema if isinstance(schema, dict) else {}
    return None
