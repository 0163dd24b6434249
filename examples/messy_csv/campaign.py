"""Call the people on a messy CSV list: rejects.csv receives the unusable rows, results.csv the outcomes.

python campaign.py customers.csv
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from vocobase import Vocobase
from vocobase.contacts import Contact, read
from vocobase.types import Campaign, ContactResult

NAME = "Dues, January"
REGION = "US"  # of numbers without a country code; with "IN", 0 and ten digits are read as +91
COLUMNS = {"phone": "मोबाइल नंबर", "name": "ग्राहक का नाम", "amount_due": "बकाया राशि"}
PROMPT = "Remind {{name}} kindly that {{amount_due}} rupees are due."
LEDGER = "campaigns.sqlite"


def find_or_create(vb: Vocobase) -> Campaign:
    """Return the campaign of an earlier run, else a new one."""
    for campaign in vb.campaigns.list():
        if campaign.name == NAME:
            return campaign
    voice = vb.voices.find(language="hi")
    agent = vb.agents.ensure("Dues", PROMPT, voice_id=voice.id, variables=["name", "amount_due"])
    return vb.campaigns.create(NAME, agent.id, provider="twilio", concurrency_limit=5)


def write_results(path: Path, results: Iterable[ContactResult], names: Mapping[str, str | None]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # with a mark that spreadsheets understand
        rows = csv.writer(file)
        rows.writerow(["phone", "name", "outcome", "disposition", "seconds"])
        for result in results:
            call = result.call
            details = (call.disposition, call.duration_seconds) if call else ("", "")
            rows.writerow([result.phone, names.get(result.phone), result.outcome, *details])


def main(source: Path) -> None:
    with Vocobase() as vb:
        campaign = find_or_create(vb)
        if campaign.status == "draft":
            report = vb.campaigns.import_contacts(
                campaign.id, source, region=REGION, columns=COLUMNS, ledger=LEDGER, rejects="rejects.csv"
            )
            print(report)
            vb.campaigns.start(campaign.id)
        for progress in vb.campaigns.watch(campaign.id):
            print(progress)
        people = read(source, region=REGION, columns=COLUMNS)
        names = {row.phone: row.name for row in people if isinstance(row, Contact)}
        write_results(Path("results.csv"), vb.campaigns.results(campaign.id, ledger=LEDGER), names)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
