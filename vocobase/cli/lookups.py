"""Find agents by name, and read phone numbers as people write them."""

from __future__ import annotations

from difflib import get_close_matches

import click

from vocobase import InvalidArgumentError, LookupFailedError
from vocobase.cli.session import Session
from vocobase.cli.wording import translated
from vocobase.contacts import to_e164
from vocobase.types import Agent


def agent_of(session: Session, text: str) -> Agent:
    """Return the agent with an id or a name, whatever the case of the name.

    Raises:
        LookupFailedError: there is none; the message names the nearest one.
        click.UsageError: several agents have this name.
    """
    agents = [each for each in session.client.agents.iter() if each.agent_name]
    found = (
        [each for each in agents if each.id == text]
        or [each for each in agents if each.agent_name == text]
        or [each for each in agents if each.agent_name.casefold() == text.casefold()]
    )
    if len(found) > 1:
        ids = ", ".join(each.id for each in found)
        raise click.UsageError(f"{len(found)} agents are called {text!r}; pass the id of one: {ids}.")
    if not found:
        near = get_close_matches(text, [each.agent_name for each in agents], n=1)
        advice = f"Did you mean {near[0]!r}?" if near else "See vocobase agents list."
        raise LookupFailedError(f"This account has no agent {text!r}. {advice}")
    return found[0]


def number_of(text: str, region: str | None = None) -> str:
    """Return a phone number in E.164 form.

    Args:
        text: The number, with spaces and hyphens or without.
        region: Two letters of the country to which a number without a country code belongs.

    Raises:
        click.UsageError: it cannot be dialled; the message says what to do.
    """
    try:
        return to_e164(text, region=region)
    except InvalidArgumentError as error:
        reason = translated(str(error)).removeprefix("to_e164: ")
        raise click.UsageError(f"{text!r} cannot be dialled: {reason}") from None
