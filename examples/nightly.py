"""The nightly job: redial, do-not-call list, hours, budget, and a table of the results."""

import csv
import sys
from datetime import timedelta
from pathlib import Path

from vocobase import CallJob, DialList, DoNotCall, Redial, Vocobase

ledger, two_hours = "nightly.sqlite", timedelta(hours=2)
redial = Redial(3, after={"busy": two_hours, "no_answer": two_hours})
with Vocobase() as vb, DialList(ledger) as calls, DoNotCall(ledger) as do_not_call:
    agent = vb.agents.find("Reminder") or sys.exit("Create the agent Reminder first.")
    with Path("do-not-call.csv").open(newline="") as file:
        do_not_call.add_many((row["phone"] for row in csv.DictReader(file)), source="do-not-call.csv")
    with Path(sys.argv[1]).open(newline="") as file:
        calls.add(
            CallJob(agent.id, row["phone"], variables={"name": row["name"]}, provider="twilio")
            for row in csv.DictReader(file)
        )
    report = vb.calls.start_many([], ledger=ledger, redial=redial, budget=500)
    calls.to_csv("results.csv")
print(
    f"{report.finished} finished, {report.refused} refused, {report.waiting} waiting: {report.spent} rupees"
)
