"""Call one number, and watch a call until its end."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from math import ceil
from typing import Any

import click

from vocobase import (
    OMIT,
    CallFailedError,
    OutcomeUnknownError,
    VariablesWarning,
    VocobaseError,
    WaitTimeoutError,
    clock,
)
from vocobase.cli.call_card import card_of
from vocobase.cli.effects import RINGS
from vocobase.cli.frame import command
from vocobase.cli.lookups import agent_of, number_of
from vocobase.cli.operations import MAX_PAGE
from vocobase.cli.session import Session
from vocobase.records.figures import BUCKET_SECONDS, minutes_of
from vocobase.types import Agent, CallDetails

# The price is computed from at most this many calls; each takes one request.
PRICED_CALLS = 3
WATCH_SECONDS = 3600.0


@command()
@click.argument("number")
@click.option("--agent", required=True, metavar="NAME_OR_ID", help="Agent that talks.")
@click.option("--var", "pairs", multiple=True, metavar="NAME=VALUE", help="Variable; repeatable.")
@click.option("--provider", metavar="CARRIER", help="Carrier, such as twilio; default: mcube, as in the API.")
@click.option("--connection", metavar="ID", help="Telephony connection, if several share the carrier.")
@click.option("--region", metavar="IN", help="Country of a number without country code.")
@click.option("--wait-for-slot", type=float, metavar="SECONDS", help="Longest wait for a free call slot.")
@click.option("--watch", "watching", is_flag=True, help="Follow the call until its end, and show the result.")
def call(
    session: Session,
    number: str,
    agent: str,
    pairs: tuple[str, ...],
    provider: str | None,
    connection: str | None,
    region: str | None,
    wait_for_slot: float | None,
    watching: bool,
) -> None:
    """Call a number with an agent.

    It shows number, agent and cost per minute, and asks first. A call is never dialled twice: if it is
    unknown whether it was started, the exit status is 7, and the message says how to check.
    """
    to_number, variables = number_of(number, region), _variables(pairs)
    chosen = agent_of(session, agent)
    _warn_of_variables(session, chosen, variables)
    text = (
        f"Call {to_number} with the agent {chosen.agent_name} ({chosen.id}).\n{cost_of(session, chosen.id)}"
    )
    if session.yes:
        session.hint(text)
    session.confirm(RINGS, text)
    options: dict[str, Any] = {"provider": provider, "connection_id": connection}
    with _uncertain(session, to_number), warnings.catch_warnings():
        # They were shown above.
        warnings.simplefilter("ignore", VariablesWarning)
        started = session.client.calls.start(
            chosen.id,
            to_number,
            variables=variables or OMIT,
            wait_for_slot=wait_for_slot,
            **{name: value for name, value in options.items() if value is not None},
        )
    if watching:
        _watch(session, started.call_id, WATCH_SECONDS)
    else:
        session.emit_one(started, id_field="call_id")
        session.hint(f"To follow it: vocobase calls watch {started.call_id}")


@command()
@click.argument("call_id")
@click.option("--timeout", type=float, default=WATCH_SECONDS, metavar="SECONDS", help="Longest wait.")
def watch(session: Session, call_id: str, timeout: float) -> None:
    """Follow a call until its end, and show its result."""
    _watch(session, call_id, timeout)


def _watch(session: Session, call_id: str, timeout: float) -> None:
    def show(call: CallDetails) -> None:
        session.hint(f"{clock.now().astimezone():%H:%M:%S} {call.status}")

    try:
        ended: CallDetails = session.client.calls.wait(call_id, timeout=timeout, on_update=show)
    except CallFailedError as error:
        _emit(session, error.call)
        raise
    except (KeyboardInterrupt, WaitTimeoutError):
        session.note(f"The call continues. To keep watching it: vocobase calls watch {call_id}")
        raise
    _emit(session, ended)


def _emit(session: Session, call: CallDetails) -> None:
    session.emit_one(call, card=card_of(call), id_field="call_id")


@contextmanager
def _uncertain(session: Session, number: str) -> Generator[None]:
    """Explain how to check a start whose outcome is unknown."""
    check = f"before you dial again, check with: vocobase calls --to {number} --since 10m"
    try:
        yield
    except OutcomeUnknownError as error:
        text = f"The call to {number} may have been started ({error.__cause__ or error}); {check}"
        raise OutcomeUnknownError(text, operation=error.operation) from error
    except KeyboardInterrupt:
        session.note(f"The call to {number} may have been started; {check}")
        raise


def _variables(pairs: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or name in found:
            fault = "is passed twice" if name in found else "is not NAME=VALUE"
            raise click.BadParameter(f"{pair!r} {fault}.", param_hint="--var")
        found[name] = value
    return found


def _warn_of_variables(session: Session, agent: Agent, variables: dict[str, str]) -> None:
    text = session.client.agents.check_variables(agent, variables)
    if text:
        session.note(f"Warning: variables {text}.")


def cost_of(session: Session, agent_id: str) -> str:
    """Return the price of a minute, from the last completed calls of the agent: the API has none."""
    try:
        newest = session.client.calls.list(status="completed", limit=MAX_PAGE)
        timed = [each for each in newest if each.agent_id == agent_id and each.duration_seconds]
        heard = [session.client.sessions.get(each.session_id) for each in timed[:PRICED_CALLS]]
    except VocobaseError as error:
        return f"Cost per minute: unknown ({error})"
    priced = [each for each in heard if each.duration_seconds]
    if not priced:
        return "Cost per minute: unknown, as no recent call of this agent was completed."
    # A call that lasted 21 seconds was charged for 30.
    minutes = minutes_of(sum(ceil((each.duration_seconds or 0) / BUCKET_SECONDS) for each in priced))
    price = sum(each.credits_used or 0 for each in priced) / float(minutes)
    calls = "call" if len(priced) == 1 else f"{len(priced)} calls"
    return (
        f"Cost: about {price:,.2f} rupees per minute, charged in blocks of {BUCKET_SECONDS} seconds,"
        f" as in the last {calls} of this agent."
    )
