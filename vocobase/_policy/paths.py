"""Refuse path parameters that would reach another endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote, unquote

from vocobase._base.errors import InvalidArgument
from vocobase._base.secrets import Secret, reveal


def check_path(path: str, operation: str) -> None:
    """Refuse a filled-in path with an empty or dotted segment, however it is encoded.

    Raises:
        InvalidArgument: an identifier is empty, or is ``.`` or ``..``; nothing was sent.
    """
    for segment in path.split("/")[1:]:
        plain = segment
        # Servers and proxies may decode more than once.
        for _ in range(3):
            plain = unquote(plain)
        if plain.strip() in {"", ".", ".."} or any(ord(sign) < 32 or sign in "/\\" for sign in plain):
            raise InvalidArgument(
                f"{operation}: {plain!r} cannot be an identifier; give the id of the object."
            )


def custom_request(method: str, path: str, params: Mapping[str, Any] | None, json: Any) -> dict[str, Any]:
    """Build a request that no operation describes, in the form that raw operations give."""
    if not all(isinstance(cast(object, text), str) for text in (method, path)):
        raise InvalidArgument("request: method and path must be strings; nothing was sent.")
    if not isinstance(reveal(params), Mapping | None):
        raise InvalidArgument("request: params must be a mapping; nothing was sent.")
    # Not the object itself, as a subclass may write itself otherwise.
    path = str.__str__(path)
    name = f"{method.upper()} {path}"
    if (
        not (method.isascii() and method.isalpha())
        or not path.startswith("/")
        or any(sign in path for sign in "?#")
        or not path.isprintable()
    ):
        raise InvalidArgument(f"request: {name!r}: give a method and a path such as '/agent' without query.")
    request: dict[str, Any] = {
        "method": method.upper(),
        "url": quote(path, safe="/%~"),
        # No template is known, and the path may hold a phone number: logs get none of it.
        "extensions": {"operation": name, "path": "(custom)"},
    }
    if reveal(params):
        request["params"] = Secret(
            {key: _plain(value) for key, value in reveal(params).items() if value is not None}
        )
    if json is not None:
        request["json"] = json
    return request


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_spelled(item) for item in cast("list[object]", value) if item is not None]
    return _spelled(value)


def _spelled(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
