"""Campaigns: queues of contacts that are dialled on the clock."""

from __future__ import annotations

from collections import deque

from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.world import World, action
from vocobase_sandbox.rules import calls, carriers
from vocobase_sandbox.rules.billing import CAMPAIGN_FLOOR_PAISE
from vocobase_sandbox.rules.limits import concurrency_cap, live_calls

_DISPATCH_SECONDS = 0.1
_WAIT_SECONDS = 1.0
COUNTERS = {"completed": "completed_count", "failed": "failed_count", "skipped": "skipped_count"}


def contact_key(campaign_id: str, phone: str) -> str:
    """Return the row id of a phone number in a campaign."""
    return f"{campaign_id}/{phone}"


def queue(world: World, campaign_id: str) -> deque[str]:
    """Return the waiting phone numbers; the queue is derived from the rows once, then kept in sync."""
    queues = world.queues
    if campaign_id not in queues:
        prefix = contact_key(campaign_id, "")
        rows = world.store.rows("campaign_contacts")
        waiting = (row for row in rows if row["id"].startswith(prefix) and row["status"] == "queued")
        queues[campaign_id] = deque(row["phone"] for row in waiting)
    return queues[campaign_id]


def add_contact(world: World, campaign: Row, phone: str, name: str | None, metadata: Row) -> None:
    """Append a contact to the queue."""
    waiting = queue(world, campaign["id"])
    key = contact_key(campaign["id"], phone)
    row = {"id": key, "phone": phone, "name": name, "metadata": metadata, "status": "queued"}
    world.store.put("campaign_contacts", row)
    waiting.append(phone)
    campaign["total_contacts"] += 1


def begin(world: World, campaign: Row) -> None:
    """Start or resume a campaign."""
    _enter(world, campaign, "running")
    world.schedule(_DISPATCH_SECONDS, "campaign.dispatch", campaign_id=campaign["id"])


def _enter(world: World, campaign: Row, status: str) -> None:
    campaign["status"] = status
    world.store.put("campaigns", campaign)
    world.record("campaign." + status, campaign_id=campaign["id"])


def pause(world: World, campaign: Row) -> None:
    """Stop dialling; live calls continue."""
    campaign["paused_at"] = world.now
    _enter(world, campaign, "paused")


def cancel(world: World, campaign: Row) -> None:
    """End a campaign permanently and skip the contacts that are still waiting."""
    for phone in queue(world, campaign["id"]):
        _mark(world, campaign, phone, "skipped")
    queue(world, campaign["id"]).clear()
    campaign["completed_at"] = world.now
    _enter(world, campaign, "cancelled")


def _mark(world: World, campaign: Row, phone: str, status: str) -> None:
    row = world.store.table("campaign_contacts")[contact_key(campaign["id"], phone)]
    world.store.put("campaign_contacts", {**row, "status": status})
    if status in COUNTERS:
        campaign[COUNTERS[status]] += 1


@action("campaign.dispatch")
def _dispatch(world: World, arguments: Row) -> None:
    campaign = world.store.get("campaigns", arguments["campaign_id"])
    if campaign is None or campaign["status"] != "running":
        return
    waiting = queue(world, campaign["id"])
    while waiting and campaign["active"] < campaign["concurrency_limit"]:
        if world.account["balance_paise"] < CAMPAIGN_FLOOR_PAISE:
            _enter(world, campaign, "credit_exhausted")
            return
        cap = concurrency_cap(world)
        if cap is not None and len(live_calls(world)) >= cap:
            # The documentation does not say how campaigns share the account's limit; waiting respects both.
            world.schedule(_WAIT_SECONDS, "campaign.dispatch", campaign_id=campaign["id"])
            return
        _dial(world, campaign, waiting.popleft())
    world.store.put("campaigns", campaign)
    if not waiting and not campaign["active"]:
        campaign["completed_at"] = world.now
        _enter(world, campaign, "completed")


def _dial(world: World, campaign: Row, phone: str) -> None:
    contact = world.store.table("campaign_contacts")[contact_key(campaign["id"], phone)]
    agent = world.store.table("agents")[campaign["agent_id"]]
    connections = carriers.connections(world, campaign["provider"])
    if agent["deleted_at"] or not connections:
        _mark(world, campaign, phone, "failed")
        return
    _mark(world, campaign, phone, "calling")
    campaign["active"] += 1
    world.store.put("campaigns", campaign)
    caller = carriers.caller_id(world, connections[0], agent["id"])
    # The field that maps metadata to variables is not documented; a column fills the variable of its name.
    metadata: Row = {**contact["metadata"], **({"name": contact["name"]} if contact["name"] else {})}
    declared: list[str] = agent["variables"] or []
    variables = {name: metadata[name] for name in declared if name in metadata}
    calls.start(world, agent, phone, caller, campaign["provider"], variables, campaign["id"])


def _call_ended(world: World, call: Row) -> None:
    campaign = world.store.get("campaigns", call["campaign_id"]) if call["campaign_id"] else None
    if campaign is None:
        return
    session = world.store.table("sessions")[call["session_id"]]
    _mark(world, campaign, call["to_number"], "completed" if call["status"] == "completed" else "failed")
    campaign["active"] -= 1
    campaign["ended_calls"] += 1
    campaign["total_seconds"] += session["duration_seconds"]
    campaign["connected_calls"] += session["duration_seconds"] > 0
    campaign["credits_paise"] += session["credits_paise"]
    world.store.put("campaigns", campaign)
    world.schedule(_DISPATCH_SECONDS, "campaign.dispatch", campaign_id=campaign["id"])


calls.on_end.append(_call_ended)
