"""Keyword arguments that are declared as a typed dictionary, as members of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocobase._base.values import as_list


def settings_of(
    operation: str, given: Mapping[str, object], declared: frozenset[str], *, limits_of: str = ""
) -> dict[str, Any]:
    """Return the members of a request for the keyword arguments of a method.

    Args:
        operation: Key of the method, such as ``agents.ensure``.
        given: Keyword arguments.
        declared: Names that the typed dictionary has.
        limits_of: Operation that takes the members, if it is another one.

    Raises:
        TypeError: an argument is not declared.
    """
    for name in given:
        if name not in declared:
            raise TypeError(f"{operation}() got an unexpected keyword argument {name!r}")
    # Loaded at the first request, as in `limits`.
    from vocobase_raw.constraints import CONSTRAINTS

    lists = {path for path, kind, _, _ in CONSTRAINTS[limits_of or operation] if kind == "array"}
    return {name: as_list(value) if name in lists else value for name, value in given.items()}
