"""The scopes of a ledger for lists of calls: their names, and their entries."""

from __future__ import annotations

from vocobase._base.arguments import check_text
from vocobase._base.errors import InvalidArgumentError
from vocobase._ledger import Ledger

# All calls that were dialled from a ledger, by call id: waiting while they may be live, then done.
DIALLED = "dialled"
# The people of all lists, by number: the result of an entry is {"dials": [{"at", "list", "key"}, ...]}.
PEOPLE = "people"
# The lists themselves, by name: the result of an entry is {"redial", "paused", ...}.
LISTS = "lists"
# People who must not be called, by number: waiting or done while they are listed, refused once removed.
DO_NOT_CALL = "do_not_call"
# Consents, by number, in the same states.
CONSENTS = "consents"
# The decisions not to dial, by a digest of their subject; only added, never changed.
GATE_LOG = "gate_log"


_JOBS = "dial:"
# With the name of a scope before it, a name must fit into a key of a ledger.
_MAX_NAME = 500


def scope_of(name: str, what: str = "DialList") -> str:
    """Return the scope of the jobs of a list; only text is certain to return the same one next time."""
    check_text(what, name=name)
    if not name:
        raise InvalidArgumentError(f"{what}: name must not be empty.")
    if len(name) > _MAX_NAME:
        raise InvalidArgumentError(f"{what}: name has {len(name)} characters; the limit is {_MAX_NAME}.")
    return _JOBS + str.__str__(name)


def name_of(scope: str) -> str:
    """Return the name of the list whose jobs are in a scope."""
    return scope.removeprefix(_JOBS)


def names_in(ledger: Ledger) -> list[str]:
    """Return the names of the lists that have jobs, in alphabetical order."""
    return [name_of(scope) for scope in ledger.scopes(_JOBS)]


def outcomes_of(name: str) -> str:
    """Return the scope of the outcomes of a list, by call id: waiting until they are final, then done."""
    return "outcomes:" + str.__str__(name)
