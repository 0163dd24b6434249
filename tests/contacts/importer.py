"""Import a file in processes that can be killed: ADDRESS KEY FILE CHUNK.

Each line on standard input, CAMPAIGN LEDGER, starts an import in a process of its own, forked from this one so
that it begins at once; it tells its number first, then where it is, and this one how it ended.
"""

from __future__ import annotations

import os
import sys
import tempfile

from vocobase import Vocobase, open_ledger
from vocobase.contacts import ImportProgress


class Freely:
    """Keep no budget."""

    def try_acquire(self, budget: object, account: str) -> float:
        """Always give a place."""
        return 0.0


def tell(*words: object) -> None:
    """Let the test know, in one write: a process that is killed leaves no half line."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def tell_progress(progress: ImportProgress) -> None:
    """Let the test know where the import is."""
    tell(progress.stage, progress.done)


address, key, file, chunk = sys.argv[1:]
with Vocobase(key, base_url=address, pace=Freely()) as vb:
    # What is loaded when it is first needed is loaded once, for all.
    agent = vb.agents.list()[0]
    first = vb.campaigns.create("First", agent.id, provider="twilio").campaign_id
    with tempfile.TemporaryDirectory() as folder:
        vb.campaigns.import_contacts(first, file, region="IN", ledger=f"{folder}/ledger.sqlite")
    for line in sys.stdin:
        campaign, ledger = line.split()
        open_ledger(ledger)
        child = os.fork()
        if not child:
            tell(os.getpid())
            vb.campaigns.import_contacts(
                campaign, file, region="IN", ledger=ledger, chunk_size=int(chunk), on_progress=tell_progress
            )
            os._exit(0)
        _, status = os.waitpid(child, 0)
        tell("ended", os.waitstatus_to_exitcode(status))
