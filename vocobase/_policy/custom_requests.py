"""Requests that no operation describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from attrs import define

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.secrets import Secret, reveal
from vocobase._policy.limits import write_query
from vocobase_raw.types import UNSET, OperationRequest, dump


@define(frozen=True, kw_only=True, repr=False)
class CustomRequest(OperationRequest):
    """A request that no operation describes.

    Attributes:
        target: Its path, quoted.
        encoded: Its query, encoded.
    """

    target: str
    encoded: Secret[str] | None = None

    @property
    def url(self) -> str:
        """The path, which has no template."""
        return self.target


def custom_request(method: str, path: str, params: Mapping[str, Any] | None, json: Any) -> CustomRequest:
    """Return a request that no operation describes.

    Raises:
        InvalidArgumentError: the method, the path or a query parameter cannot be sent; nothing was sent.
    """
    if not all(isinstance(cast(object, text), str) for text in (method, path)):
        raise InvalidArgumentError("request: method and path must be strings; nothing was sent.")
    if not isinstance(reveal(params), Mapping | None):
        raise InvalidArgumentError("request: params must be a mapping; nothing was sent.")
    # Not the object itself, as a subclass may convert itself to other text.
    path = str.__str__(path)
    name = f"{method.upper()} {path}"
    if (
        not (method.isascii() and method.isalpha())
        or not path.startswith("/")
        or any(sign in path for sign in "?#")
        or not path.isprintable()
    ):
        raise InvalidArgumentError(
            f"request: {name!r}: pass a method and a path such as '/agent' without query."
        )
    return CustomRequest(
        operation=name,
        method=method.upper(),
        # There is no template, and the path may hold a phone number: no part of it is logged.
        template="(custom)",
        target=quote(path, safe="/%~"),
        encoded=Secret(write_query(name, _query(params))),
        json=UNSET if json is None else Secret(dump(reveal(json))),
    )


def _query(params: Mapping[str, Any] | None) -> Secret[dict[str, object]]:
    given: Mapping[str, Any] = reveal(params) or {}
    return Secret({key: _plain(value) for key, value in given.items() if value is not None})


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_spelled(item) for item in cast("list[object]", value) if item is not None]
    return _spelled(value)


def _spelled(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
