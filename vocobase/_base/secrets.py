"""Secrets: values that no message, log, repr or traceback may show.

Tools that report errors show more than messages: the variables of every frame of a traceback, of its causes,
and of contexts that ``from None`` only suppresses. Others visit the attributes of objects, or pickle and log
them. Therefore, everywhere in this package:

- A secret is a ``Secret`` from the argument on (`takes_secrets`). ``reveal()`` appears only in the expression
  that writes, sends or compares the value; no frame that may raise binds the plain value.
- A function that finds a fault in a secret returns the fault. Its caller raises it, after the ``except``
  block, so that an error that quotes or holds the value becomes neither cause nor context.
- Frames of other packages hold plain values; `drop_frames` removes them where an error comes back.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Collection
from functools import wraps
from inspect import iscoroutinefunction
from types import CodeType, TracebackType
from typing import Any, Generic, NoReturn, ParamSpec, TypeVar, cast

T = TypeVar("T")
P = ParamSpec("P")
E = TypeVar("E", bound=BaseException)

# Parameters for a secret, or for an address, which may contain one: a token in its path, a password.
SENSITIVE_PARAMETERS = re.compile(r"secret|password|token|api_key|url$|^headers$|^ledger$")
# The values that mean an absent value; the sentinel of the models is added where they are loaded.
ABSENT: list[object] = [None]
# Attributes of errors of httpx and psycopg: the request with its headers, the connection with its password.
HOLDERS = frozenset({"_request", "_pgconn"})
_HIDDEN = "***"


class Secret(Generic[T]):
    """A value that only ``reveal()`` shows."""

    __slots__ = ("reveal",)

    reveal: Callable[[], T]

    def __init__(self, value: T) -> None:
        # In a closure, which tools that visit attributes do not open.
        self.reveal = lambda: value

    def __repr__(self) -> str:
        return _HIDDEN

    def __format__(self, spec: str) -> str:
        return _HIDDEN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        ours, theirs = (repr(each.reveal()).encode() for each in (self, cast("Secret[object]", other)))
        return hmac.compare_digest(ours, theirs)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A secret cannot be pickled or copied.")


def conceal(value: Any) -> Any:
    """Return a value as a secret; an absent value, or a secret, is returned unchanged."""
    kept: object = value
    for absent in ABSENT:
        if kept is absent:
            return value
    return value if isinstance(kept, Secret) else Secret(value)


def reveal(value: Any) -> Any:
    """Return the value of a secret; any other value is returned unchanged."""
    return cast(Any, value).reveal() if isinstance(value, Secret) else value


def takes_secrets(*names: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Pass some arguments of a function as secrets, whatever their annotations say.

    Unknown arguments become secrets as well: a misspelled name may carry a password.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        code: CodeType = cast("Any", function).__code__
        parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        positional = parameters[: code.co_argcount]
        plain = frozenset(parameters) - frozenset(names)

        def shield(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
            known = [name in plain for name in positional] + [False] * len(args)
            return (
                [value if shown else conceal(value) for value, shown in zip(args, known, strict=False)],
                {name: value if name in plain else conceal(value) for name, value in kwargs.items()},
            )

        if iscoroutinefunction(function):

            async def call_async(*args: Any, **kwargs: Any) -> Any:
                args, kwargs = shield(args, kwargs)  # type: ignore[assignment]
                return await function(*args, **kwargs)

            return cast("Callable[P, T]", wraps(function)(call_async))

        def call(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = shield(args, kwargs)  # type: ignore[assignment]
            return function(*args, **kwargs)

        return cast("Callable[P, T]", wraps(function)(call))

    return decorate


def shield_methods(cls: type) -> None:
    """Pass every argument that is named like a secret or an address as a secret, in all methods."""
    for name, member in list(vars(cls).items()):
        code = getattr(member, "__code__", None)
        if isinstance(code, CodeType):
            parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            secret = [each for each in parameters if SENSITIVE_PARAMETERS.search(each)]
            if secret:
                setattr(cls, name, takes_secrets(*secret)(member))


def drop_frames(error: E, handled: BaseException | None = None, keep: Collection[CodeType] = ()) -> E:
    """Remove the frames, which hold plain values, from an error and its causes; return the error.

    Args:
        error: An error of another package.
        handled: The error that was being handled before that package was called; it stays unchanged.
        keep: Our functions that it calls back; their frames, and those below them, stay.
    """
    left: list[BaseException | None] = [error]
    seen = {id(None), id(handled)}
    while left:
        each = left.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        each.__traceback__ = _from_kept(each.__traceback__, keep)
        for name in HOLDERS & vars(each).keys():
            vars(each)[name] = None
        left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return error


def _from_kept(trace: TracebackType | None, keep: Collection[CodeType]) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code not in keep:
        trace = trace.tb_next
    return trace
