"""The errors that operations raise."""

from __future__ import annotations


class RawError(Exception):
    """The base of the errors of this package."""

    def __init__(self, message: str, status_code: int, content: bytes) -> None:
        super().__init__(message, status_code, content)
        self.message = message
        self.status_code = status_code
        self.content = content

    def __str__(self) -> str:
        return self.message


class UnexpectedStatus(RawError):
    """The status is not a 2xx; ``content`` holds the body."""


class UnexpectedContent(RawError):
    """The status is a 2xx but the body is not JSON; ``content`` holds it."""


__all__ = ["RawError", "UnexpectedContent", "UnexpectedStatus"]
