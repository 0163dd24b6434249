"""Turn every error into one line, or one JSON object, and an exit status."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from pathlib import Path
from typing import NamedTuple

import click

import vocobase
from vocobase.cli.session import BudgetSpent, Declined, Session
from vocobase.cli.wording import translated

OK = 0
REFUSED = 1
USAGE = 2
NOT_FOUND = 3
KEY = 4
LIMIT = 5
UNREACHABLE = 6
UNKNOWN_OUTCOME = 7
INTERRUPTED = 130
# As for a program that the signal for a closed pipe ends: 128 + SIGPIPE.
CLOSED_PIPE = 141


class Failure(NamedTuple):
    """The result of a command that failed.

    Attributes:
        exit_status: Exit status of the process.
        code: A word for programs.
        retryable: Whether the same command may succeed later, without a change.
        hint: What to do next; empty if the message of the error says so already.
    """

    exit_status: int
    code: str
    retryable: bool = False
    hint: str = ""


LOG_IN = "Run vocobase login, or set VOCOBASE_API_KEY; you create keys in the dashboard."
ANOTHER_ACCOUNT = "Check the identifier, and with --profile that the object belongs to this account."

# The nearest base class of an error decides.
FAILURES: dict[type[BaseException], Failure] = {
    vocobase.VocobaseError: Failure(REFUSED, "failed"),
    vocobase.ConfigurationError: Failure(USAGE, "usage"),
    vocobase.ContactsError: Failure(USAGE, "bad-file"),
    vocobase.LookupFailedError: Failure(NOT_FOUND, "not-found"),
    vocobase.ConnectionFailedError: Failure(UNREACHABLE, "unreachable", True),
    vocobase.CertificateError: Failure(UNREACHABLE, "certificate"),
    vocobase.TimeoutExceededError: Failure(UNREACHABLE, "timeout", True),
    vocobase.ResponseError: Failure(UNREACHABLE, "bad-response", True),
    vocobase.OutcomeUnknownError: Failure(UNKNOWN_OUTCOME, "outcome-unknown"),
    vocobase.WaitTimeoutError: Failure(REFUSED, "still-running", True),
    vocobase.APIError: Failure(REFUSED, "refused"),
    vocobase.AuthenticationError: Failure(KEY, "key", hint=LOG_IN),
    vocobase.PermissionDeniedError: Failure(KEY, "permission"),
    vocobase.InsufficientBalanceError: Failure(LIMIT, "balance"),
    vocobase.NotFoundError: Failure(NOT_FOUND, "not-found", hint=ANOTHER_ACCOUNT),
    vocobase.RouteNotFoundError: Failure(REFUSED, "route-not-found"),
    vocobase.ConflictError: Failure(REFUSED, "conflict"),
    vocobase.LimitReachedError: Failure(LIMIT, "limit", True),
    vocobase.ServerError: Failure(REFUSED, "server", True),
    BudgetSpent: Failure(LIMIT, "budget"),
    click.ClickException: Failure(USAGE, "usage"),
    Declined: Failure(INTERRUPTED, "declined"),
    OSError: Failure(REFUSED, "file"),
    BrokenPipeError: Failure(CLOSED_PIPE, "closed-pipe"),
    KeyboardInterrupt: Failure(INTERRUPTED, "interrupted"),
    Exception: Failure(REFUSED, "unexpected", hint="Run it again with --debug, and report the traceback."),
}


# A full disk is not the fault of the arguments, whatever the class of the error is.
NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def failure_of(error: BaseException) -> Failure:
    """Return the row of the table for an error."""
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno in NO_ROOM:
        return FAILURES[OSError]
    return next(FAILURES[kind] for kind in type(error).__mro__ if kind in FAILURES)


def report(error: BaseException, session: Session) -> int:
    """Report the error on standard error; return the exit status."""
    failure = failure_of(error)
    if failure.exit_status == CLOSED_PIPE:
        _discard_output()
        return CLOSED_PIPE
    if session.debug:
        traceback.print_exception(error, file=sys.stderr)
    text, hint = _message(error), failure.hint
    if isinstance(error, vocobase.APIError) and hint:
        text = text.removesuffix(translated(error.hint)).rstrip()
    if session.wants_json:
        line = json.dumps({"error": text, **failure._asdict(), "hint": hint or _hint(error)})
    else:
        line = f"vocobase: {text} {hint}".rstrip()
    session.note(line)
    _settle_output()
    return failure.exit_status


def _message(error: BaseException) -> str:
    if isinstance(error, click.ClickException):
        text = error.format_message()
        return " ".join(text.split())
    if isinstance(error, KeyboardInterrupt):
        return "interrupted."
    if isinstance(error, vocobase.VocobaseError | Declined | BudgetSpent):
        return translated(str(error))
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror[0].lower()}{error.strerror[1:]}."
    return f"unexpected {type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _hint(error: BaseException) -> str:
    return translated(error.hint) if isinstance(error, vocobase.APIError) else ""


def _settle_output() -> None:
    """Write what is still buffered, or discard it if it cannot be written, as on a full disk."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()


def _discard_output() -> None:
    """Discard what is still buffered: the interpreter would flush it at exit, and complain."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open until the end
