# Derived from tests/dialing/aio/test_gate.py by scripts/derive_sync.py; edit that instead.
"""The gate: who is asked immediately before a dial, and what is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.dialing.sizes import CONTACTS
from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS, START
from vocobase import (
    CallJob,
    Consent,
    ConsentList,
    DialList,
    DoNotCall,
)

YESTERDAY = START.date() - timedelta(days=1)


def jobs(world: World, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, to_number, **options) for to_number in NUMBERS[:number]]


def reasons(world: World, name: str = "calls") -> list[tuple[str, str, str | None]]:
    with DoNotCall(world.ledger) as listed:
        return [(row.number, row.code, row.source) for row in listed.log(name=name)]


def test_the_list_of_the_ledger_is_always_asked(world: World) -> None:
    with DoNotCall(world.ledger) as listed:
        listed.add(NUMBERS[1], reason="complained", source="mail")
    report = world.dial(jobs(world, 3))
    assert (report.started, report.refused) == (2, 1)
    assert world.dialled() == {NUMBERS[0]: 1, NUMBERS[2]: 1}
    with DialList(world.ledger) as people:
        (refused,) = people.jobs("refused")
    assert refused.reason == "on the do-not-call list since 2026-01-05: complained"
    assert reasons(world) == [(NUMBERS[1], "do_not_call", "mail")]


def test_a_thousand_contacts_of_whom_850_are_dialled(make_world: Callable[..., World]) -> None:
    world = make_world(balance=1e6)
    many = CONTACTS["sync"]
    suppressed, expired = many // 10, many - many // 20
    with DoNotCall(world.ledger) as listed, ConsentList(world.ledger) as consents:
        listed.add_many(NUMBERS[:suppressed], source="registry")
        consents.add_many(NUMBERS[:expired], Consent("web form", YESTERDAY))
        consents.add_many(NUMBERS[expired:many], Consent("web form", YESTERDAY, YESTERDAY))
        report = world.dial(jobs(world, many), consent=consents)
        assert (report.started, report.refused) == (many * 0.85, many * 0.15)
        assert world.dialled() == dict.fromkeys(NUMBERS[suppressed:expired], 1)
        rows = [*listed.log()]
    assert [(row.number, row.code, row.source) for row in rows] == [
        *((number, "do_not_call", "registry") for number in NUMBERS[:suppressed]),
        *((number, "consent_expired", "web form") for number in NUMBERS[expired:many]),
    ]
    assert {row.reason for row in rows} == {
        "on the do-not-call list since 2026-01-05: added by hand",
        "the consent ended on 2026-01-04",
    }
    assert {(row.list, row.attempt, row.until) for row in rows} == {("calls", 1, None)}


def test_every_kind_of_source_is_asked(world: World, tmp_path: Path) -> None:
    numbers = {NUMBERS[0]}
    asked: list[str] = []

    def registry(number: str) -> bool | str | None:
        asked.append(number)
        return {NUMBERS[1]: True, NUMBERS[2]: "asked us to stop"}.get(number)

    with DoNotCall(tmp_path / "other.sqlite") as other:
        other.add(NUMBERS[3], source="head office")
        sources = [numbers, registry, other, NUMBERS[4]]
        assert (world.dial(jobs(world, 7), do_not_call=sources)).refused == 5
    assert world.dialled() == dict.fromkeys(NUMBERS[5:7], 1)
    assert reasons(world) == [
        (NUMBERS[0], "do_not_call", "numbers of this run"),
        (NUMBERS[1], "do_not_call", "registry"),
        (NUMBERS[2], "do_not_call", "registry"),
        (NUMBERS[3], "do_not_call", "head office"),
        (NUMBERS[4], "do_not_call", "numbers of this run"),
    ]
    # A source is not asked about a number that another one has refused.
    assert asked == [NUMBERS[1], NUMBERS[2], NUMBERS[3], NUMBERS[5], NUMBERS[6]]
    with DialList(world.ledger) as people:
        found = [job.reason for job in people.jobs("refused")]
    assert found[1:3] == ["registry lists the number", "asked us to stop"]


@pytest.mark.parametrize("source", ["do_not_call", "consent"])
def test_a_function_that_raises_ends_the_run_and_keeps_the_job(world: World, source: str) -> None:
    def registry(number: str) -> Any:
        raise RuntimeError("the registry is closed")

    with pytest.raises(vocobase.GateError) as caught:
        world.dial(jobs(world, 2), **{source: registry})
    assert str(caught.value) == (
        "calls.start_many: registry raised RuntimeError: the registry is closed. Nothing was sent for the"
        " number; correct the function and run it again."
    )
    with DialList(world.ledger) as people:
        assert people.report().waiting == 2
    assert world.dialled() == {}
    assert (world.dial()).started == 2


def test_an_error_of_the_sdk_in_a_function_is_raised_as_it_is(world: World) -> None:
    def registry(number: str) -> bool:
        raise vocobase.LedgerError("the registry is closed")

    with pytest.raises(vocobase.LedgerError, match="the registry is closed"):
        world.dial(jobs(world, 1), do_not_call=registry)
    assert world.dialled() == {}


@pytest.mark.parametrize(
    ("source", "answer", "message"),
    [
        ("do_not_call", 1, "must return True, False, a reason, or None, not int"),
        ("consent", True, "must return a Consent or None, not bool"),
    ],
)
def test_an_answer_that_means_nothing_dials_nobody(
    world: World, source: str, answer: object, message: str
) -> None:
    with pytest.raises(vocobase.GateError, match=message):
        world.dial(jobs(world, 1), **{source: lambda number: answer})
    assert world.dialled() == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"do_not_call": "numbers.csv"}, r"read a file with DoNotCall\.import_csv"),
        ({"do_not_call": None}, "must be a DoNotCall list"),
        ({"do_not_call": DoNotCall}, "must be a DoNotCall list"),
        ({"do_not_call": 5}, "must be a function, not int"),
        (
            {"do_not_call": {NUMBERS[0], "98765 00001", NUMBERS[1]}},
            r"the entry that is written like '00000 00000' \(0 for each digit, x for each letter\)"
            " is not a number in E.164 form, so it would match no one",
        ),
        ({"do_not_call": frozenset({5})}, "the entry of type int is not a number in E.164 form"),
        ({"do_not_call": {NUMBERS[0]: 1, "ext. 7": 2}.keys()}, "written like 'xxx. 0'"),
        ({"do_not_call": [NUMBERS[0], NUMBERS[1], "98765 00001"]}, "entry 2 is not a number in E.164 form"),
        ({"do_not_call": [len, NUMBERS[0], "98765 00001"]}, "entry 2 is not a number in E.164 form"),
        ({"do_not_call": {NUMBERS[0]: 1, 5: 2}}, "entry 1 is not a number in E.164 form"),
        ({"do_not_call": ["+٩١٩٨٧٦٥٠٠٠٠١"]}, "not a number in E.164 form"),
        ({"consent": 5}, "must be a ConsentList, a mapping"),
        ({"consent": ConsentList}, "must be a ConsentList, a mapping"),
        ({"consent": {"98765": None}}, "not a number in E.164 form"),
        ({"opt_out": "do_not_call"}, "opt_out must be of the type OptOut"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_before_anything_is_dialled(
    world: World, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=message):
        world.dial(jobs(world, 1), **options)
    assert world.dialled() == {}


def test_the_two_kinds_of_lists_are_not_confused(world: World) -> None:
    with DoNotCall(world.ledger) as listed, ConsentList(world.ledger) as consents:
        with pytest.raises(vocobase.InvalidArgumentError, match="must be a ConsentList, not a DoNotCall"):
            world.dial(jobs(world, 1), consent=listed)
        with pytest.raises(vocobase.InvalidArgumentError, match="must be a DoNotCall, not a ConsentList"):
            world.dial(jobs(world, 1), do_not_call=consents)


def test_a_lost_list_dials_nobody(world: World, tmp_path: Path) -> None:
    place = tmp_path / "other.sqlite"
    with DoNotCall(place) as other:
        other.add(NUMBERS[0])
        place.unlink()
        with pytest.raises(vocobase.LedgerError):
            world.dial(jobs(world, 2), do_not_call=other)
    assert world.dialled() == {}
    assert (world.dial()).started == 2


def test_a_number_that_is_added_during_the_run_is_not_dialled(world: World) -> None:
    def on_update(update: Any) -> None:
        if update.to_number == NUMBERS[0]:
            with DoNotCall(world.place) as elsewhere:
                elsewhere.add(NUMBERS[2])
            numbers.add(NUMBERS[4])

    numbers = {NUMBERS[3]}
    world.dial(jobs(world, 6), on_update=on_update, do_not_call=numbers)
    assert [*world.dialled()] == [NUMBERS[0], NUMBERS[1], NUMBERS[5]]


def test_a_person_may_retry_after_the_entry_has_ended(world: World) -> None:
    with DoNotCall(world.ledger) as listed, DialList(world.ledger) as people:
        listed.add(NUMBERS[0], valid_until=START + timedelta(hours=1))
        assert (world.dial(jobs(world, 1))).refused == 1
        (job,) = people.jobs("refused")
        assert people.retry([job.key]) == 1
        assert (world.dial()).refused == 1
        assert len(reasons(world)) == 2
        world.sleep(3600)
        assert people.retry([job.key]) == 1
        assert (world.dial()).started == 1
        assert len(reasons(world)) == 2
        assert listed.check(NUMBERS[0]) is None
        assert [*listed.entries()] == []


def test_consent_that_is_absent_or_not_yet_given_is_refused(world: World) -> None:
    tomorrow = START.date() + timedelta(days=2)
    consents = {
        NUMBERS[0]: Consent("mail", YESTERDAY),
        NUMBERS[1]: Consent("mail", tomorrow),
        NUMBERS[3]: Consent("mail", YESTERDAY, START + timedelta(days=1)),
        NUMBERS[4]: Consent("mail", YESTERDAY, START),
    }
    world.dial(jobs(world, 5), consent=consents)
    assert world.dialled() == {NUMBERS[0]: 1, NUMBERS[3]: 1}
    assert [(number, code) for number, code, _ in reasons(world)] == [
        (NUMBERS[1], "no_consent"),
        (NUMBERS[2], "no_consent"),
        (NUMBERS[4], "consent_expired"),
    ]


def test_a_postponement_is_logged_once_for_each_attempt(world: World) -> None:
    from datetime import time

    from vocobase import CallWindow

    window = CallWindow(time(9), time(10), timezone="UTC")

    def on_update(update: Any) -> None:
        world.sleep(3600)

    for _ in range(2):
        world.dial(jobs(world, 3), window=window, wait_for_windows=False, on_update=on_update)
    with DoNotCall(world.ledger) as listed:
        rows = [*listed.log()]
    assert [(row.code, row.until) for row in rows] == [
        ("outside_hours", datetime(2026, 1, 6, 9, tzinfo=UTC))
    ] * len(rows)


@pytest.fixture
def listed(world: World) -> Any:
    return DoNotCall(world.ledger)


@pytest.fixture
def consents(world: World) -> Any:
    return ConsentList(world.ledger)


def test_a_list_tells_what_it_has(listed: Any) -> None:
    assert listed.add("(202) 555-0100", reason="asked", source="mail", region="US")
    assert not listed.add("+12025550100")
    entry = listed.check("202-555-0100", region="US")
    assert entry == vocobase.DoNotCallEntry("+12025550100", "asked", "mail", START)
    assert "2025550100" not in repr(entry)
    assert listed.check("+12025550101") is None
    assert listed.add_many(["+12025550101", "+12025550102"], valid_until=date(2026, 1, 5)) == 2
    assert [each.number for each in listed.entries()] == [
        "+12025550100",
        "+12025550101",
        "+12025550102",
    ]
    assert (listed.check("+12025550101")).valid_until == datetime(2026, 1, 6, tzinfo=UTC)


def test_an_entry_is_never_shortened(listed: Any) -> None:
    listed.add(NUMBERS[0], reason="first", valid_until=date(2026, 2, 1))
    assert not listed.add(NUMBERS[0], reason="shorter", valid_until=date(2026, 1, 20))
    assert listed.add(NUMBERS[0], reason="longer", valid_until=date(2026, 3, 1))
    assert listed.add(NUMBERS[0], reason="for ever")
    assert not listed.add(NUMBERS[0], reason="again", valid_until=date(2026, 4, 1))
    assert (listed.check(NUMBERS[0])).reason == "for ever"
    assert [each.reason for each in listed.entries()] == ["for ever"]


def test_a_removed_number_stays_in_the_log(listed: Any, tmp_path: Path) -> None:
    listed.add(NUMBERS[0], source="mail")
    assert listed.remove(NUMBERS[0], reason="=agreed again")
    assert not listed.remove(NUMBERS[0], reason="agreed again")
    assert not listed.remove(NUMBERS[1], reason="never listed")
    assert listed.check(NUMBERS[0]) is None
    (row,) = [row for row in listed.log()]
    assert (row.code, row.reason, row.source) == ("removed_from_do_not_call", "=agreed again", "mail")
    assert (row.list, row.job, row.at) == (None, None, START)
    assert [row for row in listed.log(since=START + timedelta(seconds=1))] == []
    assert [row for row in listed.log(name="calls")] == []
    assert listed.add(NUMBERS[0], valid_until=date(2026, 3, 1))
    file = tmp_path / "log.csv"
    assert listed.log_to_csv(file) == 1
    assert file.read_text().splitlines() == [
        "at,list,job,number,attempt,code,reason,source,until",
        f"2026-01-05T09:00:00.000+00:00,,,{NUMBERS[0]},,removed_from_do_not_call,'=agreed again,mail,",
    ]
    with pytest.raises(vocobase.ConfigurationError, match=r"log_to_csv: .* cannot be written"):
        listed.log_to_csv(tmp_path / "none" / "log.csv")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"numbers": NUMBERS[0]}, "numbers must be a list of phone numbers"),
        ({"numbers": 5}, "numbers must be a list of phone numbers"),
        ({"numbers": ["98765"]}, r"number 0 cannot be used: the number has no country code"),
        (
            {"numbers": {NUMBERS[0], "987 65"}},
            r"number that is written like '000 00' .* cannot be used: the number",
        ),
        ({"numbers": [5]}, "number 0"),
        ({"reason": None}, "reason must be a string"),
        ({"valid_until": datetime(2026, 1, 1)}, "valid_until"),
        ({"valid_until": "2026-01-01"}, "valid_until must be a date"),
    ],
)
def test_what_cannot_be_added_is_refused_in_one_line(
    listed: Any, options: dict[str, Any], message: str
) -> None:
    given = {"numbers": [NUMBERS[0]], **options}
    with pytest.raises(vocobase.InvalidArgumentError, match=message) as caught:
        listed.add_many(given.pop("numbers"), **given)
    assert "\n" not in str(caught.value) and "98765" not in str(caught.value)
    assert [row for row in listed.entries()] == []


def test_the_log_is_read_from_a_time_with_a_zone(listed: Any, tmp_path: Path) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=r"DoNotCall\.log: since"):
        [row for row in listed.log(since=datetime(2026, 1, 1))]
    with pytest.raises(vocobase.InvalidArgumentError, match=r"log_to_csv: since"):
        listed.log_to_csv(tmp_path / "log.csv", since=datetime(2026, 1, 1))
    with pytest.raises(vocobase.InvalidArgumentError, match=r"DoNotCall\.log: name must be a string"):
        [row for row in listed.log(name=5)]


def test_consents_are_replaced_and_withdrawn(consents: Any) -> None:
    first = Consent("mail", YESTERDAY, date(2026, 2, 1))
    later = Consent("call", YESTERDAY, START)
    assert consents.add("(202) 555-0100", first, region="US")
    assert not consents.add("+12025550100", first)
    assert consents.get("+12025550100") == first
    assert consents.add("+12025550100", later)
    assert consents.get("+12025550100") == later
    assert consents.remove("202 555 0100", region="US")
    assert not consents.remove("+12025550100")
    assert consents.get("+12025550100") is None


@pytest.mark.parametrize("wrong", [None, True, "web form", YESTERDAY, Consent])
def test_only_a_consent_is_recorded(consents: Any, wrong: Any) -> None:
    with pytest.raises(
        vocobase.InvalidArgumentError, match=r"ConsentList\.add: consent must be a Consent object"
    ):
        consents.add(NUMBERS[0], wrong)
    assert consents.get(NUMBERS[0]) is None
