"""The nightly job: redial, do-not-call list, hours, budget, and a table of the results."""

import sys
from datetime import timedelta

from vocobase import CallJob, DialList, DoNotCall, Redial, Vocobase
from vocobase.contacts import Contact, read

ledger, region = "nightly.sqlite", "US"  # the region of numbers without a country code
redial = Redial(3, after=dict.fromkeys(("busy", "no_answer"), timedelta(hours=2)))
with Vocobase() as vb, DialList(ledger) as calls, DoNotCall(ledger) as do_not_call:
    agent = vb.agents.find("Reminder") or sys.exit("Create the agent Reminder first.")
    for row in read("do-not-call.csv", region=region):
        if isinstance(row, Contact):
            do_not_call.add(row.phone, source="do-not-call.csv")
        elif row.duplicate_of is None:  # someone who must not be called
            sys.exit(f"do-not-call.csv, line {row.line}: {row.reason}")
    rows = read(sys.argv[1], region=region, rejects="rejects.csv")
    people = (row for row in rows if isinstance(row, Contact))
    calls.add(
        CallJob(agent.id, row.phone, variables={"name": row.name or ""}, provider="twilio") for row in people
    )
    done = vb.calls.start_many([], ledger=ledger, redial=redial, budget=500)
    calls.to_csv("results.csv")
print(f"{done.finished} finished, {done.refused} refused, {done.waiting} waiting: {done.spent} rupees")
