"""Everything that the SDK raises.

    VocobaseError
    ├── ConfigurationError            a wrong or missing key, address or option
    │   └── InvalidArgumentError           an argument beyond a documented limit; nothing was sent
    ├── ConnectionFailedError              no answer: DNS, refused, reset, TLS
    │   └── TimeoutExceededError           no answer in time
    ├── OutcomeUnknownError           the request may or may not have been carried out
    ├── ResponseError                 an answer that cannot be understood: HTML, truncated, too large
    ├── APIError                      the API said no
    │   ├── ValidationFailedError          400
    │   │   └── DictionaryCharLimitExceededError
    │   ├── AuthenticationError       401
    │   ├── PermissionDeniedError          403
    │   │   └── InsufficientBalanceError
    │   ├── NotFoundError                  404
    │   ├── ConflictError                  409
    │   ├── LimitReachedError              429
    │   │   ├── RateLimitError        too many requests a minute
    │   │   └── ConcurrencyLimitError too many calls at once
    │   └── ServerError               5xx
    ├── UploadError                   a file did not get to the object store
    │   ├── UploadRejectedError            the store or the check of the file refused it
    │   ├── UploadExpiredError             the presigned URL ran out
    │   └── UploadsFailedError             some of several files did not get there
    ├── DownloadError                 a download could not be written to its file
    ├── ContactsError                 a list of contacts cannot be read
    ├── LookupFailedError                  nothing fits what was asked for
    ├── WaitTimeoutError                   what was waited for did not happen in time
    ├── CallFailedError                    a call that was waited for did not complete
    ├── SessionFailedError                 a session that was waited for failed
    ├── CampaignFailedError                a campaign that was watched was cancelled or ran out of credit
    ├── DocumentSyncFailedError            a document did not get into the knowledge base of an agent
    ├── LedgerError                   the file or server of a ledger cannot be used
    │   └── LedgerLostError                it is not the ledger that was opened
    └── WebhookError                  a delivery that must not be trusted

All of them pickle, and ``str()`` is one line that says what happened and what to do next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    # At run time it would load the models with every error.
    from vocobase_raw.models.document import Document

_SECRETS = re.compile(r"\b(rg_[a-z]+_|whsec_)[\w-]+")
# What would move the cursor of a terminal, or cannot be written as UTF-8.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Of a text of the server, and of either end of all that an error says.
_LONGEST_MESSAGE = 500
_LONGEST_HALF = 1000


def redact(text: str) -> str:
    """Return a text without keys and secrets."""
    return _SECRETS.sub(r"\1***", text)


def one_line(text: object) -> str:
    """Return a text of the server on one line, shortened, with keys and secrets blotted out."""
    line = redact(" ".join(_CONTROL.sub(" ", str(text)).split()))
    return line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "..."


class VocobaseError(Exception):
    """The root of all errors of the SDK."""

    def __init__(self, message: str, **details: Any) -> None:
        # Messages quote arguments, and a key may have been given in the place of one.
        message = redact(_CONTROL.sub(" ", message))
        if len(message) > 2 * _LONGEST_HALF:
            message = f"{message[:_LONGEST_HALF]}...{message[-_LONGEST_HALF:]}"
        super().__init__(message)
        self.message = message
        self.__dict__.update(details)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.__dict__)


def _rebuild(cls: type[VocobaseError], message: str, details: dict[str, Any]) -> VocobaseError:
    error = cls.__new__(cls)
    Exception.__init__(error, message)
    error.__dict__.update(details)
    return error


class ConfigurationError(VocobaseError, ValueError):
    """A wrong or missing key, address or option; nothing was sent."""


class InvalidArgumentError(ConfigurationError):
    """An argument of a method is of the wrong type or beyond a documented limit; nothing was sent."""


class ConnectionFailedError(VocobaseError):
    """No answer came.

    Attributes:
        sent: Whether the request may have reached the server.
    """

    sent: bool = True


class TimeoutExceededError(ConnectionFailedError, TimeoutError):
    """No answer came in time."""


class OutcomeUnknownError(VocobaseError):
    """The request may or may not have been carried out, and repeating it could do it twice.

    Attributes:
        operation: The operation, such as ``calls.start``.
    """

    operation: str = ""


class ResponseError(VocobaseError):
    """The answer cannot be understood: HTML, truncated, too large.

    Attributes:
        status: HTTP status of the answer, None when it did not get that far.
    """

    status: int | None = None


class APIError(VocobaseError):
    """The API refused the request.

    Attributes:
        status: HTTP status.
        code: Upper-case code of the API, such as ``NOT_FOUND``; empty when the body had none.
        api_message: Text of the API for people.
        request_id: Identifier of the request, when the server sent one.
        operation: The operation, such as ``agents.get``.
        method: HTTP method.
        path: Path template, such as ``/agent/{id}``.
        retry_after: Seconds after which the server wants to be asked again, when it said so.
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
    ) -> Self:
        """Build the error and its message."""
        what = f"{operation}: {status}" + (f" {code}" if code else "")
        text = one_line(api_message)
        text = text if text.endswith("...") else text.rstrip(".")
        parts = [f"{what}: {text}" if text else what]
        if request_id:
            parts.append(f"(request {request_id})")
        message = " ".join(parts) + "."
        if cls.hint:
            message += f" {cls.hint}"
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

    hint = "Check VOCOBASE_API_KEY; keys are made in the dashboard and begin with rg_live_."


class PermissionDeniedError(APIError):
    """403: the key is fine, the action is not allowed."""

    hint = "Check that the account is approved and active and has enough balance."


class InsufficientBalanceError(PermissionDeniedError):
    """403 whose text speaks of the balance (how it is told apart is inferred)."""

    hint = "Top up the account."


class NotFoundError(APIError):
    """404: it does not exist or belongs to another account."""

    hint = "Check the identifier and that it belongs to the account of the key."


class ConflictError(APIError):
    """409: a unique value, such as the name of an agent, is in use."""

    hint = "Choose another value, or update what exists."


class LimitReachedError(APIError):
    """429: a rate limit or a concurrency limit; one code serves both."""

    hint = "Wait and repeat; the call was not carried out."


class RateLimitError(LimitReachedError):
    """429: too many requests in a minute (60, and 10 under /calls/)."""

    hint = "Wait until the minute is over and repeat; the request was not carried out."


class ConcurrencyLimitError(LimitReachedError):
    """429: too many calls at once (told apart by its text, which is inferred)."""

    hint = "Wait for a call to end (calls.concurrency shows the room) and repeat; nothing was dialled."


class ServerError(APIError):
    """5xx: a fault on the server side."""

    hint = "Repeat later; if it stays, give the request id to Vocobase."


class UploadError(VocobaseError):
    """A file did not get to the object store."""


class UploadRejectedError(UploadError):
    """The object store, or the check of the file, refused it.

    Attributes:
        status: HTTP status of the object store, None when the file itself was refused.
    """

    status: int | None = None


class UploadExpiredError(UploadError):
    """The presigned URL ran out before the transfer was done."""


@dataclass(frozen=True, slots=True)
class UploadResult:
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
        results: One :class:`UploadResult` for every path, in the order in which they were given.
    """

    results: Sequence[UploadResult] = ()


class DownloadError(VocobaseError):
    """A download could not be written to its file: no room, no right; nothing of it stays behind."""


class ContactsError(VocobaseError, ValueError):
    """A list of contacts cannot be read, or its rejected rows cannot be written."""


class LookupFailedError(VocobaseError, LookupError):
    """Nothing fits what was asked for."""


class WaitTimeoutError(VocobaseError, TimeoutError):
    """What was waited for did not happen in time.

    Attributes:
        last: The object as it was read last, None when it was never read.
    """

    last: Any = None


class CallFailedError(VocobaseError):
    """A call that was waited for ended without being completed.

    Attributes:
        call: The call as it was read last.
    """

    call: Any = None


class LedgerError(VocobaseError):
    """The file or server of a ledger cannot be used; what was asked of it may or may not be done."""


class LedgerLostError(LedgerError):
    """A ledger was emptied, replaced or restored from an older copy while it was in use.

    Attributes:
        waiting: How many jobs of a list of calls waited when they were last counted, None if they never were.
    """

    waiting: int | None = None


class SessionFailedError(VocobaseError):
    """A session that was waited for ended without being completed.

    Attributes:
        session: The session as it was read last.
    """

    session: Any = None


class CampaignFailedError(VocobaseError):
    """A campaign that was watched was cancelled, or has no credit to go on.

    Attributes:
        campaign: The campaign as it was read last.
    """

    campaign: Any = None


class DocumentSyncFailedError(VocobaseError):
    """A document did not get into the knowledge base of an agent (which states mean that is inferred).

    Attributes:
        document: The first that failed.
        documents: All that were waited for, as they were read last.
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
    """The variables given to a call or session are not those that its agent declares."""
