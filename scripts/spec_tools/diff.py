"""Compare the meaning of two documents: operations by title, schemas in normal form."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from spec_tools.changes import REQUEST, RESPONSE, Change, schemas
from spec_tools.config import Naming
from spec_tools.document import (
    Json,
    Operation,
    deref,
    is_array,
    is_object,
    json_schema,
    operations,
    server_url,
)
from spec_tools.matching import Row, pair, placeholders, shape, slug
from spec_tools.naming import unwrap
from spec_tools.rules import Severity
from spec_tools.schemas import Schema, normalise


def compare(old: Json, new: Json, naming: Naming) -> list[Change]:
    """Return the differences on the wire between two usable documents.

    Raises:
        SpecError: a part of one of them cannot be read.
    """
    mine, theirs = list(operations(old, naming.base_path)), list(operations(new, naming.base_path))
    keyed = _keyed(naming, mine)
    # The snapshot's own titles are compared, so a row that is out of date does no harm.
    rows = [Row(key, op.tag, op.summary, op.method, op.path) for key, op in keyed.items()]
    found, added = pair(rows, theirs)
    changes = list(_document(old, new))
    for key, operation in keyed.items():
        if key in found:
            changes += _operation(key, (old, operation), (new, found[key]))
        else:
            changes.append(Change(key, "", "", "operation removed", operation.route))
    changes += [Change(f"{op.tag} / {op.summary}", "", "", "operation added", op.route) for op in added]
    return [change for change in changes if change.severity > Severity.EQUAL]


def _keyed(naming: Naming, mine: list[Operation]) -> dict[str, Operation]:
    found, rest = pair(naming.rows, mine)
    return {**found, **{op.route: op for op in rest}}


def _document(old: Json, new: Json) -> Iterator[Change]:
    before, after = (urlsplit(server_url(document)) for document in (old, new))
    # A relative address means "where this document is", so it is not compared.
    if before.netloc and after.netloc and (before.scheme, before.netloc) != (after.scheme, after.netloc):
        detail = f"{before.scheme}://{before.netloc} -> {after.scheme}://{after.netloc}"
        yield Change("servers", "", "", "server moved", detail)
    if all(str(document["openapi"]).startswith("3.1") for document in (old, new)):
        yield from _events(old, new)


def _events(old: Json, new: Json) -> Iterator[Change]:
    before, after = _hooks(old), _hooks(new)
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield Change(name, "", "", "event removed", "")
        elif name not in before:
            yield Change(name, "", "", "event added", "")
        else:
            # A webhook's body is sent to us: for a receiver it is a response.
            yield from schemas(f"event {name}", RESPONSE, "", before[name], after[name])


def _hooks(document: Json) -> dict[str, Schema]:
    result: dict[str, Schema] = {}
    hooks = document.get("webhooks")
    for name, raw in (hooks if is_object(hooks) else {}).items():
        where = f"webhooks.{name}"
        post = deref(document, raw, where).get("post")
        body = post.get("requestBody") if is_object(post) else None
        schema = json_schema(document, body, where) if body is not None else None
        result[name] = normalise(document, schema, where)
    return result


Side = tuple[Json, Operation]


def _operation(key: str, old: Side, new: Side) -> Iterator[Change]:
    before, after = old[1], new[1]
    if shape(before.method, before.path) != shape(after.method, after.path):
        yield Change(key, "", "", "route moved", f"{before.route} -> {after.route}")
    if (slug(before.tag), slug(before.summary)) != (slug(after.tag), slug(after.summary)):
        titles = f"{before.tag} / {before.summary} -> {after.tag} / {after.summary}"
        yield Change(key, "", "", "title changed", titles)
    if _security(*old) != _security(*new):
        yield Change(key, "", "", "authentication changed", f"{_security(*old)} -> {_security(*new)}")
    flags = tuple(side[1].body.get("deprecated") is True for side in (old, new))
    if flags[0] != flags[1]:
        yield Change(key, "", "", "deprecated" if flags[1] else "no longer deprecated", "")
    yield from _statuses(key, before, after)
    yield from schemas(key, REQUEST, "parameters", _parameters(*old), _parameters(*new))
    yield from _bodies(key, old, new)
    yield from _responses(key, old, new)


def _security(document: Json, operation: Operation) -> str:
    """Write which schemes authenticate an operation, without the names that the publisher gave them."""
    chosen = operation.body.get("security", document.get("security"))
    schemes = deref(document, document.get("components") or {}, "components").get("securitySchemes")
    known: Json = schemes if is_object(schemes) else {}
    alternatives: set[str] = set()
    for option in chosen if is_array(chosen) else []:
        names = sorted(option) if is_object(option) else []
        parts = [deref(document, known.get(name, {}), f"securitySchemes.{name}") for name in names]
        words = [
            " ".join(str(part.get(word, "")).lower() for word in ("type", "scheme", "in")) for part in parts
        ]
        alternatives.add(" and ".join(sorted(word.strip() for word in words)) or "none")
    return " or ".join(sorted(alternatives)) or "none"


def _statuses(key: str, before: Operation, after: Operation) -> Iterator[Change]:
    old, new = (
        frozenset(op.body["responses"] if is_object(op.body.get("responses")) else ())
        for op in (before, after)
    )
    good = [sorted(status for status in side if status.startswith("2")) for side in (old, new)]
    if good[0] != good[1]:
        yield Change(key, "", "", "success status changed", f"{', '.join(good[0])} -> {', '.join(good[1])}")
    bad = [{status for status in side if not status.startswith("2")} for side in (old, new)]
    yield from (Change(key, "", "", "error status added", status) for status in sorted(bad[1] - bad[0]))
    yield from (Change(key, "", "", "error status removed", status) for status in sorted(bad[0] - bad[1]))


def _parameters(document: Json, operation: Operation) -> Schema:
    """Write parameters as an object, so that one comparison serves bodies and parameters."""
    places = {name: str(place) for place, name in enumerate(placeholders(operation.path))}
    properties: dict[str, Schema] = {}
    required: set[str] = set()
    for parameter in operation.parameters:
        name, location = parameter["name"], str(parameter.get("in"))
        if location == "header" and name.lower() in {"authorization", "accept", "content-type"}:
            continue
        if location == "path" and name not in places:
            continue
        # The name of a path parameter is not on the wire; its place is.
        label = (
            f"path {places[name]}"
            if location == "path"
            else name
            if location == "query"
            else f"{location} {name}"
        )
        properties[label] = normalise(
            document, parameter.get("schema"), f"{operation.route}: parameter {name}"
        )
        if parameter.get("required") is True or location == "path":
            required.add(label)
    return Schema(kind="object", properties=properties, required=frozenset(required))


def _bodies(key: str, old: Side, new: Side) -> Iterator[Change]:
    before, after = (_body(*side) for side in (old, new))
    if before is None and after is not None:
        needed = deref(new[0], new[1].body["requestBody"], key).get("required") is True
        yield Change(key, REQUEST, "body", "required body added" if needed else "body added", "")
    elif after is None and before is not None:
        yield Change(key, REQUEST, "body", "body removed", "")
    elif before is not None and after is not None:
        yield from schemas(key, REQUEST, "", before, after)


def _body(document: Json, operation: Operation) -> Schema | None:
    body = operation.body.get("requestBody")
    schema = json_schema(document, body, operation.route) if body is not None else None
    return None if schema is None else normalise(document, schema, f"{operation.route}: requestBody")


def _responses(key: str, old: Side, new: Side) -> Iterator[Change]:
    before, after = (_response(*side) for side in (old, new))
    if before is None or after is None:
        if before is not after:
            yield Change(key, RESPONSE, "body", "body added" if before is None else "body removed", "")
        return
    if (unwrap(before) is before) != (unwrap(after) is after):
        yield Change(key, RESPONSE, "body", "envelope changed", "")
    yield from schemas(key, RESPONSE, "", unwrap(before), unwrap(after))


def _response(document: Json, operation: Operation) -> Schema | None:
    responses = operation.body.get("responses")
    found: Json = responses if is_object(responses) else {}
    for status in sorted(status for status in found if status.startswith("2")):
        schema = json_schema(document, found[status], f"{operation.route}: {status}")
        if schema is not None:
            return normalise(document, schema, f"{operation.route}: {status}")
    return None
