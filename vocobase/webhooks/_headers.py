"""Find the two headers of a delivery in the headers object of any framework."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase.webhooks._reasons import refusal

SIGNATURE: Final = "X-Webhook-Signature"
TIMESTAMP: Final = "X-Webhook-Timestamp"

HeadersLike = Mapping[Any, Any] | Iterable[tuple[Any, Any]]

_WANTED: Final = {SIGNATURE.lower(): SIGNATURE, TIMESTAMP.lower(): TIMESTAMP}

_ENVIRONMENT: Final = "they are a WSGI environment; pass request.headers, not request.META or request.environ"
# Keys that show what was passed instead of headers.
_MISTAKES: Final = {
    "REQUEST_METHOD": _ENVIRONMENT,
    "HTTP_X_WEBHOOK_SIGNATURE": _ENVIRONMENT,
    "HTTP_X_WEBHOOK_TIMESTAMP": _ENVIRONMENT,
    "headers": "they are a whole request; pass its headers",
}


def read_headers(headers: HeadersLike) -> tuple[bytes, bytes]:
    """Find signature and timestamp.

    Args:
        headers: A mapping or pairs; names in any case, names and values as str or bytes.

    Returns:
        The values of signature and timestamp, as received.

    Raises:
        WebhookError: ``missing-header``, or ``bad-header`` if one occurs twice or is not ASCII text, or if
            something other than headers was passed.
    """
    found: dict[str, list[Any]] = {SIGNATURE: [], TIMESTAMP: []}
    mistake = ""
    try:
        for name, value in _pairs(headers):
            text = name.decode("latin-1") if isinstance(name, bytes) else name
            if not isinstance(text, str):
                continue
            mistake = mistake or _MISTAKES.get(text, "")
            wanted = _WANTED.get(text.lower())
            if wanted is not None:
                found[wanted] += value if isinstance(value, (list, tuple)) else [value]
    except Exception as error:
        raise refusal("bad-header", "they are neither a mapping nor pairs of name and value") from error
    if mistake and not all(found.values()):
        raise refusal("bad-header", mistake)
    return _only(SIGNATURE, found[SIGNATURE]), _only(TIMESTAMP, found[TIMESTAMP])


def _pairs(headers: Any) -> Iterator[tuple[Any, Any]]:
    # The multi-value mappings of frameworks yield a repeated header twice in items(), but once by index.
    items = getattr(headers, "items", None)
    yield from headers if items is None else items()


def _only(name: str, values: list[Any]) -> bytes:
    if not values:
        raise refusal("missing-header", name)
    # A proxy on the way may have checked the other value.
    if len(values) > 1:
        raise refusal("bad-header", f"{name} occurs more than once")
    value = values[0]
    try:
        result = value if isinstance(value, bytes) else value.encode("ascii")
    except (AttributeError, UnicodeEncodeError):
        raise refusal("bad-header", f"{name} is not ASCII text") from None
    if not isinstance(result, bytes) or not result.isascii():
        raise refusal("bad-header", f"{name} is not ASCII text")
    if not result:
        raise refusal("missing-header", name)
    return result


def wsgi_headers(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Extract the headers from a WSGI environment.

    Args:
        environ: The environment that a WSGI server passes to an application.

    Returns:
        Pairs of name and value, for `WebhookReceiver.receive`.

    Raises:
        InvalidArgumentError: it is not a mapping.
    """
    if not isinstance(cast(object, environ), Mapping):
        raise InvalidArgumentError("webhooks.wsgi_headers: environ must be a mapping.")
    return [
        (key[5:].replace("_", "-").title(), value)
        for key, value in environ.items()
        if isinstance(cast(object, key), str) and key.startswith("HTTP_")
    ]
