"""The root of all errors, errors of the caller, and the texts of errors: one line, without secrets."""

from __future__ import annotations

import inspect
import re
import sys
from typing import Any

# Patterns as text, which `re` compiles at the first error: all programs start, and few of them fail.
_SECRETS = r"\b(rg_[a-z]+_|whsec_)[\w-]+"
# Control characters, which move the cursor of a terminal, and surrogates, which UTF-8 cannot express.
_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+"
_MAX_SERVER_TEXT = 500
# Of either end of a message.
_MAX_HALF_MESSAGE = 1000
# Python 3.14 and later evaluate annotations when they are read, and some name types that exist only for type
# checkers. So they are read as text: 4 is `annotationlib.Format.STRING`.
_AS_TEXT: dict[str, Any] = {"format": 4} if sys.version_info >= (3, 14) else {}


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

    # Of every error, wherever it is written: tracebacks and pickles name the package.
    __module__ = __package__ or ""
    message: str = ""

    def __init_subclass__(cls) -> None:
        if cls.__module__.startswith(f"{__package__}."):
            cls.__module__ = __package__ or ""

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
        for name, kind in inspect.get_annotations(base, **_AS_TEXT).items()
        if not re.match(r"(\w+\.)*ClassVar\b", str(kind))
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


class VariablesWarning(UserWarning):
    """The variables of a call or session are not those that its agent declares."""
