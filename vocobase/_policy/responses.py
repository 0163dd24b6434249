"""Turn an answer into the payload inside its envelope, or into the error that it means: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from vocobase._base.errors import (
    APIError,
    AuthenticationError,
    ConcurrencyLimitError,
    Conflict,
    DictionaryCharLimitExceeded,
    InsufficientBalance,
    LimitReached,
    NotFound,
    PermissionDenied,
    RateLimitError,
    ResponseError,
    ServerError,
    ValidationFailed,
    one_line,
)
from vocobase._base.nesting import load_json
from vocobase._policy.retry import parse_retry_after
from vocobase._transport.bodies import Answer

BY_CODE: dict[str, type[APIError]] = {"DICTIONARY_CHAR_LIMIT_EXCEEDED": DictionaryCharLimitExceeded}
BY_STATUS: dict[int, type[APIError]] = {
    400: ValidationFailed,
    401: AuthenticationError,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    422: ValidationFailed,
    429: LimitReached,
}
# One documented code serves two meanings; only the text tells them apart, so this is inferred.
BY_TEXT: tuple[tuple[type[APIError], re.Pattern[str], type[APIError]], ...] = (
    (PermissionDenied, re.compile(r"\b(balance|credits?)\b", re.IGNORECASE), InsufficientBalance),
    (
        LimitReached,
        re.compile(r"concurren|simultaneous|\bslots?\b|active calls", re.IGNORECASE),
        ConcurrencyLimitError,
    ),
    (LimitReached, re.compile(r""), RateLimitError),
)
# Stands for the answer to a deletion that was lost and whose repetition found nothing any more.
DELETED = Answer(
    200, {}, b'{"success": true, "data": {"message": "Deleted; the answer to the first attempt was lost."}}'
)
REQUEST_ID = ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray")


@dataclass(frozen=True, slots=True)
class ResponseInfo:
    """What is known about one answer; passed to ``on_response``.

    Attributes:
        operation: The operation, such as ``agents.get``.
        method: HTTP method.
        path: Path template, such as ``/agent/{id}``.
        status: HTTP status.
        headers: Headers, names in lower case.
        request_id: Identifier of the request, when the server sent one.
        attempt: 1 for the first attempt, 2 for the first repetition.
        seconds: How long the attempt took.
    """

    operation: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    request_id: str | None
    attempt: int
    seconds: float


def failure(
    answer: Answer, operation: str, method: str, path: str, now: Callable[[], datetime]
) -> APIError | ResponseError | None:
    """Return the error that an answer means, None for a success."""
    if 200 <= answer.status < 300:
        return None
    if answer.status < 400:
        return ResponseError(
            f"{operation}: the answer {answer.status} is a redirect, which is not followed. Check base_url.",
            status=answer.status,
            operation=operation,
        )
    code, text = _error_of(answer)
    return _error_class(answer.status, code, text).create(
        status=answer.status,
        code=code,
        api_message=text,
        operation=operation,
        method=method,
        path=path,
        request_id=request_id(answer.headers),
        retry_after=parse_retry_after(answer.headers, now()),
    )


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the identifier of the request; none is documented, so the usual headers are tried."""
    found = next((headers[name] for name in REQUEST_ID if name in headers), None)
    return one_line(found) if found else None


def _error_class(status: int, code: str, text: str) -> type[APIError]:
    found = BY_CODE.get(code) or BY_STATUS.get(status) or (ServerError if status >= 500 else APIError)
    return next(
        (special for general, pattern, special in BY_TEXT if found is general and pattern.search(text)), found
    )


def _error_of(answer: Answer) -> tuple[str, str]:
    """Read code and text of an error body, whatever its form."""
    try:
        body: object = load_json(answer.body)
    except ValueError:
        return "", _excerpt(answer)
    error = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        found = cast("dict[str, Any]", error)
        return one_line(found.get("code") or ""), str(found.get("message") or "")
    if isinstance(error, str):
        return "", error
    return "", _excerpt(answer)


def _excerpt(answer: Answer) -> str:
    return _title(answer) or one_line(answer.body[:2000].decode("utf-8", errors="replace"))[:120]


def _described(answer: Answer) -> str:
    kind = one_line(answer.headers.get("content-type", "of no stated type"))[:60]
    return _title(answer) or (f"{len(answer.body):,} bytes, {kind}" if answer.body else "an empty body")


def _title(answer: Answer) -> str:
    text = answer.body[:2000].decode("utf-8", errors="replace")
    title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return one_line(title.group(1))[:120] if title else ""


def payload(answer: Answer, operation: str, method: str = "") -> Any:
    """Return what is inside the envelope of a success: None for a 204 and for HEAD.

    A deletion needs no payload to be one; an empty object stands for none.

    Raises:
        ResponseError: the body is empty, no JSON, or an envelope that says that it failed.
    """
    result = _opened(answer, operation, method)
    if isinstance(result, ResponseError):
        raise result
    return result


def _opened(answer: Answer, operation: str, method: str) -> Any:
    """Return the payload, or the error for a body that has none."""
    if (answer.status == 204 or method == "HEAD") and not answer.body:
        return {} if method == "DELETE" else None
    try:
        body: object = load_json(answer.body)
    except ValueError:
        # The error of `json` holds the whole body.
        text = f"{operation}: the answer {answer.status} is not JSON ({_described(answer)}). Check base_url."
        return ResponseError(text, status=answer.status, operation=operation)
    if isinstance(body, dict):
        envelope = cast("dict[str, Any]", body)
        if envelope.get("success") is False:
            said = " ".join(filter(None, _error_of(answer))).rstrip(".")
            text = f"{operation}: the answer {answer.status} says that it failed: {said}."
            return ResponseError(one_line(text), status=answer.status, operation=operation)
        if "success" in envelope and "data" in envelope:
            return {} if envelope["data"] is None and method == "DELETE" else envelope["data"]
    return cast(Any, body)
