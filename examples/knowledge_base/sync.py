"""Bring the knowledge base of an agent in line with the folder documents/ of this repository.

python sync.py --plan   # for a pull request: only reads
python sync.py          # after the merge

Exit status: 0 for success, 1 if a file cannot be used or something failed.
"""

import sys
from pathlib import Path

from vocobase import Vocobase, VocobaseError

AGENT = "Front desk"
FOLDER = Path(__file__).parent / "documents"


def main(*, plan: bool) -> int:
    with Vocobase() as vb:
        agent = vb.agents.find(AGENT)
        if agent is None:
            sys.exit(f"The account has no agent {AGENT!r}.")
        report = vb.agents.documents.sync(agent.id, FOLDER, dry_run=plan)
        print(report)
        if report.changed and not plan:
            vb.agents.documents.wait_synced(agent.id)
    return 1 if report.failed or report.paths("skip") else 0


if __name__ == "__main__":
    try:
        sys.exit(main(plan=sys.argv[1:] == ["--plan"]))
    except VocobaseError as error:
        sys.exit(f"{type(error).__name__}: {error}")
