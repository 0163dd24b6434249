"""Convert a response to the payload inside its envelope, or to an error: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from vocobase._base.errors import (
    APIError,
    AuthenticationError,
    ConcurrencyLimitError,
    ConflictError,
    DictionaryCharLimitExceededError,
    InsufficientBalanceError,
    LimitReachedError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    RouteNotFoundError,
    ServerError,
    ValidationFailedError,
    one_line,
    redact,
)
from vocobase._base.nesting import load_json
from vocobase._policy.messages import Response
from vocobase._policy.operations import Operation
from vocobase._policy.overrides import Routes, evidence_of
from vocobase._policy.retry import parse_retry_after

BY_CODE: dict[str, type[APIError]] = {"DICTIONARY_CHAR_LIMIT_EXCEEDED": DictionaryCharLimitExceededError}
BY_STATUS: dict[int, type[APIError]] = {
    400: ValidationFailedError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationFailedError,
    429: LimitReachedError,
}
# Patterns are text, which `re` compiles at the first error: all programs start, and few of them fail.
# One documented code has two meanings; only the text distinguishes them, so this is inferred.
BY_TEXT: tuple[tuple[type[APIError], str, type[APIError]], ...] = (
    (PermissionDeniedError, r"\b(balance|credits?)\b", InsufficientBalanceError),
    (
        LimitReachedError,
        r"concurren|simultaneous|\bslots?\b|active calls",
        ConcurrencyLimitError,
    ),
    (LimitReachedError, "", RateLimitError),
)
# Advice for a status that has many causes, if its text names one. Without such a text, none is guessed.
ADVICE: tuple[tuple[type[APIError], str, str], ...] = (
    (
        PermissionDeniedError,
        r"provider|carrier|telephony|credential",
        "Check the provider: config.get has allowed_telephony_providers, and telephony_connections.list the "
        "carriers with credentials.",
    ),
    (
        PermissionDeniedError,
        r"approv|suspend|inactive|disabled",
        "Check that the account is approved and active.",
    ),
)
# The response to a retried deletion that found nothing, because the first attempt had deleted the object.
DELETED = Response(
    200, {}, b'{"success": true, "data": {"message": "Deleted; the response to the first attempt was lost."}}'
)
# Statuses of a server, or of a gateway in front of it, that does not have a route.
NO_ROUTE_STATUSES = frozenset({404, 405})
# The words for a route that may be wrong, by its evidence.
DOUBTS = {"inferred": "is inferred, not documented", "override": "was set with routes="}
REQUEST_ID = ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray")


def failure(
    response: Response,
    operation: str,
    method: str,
    path: str,
    now: Callable[[], datetime],
    routes: Routes | None = None,
) -> APIError | ResponseError | None:
    """Return the error for a response, None for a success."""
    if 200 <= response.status < 300:
        return None
    if response.status < 400:
        return ResponseError(
            f"{operation}: unexpected redirect (HTTP {response.status}), not followed. Check base_url.",
            status=response.status,
            operation=operation,
        )
    if response.status in NO_ROUTE_STATUSES and not _is_of_api(response):
        evidence = evidence_of(operation, routes or {})
        if evidence in DOUBTS:
            return _route_not_found(response, operation, method, path, evidence)
    code, text = _error_of(response)
    kind = _error_class(response.status, code, text)
    return kind.create(
        status=response.status,
        code=code,
        api_message=text,
        operation=operation,
        method=method,
        path=path,
        request_id=request_id(response.headers),
        retry_after=parse_retry_after(response.headers, now()),
        hint=next((hint for error, words, hint in ADVICE if kind is error and _mentions(text, words)), ""),
    )


def _route_not_found(
    response: Response, operation: str, method: str, path: str, evidence: str
) -> RouteNotFoundError:
    return RouteNotFoundError(
        f"{operation}: {response.status} without an error of the API for {method} {path}; this route "
        f"{DOUBTS[evidence]}. If the API has another one, pass "
        f'routes={{"{operation}": "{method} /..."}} to the client or set VOCOBASE_ROUTES.'
        f" {RouteNotFoundError.hint}",
        status=response.status,
        api_message=redact(_excerpt(response)),
        operation=operation,
        method=method,
        path=path,
        request_id=request_id(response.headers),
        evidence=evidence,
    )


def _is_of_api(response: Response) -> bool:
    """Return whether a body is an error of the API: its envelope, or an error with a code."""
    try:
        body: object = load_json(response.body)
    except ValueError:
        return False
    envelope = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    error = envelope.get("error")
    code = cast("dict[str, Any]", error).get("code") if isinstance(error, dict) else None
    return envelope.get("success") is False or (isinstance(code, str) and code != "")


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the identifier of the request; none is documented, so the usual headers are tried."""
    found = next((headers[name] for name in REQUEST_ID if name in headers), None)
    return one_line(found) if found else None


def _error_class(status: int, code: str, text: str) -> type[APIError]:
    found = BY_CODE.get(code) or BY_STATUS.get(status) or (ServerError if status >= 500 else APIError)
    return next(
        (special for general, pattern, special in BY_TEXT if found is general and _mentions(text, pattern)),
        found,
    )


def _mentions(text: str, pattern: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _error_of(response: Response) -> tuple[str, str]:
    """Return the code and the text of an error body of any form."""
    try:
        body: object = load_json(response.body)
    except ValueError:
        return "", _excerpt(response)
    error = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        found = cast("dict[str, Any]", error)
        return one_line(found.get("code") or ""), str(found.get("message") or "")
    if isinstance(error, str):
        return "", error
    return "", _excerpt(response)


def _excerpt(response: Response) -> str:
    return _title(response) or one_line(response.body[:2000].decode("utf-8", errors="replace"))[:120]


def _described(response: Response) -> str:
    kind = one_line(response.headers.get("content-type", "of no stated type"))[:60]
    return _title(response) or (f"{len(response.body):,} bytes, {kind}" if response.body else "an empty body")


def _title(response: Response) -> str:
    text = response.body[:2000].decode("utf-8", errors="replace")
    title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return one_line(title.group(1))[:120] if title else ""


def payload(response: Response, operation: Operation, method: str) -> Any:
    """Return the payload inside the envelope of a success: None for a 204 and for HEAD.

    A deletion needs no payload; its result is then an empty object.

    Raises:
        ResponseError: the body is empty, not JSON, or an envelope that reports a failure.
    """
    result = _opened(response, operation, method)
    if isinstance(result, ResponseError):
        raise result
    return result


def _opened(response: Response, operation: Operation, method: str) -> Any:
    """Return the payload, or the error for a body without one."""
    if (response.status == 204 or method == "HEAD") and not response.body:
        return {} if operation.is_deletion else None
    try:
        body: object = load_json(response.body)
    except ValueError:
        # The error of `json` holds the whole body.
        fault = f"not JSON ({_described(response)}). Check base_url."
        text = f"{operation.key}: unexpected response (HTTP {response.status}): {fault}"
        return ResponseError(text, status=response.status, operation=operation.key)
    if isinstance(body, dict):
        envelope = cast("dict[str, Any]", body)
        if envelope.get("success") is False:
            said = " ".join(filter(None, _error_of(response))).rstrip(".")
            text = f"{operation.key}: the response (HTTP {response.status}) reports a failure: {said}."
            return ResponseError(one_line(text), status=response.status, operation=operation.key)
        if "success" in envelope and "data" in envelope:
            return {} if envelope["data"] is None and operation.is_deletion else envelope["data"]
    return cast(Any, body)
