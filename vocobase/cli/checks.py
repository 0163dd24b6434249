"""The findings of ``vocobase doctor`` about an account and this machine. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from vocobase import PER_MINUTE, Budget
from vocobase.cli.moments import local
from vocobase.types import CallConcurrency, PartnerConfig, WebhookEndpoint
from vocobase.webhooks import DEFAULT_TOLERANCE_SECONDS

OK, WARNING, FAILED = "ok", "warning", "failed"
# calls.find_started allows for clocks that differ by this much.
MAX_SKEW_SECONDS = 30.0
LOW_BALANCE = 100.0
_GOOD_DELIVERIES = frozenset({"success", "succeeded", "delivered", "ok"})


class Finding(NamedTuple):
    """One line of the report.

    Attributes:
        check: What was checked.
        status: ``ok``, ``warning`` or ``failed``.
        detail: What was found.
        advice: What to do; empty if there is nothing.
        exit_status: Exit status of the command if this is the worst.
    """

    check: str
    status: str
    detail: str
    advice: str = ""
    exit_status: int = 0

    def row(self) -> dict[str, str]:
        """Return the members that are shown."""
        return {"check": self.check, "status": self.status, "detail": self.detail, "advice": self.advice}


def failed(check: str, detail: str, advice: str = "", exit_status: int = 1) -> Finding:
    """Return a finding that makes the command fail."""
    return Finding(check, FAILED, detail, advice, exit_status)


def of_clock(date: str | None, now: datetime) -> Finding:
    """Compare the clock of this machine with the time of a response."""
    try:
        seconds = (now - parsedate_to_datetime(date or "")).total_seconds()
    except (ValueError, TypeError):
        return Finding("clock", OK, "Not compared: the response does not say what time it is.")
    detail = f"The clock of this machine is {abs(seconds):,.0f} s {'ahead' if seconds > 0 else 'behind'}."
    if abs(seconds) > DEFAULT_TOLERANCE_SECONDS:
        return failed("clock", detail, "Set it (timedatectl set-ntp true): webhooks are refused as too old.")
    if abs(seconds) > MAX_SKEW_SECONDS:
        return Finding("clock", WARNING, detail, "Set it, for instance with timedatectl set-ntp true.")
    return Finding("clock", OK, detail)


def of_account(config: PartnerConfig) -> Iterator[Finding]:
    """Check status, balance and agents of the account."""
    name = f"{config.display_name} ({config.name})"
    if (config.status or "active") == "active":
        yield Finding("account", OK, f"{name} is active.")
    else:
        yield failed("account", f"{name} is {config.status}.", "Ask Vocobase to activate it.", 4)
    if config.credits is None:
        yield Finding("balance", OK, "The API does not show it; see the dashboard.")
    elif config.credits <= 0:
        yield failed("balance", f"{config.credits:,.2f} rupees.", "Add funds in the dashboard.", 5)
    else:
        low = config.credits < LOW_BALANCE
        advice = "Add funds in the dashboard." if low else ""
        yield Finding("balance", WARNING if low else OK, f"{config.credits:,.2f} rupees.", advice)
    count, limit = config.current_agent_count or 0, config.agent_limit
    full = bool(limit) and count >= limit
    yield Finding(
        "agents",
        WARNING if full else OK,
        f"{count} of {limit or 'unknown'}.",
        "Delete an agent before you create another one." if full else "",
    )


def of_carriers(config: PartnerConfig) -> Finding:
    """Check which carriers have credentials."""
    states = {name.lower(): state for name, state in dict(config.telephony or {}).items()}
    ready = sorted(name for name, state in states.items() if state.configured)
    allowed = sorted(name.lower() for name in config.allowed_telephony_providers or ())
    detail = f"Configured: {', '.join(ready) or 'none'}; allowed: {', '.join(allowed) or 'none'}."
    if not set(ready) & set(allowed):
        advice = "No call can start: see vocobase config telephony --help."
        return Finding("carriers", WARNING, detail, advice)
    return Finding("carriers", OK, detail)


def of_webhooks(config: PartnerConfig) -> Iterator[Finding]:
    """Check the webhook endpoints and their last deliveries."""
    for endpoint in config.webhooks or ():
        yield _of_endpoint(endpoint)
    if config.webhook and config.webhook.configured:
        yield Finding("webhook (default)", OK, f"{config.webhook.url}; its deliveries are not shown.")
    elif not config.webhooks:
        yield Finding("webhooks", OK, "There is no endpoint; vocobase config webhooks create adds one.")


def _of_endpoint(endpoint: WebhookEndpoint) -> Finding:
    check = f"webhook {endpoint.label}"
    if not endpoint.enabled:
        advice = f"vocobase config webhooks update {endpoint.id} --enabled"
        return Finding(check, WARNING, f"{endpoint.url} is disabled and receives no events.", advice)
    if endpoint.last_delivery_at is None:
        return Finding(check, OK, f"{endpoint.url}; nothing has been delivered yet.")
    # Type and values are not documented.
    status = str(endpoint.last_delivery_status or "unknown")
    detail = f"{endpoint.url}; last delivery {local(endpoint.last_delivery_at)}: {status}."
    if status.lower() in _GOOD_DELIVERIES or status[:1] == "2" or status == "unknown":
        return Finding(check, OK, detail)
    return Finding(check, WARNING, detail, "Check the log of your server, and the signing secret.")


def of_slots(slots: CallConcurrency) -> Finding:
    """Check how many calls may start now."""
    if slots.limit is None:
        return Finding("calls at once", OK, f"{slots.active} live, no limit.")
    detail = f"{slots.active} live, at most {slots.limit}."
    if slots.remaining:
        return Finding("calls at once", OK, detail)
    advice = "Wait for a call to end (--wait-for-slot), or run vocobase calls dismiss-stale."
    return Finding("calls at once", WARNING, detail, advice)


def of_budgets(headers: Mapping[str, str]) -> Finding:
    """Report the requests per minute, and how many are left if the API reports that."""
    limits = (
        f"Each key has {PER_MINUTE[Budget.GENERAL]} requests per minute, {PER_MINUTE[Budget.CALLS]} under"
        f" /calls/, and {PER_MINUTE[Budget.WEBRTC]} starts of browser sessions."
    )
    left = next((headers[name] for name in headers if name.endswith("ratelimit-remaining")), None)
    return Finding("requests", OK, f"{limits} {left} are left." if left is not None else limits)
