"""Write the conversation of a call or a visit; pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from vocobase_sandbox.kernel.messages import Row

PLACEHOLDER = re.compile(r"\{\{\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*\}\}")
DEFAULT_FAREWELL = "Thank you for your time. Goodbye."
DEFAULT_TRANSFER = "Please hold while I connect you to a colleague."
DEFAULT_CAP_SECONDS = 600
SOFT_WARNING = "We have about thirty seconds left on this call."
_SECONDS_PER_CHARACTER = 1 / 15
_GAP_SECONDS = 0.6
_FIRST_SENTENCE = re.compile(r"\s*(.+?[.!?])(\s|$)", re.DOTALL)
_GREETINGS = ("Hello?", "Hello, who is this?", "Hi, yes, speaking.", "Good morning.")
_QUESTIONS = (
    "Could you tell me a little more about that?",
    "Sure, what do you need from me?",
    "I have two minutes, go ahead.",
    "Is this about my last order?",
)
_AGREEMENTS = (
    "That sounds good, please send me the details.",
    "Yes, tomorrow at 10 am works for me.",
    "Alright, I will think about it.",
    "No, not right now, thank you.",
)


class Turn(NamedTuple):
    """One utterance and its place in the conversation, in seconds."""

    role: str
    content: str
    start: float
    length: float


def as_text(value: Any) -> str:
    """Convert a variable to the text that replaces its placeholder."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def fill(template: str, variables: Row) -> str:
    """Replace `{{name}}` placeholders; a missing value becomes empty."""
    return PLACEHOLDER.sub(lambda match: as_text(variables.get(match[1])), template)


def time_turns(lines: Iterable[tuple[str, str]]) -> list[Turn]:
    """Place utterances one after the other at speaking pace."""
    turns: list[Turn] = []
    clock = 0.0
    for role, content in lines:
        length = round(max(1.0, len(content) * _SECONDS_PER_CHARACTER), 1)
        turns.append(Turn(role, content, round(clock, 1), length))
        clock += length + _GAP_SECONDS
    return turns


def duration(turns: list[Turn]) -> int:
    """Return the length of a conversation in whole seconds."""
    return max(1, round(turns[-1].start + turns[-1].length)) if turns else 0


def opening(agent: Row, variables: Row) -> str:
    """Return the first thing the agent says."""
    greeting = fill(agent["intro_message"] or "", variables).strip()
    return greeting or f"Hello, this is {agent['agent_name']}."


def topic(agent: Row, variables: Row) -> str:
    """Return the agent's reason for the call: the first sentence of its prompt."""
    prompt = fill(agent["prompt"], variables).strip()
    sentence = _FIRST_SENTENCE.match(prompt)
    return f"Let me tell you why I am calling. {(sentence[1] if sentence else prompt)[:300].strip()}"


def farewell(agent: Row) -> str:
    """Return the last thing the agent says before it hangs up."""
    return agent["end_call_message"] or DEFAULT_FAREWELL


def answered(agent: Row, variables: Row, variant: int) -> list[tuple[str, str]]:
    """Write an ordinary conversation; the variant chooses the callee's words."""
    return [
        ("bot", opening(agent, variables)),
        ("user", _GREETINGS[variant % 4]),
        ("bot", topic(agent, variables)),
        ("user", _QUESTIONS[variant // 4 % 4]),
        ("bot", "Of course. I will make a note of it and send you everything in writing."),
        ("user", _AGREEMENTS[variant // 16 % 4]),
        ("bot", farewell(agent)),
    ]


def voicemail(agent: Row, variables: Row) -> list[tuple[str, str]]:
    """Write the message for an answering machine."""
    return [("bot", agent["voicemail_message"] or opening(agent, variables))]


def silent(agent: Row, variables: Row) -> list[tuple[str, str]]:
    """Write a call in which the callee hangs up without a word."""
    return [("bot", opening(agent, variables))]


def until_cap(agent: Row, variables: Row, variant: int) -> list[tuple[str, str]]:
    """Write a conversation that continues until the duration cap ends it."""
    cap_seconds = agent["max_call_duration_secs"] or DEFAULT_CAP_SECONDS
    lines = answered(agent, variables, variant)[:-1]
    filler = [("bot", "Is there anything else?"), ("user", "Yes, one more thing, please.")]
    while duration(time_turns(lines)) < cap_seconds - 35:
        lines += filler
    return [*lines, ("bot", SOFT_WARNING), ("user", "Alright."), ("bot", farewell(agent))]


def write(outcome: str, agent: Row, variables: Row, variant: int) -> list[tuple[str, str]]:
    """Write the conversation of an answered call, by the name of its outcome."""
    if outcome == "voicemail":
        return voicemail(agent, variables)
    if outcome == "hang_up":
        return silent(agent, variables)
    return (until_cap if outcome == "long" else answered)(agent, variables, variant)
