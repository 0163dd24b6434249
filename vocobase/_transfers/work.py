"""The type of a function without arguments, for asynchronous code and for the code derived from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
Work = Callable[[], T]
AsyncWork = Callable[[], Awaitable[T]]
