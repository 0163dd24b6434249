"""Pre-call variables: those that a prompt uses, and how passed variables differ from declared ones."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import cast

from vocobase._base.arguments import shown
from vocobase._base.errors import InvalidArgumentError, VariablesWarning
from vocobase._policy.pages import Page
from vocobase_raw.types import Model

# As documented: letters, digits and underscore, not starting with a digit; spaces inside the braces are
# ignored.
PLACEHOLDER = r"\{\{\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*\}\}"
# Operations whose payload is an agent, or a page of them.
RETURN_AGENTS = frozenset({"agents.create", "agents.get", "agents.list", "agents.update"})
# Operations whose payload names the agent of a campaign, or a page of such.
RETURN_CAMPAIGNS = frozenset({"campaigns.create", "campaigns.get", "campaigns.list"})
# Beyond this many agents, the first ones are forgotten.
MAX_REMEMBERED_AGENTS = 10_000
# Names of metadata that are kept to suggest one of them.
_MAX_NAMES = 1_000


def variables_in(*texts: str | None) -> list[str]:
    """Return the names in ``{{name}}`` placeholders without duplicates, in the order of their first use."""
    if not all(isinstance(cast(object, text), (str, NoneType)) for text in texts):
        raise InvalidArgumentError("agents.variables_in: pass texts, such as the prompt of an agent.")
    return list(dict.fromkeys(name for text in texts if text for name in re.findall(PLACEHOLDER, text)))


def difference(declared: frozenset[str], given: object) -> str:
    """Describe how passed variables differ from the declared ones, without values; empty if they do not."""
    # JSON turns other names into text.
    listed = list(cast("Mapping[object, object]", given)) if isinstance(given, Mapping) else []
    # A name of thousands of digits has no text; the body is refused for it.
    names = {name if isinstance(name, str) else shown(name) for name in listed}
    parts = (
        ("declared by the agent but missing, so they become empty strings", declared - names),
        ("passed but not declared by the agent, so the API may reject them", names - declared),
    )
    return "; ".join(f"{what}: {', '.join(sorted(found))}" for what, found in parts if found)


def difference_of(agent: object, given: object) -> str:
    """Describe how variables differ from those that an agent declares.

    Raises:
        InvalidArgumentError: one of them is something else.
    """
    if not isinstance(agent, Model) or not hasattr(agent, "variables"):
        raise InvalidArgumentError(
            "agents.check_variables: agent must be an Agent, such as agents.get returns."
        )
    if not isinstance(given, Mapping):
        raise InvalidArgumentError("agents.check_variables: variables must be a mapping.")
    return difference(_names_of(getattr(agent, "variables", None)), cast(object, given))


def _names_of(names: object) -> frozenset[str]:
    # Models keep malformed members as they are, so the declared type is not certain.
    listed = cast("list[object]", names) if isinstance(names, list) else []
    return frozenset(name for name in listed if isinstance(name, str))


class Supplied:
    """Count the contacts of a campaign that lack a declared variable.

    Args:
        declared: The variables that the agent declares; None if that is not known.
    """

    def __init__(self, declared: frozenset[str] | None) -> None:
        self._lacking = dict.fromkeys(sorted(declared or ()), 0)
        self._contacts = 0
        self._names: dict[str, None] = {}

    def count(self, name: object, metadata: object) -> None:
        """Count one contact; its name supplies a variable called name."""
        if not self._lacking:
            return
        found = list(cast("Mapping[object, object]", metadata)) if isinstance(metadata, Mapping) else []
        names = {str(key) for key in found} | ({"name"} if name else set[str]())
        self._contacts += 1
        for variable in self._lacking:
            self._lacking[variable] += variable not in names
        if len(self._names) < _MAX_NAMES:
            self._names.update(dict.fromkeys(names))

    def count_all(self, contacts: object) -> None:
        """Count the contacts of a request; anything but a list of mappings is left to its checks."""
        entries = cast("list[object]", contacts) if isinstance(contacts, list) else []
        for entry in entries:
            if isinstance(entry, Mapping):
                contact = cast("Mapping[object, object]", entry)
                self.count(contact.get("name"), contact.get("metadata"))

    def warn(self, operation: str, stacklevel: int) -> None:
        """Warn if contacts lack a variable, with names and no values; suggest a similar column."""
        similar = {_variable_name(name): name for name in self._names if name not in self._lacking}
        lacking = [self._described(name, similar) for name, count in self._lacking.items() if count]
        if lacking:
            warnings.warn(
                f"{operation}: variables declared by the agent but missing from the metadata, so they become"
                f" empty strings: {', '.join(lacking)}.",
                VariablesWarning,
                stacklevel=stacklevel + 1,
            )

    def _described(self, variable: str, similar: Mapping[str, str]) -> str:
        near = similar.get(_variable_name(variable))
        hint = f"; rename {near[:50]!r} to {variable}" if near else ""
        return f"{variable} ({self._lacking[variable]:,} of {self._contacts:,} contacts{hint})"


def _variable_name(name: str) -> str:
    """Return a name in the form of a variable: ``Amount Due`` becomes ``amount_due``."""
    return re.sub(r"[\W_]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).strip("_").casefold()


class Declared:
    """The variables that agents declare, as far as responses of a client have named them."""

    def __init__(self) -> None:
        self._seen: dict[str, frozenset[str]] = {}
        self._agents: dict[str, str] = {}

    def observe(self, operation: str, result: object) -> None:
        """Record the declared variables of the agents, and the agents of the campaigns, in a result."""
        found = cast("Iterable[object]", result) if isinstance(result, Page) else [result]
        if operation in RETURN_CAMPAIGNS:
            for campaign in found:
                self._remember_campaign(campaign)
        if operation not in RETURN_AGENTS:
            return
        for agent in found:
            # A response without the member says nothing about it.
            if isinstance(agent, Model) and "variables" not in agent.absent:
                self.remember(getattr(agent, "id", None), getattr(agent, "variables", None))

    def _remember_campaign(self, campaign: object) -> None:
        campaign_id, agent_id = getattr(campaign, "campaign_id", None), getattr(campaign, "agent_id", None)
        if isinstance(campaign_id, str) and isinstance(agent_id, str):
            self._agents.pop(campaign_id, None)
            self._agents[campaign_id] = agent_id
            while len(self._agents) > MAX_REMEMBERED_AGENTS:
                self._agents.pop(next(iter(self._agents.copy())), None)

    def unknown_agent(self, campaign_id: str) -> str | None:
        """Return the agent of a campaign if it is known, but its variables are not."""
        agent_id = self._agents.get(campaign_id)
        return agent_id if agent_id not in self._seen else None

    def supplied(self, campaign_id: object) -> Supplied:
        """Return a counter of the contacts of a campaign that lack a declared variable."""
        agent_id = self._agents.get(campaign_id) if isinstance(campaign_id, str) else None
        return Supplied(self._seen.get(agent_id) if agent_id is not None else None)

    def remember(self, agent_id: object, names: object) -> None:
        """Record the names that an agent declares, None for none."""
        if not isinstance(agent_id, str):
            return
        self._seen.pop(agent_id, None)
        self._seen[agent_id] = _names_of(names)
        while len(self._seen) > MAX_REMEMBERED_AGENTS:
            # A copy, because other threads may change it.
            self._seen.pop(next(iter(self._seen.copy())), None)

    def difference(self, agent_id: str, given: object) -> str:
        """Describe how passed variables differ from those that the agent declares; empty if not known."""
        declared = self._seen.get(agent_id) if isinstance(cast(object, agent_id), str) else None
        return difference(declared, given) if declared is not None else ""

    def check(self, operation: str, agent_id: str, given: object) -> None:
        """Warn the caller's caller if passed variables differ from those that the agent declares."""
        found = self.difference(agent_id, given)
        if found:
            warnings.warn(f"{operation}: variables {found}.", VariablesWarning, stacklevel=3)
