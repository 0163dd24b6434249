"""The numbers that the API has accepted for a campaign, in a ledger."""

from __future__ import annotations

from vocobase._imports.chunks import Line, phone_of
from vocobase._ledger import Ledger


def scope_of(campaign_id: str) -> str:
    """Return the list of a ledger that holds the numbers of a campaign."""
    # Not an f-string: a subclass may convert itself to other text.
    return "import:" + str.__str__(campaign_id)


class SentNumbers:
    """Remember the numbers that were sent, across runs of an import.

    The ledger knows numbers, not positions in a file, so the list may change between two runs. A number is
    recorded after the response. If a run ends in between, the next one sends the chunk again, which is
    harmless: the API skips numbers that it has. Therefore nothing is claimed, and no run waits for another.

    Args:
        ledger: The ledger; without one, nothing is remembered.
        campaign_id: The campaign, whose numbers are a list of the ledger.
    """

    def __init__(self, ledger: Ledger | None, campaign_id: str) -> None:
        self._ledger = ledger
        self._scope = scope_of(campaign_id)

    def unsent(self, chunk: list[Line]) -> list[Line]:
        """Return the contacts that were not sent."""
        if self._ledger is None:
            return chunk
        sent = set(self._ledger.find(self._scope, [phone_of(line) for line in chunk], "done"))
        return [line for line in chunk if phone_of(line) not in sent] if sent else chunk

    def record(self, chunk: list[Line]) -> None:
        """Record contacts as sent."""
        if self._ledger is not None:
            self._ledger.record(self._scope, [phone_of(line) for line in chunk], "done")
