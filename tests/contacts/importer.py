"""Import a file in a process of its own: ADDRESS KEY CAMPAIGN FILE LEDGER CHUNK."""

from __future__ import annotations

import sys

from vocobase import Vocobase
from vocobase.contacts import ImportProgress


class Freely:
    """Keep no budget."""

    def reserve(self, budget: object, account: str) -> float:
        """Always give a place."""
        return 0.0


def tell(progress: ImportProgress) -> None:
    """Let the test know where the import is."""
    print(progress.stage, progress.done, flush=True)


address, key, campaign, file, ledger, chunk = sys.argv[1:]
with Vocobase(key, base_url=address, pace=Freely()) as vb:
    print("ready", flush=True)
    report = vb.campaigns.import_contacts(
        campaign, file, region="IN", ledger=ledger, chunk_size=int(chunk), on_progress=tell
    )
    print(report)
