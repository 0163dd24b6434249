"""Pre-call variables: those that a prompt uses, and how passed variables differ from declared ones."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import cast

from vocobase._base.errors import InvalidArgumentError, VariablesWarning
from vocobase._policy.pages import Page
from vocobase_raw.types import Model

# As documented: letters, digits and underscore, not starting with a digit; spaces inside the braces are
# ignored.
PLACEHOLDER = re.compile(r"\{\{\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*\}\}")
# Operations whose payload is an agent, or a page of them.
RETURN_AGENTS = frozenset({"agents.create", "agents.get", "agents.list", "agents.update"})
# Beyond this many agents, the first ones are forgotten.
MAX_REMEMBERED_AGENTS = 10_000


def variables_in(*texts: str | None) -> list[str]:
    """Return the names in texts such as ``{{name}}``, each once, in the order of their first use."""
    if not all(isinstance(cast(object, text), (str, NoneType)) for text in texts):
        raise InvalidArgumentError("agents.variables_in: pass texts, such as the prompt of an agent.")
    return list(dict.fromkeys(name for text in texts if text for name in PLACEHOLDER.findall(text)))


def difference(declared: frozenset[str], given: object) -> str:
    """Describe how passed variables differ from the declared ones, without values; empty if they do not."""
    # JSON turns other names into text.
    listed = list(cast("Mapping[object, object]", given)) if isinstance(given, Mapping) else []
    names = {str(name) for name in listed}
    parts = (
        ("declared by the agent but missing, so they become empty strings", declared - names),
        ("passed but not declared by the agent, so the API may reject them", names - declared),
    )
    return "; ".join(f"{what}: {', '.join(sorted(found))}" for what, found in parts if found)


class Declared:
    """The variables that agents declare, as far as responses of a client have named them."""

    def __init__(self) -> None:
        self._seen: dict[str, frozenset[str]] = {}

    def observe(self, operation: str, result: object) -> None:
        """Note the declared variables of the agents in the result of an operation."""
        if operation not in RETURN_AGENTS:
            return
        for agent in cast("Iterable[object]", result) if isinstance(result, Page) else [result]:
            # A response without the member says nothing about it.
            if isinstance(agent, Model) and "variables" not in agent.absent:
                self.remember(getattr(agent, "id", None), getattr(agent, "variables", None))

    def remember(self, agent_id: object, names: object) -> None:
        """Note the names that an agent declares, None for none."""
        if not isinstance(agent_id, str):
            return
        listed = cast("list[object]", names) if isinstance(names, list) else []
        self._seen.pop(agent_id, None)
        self._seen[agent_id] = frozenset(name for name in listed if isinstance(name, str))
        while len(self._seen) > MAX_REMEMBERED_AGENTS:
            # A copy, because other threads may change it.
            self._seen.pop(next(iter(self._seen.copy())), None)

    def check(self, operation: str, agent_id: str, given: object) -> None:
        """Warn the caller's caller if passed variables differ from those that the agent declares."""
        declared = self._seen.get(agent_id) if isinstance(cast(object, agent_id), str) else None
        found = difference(declared, given) if declared is not None else ""
        if found:
            warnings.warn(f"{operation}: variables {found}.", VariablesWarning, stacklevel=3)
