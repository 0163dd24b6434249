"""Every exception of the SDK.

    VocobaseError
    ├── ConfigurationError              a wrong or missing key, address or option
    │   └── InvalidArgumentError        an argument of a wrong type or beyond a documented limit
    ├── ConnectionFailedError           no response: DNS, refused, reset, TLS
    │   ├── CertificateError            the certificate of a server or proxy cannot be verified
    │   └── TimeoutExceededError        no response in time
    ├── OutcomeUnknownError             the API may or may not have processed the request
    ├── ResponseError                   an unexpected response: HTML, truncated, too large
    ├── APIError                        the API refused the request
    │   ├── ValidationFailedError       400
    │   │   └── DictionaryCharLimitExceededError
    │   ├── AuthenticationError         401
    │   ├── PermissionDeniedError       403
    │   │   └── InsufficientBalanceError
    │   ├── NotFoundError               404
    │   ├── RouteNotFoundError          404 or 405 that the API itself did not send: the route is in doubt
    │   ├── ConflictError               409
    │   ├── LimitReachedError           429
    │   │   ├── RateLimitError          too many requests per minute
    │   │   └── ConcurrencyLimitError   too many calls at once
    │   └── ServerError                 5xx
    ├── UploadError                     a file did not reach the object store
    │   ├── UploadRejectedError         the store, or the check of the file, rejected it
    │   ├── UploadExpiredError          the presigned URL expired
    │   └── UploadsFailedError          some of several files were not uploaded
    ├── DownloadError                   a download could not be written to its file
    │   └── DownloadsFailedError        some of several files were not downloaded
    ├── ExportError                     a folder of an export or archive cannot be used
    ├── ContactsError                   a list of contacts cannot be read
    │   └── ContactsHeaderError         its header cannot be used, or no row fits it
    ├── LookupFailedError               nothing matches
    ├── WaitTimeoutError                a wait ended before the awaited state
    ├── CallFailedError                 an awaited call did not complete
    ├── CallRefusedError                the call of a key was refused, and is not dialled
    ├── SessionFailedError              an awaited session failed
    ├── CampaignFailedError             a watched campaign was cancelled or ran out of credit
    ├── DocumentSyncFailedError         a document did not reach the knowledge base of an agent
    ├── LedgerError                     the file or server of a ledger cannot be used
    │   └── LedgerLostError             the ledger was emptied or replaced while in use
    ├── GateError                       a do-not-call or consent source failed; nothing was dialled
    ├── RecordsError                    the file or server of a table of calls cannot be used
    └── WebhookError                    a delivery that must not be trusted

All of them pickle. ``str()`` is one line that says what happened and what to do next. The attributes of each
class are declared in its body; any other detail is a TypeError.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

if TYPE_CHECKING:
    # At run time it would load the models with every error.
    from vocobase_raw.models.document import Document

# Patterns as text, which `re` compiles at the first error: all programs start, and few of them fail.
_SECRETS = r"\b(rg_[a-z]+_|whsec_)[\w-]+"
# Control characters, which move the cursor of a terminal, and surrogates, which UTF-8 cannot express.
_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+"
_MAX_SERVER_TEXT = 500
# Of either end of a message.
_MAX_HALF_MESSAGE = 1000


def redact(text: str) -> str:
    """Return a text without keys and secrets."""
    return re.sub(_SECRETS, r"\1***", text)


def one_line(text: object) -> str:
    """Return a text of a server on one line, shortened and redacted."""
    line = redact(" ".join(re.sub(_CONTROL, " ", str(text)).split()))
    return line if len(line) <= _MAX_SERVER_TEXT else line[:_MAX_SERVER_TEXT] + "..."


class VocobaseError(Exception):
    """The root of all exceptions of the SDK.

    Attributes:
        message: The text, on one line.
    """

    message: str = ""

    def __init__(self, message: str, **details: Any) -> None:
        unknown = details.keys() - _declared(type(self))
        if unknown:
            raise TypeError(f"{type(self).__name__} has no attribute {', '.join(sorted(unknown))}")
        # Messages quote arguments, and a key may have been passed as the wrong one.
        message = redact(re.sub(_CONTROL, " ", message))
        if len(message) > 2 * _MAX_HALF_MESSAGE:
            message = f"{message[:_MAX_HALF_MESSAGE]}...{message[-_MAX_HALF_MESSAGE:]}"
        super().__init__(message)
        self.message = message
        self.__dict__.update(details)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.__dict__)


def _declared(cls: type) -> set[str]:
    """Return the names of the attributes that a class and its bases declare."""
    return {
        name
        for base in cls.__mro__
        for name, kind in vars(base).get("__annotations__", {}).items()
        if not str(kind).startswith("ClassVar")
    } - {"message"}


def _rebuild(cls: type[VocobaseError], message: str, details: dict[str, Any]) -> VocobaseError:
    error = cls.__new__(cls)
    Exception.__init__(error, message)
    error.__dict__.update(details)
    return error


class ConfigurationError(VocobaseError, ValueError):
    """A key, address or option is wrong or missing; nothing was sent."""


class InvalidArgumentError(ConfigurationError):
    """An argument of a method is of the wrong type or beyond a documented limit; nothing was sent."""


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
        status: HTTP status of the response, None if it did not get that far.
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


class UploadError(VocobaseError):
    """A file did not reach the object store."""


class UploadRejectedError(UploadError):
    """The object store, or the check of the file, rejected it.

    Attributes:
        status: HTTP status of the object store, None if the file itself was rejected.
    """

    status: int | None = None


class UploadExpiredError(UploadError):
    """The presigned URL expired before the transfer was complete."""


class UploadResult(NamedTuple):
    """The result of uploading one of several files.

    Attributes:
        path: The path as you passed it.
        document: The document, None if the file was not uploaded.
        error: Why the file was not uploaded, None if it was.
    """

    path: str | PathLike[str]
    document: Document | None
    error: VocobaseError | None


class UploadsFailedError(UploadError):
    """Some of several files were not uploaded; the others were.

    Attributes:
        results: One ``UploadResult`` for every path, in the order of the paths.
    """

    results: Sequence[UploadResult] = ()


class DownloadError(VocobaseError):
    """A download could not be written to its file, such as to a full disk; no part of it stays behind."""


class DownloadResult(NamedTuple):
    """The result of downloading one of several documents.

    Attributes:
        document: The document.
        path: Path of its file, None if it was not downloaded.
        error: Why it was not downloaded, None if it was.
    """

    document: Document
    path: Path | None
    error: VocobaseError | None


class DownloadsFailedError(DownloadError):
    """Some of several documents were not downloaded; the others were.

    Attributes:
        results: One ``DownloadResult`` for every document that has a file, newest first.
    """

    results: Sequence[DownloadResult] = ()


class ExportError(VocobaseError):
    """The folder of an export or archive cannot be used or written; what it has is whole."""


class ContactsError(VocobaseError, ValueError):
    """A list of contacts cannot be read, or its rejected rows cannot be written."""


class ContactsHeaderError(ContactsError):
    """The header of a list cannot be used: it has no column with phone numbers, or no row fits it.

    Attributes:
        line: Line of the header, counted from 1; None if the list has no header row.
    """

    line: int | None = None


class LookupFailedError(VocobaseError, LookupError):
    """Nothing matches what you asked for."""


class WaitTimeoutError(VocobaseError, TimeoutError):
    """A wait ended before the awaited state.

    Attributes:
        last: The object as last read, None if it was never read.
    """

    last: Any = None


class CallFailedError(VocobaseError):
    """An awaited call ended without being completed.

    Attributes:
        call: The call as last read.
    """

    call: Any = None


class CallRefusedError(VocobaseError):
    """The call of a key was certainly not dialled, and will not be unless a person decides so.

    Attributes:
        key: Key of the call.
        code: Why, as one word, such as ``do_not_call`` or the code of the API.
        reason: Why, for a person.
    """

    key: str = ""
    code: str = ""
    reason: str = ""


class LedgerError(VocobaseError):
    """The file or server of a ledger cannot be used; the last change may or may not be stored."""


class LedgerLostError(LedgerError):
    """A ledger was emptied, replaced or restored from an older copy while it was in use.

    Attributes:
        waiting: How many jobs of a list of calls were waiting when they were last counted, None if never.
    """

    waiting: int | None = None


class GateError(VocobaseError):
    """A do-not-call or consent source failed or returned an unusable value; the job was not dialled."""


class RecordsError(VocobaseError):
    """The file or server of a table of calls cannot be used; a change is stored as a whole or not at all."""


class SessionFailedError(VocobaseError):
    """An awaited session ended without being completed.

    Attributes:
        session: The session as last read.
    """

    session: Any = None


class CampaignFailedError(VocobaseError):
    """A watched campaign was cancelled, or has no credit to continue.

    Attributes:
        campaign: The campaign as last read.
    """

    campaign: Any = None


class DocumentSyncFailedError(VocobaseError):
    """A document did not reach the knowledge base of an agent (which states mean that is inferred).

    Attributes:
        document: The first document that failed.
        documents: All awaited documents, as last read.
    """

    document: Any = None
    documents: Any = None


class WebhookError(VocobaseError):
    """A delivery that must not be trusted.

    Attributes:
        reason: One of ``missing-header``, ``bad-header``, ``bad-signature``, ``bad-timestamp``, ``too-old``,
            ``too-new``, ``not-bytes``, ``too-large``, ``bad-body``, ``duplicate``, ``in-progress``,
            ``unavailable``.
    """

    reason: str = ""


class VariablesWarning(UserWarning):
    """The variables of a call or session are not those that its agent declares."""
