"""The Python SDK for the Vocobase Partner API: voice AI agents that make and take phone calls.

    from vocobase import Vocobase

    with Vocobase() as vb:                      # the key comes from VOCOBASE_API_KEY
        for agent in vb.agents.list():
            print(agent.agent_name)

``AsyncVocobase`` has the same methods, which you await. ``vocobase.types`` has the models and enums, and
``vocobase.webhooks`` receives events.

Every method can raise these errors, in addition to those of its own documentation:
    AuthenticationError: the key is missing or invalid.
    PermissionDeniedError, InsufficientBalanceError: the account is not allowed to do this, or not now.
    RateLimitError: more than 60 requests per minute, or 10 under /calls/; the request was not processed.
    ValidationFailedError: the API rejected a value, or a required one is missing; the message names it.
    ServerError: a fault of the server.
    ConnectionFailedError, TimeoutExceededError: no response, although a retry was safe.
    CertificateError: the certificate of the server or proxy cannot be verified; nothing was sent.
    OutcomeUnknownError: no response, or a fault, and a retry could act twice.
    ResponseError: an unexpected response.
    InvalidArgumentError: an argument is of the wrong type or beyond a documented limit; nothing was sent.
    ConfigurationError: a wrong option, key or address; nothing was sent.

Importing this package loads neither httpx nor the models; each name is loaded at its first use.
"""

from __future__ import annotations

from vocobase._version import __version__

# Importing `typing` would take longer than everything else here; type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from vocobase._base.errors import (
        APIError,
        AuthenticationError,
        CallFailedError,
        CallRefusedError,
        CampaignFailedError,
        CertificateError,
        ConcurrencyLimitError,
        ConfigurationError,
        ConflictError,
        ConnectionFailedError,
        ContactsError,
        ContactsHeaderError,
        DictionaryCharLimitExceededError,
        DocumentSyncFailedError,
        DownloadError,
        DownloadResult,
        DownloadsFailedError,
        ExportError,
        GateError,
        InsufficientBalanceError,
        InvalidArgumentError,
        LedgerError,
        LedgerLostError,
        LimitReachedError,
        LookupFailedError,
        NotFoundError,
        OutcomeUnknownError,
        PermissionDeniedError,
        RateLimitError,
        RecordsError,
        ResponseError,
        RouteNotFoundError,
        ServerError,
        SessionFailedError,
        TimeoutExceededError,
        UploadError,
        UploadExpiredError,
        UploadRejectedError,
        UploadResult,
        UploadsFailedError,
        ValidationFailedError,
        VariablesWarning,
        VocobaseError,
        WaitTimeoutError,
        WebhookError,
    )
    from vocobase._base.filenames import safe_filename
    from vocobase._base.values import OMIT, Omit
    from vocobase._client.aio.client import AsyncVocobase
    from vocobase._client.sync.client import Vocobase
    from vocobase._dialing.aio.consent import AsyncConsentList
    from vocobase._dialing.aio.do_not_call import AsyncDoNotCall
    from vocobase._dialing.aio.lists import AsyncDialList
    from vocobase._dialing.attempts import Attempt
    from vocobase._dialing.consent import Consent
    from vocobase._dialing.do_not_call import DoNotCallEntry
    from vocobase._dialing.gate_log import GateDecision
    from vocobase._dialing.guards import CircuitBreaker, SpendCap
    from vocobase._dialing.jobs import CallJob, JobUpdate
    from vocobase._dialing.list_settings import ListSettings
    from vocobase._dialing.marks import Pause
    from vocobase._dialing.opt_out import OptOut
    from vocobase._dialing.plan import DialPlan, PlanRow
    from vocobase._dialing.redial import PersonCap, Redial
    from vocobase._dialing.report import DialReport, RunReport
    from vocobase._dialing.rows import JobResult
    from vocobase._dialing.suppression_files import SuppressionReport
    from vocobase._dialing.sync.consent import ConsentList
    from vocobase._dialing.sync.do_not_call import DoNotCall
    from vocobase._dialing.sync.lists import DialList
    from vocobase._dialing.windows import CallWindow
    from vocobase._ledger.base import Ledger
    from vocobase._ledger.opening import open_ledger
    from vocobase._policy.budgets import LocalPacer, RedisPacer
    from vocobase._policy.hooks import ClientEvent, OutcomeUnknown, PermitWaited, ResponseInfo, RetryScheduled
    from vocobase._policy.operations import OPERATIONS, PER_MINUTE, Budget, Operation, RetrySafety
    from vocobase._policy.options import Timeout
    from vocobase._policy.pacers import Pacer
    from vocobase._policy.pages import Page

__all__ = [
    "OMIT",
    "OPERATIONS",
    "PER_MINUTE",
    "APIError",
    "AsyncConsentList",
    "AsyncDialList",
    "AsyncDoNotCall",
    "AsyncVocobase",
    "Attempt",
    "AuthenticationError",
    "Budget",
    "CallFailedError",
    "CallJob",
    "CallRefusedError",
    "CallWindow",
    "CampaignFailedError",
    "CertificateError",
    "CircuitBreaker",
    "ClientEvent",
    "ConcurrencyLimitError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "Consent",
    "ConsentList",
    "ContactsError",
    "ContactsHeaderError",
    "DialList",
    "DialPlan",
    "DialReport",
    "DictionaryCharLimitExceededError",
    "DoNotCall",
    "DoNotCallEntry",
    "DocumentSyncFailedError",
    "DownloadError",
    "DownloadResult",
    "DownloadsFailedError",
    "ExportError",
    "GateDecision",
    "GateError",
    "InsufficientBalanceError",
    "InvalidArgumentError",
    "JobResult",
    "JobUpdate",
    "Ledger",
    "LedgerError",
    "LedgerLostError",
    "LimitReachedError",
    "ListSettings",
    "LocalPacer",
    "LookupFailedError",
    "NotFoundError",
    "Omit",
    "Operation",
    "OptOut",
    "OutcomeUnknown",
    "OutcomeUnknownError",
    "Pacer",
    "Page",
    "Pause",
    "PermissionDeniedError",
    "PermitWaited",
    "PersonCap",
    "PlanRow",
    "RateLimitError",
    "RecordsError",
    "Redial",
    "RedisPacer",
    "ResponseError",
    "ResponseInfo",
    "RetrySafety",
    "RetryScheduled",
    "RouteNotFoundError",
    "RunReport",
    "ServerError",
    "SessionFailedError",
    "SpendCap",
    "SuppressionReport",
    "Timeout",
    "TimeoutExceededError",
    "UploadError",
    "UploadExpiredError",
    "UploadRejectedError",
    "UploadResult",
    "UploadsFailedError",
    "ValidationFailedError",
    "VariablesWarning",
    "Vocobase",
    "VocobaseError",
    "WaitTimeoutError",
    "WebhookError",
    "__version__",
    "open_ledger",
    "safe_filename",
]

_ELSEWHERE = {
    "DoNotCall": "vocobase._dialing.sync.do_not_call",
    "AsyncDoNotCall": "vocobase._dialing.aio.do_not_call",
    "DoNotCallEntry": "vocobase._dialing.do_not_call",
    "ConsentList": "vocobase._dialing.sync.consent",
    "AsyncConsentList": "vocobase._dialing.aio.consent",
    "Consent": "vocobase._dialing.consent",
    "OptOut": "vocobase._dialing.opt_out",
    "GateDecision": "vocobase._dialing.gate_log",
    "SuppressionReport": "vocobase._dialing.suppression_files",
    "OPERATIONS": "vocobase._policy.operations",
    "PER_MINUTE": "vocobase._policy.operations",
    "Operation": "vocobase._policy.operations",
    "RetrySafety": "vocobase._policy.operations",
    "Budget": "vocobase._policy.operations",
    "AsyncVocobase": "vocobase._client.aio.client",
    "CallJob": "vocobase._dialing.jobs",
    "DialPlan": "vocobase._dialing.plan",
    "PlanRow": "vocobase._dialing.plan",
    "PersonCap": "vocobase._dialing.redial",
    "Redial": "vocobase._dialing.redial",
    "SpendCap": "vocobase._dialing.guards",
    "CircuitBreaker": "vocobase._dialing.guards",
    "CallWindow": "vocobase._dialing.windows",
    "AsyncDialList": "vocobase._dialing.aio.lists",
    "Attempt": "vocobase._dialing.attempts",
    "DialList": "vocobase._dialing.sync.lists",
    "DialReport": "vocobase._dialing.report",
    "RunReport": "vocobase._dialing.report",
    "JobResult": "vocobase._dialing.rows",
    "ListSettings": "vocobase._dialing.list_settings",
    "Pause": "vocobase._dialing.marks",
    "JobUpdate": "vocobase._dialing.jobs",
    "Ledger": "vocobase._ledger.base",
    "open_ledger": "vocobase._ledger.opening",
    "safe_filename": "vocobase._base.filenames",
    "OMIT": "vocobase._base.values",
    "Omit": "vocobase._base.values",
    "Page": "vocobase._policy.pages",
    "Timeout": "vocobase._policy.options",
    "Vocobase": "vocobase._client.sync.client",
    "ResponseInfo": "vocobase._policy.hooks",
    "RedisPacer": "vocobase._policy.budgets",
    "Pacer": "vocobase._policy.pacers",
    "ClientEvent": "vocobase._policy.hooks",
    "OutcomeUnknown": "vocobase._policy.hooks",
    "PermitWaited": "vocobase._policy.hooks",
    "RetryScheduled": "vocobase._policy.hooks",
    "LocalPacer": "vocobase._policy.budgets",
}


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_ELSEWHERE.get(name, "vocobase._base.errors")), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
