"""Errors of requests: no response, an unexpected one, or one in which the API refuses the request."""

from __future__ import annotations

from typing import ClassVar, Self

from vocobase._base.errors.root import VocobaseError, one_line, redact


class ConnectionFailedError(VocobaseError):
    """No response arrived.

    Attributes:
        sent: Whether the request may have reached the server.
        operation: The operation, such as ``calls.start``; empty if there was none.
    """

    sent: bool = True
    operation: str = ""


class CertificateError(ConnectionFailedError):
    """The certificate of a server or proxy cannot be verified; nothing was sent, and no retry helps."""


class TimeoutExceededError(ConnectionFailedError, TimeoutError):
    """No response arrived in time."""


class OutcomeUnknownError(VocobaseError):
    """The API may or may not have processed the request, and a second request could act twice.

    Attributes:
        operation: The operation, such as ``calls.start``.
    """

    operation: str = ""


class ResponseError(VocobaseError):
    """The response is not one that the API sends: HTML, truncated, too large.

    Attributes:
        status: HTTP status of the response, None if none was received.
        operation: The operation, such as ``calls.start``.
    """

    status: int | None = None
    operation: str = ""


class APIError(VocobaseError):
    """The API refused the request.

    Attributes:
        status: HTTP status.
        code: Upper-case code of the API, such as ``NOT_FOUND``; empty if the body had none.
        api_message: Text of the API, for people.
        request_id: Identifier of the request, None if the server sent none.
        operation: The operation, such as ``agents.get``.
        method: HTTP method.
        path: Path template, such as ``/agent/{id}``.
        retry_after: Seconds to wait before the next request, None if the server named none.
    """

    hint: ClassVar[str] = ""

    status: int = 0
    code: str = ""
    api_message: str = ""
    request_id: str | None = None
    operation: str = ""
    method: str = ""
    path: str = ""
    retry_after: float | None = None

    @classmethod
    def create(
        cls,
        *,
        status: int,
        code: str,
        api_message: str,
        operation: str,
        method: str,
        path: str,
        request_id: str | None,
        retry_after: float | None,
        hint: str = "",
    ) -> Self:
        """Return the error, with its message; the hint replaces that of the class."""
        what = f"{operation}: {status}" + (f" {code}" if code else "")
        text = one_line(api_message)
        text = text if text.endswith("...") else text.rstrip(".")
        parts = [f"{what}: {text}" if text else what]
        if request_id:
            parts.append(f"(request {request_id})")
        message = " ".join(parts) + "."
        message = f"{message} {hint or cls.hint}".rstrip()
        return cls(
            message,
            status=status,
            code=code,
            api_message=redact(api_message),
            operation=operation,
            method=method,
            path=path,
            request_id=request_id,
            retry_after=retry_after,
        )


class ValidationFailedError(APIError):
    """400: a value is missing or not accepted; the text names it."""

    hint = "Correct the value that the text names."


class DictionaryCharLimitExceededError(ValidationFailedError):
    """An agent would get more than 10,000 characters of dictionary terms (the status is inferred)."""

    hint = "Detach a dictionary or shorten its terms; one agent takes 10,000 characters in all."


class AuthenticationError(APIError):
    """401: the key is missing or invalid."""

    hint = (
        "Check api_key= or VOCOBASE_API_KEY; you create keys in the dashboard, and they begin with rg_live_."
    )


class PermissionDeniedError(APIError):
    """403: the key is valid, but the action is not allowed."""

    hint = "The key is valid, but the account may not do this now."


class InsufficientBalanceError(PermissionDeniedError):
    """403 whose text mentions the balance (how to distinguish it is inferred)."""

    hint = "Top up the account."


class NotFoundError(APIError):
    """404: the object does not exist or belongs to another account."""

    hint = "Check the identifier, and that the object belongs to the account of the key."


class RouteNotFoundError(APIError):
    """404 or 405 without an error of the API, from a route that is inferred or that you set.

    The API may have the operation under another route. Whether the object exists is unknown, so this is not a
    ``NotFoundError``.

    Attributes:
        evidence: How the route is known: ``inferred``, or ``override`` if you set it with ``routes=``.
    """

    evidence: str = ""
    hint = "To compare all routes with a published OpenAPI document: vocobase doctor --spec FILE_OR_URL."


class ConflictError(APIError):
    """409: a unique value, such as the name of an agent, is in use."""

    hint = "Choose another value, or read and update the object that has it."


class LimitReachedError(APIError):
    """429: a rate limit or a concurrency limit; the API has one code for both."""

    hint = "Wait and try again; the request was not processed."


class RateLimitError(LimitReachedError):
    """429: too many requests per minute (60, and 10 under /calls/)."""

    hint = "Wait until the minute is over and try again; the request was not processed."


class ConcurrencyLimitError(LimitReachedError):
    """429: too many calls at once (detected from its text, which is inferred)."""

    hint = "Wait for a call to end (see calls.concurrency) and try again; nothing was dialled."


class ServerError(APIError):
    """5xx: a fault of the server."""

    hint = "Try again later; if the fault persists, send the request id to Vocobase."
