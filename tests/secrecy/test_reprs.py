"""No public type shows a phone number, a key, a variable or a word of a conversation in its repr."""

from __future__ import annotations

import importlib
import pprint
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, asdict, dataclass, fields, is_dataclass
from typing import Any

import pytest
from rich.pretty import pretty_repr

from vocobase import CallJob, JobUpdate, PlanRow
from vocobase._base.masked_repr import MaskedRepr, redacted
from vocobase._dialing.endings import Ending
from vocobase._ledger import Entry
from vocobase.cli.masking import masked
from vocobase.contacts import Contact
from vocobase_raw.types import Model, Transcript

NUMBER, WORDS, SECRET = "+12025550100", "my card is lost", "kanarie7f3a"
MODULES = [
    f"vocobase{name}" for name in ("", ".types", ".contacts", ".otel", ".records", ".testing", ".webhooks")
]
# Not public by name, but returned by public methods or logged.
FURTHER = (Ending, Entry)
HOLDS_NUMBER = re.compile(r"(^|_)(number|phone|person|mobile|caller|did)s?$")
HOLDS_TEXT_WITH_NUMBER = {"key", "job", "list_key", "reason"}
# Types of members that hold a text; others are counts, keys of reports, or models.
TEXTS = ("str", "Any", "tuple[Mapping", "Transcript")
HOLDS_WORDS = {"summary", "recording_url"}
HOLDS_MAPPING = {"data", "extraction", "metadata", "payload", "raw", "result", "row", "variables"}
TURNS = [{"role": "user", "content": WORDS}]


def public_types() -> Iterator[type]:
    for module in map(importlib.import_module, MODULES):
        yield from (value for name in module.__all__ if isinstance(value := getattr(module, name), type))
    yield from FURTHER


def canary(name: str) -> Any:
    if HOLDS_NUMBER.search(name):
        return NUMBER
    if name in HOLDS_TEXT_WITH_NUMBER:
        return f"agent {NUMBER} whsec_{SECRET}"
    if name in HOLDS_WORDS:
        return WORDS
    if name in HOLDS_MAPPING:
        return {"note": WORDS, "Telephone": NUMBER}
    return TURNS if name == "transcript" else None


def canaries_of(kind: type) -> dict[str, Any]:
    """Return values for the members of a type that may be about a person."""
    if issubclass(kind, Model):
        # The data of carriers is not about people.
        names = [key for _, key, _, _ in kind._members if key not in ("data", "raw")]
    elif is_dataclass(kind):
        names = [each.name for each in fields(kind) if each.init and may_hold(each)]
    else:
        names = []
    return {name: value for name in names if (value := canary(name)) is not None}


def may_hold(each: Field[Any]) -> bool:
    text = str(each.type)
    return "Mapping" in text or "dict" in text if each.name in HOLDS_MAPPING else text.startswith(TEXTS)


PERSONAL = {kind.__name__: kind for kind in public_types() if canaries_of(kind)}


def filled(kind: Any) -> Any:
    if issubclass(kind, Model):
        return kind.from_dict(canaries_of(kind))
    needed = {each.name: None for each in fields(kind) if each.init and not has_default(each)}
    made = {**needed, **canaries_of(kind)}
    if "transcript" in made and kind.__module__.startswith("vocobase.webhooks"):
        made["transcript"] = Transcript(made["transcript"])
    return kind(**made)


def has_default(each: Field[Any]) -> bool:
    return each.default is not MISSING or each.default_factory is not MISSING


def test_the_types_about_people_are_found() -> None:
    expected = "Attempt BadRow Call CallJob CallRecord CompletedCall Contact ContactResult DoNotCallEntry"
    more = "GateDecision JobResult JobUpdate PlanRow Session SessionCompleted TranscriptTurn UnknownEvent"
    assert set(f"{expected} {more}".split()) - {"TranscriptTurn"} <= set(PERSONAL)
    assert len(PERSONAL) > 30


@pytest.mark.parametrize("kind", PERSONAL.values(), ids=PERSONAL)
def test_no_public_type_shows_what_is_about_a_person(kind: type) -> None:
    value = filled(kind)
    for shown in (repr(value), str(value), f"{[value]}", pprint.pformat(value), pretty_repr(value)):
        for hidden in (NUMBER, NUMBER[1:], WORDS, SECRET):
            assert hidden not in shown


@dataclass(frozen=True)
class Careless:
    to_number: str


def test_a_type_that_shows_a_number_would_be_found() -> None:
    assert NUMBER in repr(filled(Careless))


def test_masked_values_are_recognised_and_can_be_asked_for() -> None:
    update = JobUpdate(f"a {NUMBER}", "a", NUMBER, "refused", reason=f"{NUMBER} cannot be called")
    masked = "+12*******00"
    assert repr(update) == (
        f"JobUpdate(agent_id='a', to_number='{masked}', state='refused', "
        f"reason='{masked} cannot be called', attempts=0)"
    )
    assert (update.to_number, update.key) == (NUMBER, f"a {NUMBER}")
    job = CallJob("a", NUMBER, variables={"name": WORDS})
    assert repr(job) == f"CallJob(agent_id='a', to_number='{masked}', variables='***', priority=0)"
    assert asdict(job)["variables"] == {"name": WORDS}


def test_rows_of_a_plan_differ_and_show_names_of_variables() -> None:
    row = PlanRow("lead 7", "a", NUMBER, "now", unknown_variables="city is not declared")
    assert repr(row) == (
        "PlanRow(key='lead 7', agent_id='a', to_number='+12*******00', code='now', "
        "unknown_variables='city is not declared')"
    )
    refused = PlanRow(f"a {NUMBER}", "a", NUMBER, "do_not_call", reason=f"{NUMBER} is in the list")
    assert repr(refused) == (
        "PlanRow(key='a +12*******00', agent_id='a', to_number='+12*******00', code='do_not_call', "
        "reason='+12*******00 is in the list')"
    )


def test_the_name_of_a_person_is_hidden() -> None:
    assert repr(Contact(NUMBER, "Ada")) == "Contact(phone='+12*******00', name='***', metadata='***')"
    assert "name" not in repr(Contact(NUMBER))


@dataclass(frozen=True, repr=False)
class Row(MaskedRepr):
    to_number: Any = None
    at: Any = None
    text_of_error: Any = None


@pytest.mark.parametrize("number", [12025550100, 12025550100.0, "+1 (202) 555-0100", "2025550100"])
def test_numbers_are_masked_however_they_are_written(number: object) -> None:
    shown = repr(Row(number, text_of_error=f"{number} is wrong" if isinstance(number, str) else None))
    assert "55" not in shown and "*" in shown


@pytest.mark.parametrize(
    "text",
    [
        "12025550100: busy",
        "call 202 555 0100 instead",
        "(202) 555-0100",
        "202.555.0100",
        "number 5550100",
        "on 2026-01-05 09:00 to +1 202-555-0100.",
        "2026-01-05 09:00 2025550100",
        "2026-01-05 2025550100 09:00",
    ],
)
def test_a_screen_and_a_repr_hide_the_same_numbers_in_texts(text: str) -> None:
    for shown in (repr(Row(at=text)), str(masked(text)), str(masked({"note": [text]}))):
        assert "50100" not in re.sub(r"\D", "", shown) and "*" in shown
        assert ("2026-01-05" in shown) == ("2026-01-05" in text)


def test_a_key_is_masked_on_screens_and_in_texts() -> None:
    for key in (f"rg_live_{SECRET}", f"whsec_{SECRET}"):
        for shown in (
            repr(Row(text_of_error=f"{key} is wrong")),
            str(masked({"note": [key]})),
            redacted(key),
        ):
            assert SECRET not in shown and "_***" in shown


def test_a_number_that_is_an_integer_is_masked_on_screens() -> None:
    assert masked({"to": 12025550100, "count": 12025550100, "from": 5}) == {
        "to": "***",
        "count": 12025550100,
        "from": 5,
    }
    assert masked({"to_number": 12025550100.0, "summary": 0.5}) == {"to_number": "***", "summary": 0.5}


@pytest.mark.parametrize(
    "text", ["2026-01-01T00:00:00Z", "3f2a91c4-12345678-0000", "call_1234567890", "0.12345678", "v1.2.3"]
)
def test_what_is_not_a_number_stays_readable(text: str) -> None:
    assert repr(Row(at=text, to_number=3)) == f"Row(to_number=3, at={text!r})"
    assert masked(text) == text
