"""Sign and verify: HMAC-SHA256 over the timestamp header, a full stop and the raw body."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, cast

from vocobase._base.arguments import check_callback, check_function, check_seconds, check_whole
from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.runtime import wall_time
from vocobase._base.secrets import Secret, reveal, takes_secrets
from vocobase.webhooks._headers import SIGNATURE, TIMESTAMP, HeadersLike, read_headers
from vocobase.webhooks._reasons import refusal

Source = Callable[[], str | Iterable[str]]
Secrets = str | Iterable[str] | Source
Clock = Callable[[], float]

DEFAULT_TOLERANCE_SECONDS: Final = 300.0
DEFAULT_MAX_BODY_BYTES: Final = 8 * 1024 * 1024

_PREFIX: Final = b"sha256="
_MAX_TIMESTAMP_LENGTH: Final = 64
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@takes_secrets("secret")
def sign(body: bytes, secret: str, timestamp: str | datetime | None = None) -> dict[str, str]:
    """Create the headers of a delivery, for tests of a receiver.

    Args:
        body: Raw body of the request.
        secret: Secret of the endpoint, such as ``whsec_...``.
        timestamp: Time of sending, as text that is used unchanged or as a datetime; now if omitted.

    Returns:
        The three documented headers.

    Raises:
        ConfigurationError: the secret is empty or not text, or the timestamp is neither text nor a time.
        WebhookError: ``not-bytes`` if the body is not bytes.
    """
    sent = _written(timestamp)
    keys = encode_secrets(secret)
    digest = _digest(keys.reveal()[0], sent.encode(), raw_bytes(body))
    return {
        "Content-Type": "application/json",
        SIGNATURE: (_PREFIX + digest).decode(),
        TIMESTAMP: sent,
    }


def _written(timestamp: str | datetime | None) -> str:
    """Return the text of a timestamp.

    Raises:
        InvalidArgumentError: it is neither text that UTF-8 can express nor a time.
    """
    if isinstance(timestamp, str):
        with suppress(UnicodeEncodeError):
            return timestamp.encode().decode()
    moment = datetime.fromtimestamp(wall_time(), UTC) if timestamp is None else timestamp
    # A missing time of pandas (NaT) is a datetime too, and its times without a zone have no time in UTC.
    with suppress(Exception):
        if isinstance(moment, datetime):
            return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise InvalidArgumentError("timestamp must be text, a datetime with a time zone, or None.")


@takes_secrets("secrets")
def verify(
    body: bytes,
    headers: HeadersLike,
    secrets: Secrets,
    *,
    tolerance: float | None = DEFAULT_TOLERANCE_SECONDS,
    clock: Clock | None = None,
    max_body: int = DEFAULT_MAX_BODY_BYTES,
) -> None:
    """Verify that the sender of a request knows the secret, and that the request is recent.

    Args:
        body: Raw body of the request, as received.
        headers: Headers of the request: a mapping or pairs, any case, str or bytes.
        secrets: One secret, several, or a function that returns them.
        tolerance: Largest difference in seconds between the timestamp and the clock, either way; None
            accepts any time.
        clock: Returns seconds since 1970; the wall clock by default.
        max_body: Largest body in bytes.

    Raises:
        ConfigurationError: ``tolerance``, ``clock`` or ``max_body`` cannot be used.
        WebhookError: you must not trust the request; ``reason`` says why.
    """
    check_limits(tolerance, clock, max_body)
    check_request(body, headers, source_of(secrets), tolerance, clock, max_body)


def check_request(
    body: bytes,
    headers: HeadersLike,
    source: Source,
    tolerance: float | None,
    clock: Clock | None,
    max_body: int,
) -> None:
    """Verify a request with options that were checked; see `verify`."""
    raw = raw_bytes(body)
    if len(raw) > max_body:
        raise refusal("too-large", int(max_body))
    signature, timestamp = read_headers(headers)
    if len(timestamp) > _MAX_TIMESTAMP_LENGTH:
        raise refusal("bad-timestamp")
    if not _fits(signature, timestamp, raw, ask_secrets(source).reveal()):
        raise refusal("bad-signature")
    if tolerance is not None:
        _check_age(timestamp, tolerance, (clock or wall_time)())


def check_limits(tolerance: float | None, clock: Clock | None, max_body: int) -> None:
    """Check the options of a verification.

    Raises:
        ConfigurationError: one is of the wrong type or below its limit.
    """
    if tolerance is not None:
        check_seconds(tolerance, "tolerance")
    check_callback(clock, "clock")
    check_whole(max_body, "max_body", 1)


def raw_bytes(body: Any) -> bytes:
    """Return the body as bytes.

    Raises:
        WebhookError: ``not-bytes``; text and parsed JSON no longer hold the signed bytes.
    """
    kind = type(body).__name__
    if isinstance(body, bytes):
        return body
    if isinstance(body, bytearray):
        return bytes(body)
    if isinstance(body, memoryview):
        # The memory of a view may have been released.
        with suppress(ValueError):
            return body.tobytes()
    raise refusal("not-bytes", kind)


def source_of(secrets: Any) -> Source:
    """Return a function that returns the secrets of an argument.

    Raises:
        ConfigurationError: the argument is an async function.
    """
    if callable(reveal(secrets)):
        return cast(Source, check_function(reveal(secrets), "secrets"))
    return cast(Source, Secret(reveal(secrets)).reveal)


def encode_secrets(secrets: object) -> Secret[list[bytes]]:
    """Return secrets as keys.

    Raises:
        ConfigurationError: there is none, or one is empty, not text, or has surrounding white space.
    """
    # Outside of the check, because iterating may raise.
    values = Secret(_listed(secrets))
    fault = _fault(values.reveal())
    if fault:
        raise ConfigurationError(fault)
    return Secret([value.encode() for value in values.reveal()])


def _listed(secrets: object) -> list[Any]:
    if isinstance(reveal(secrets), str) or not isinstance(reveal(secrets), Iterable):
        return [reveal(secrets)]
    return [*reveal(secrets)]


def _fault(values: list[Any]) -> str:
    for value in values:
        if not isinstance(value, str) or not value or value != value.strip():
            return "A webhook secret must be text such as 'whsec_...', without surrounding white space."
        try:
            value.encode()
        except UnicodeEncodeError:
            return "A webhook secret contains characters that cannot be encoded."
    return "" if values else "No webhook secret was passed; config.webhooks.create returns it once."


def ask_secrets(source: Source) -> Secret[list[bytes]]:
    """Return the keys that are valid now.

    Raises:
        WebhookError: ``unavailable`` if there are none, or the function that returns them fails.
    """
    try:
        return encode_secrets(Secret(source()))
    except Exception as error:
        raise refusal("unavailable", "The webhook secrets could not be read") from error


def _digest(key: bytes, timestamp: bytes, body: bytes) -> bytes:
    return hmac.digest(key, timestamp + b"." + body, "sha256").hex().encode()


def _fits(signature: bytes, timestamp: bytes, body: bytes, keys: list[bytes]) -> bool:
    if not signature.startswith(_PREFIX):
        return False
    given = signature[len(_PREFIX) :]
    fits = False
    # No early exit, so that the time taken does not reveal which secret matches. Hex is accepted in lower and
    # in upper case, but not mixed: a flipped bit in a letter would go unnoticed.
    for key in keys:
        expected = _digest(key, timestamp, body)
        fits |= hmac.compare_digest(given, expected) | hmac.compare_digest(given, expected.upper())
    return fits


def _check_age(timestamp: bytes, tolerance: float, now: float) -> None:
    try:
        sent = datetime.fromisoformat(timestamp.decode())
        if sent.tzinfo is None:
            sent = sent.replace(tzinfo=UTC)
        age = now - (sent - _EPOCH).total_seconds()
    except (ValueError, OverflowError):
        raise refusal("bad-timestamp") from None
    # Written so that NaN, from a clock or as the tolerance, refuses instead of accepting any time.
    if not -tolerance <= age <= tolerance:
        raise refusal("too-new" if age < 0 else "too-old", f"{abs(age):.0f}")
