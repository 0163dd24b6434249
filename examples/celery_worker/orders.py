"""Queue one call, and add people to the list, as a web service or a nightly job would.

python orders.py
"""

from tasks import LEDGER, remind

from vocobase import CallJob, DialList, Vocobase

PEOPLE = ("+12025550102", "+12025550106")

with Vocobase() as vb, DialList(LEDGER) as people:
    voice = vb.voices.find(language="en")
    agent = vb.agents.ensure("Reminder", "Remind the person of the order.", voice_id=voice.id)
    remind.delay("order-17", agent.id, "+12025550100")
    added = people.add(CallJob(agent.id, number, provider="twilio") for number in PEOPLE)
print(f"queued order-17, {added} people are new on the list")
