"""The keyword arguments of a method, also those that its signature declares as a typed dictionary."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from vocobase import types


def settings_of(method: Callable[..., Any]) -> Any:
    """Return the typed dictionary behind ``**settings: Unpack[...]``, None when there is none."""
    for parameter in inspect.signature(method).parameters.values():
        found = re.fullmatch(r"Unpack\[(\w+)\]", str(parameter.annotation))
        if found:
            return getattr(types, found[1])
    return None


def arguments_of(method: Callable[..., Any]) -> list[str]:
    """Return the names of all arguments that a method takes by name."""
    parameters = inspect.signature(method).parameters.values()
    names = [each.name for each in parameters if each.kind is not each.VAR_KEYWORD]
    settings = settings_of(method)
    return [*names, *(settings.__annotations__ if settings else ())]


def documentation_of(method: Callable[..., Any]) -> str:
    """Return the docstring of a method, and after it that of its settings."""
    settings = settings_of(method)
    texts = [inspect.getdoc(method) or "", (inspect.getdoc(settings) or "") if settings else ""]
    return "\n\n".join([*texts, ""])
