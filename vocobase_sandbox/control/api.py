"""The control API below /_sandbox/: operations that the real API does not have."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from vocobase_sandbox.control import dashboard
from vocobase_sandbox.control.scripting import SCRIPTING
from vocobase_sandbox.control.views import VIEWS
from vocobase_sandbox.front.router import Router, query_values, read_body
from vocobase_sandbox.front.spec import parse
from vocobase_sandbox.handlers.context import Context
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.clock import iso
from vocobase_sandbox.kernel.engine import SandboxClock
from vocobase_sandbox.kernel.faults import Faults
from vocobase_sandbox.kernel.messages import (
    Request,
    Response,
    Row,
    invalid,
    json_response,
    not_found,
    success,
)
from vocobase_sandbox.kernel.package_data import read
from vocobase_sandbox.kernel.request_log import RequestLog
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import billing, calls, triggers, webhooks
from vocobase_sandbox.rules.limits import LIVE_STATUSES, live_calls
from vocobase_sandbox.rules.seed_data import account_values

_MAX_SNAPSHOTS = 10


class Emulator(Protocol):
    """The parts of a sandbox that the control API needs."""

    world: World
    faults: Faults
    clock: SandboxClock

    @property
    def requests(self) -> RequestLog:
        """The latest requests."""
        ...

    def snapshot(self) -> Any:
        """Take a snapshot of the whole state."""
        ...

    def restore(self, snapshot: Any) -> None:
        """Go back to a snapshot."""
        ...

    def reset(self) -> None:
        """Go back to a fresh account."""
        ...

    def seed_with(self, data: Row) -> None:
        """Create the entries of seed data."""
        ...


@cache
def document() -> dict[str, Any]:
    """Return the parsed description of the control API."""
    loaded: dict[str, Any] = json.loads(read("control/control.openapi.json"))
    return loaded


class Control:
    """Handle the control requests of one sandbox."""

    def __init__(self, sandbox: Emulator) -> None:
        self._sandbox = sandbox
        self._router: Router | None = None
        self._snapshots: OrderedDict[str, Any] = OrderedDict()
        self._count = 0

    def handle(self, request: Request) -> Response:
        """Handle one request for the control API or for a file of the dashboard."""
        if dashboard.serves(request.path):
            return dashboard.handle(request)
        # Parsing the description takes a millisecond, and most sandboxes never need it.
        self._router = self._router or Router(parse(document()))
        route, values = self._router.find(request.method, request.path[len(paths.CONTROL) :])
        query, unknown = query_values(route, request.query)
        body = read_body(request, route, unknown)
        if unknown:
            raise invalid(f"unknown: {', '.join(unknown[:10])}")
        context = Context(self._sandbox.world, values, query, body, request.origin)
        result = _HANDLERS[route.key](self, context)
        return result if isinstance(result, Response) else success(route.operation.status, result)

    def description(self, ctx: Context) -> Response:
        """Return the description of this API."""
        return json_response(200, document())

    def state(self, ctx: Context) -> Row:
        """Summarize the state of the sandbox."""
        world = ctx.world
        clock = world.clock
        due = world.next_due()
        tables = ("calls", "campaigns", "documents", "sessions", "deliveries")
        counts = {name: len(world.store.table(name)) for name in tables}
        counts["agents"] = sum(not row["deleted_at"] for row in world.store.table("agents").values())
        return {
            "revision": world.store.version + self._sandbox.requests.total,
            "clock": {"now": world.now, "manual": clock.manual, "speed": clock.speed},
            "next_transition_at": iso(due) if due is not None else None,
            "account": self._account(world.account),
            "live_calls": len(live_calls(world)),
            "faults": self._sandbox.faults.list(),
            "counts": counts,
        }

    def _account(self, account: Row) -> Row:
        shown = {
            name: account[name] for name in ("status", "concurrency", "allowed_providers", "agent_limit")
        }
        return {"balance": billing.rupees(account["balance_paise"]), **shown}

    def account(self, ctx: Context) -> Row:
        """Change settings that only the operator of the real platform can change."""
        try:
            ctx.world.account.update(account_values(ctx.body))
        except ValueError as error:
            raise invalid(str(error)) from None
        ctx.world.save_account()
        return self._account(ctx.world.account)

    def advance(self, ctx: Context) -> Response:
        """Move the clock; deliveries can take seconds, so the response is deferred to a thread."""
        seconds: float = ctx.body["seconds"]

        def work() -> Response:
            self._sandbox.clock.advance(seconds)
            return success(200, {"now": ctx.world.now})

        return Response(200, deferred=work)

    def faults(self, ctx: Context) -> Row:
        """List the faults."""
        return {"faults": self._sandbox.faults.list()}

    def add_fault(self, ctx: Context) -> Row:
        """Add a fault."""
        try:
            return {"id": self._sandbox.faults.add(**ctx.body)}
        except ValueError as error:
            raise invalid(str(error)) from None

    def clear_faults(self, ctx: Context) -> Row:
        """Remove all faults."""
        self._sandbox.faults.clear()
        return {"faults": []}

    def remove_fault(self, ctx: Context) -> Row:
        """Remove one fault."""
        if not self._sandbox.faults.remove(ctx.path["id"]):
            raise not_found("fault")
        return {"faults": self._sandbox.faults.list()}

    def requests(self, ctx: Context) -> Row:
        """List the latest requests."""
        return {"requests": self._sandbox.requests.newest(ctx.query["limit"])}

    def events(self, ctx: Context) -> Row:
        """List the events after a sequence number."""
        events = [event for event in ctx.world.log if event["seq"] > ctx.query["after"]][: ctx.query["limit"]]
        return {"events": events, "next_after": events[-1]["seq"] if events else ctx.query["after"]}

    def deliveries(self, ctx: Context) -> Row:
        """List deliveries without their payloads."""
        rows = ctx.world.store.newest("deliveries")[: ctx.query["limit"]]
        shown = [webhooks.view(row) for row in rows]
        for row in shown:
            del row["body"]
        return {"deliveries": shown}

    def delivery(self, ctx: Context) -> Row:
        """Show one delivery."""
        return webhooks.view(ctx.row("deliveries", "delivery"))

    def replay(self, ctx: Context) -> Response:
        """Send a payload again now."""
        fresh = webhooks.replay(ctx.world, ctx.row("deliveries", "delivery"))

        def work() -> Response:
            self._sandbox.clock.advance(0)
            row = ctx.world.store.get("deliveries", fresh["id"]) or fresh
            return success(201, webhooks.view(row))

        return Response(201, deferred=work)

    def inbound(self, ctx: Context) -> Row:
        """Simulate an inbound call to an agent."""
        given = ctx.body
        call = calls.receive(
            ctx.world,
            given["from_number"],
            given.get("to_number"),
            given.get("agent_id"),
            given.get("provider", "twilio"),
        )
        return {"call_id": call["id"]}

    def hang_up(self, ctx: Context) -> Row:
        """End a live call."""
        call = ctx.row("calls", "call")
        if call["status"] not in LIVE_STATUSES:
            raise invalid(f"the call is {call['status']}")
        calls.hang_up_now(ctx.world, call)
        return {"call_id": call["id"], "status": call["status"]}

    def trigger(self, ctx: Context) -> Response:
        """Deliver a made-up event; deliveries can take seconds, so the response is deferred to a thread."""
        try:
            payload = triggers.trigger(ctx.world, ctx.body["event"], ctx.body.get("data", {}))
        except ValueError as error:
            raise invalid(str(error)) from None

        def work() -> Response:
            self._sandbox.clock.advance(0)
            return success(201, payload)

        return Response(201, deferred=work)

    def seed(self, ctx: Context) -> Row:
        """Create the entries of seed data."""
        try:
            self._sandbox.seed_with(ctx.body)
        except ValueError as error:
            raise invalid(str(error)) from None
        sections = {name: each for name, each in ctx.body.items() if name != "account" and each}
        return {"created": {name: len(each) for name, each in sections.items()}}

    def reset(self, ctx: Context) -> Row:
        """Go back to a fresh account."""
        self._sandbox.reset()
        return {"message": "reset"}

    def snapshot(self, ctx: Context) -> Row:
        """Take a snapshot; beyond ten, the oldest is dropped."""
        self._count += 1
        key = f"snapshot-{self._count}"
        self._snapshots[key] = self._sandbox.snapshot()
        if len(self._snapshots) > _MAX_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return {"id": key}

    def restore(self, ctx: Context) -> Row:
        """Go back to a snapshot."""
        snapshot = self._snapshots.get(ctx.path["id"])
        if snapshot is None:
            raise not_found("snapshot")
        self._sandbox.restore(snapshot)
        return {"message": "restored"}


def _view(show: Callable[[Context], Row]) -> Callable[[Control, Context], Row]:
    return lambda control, ctx: show(ctx)


_HANDLERS: dict[str, Callable[[Control, Context], Row | Response]] = {
    "GET /openapi.json": Control.description,
    "GET /state": Control.state,
    "PUT /account": Control.account,
    "POST /clock/advance": Control.advance,
    "GET /faults": Control.faults,
    "POST /faults": Control.add_fault,
    "DELETE /faults": Control.clear_faults,
    "DELETE /faults/{id}": Control.remove_fault,
    "GET /requests": Control.requests,
    "GET /events": Control.events,
    "GET /deliveries": Control.deliveries,
    "GET /deliveries/{id}": Control.delivery,
    "POST /deliveries/{id}/replay": Control.replay,
    "POST /calls/inbound": Control.inbound,
    "POST /calls/{id}/hang-up": Control.hang_up,
    "POST /trigger": Control.trigger,
    "POST /reset": Control.reset,
    "POST /seed": Control.seed,
    "POST /snapshots": Control.snapshot,
    "POST /snapshots/{id}/restore": Control.restore,
    **{key: _view(show) for key, show in {**VIEWS, **SCRIPTING}.items()},
}
