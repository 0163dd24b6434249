"""The documented limits of arguments, checked before anything is sent.

Only documented limits are checked: an enum value that this package does not know is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeGuard, cast
from urllib.parse import urlencode

from vocobase._base.arguments import fails_again, is_number, is_whole
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.nesting import MAX_LEVELS, json_reason, may_be_deeper
from vocobase._base.secrets import Secret, reveal
from vocobase._base.values import EncodedJSON
from vocobase_raw.types import OperationRequest, dump

# `+`, a country code that does not begin with 0, at most 15 digits in all.
_E164 = r"^\+[1-9]\d{6,14}$"


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    # `$` would accept a trailing line feed, and `\d` the digits of all scripts.
    return re.compile(pattern.removeprefix("^").removesuffix("$"), re.ASCII)


def is_e164(value: object) -> TypeGuard[str]:
    """Return whether a value is a phone number in E.164 form, such as ``+12025550100``."""
    return isinstance(value, str) and _compiled(_E164).fullmatch(value) is not None


KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "integer": ("a whole number", is_whole),
    "number": ("a finite number", is_number),
    "boolean": ("True or False", lambda value: isinstance(value, bool)),
    "array": ("a list", lambda value: isinstance(value, list)),
    "object": ("a mapping", lambda value: isinstance(value, dict)),
}

# Each limit in words, and whether a value of the right kind meets it.
LIMITS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "minimum": ("at least {}", lambda value, limit: value >= limit),
    "maximum": ("at most {}", lambda value, limit: value <= limit),
    "minLength": ("at least {} characters long", lambda value, limit: len(value) >= limit),
    "maxLength": ("at most {} characters long", lambda value, limit: len(value) <= limit),
    "minItems": ("a list of at least {} entries", lambda value, limit: len(value) >= limit),
    "maxItems": ("a list of at most {} entries", lambda value, limit: len(value) <= limit),
    "pattern": ("of the form {}", lambda value, limit: _compiled(limit).fullmatch(value) is not None),
    "e164": (
        "a phone number in E.164 form, such as +12025550100",
        lambda value, limit: is_e164(value),
    ),
}


Members = Mapping[str, Any] | Secret[Mapping[str, Any]]


def members_of(request: OperationRequest) -> Secret[Mapping[str, Any]]:
    """Return the values of the path, the query and the body of a request, by name."""
    body = reveal(request.json)
    return Secret({**request.path, **request.query, **(body if isinstance(body, dict) else {})})


def check_members(operation: str, members: Members, *, limits_of: str = "") -> None:
    """Check the members of a request, by the limits of another operation if one is named.

    Raises:
        InvalidArgumentError: a member is of the wrong type or beyond a limit; the value is not shown.
    """
    # Loaded at the first request: the table is large, and creating a client should be quick.
    from vocobase_raw.constraints import CONSTRAINTS

    fault = _fault(CONSTRAINTS.get(limits_of or operation, ()), members)
    if fault:
        raise InvalidArgumentError(f"{operation}: {fault}; nothing was sent.")


def _fault(rows: Iterable[tuple[str, str, bool, Mapping[str, Any]]], hidden: Members) -> str:
    """Return the fault of the first member of a wrong type or beyond a limit, empty if there is none."""
    members: dict[str, Any] = {name: reveal(value) for name, value in reveal(hidden).items()} if rows else {}
    for path, kind, nullable, limits in rows:
        for where, value in _values(members, path):
            if value is None and nullable:
                continue
            wanted, fits = KINDS[kind]
            if not fits(value):
                return f"{where} must be {wanted}"
            for name, limit in limits.items():
                demand, meets = LIMITS[name]
                if not meets(value, limit):
                    shown = f"{limit:,}" if isinstance(limit, int) else limit
                    return f"{where} must be {demand.format(shown)}"
    return ""


def _values(members: Mapping[str, Any], path: str) -> Iterable[tuple[str, Any]]:
    """Return each value at a path such as ``contacts[].phone``, with its position."""
    if path in members:
        return ((path, members[path]),)
    return _inside(members, path) if "." in path or "[" in path else ()


def _inside(members: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    head, _, tail = path.partition(".")
    name = head.removesuffix("[]")
    found = members.get(name)
    if name == head:
        if tail and isinstance(found, dict):
            for where, value in _values(cast("dict[str, Any]", found), tail):
                yield f"{name}.{where}", value
        return
    for index, entry in enumerate(found if _is_list(found) else []):
        if not tail:
            yield f"{name}[{index}]", entry
        else:  # the row of the entries themselves comes first and has refused all but mappings
            for where, value in _values(cast("dict[str, Any]", entry), tail):
                yield f"{name}[{index}].{where}", value


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def write_json(operation: str, value: Any) -> bytes:
    """Write a body.

    Raises:
        InvalidArgumentError: a part has no JSON form; the message names its path.
    """
    if isinstance(value, EncodedJSON):
        return value.content
    try:
        # Not a plain string, which a traceback would show.
        text = Secret(_WRITER.encode(reveal(value)))
        # Only a body with many levels or entries is walked through.
        fault = _json_fault(value) if may_be_deeper(text.reveal(), MAX_LEVELS) else ""
        if not fault:
            return text.reveal().encode()
    except Exception as error:  # the caller's object may raise anything
        fault = _json_fault(value)
        if not fault and not fails_again(lambda: _WRITER.encode(reveal(value))):
            raise
        fault = fault or f"an argument cannot be written as JSON ({json_reason(error)})"
    raise InvalidArgumentError(" ".join(f"{operation}: {fault}; nothing was sent.".split()))


def _json_fault(value: object) -> str:
    # Loaded for a body that may be faulty, which is rare.
    from vocobase._base.json_form import json_fault

    return json_fault(value)


def _written(value: object) -> object:
    """Return the JSON form of a secret, a time, an enum or a model."""
    form = dump(reveal(value))
    if form is value:
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
    return form


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_written)


def write_query(operation: str, params: Mapping[str, Any] | Secret[dict[str, object]]) -> str:
    """Write a query.

    Raises:
        InvalidArgumentError: a value is not text, a number or a list of them, or UTF-8 cannot express it.
    """
    try:
        return urlencode(reveal(params), doseq=True)
    except Exception as error:  # the value writes itself, with whatever its __str__ raises
        if not fails_again(lambda: urlencode(reveal(params), doseq=True)):
            raise
        fault = f"{operation}: a query parameter cannot be written as UTF-8 ({type(error).__name__}); "
    raise InvalidArgumentError(fault + "nothing was sent.")
