"""How numbers come onto a do-not-call list: files of a scrub, and people who opt out in a call."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS
from vocobase import AsyncDoNotCall, CallJob, DialList, DoNotCall, OptOut, Redial, SuppressionReport
from vocobase.records.row import CallRecord
from vocobase.webhooks import parse
from vocobase_sandbox import Conversation


@pytest.fixture
def listed(world: AsyncWorld) -> Any:
    return AsyncDoNotCall(world.ledger)


async def test_a_file_of_a_scrub_is_imported_with_its_date(listed: Any, tmp_path: Path) -> None:
    file, bad = tmp_path / "scrub.csv", tmp_path / "bad.csv"
    file.write_text("Number,Circle\n(202) 555-0100,a\n12,b\n+12025550101,c\n2025550100,d\n")
    given = {"source": "registry", "scrubbed_on": date(2026, 1, 2), "region": "US", "rejects": bad}
    assert await listed.import_csv(file, **given) == SuppressionReport(
        rows=4, numbers=2, changed=2, rejected=1
    )
    assert (await listed.import_csv(file, **given)).changed == 0
    entry = await listed.check("+12025550100")
    assert (entry.reason, entry.source) == ("in a file of registry", "registry")
    assert (entry.scrubbed_on, entry.valid_until) == (date(2026, 1, 2), None)
    assert bad.read_text().splitlines()[1].startswith("3,")


async def test_a_column_may_hold_the_dates(listed: Any, tmp_path: Path) -> None:
    file = tmp_path / "scrub.csv"
    file.write_text("who,Circle,Scrubbed_On,since\n+12025550100,a,2026-01-02,2025-01-01\n")
    await listed.import_csv(file, source="registry", column="who", valid_until=date(2026, 2, 1))
    entry = await listed.check("+12025550100")
    assert (entry.scrubbed_on, entry.valid_until) == (date(2026, 1, 2), datetime(2026, 2, 2, tzinfo=UTC))
    file.write_text("who,since\n+12025550101,2025-01-01T10:00:00\n")
    await listed.import_csv(file, source="registry", column="who", date_column="since")
    assert (await listed.check("+12025550101")).scrubbed_on == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("text", "options", "error", "message"),
    [
        ("Number\n+12025550100\n", {}, "InvalidArgumentError", "no column with dates; .*scrubbed_on="),
        ("Number\n+12025550100\n", {"date_column": "day"}, "InvalidArgumentError", "no column 'day'"),
        ("Number,date\n+12025550100,soon\n", {}, "InvalidArgumentError", "not like 2026-01-31; pass scrub"),
        (
            "Number\n+12025550100\n",
            {"scrubbed_on": "x"},
            "InvalidArgumentError",
            "scrubbed_on must be a date",
        ),
        ("Number\n+12025550100\n", {"column": 5}, "InvalidArgumentError", "column must be a string"),
        ("Number\n+12025550100\n", {"source": None}, "InvalidArgumentError", "source must be a string"),
        ("Circle,date\na,2026-01-01\n", {}, "ContactsHeaderError", "no column with phone numbers"),
        (
            "Number,date\n+12025550100,2026-01-01\n",
            {"column": "who"},
            "ContactsHeaderError",
            "no column 'who'",
        ),
        (
            "Number,date\n12,2026-01-01\n",
            {},
            "ContactsError",
            "no number that can be read; nothing was added",
        ),
    ],
)
async def test_a_file_that_cannot_be_used_adds_nothing(
    listed: Any, tmp_path: Path, text: str, options: dict[str, Any], error: str, message: str
) -> None:
    file = tmp_path / "scrub.csv"
    file.write_text(text)
    with pytest.raises(getattr(vocobase, error), match=message) as caught:
        await listed.import_csv(file, **{"source": "registry", **options})
    assert "\n" not in str(caught.value)
    assert [row async for row in listed.entries()] == []


async def test_people_whose_rows_lack_a_date_are_not_called_either(listed: Any, tmp_path: Path) -> None:
    file, bad = tmp_path / "scrub.csv", tmp_path / "bad.csv"
    file.write_text(
        "Number,date\n+12025550100,2026-01-02\n+12025550101,\n+12025550102,31/01/2026\n12,2026-01-02\n"
    )
    report = await listed.import_csv(file, source="registry", rejects=bad)
    assert report == SuppressionReport(rows=4, numbers=3, changed=3, rejected=1)
    assert [each.scrubbed_on async for each in listed.entries()] == [
        date(2026, 1, 2),
        None,
        None,
    ]
    assert [line[:2] for line in bad.read_text().splitlines()[1:]] == ["5,"]


@pytest.mark.parametrize("end", [date(2026, 1, 4), datetime(2026, 1, 5, 9, tzinfo=UTC)])
async def test_entries_that_would_suppress_no_one_are_refused(listed: Any, tmp_path: Path, end: Any) -> None:
    over = r"valid_until has passed \(.*\), so the numbers could still be called\. Nothing was added"
    with pytest.raises(vocobase.InvalidArgumentError, match=rf"DoNotCall\.add: {over}"):
        await listed.add(NUMBERS[0], valid_until=end)
    rows, today = [{"phone": NUMBERS[0]}], date(2026, 1, 5)
    with pytest.raises(vocobase.InvalidArgumentError, match=rf"DoNotCall\.import_csv: {over}"):
        await listed.import_csv(rows, source="registry", scrubbed_on=today, valid_until=end)
    await listed.add(NUMBERS[0], valid_until=today)
    assert [each.number async for each in listed.entries()] == NUMBERS[:1], "the day itself is not over"


async def test_a_large_file_is_imported_in_batches(listed: Any) -> None:
    rows = [{"phone": number} for number in NUMBERS]
    report = await listed.import_csv(rows, source="registry", scrubbed_on=date(2026, 1, 2))
    assert (report.numbers, report.changed) == (1000, 1000)
    assert len([row async for row in listed.entries()]) == 1000
    longer = {"source": "registry", "valid_until": date(2026, 2, 1)}
    assert await listed.add_many(NUMBERS, **longer) == 0


def event(direction: str = "outbound", **data: Any) -> Any:
    call = {"call_id": "c1", "to_number": NUMBERS[0], "from_number": NUMBERS[1], "direction": direction}
    given = {"session_id": "s1", "call": {**call, "disposition": "completed"}, **data}
    return parse(json.dumps({"event": "session.completed", "data": given}).encode())


async def test_an_event_that_says_so_adds_the_person(listed: Any) -> None:
    said = {"extraction": {"status": "completed", "values": {"stop": "yes"}}}
    rule = OptOut(extraction="stop")
    assert await listed.receive(event(**said)) is None
    assert await listed.receive(event(), opt_out=rule) is None
    entry = await listed.receive(event(**said), opt_out=rule)
    assert (entry.number, entry.source) == (NUMBERS[0], "opt_out")
    assert (await listed.receive(event("inbound", **said), opt_out=rule)).number == NUMBERS[1]
    assert [each.number async for each in listed.entries()] == NUMBERS[:2]
    # A browser session has no number.
    assert await listed.receive(event(**said, call=None), opt_out=rule) is None


async def test_a_record_that_says_so_adds_the_person(listed: Any) -> None:
    assert await listed.receive(CallRecord("s1", person=NUMBERS[0], disposition="busy")) is None
    entry = await listed.receive(CallRecord("s1", person=NUMBERS[0], disposition="do_not_call"))
    assert entry.reason == "opted out in a call: the outcome was do_not_call"
    with pytest.raises(vocobase.InvalidArgumentError, match=r"DoNotCall\.receive: event must be"):
        await listed.receive({"event": "session.completed"})


async def test_the_case_of_an_outcome_does_not_matter_for_an_opt_out(listed: Any) -> None:
    assert OptOut(("Stop", "stop")) == OptOut(["STOP"]) == OptOut({"stop"})
    assert await listed.receive(CallRecord("s1", person=NUMBERS[0], disposition="Do_Not_Call")) is not None
    rule = OptOut(["Angry"])
    assert (
        await listed.receive(CallRecord("s2", person=NUMBERS[1], disposition="ANGRY"), opt_out=rule)
        is not None
    )
    assert len([row async for row in listed.entries()]) == 2


async def test_an_opt_out_without_a_usable_number_is_not_lost_silently(listed: Any) -> None:
    record = CallRecord("s1", person="anonymous", disposition="do_not_call")
    with pytest.raises(vocobase.InvalidArgumentError, match=r"DoNotCall\.receive: number 0 cannot be used"):
        await listed.receive(record)


async def test_a_person_who_opts_out_in_a_call_is_not_dialled_by_any_list(
    world: AsyncWorld, listed: Any
) -> None:
    said = Conversation(turns=[("user", "Stop calling me.")], extraction={"stop": "yes"})
    world.sandbox.script(NUMBERS[0], said)
    world.sandbox.script(NUMBERS[1], Conversation(turns=[("user", "No.")], disposition="do_not_call"))
    world.sandbox.script(NUMBERS[2], "busy", Conversation(turns=[("user", "Hello.")]))
    jobs = [CallJob(world.agent_id, number) for number in NUMBERS[:3]]
    # The outcomes are read because of the rule, and the rule is kept in the ledger.
    await world.dial(jobs, opt_out=OptOut(extraction="stop"))
    with DialList(world.ledger) as people:
        assert people.settings().opt_out == OptOut(extraction="stop")
        people.change(opt_out=None)
        assert people.settings().opt_out is None
    await world.dial(jobs, name="other")
    found = {each.number: each.reason async for each in listed.entries()}
    assert found == {
        NUMBERS[0]: "opted out in a call: stop was extracted",
        NUMBERS[1]: "opted out in a call: the outcome was do_not_call",
    }
    assert world.dialled() == {NUMBERS[0]: 1, NUMBERS[1]: 1, NUMBERS[2]: 2}


async def test_a_redial_is_asked_again(world: AsyncWorld, listed: Any) -> None:
    world.sandbox.script(NUMBERS[0], "busy", "busy")

    def on_update(update: Any) -> None:
        if update.state == "started":
            with DoNotCall(world.place) as elsewhere:
                elsewhere.add(NUMBERS[0], reason="complained")

    redial = Redial(max_attempts=3, after={"busy": timedelta(minutes=10)})
    await world.dial([CallJob(world.agent_id, NUMBERS[0])], redial=redial, on_update=on_update)
    assert world.dialled() == {NUMBERS[0]: 1}
    (row,) = [row async for row in listed.log()]
    assert (row.attempt, row.code) == (2, "do_not_call")
    with DialList(world.ledger) as people:
        job = people.get(f"{world.agent_id} {NUMBERS[0]}")
    assert job is not None
    assert (job.state, job.code, job.attempts, job.outcome) == ("finished", "do_not_call", 1, "busy")


async def test_a_list_closes_the_ledger_that_it_opened_and_the_next_reads_it(tmp_path: Path) -> None:
    async with AsyncDoNotCall(tmp_path / "ledger.sqlite") as listed:
        await listed.add("+12025550100", reason="asked")
    async with AsyncDoNotCall(tmp_path / "ledger.sqlite") as again:
        entry = await again.check("+12025550100")
    assert entry is not None
    assert entry.reason == "asked"
