"""The states that end a wait, and their meaning. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """The meaning of a state for a wait."""

    ONGOING = "ongoing"
    DONE = "done"
    FAILED = "failed"


def outcome_form(name: str) -> str:
    """Return the name of an outcome (a disposition or a status) in the form in which all rules compare it."""
    return name.strip().lower()


@dataclass(frozen=True, slots=True)
class States:
    """The values of one `status` member, in lower case.

    Attributes:
        ongoing: Values that change into another one.
        done: Values that end a wait.
        failed: Values that end a wait with an error.
        otherwise: The meaning of any other value.
    """

    ongoing: frozenset[str]
    done: frozenset[str]
    failed: frozenset[str]
    otherwise: Phase = Phase.ONGOING

    def phase(self, status: object, end: object = None) -> Phase:
        """Return the meaning of a value; a server may send anything.

        Args:
            status: The value.
            end: The reported end, if any; with it, a value that is not in the table ends a wait.
        """
        value = status.lower() if isinstance(status, str) else ""
        if value in self.done:
            return Phase.DONE
        if value in self.failed:
            return Phase.FAILED
        if value in self.ongoing:
            return Phase.ONGOING
        return Phase.DONE if end else self.otherwise


# In the order in which a call passes through them.
CALL_LIVE = ("pending", "ringing", "in_progress")
CALL = States(
    ongoing=frozenset(CALL_LIVE),
    done=frozenset({"completed"}),
    failed=frozenset({"failed", "no_answer", "busy", "canceled"}),
)
# Only `completed` is documented; a session with an end is over, whatever its status says.
SESSION = States(
    ongoing=frozenset({"pending", "active"}), done=frozenset({"completed"}), failed=frozenset({"failed"})
)
# The final state of a stopped campaign is not documented. A paused campaign can be resumed at any time; one
# without credit needs a person first.
CAMPAIGN = States(
    ongoing=frozenset({"draft", "running", "paused"}),
    done=frozenset({"completed"}),
    failed=frozenset({"credit_exhausted", "cancelled", "canceled", "stopped", "failed"}),
)
# Only `pending` is documented, so every other value counts as settled; the failures are inferred.
DOCUMENT_SYNC = States(
    ongoing=frozenset({"pending"}),
    done=frozenset({"synced"}),
    failed=frozenset({"failed", "error"}),
    otherwise=Phase.DONE,
)
