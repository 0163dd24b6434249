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
    │   └── ContactsHeaderError         its header cannot be used, or no row matches it
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

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vocobase._base.errors.requests import (
    APIError,
    AuthenticationError,
    CertificateError,
    ConcurrencyLimitError,
    ConflictError,
    ConnectionFailedError,
    DictionaryCharLimitExceededError,
    InsufficientBalanceError,
    LimitReachedError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    RouteNotFoundError,
    ServerError,
    TimeoutExceededError,
    ValidationFailedError,
)
from vocobase._base.errors.root import (
    ConfigurationError,
    InvalidArgumentError,
    VariablesWarning,
    VocobaseError,
    one_line,
    redact,
)

if TYPE_CHECKING:
    from vocobase._base.errors.lists import (
        ContactsError,
        ContactsHeaderError,
        GateError,
        LedgerError,
        LedgerLostError,
        RecordsError,
        WebhookError,
    )
    from vocobase._base.errors.outcomes import (
        CallFailedError,
        CallRefusedError,
        CampaignFailedError,
        DocumentSyncFailedError,
        LookupFailedError,
        SessionFailedError,
        WaitTimeoutError,
    )
    from vocobase._base.errors.transfers import (
        DownloadError,
        DownloadResult,
        DownloadsFailedError,
        ExportError,
        UploadError,
        UploadExpiredError,
        UploadRejectedError,
        UploadResult,
        UploadsFailedError,
    )

__all__ = [
    "APIError",
    "AuthenticationError",
    "CallFailedError",
    "CallRefusedError",
    "CampaignFailedError",
    "CertificateError",
    "ConcurrencyLimitError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "ContactsError",
    "ContactsHeaderError",
    "DictionaryCharLimitExceededError",
    "DocumentSyncFailedError",
    "DownloadError",
    "DownloadResult",
    "DownloadsFailedError",
    "ExportError",
    "GateError",
    "InsufficientBalanceError",
    "InvalidArgumentError",
    "LedgerError",
    "LedgerLostError",
    "LimitReachedError",
    "LookupFailedError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "RateLimitError",
    "RecordsError",
    "ResponseError",
    "RouteNotFoundError",
    "ServerError",
    "SessionFailedError",
    "TimeoutExceededError",
    "UploadError",
    "UploadExpiredError",
    "UploadRejectedError",
    "UploadResult",
    "UploadsFailedError",
    "ValidationFailedError",
    "VariablesWarning",
    "VocobaseError",
    "WaitTimeoutError",
    "WebhookError",
    "one_line",
    "redact",
]

# Loaded at their first use: all programs start, and a first call needs none of them.
_LATER = ("outcomes", "transfers", "lists")

# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        modules = [import_module(f"{__name__}.{module}") for module in _LATER]
        globals()[name] = value = next(vars(module)[name] for module in modules if name in vars(module))
        return value
