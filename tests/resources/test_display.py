"""What screens show of results: it fits, it is escaped, it sends no request, and it hides numbers, words and keys."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from rich.console import Console

from vocobase import DialReport, Page, Vocobase
from vocobase._dialing.marks import Pause
from vocobase.records.reports import Report, Tally, rows_of
from vocobase_raw.models import (
    Agent,
    AgentsUpdateRequest,
    Call,
    CampaignContactInput,
    PartnerConfig,
    Session,
    WebRTCSession,
)

NUMBER, OTHER = "+12025550100", "+12025550101"
WORDS = "my card is lost"
SECRET = "kanarie7f3a"
KEYS = ["rg_live_Ab0-_x/+9=", "rg_test_0123456789abcdef", "whsec_Ab0-_x/+9=", "WHSEC_0123456789"]
HOSTILE = "<script>alert(1)</script>[bold red]x[/] \x1b[31m\r\n&amp; \"'"
LINES, COLUMNS = 24, 80


def call(**more: Any) -> Call:
    return Call.from_dict(
        {"call_id": "c1", "from_number": OTHER, "to_number": NUMBER, "status": "completed", **more}
    )


def session(turns: int = 30) -> Session:
    turn = {"role": "user", "content": WORDS, "timestamp": "2026-01-01T00:00:00Z"}
    return Session.from_dict(
        {"session_id": "s1", "transcript": [turn] * turns, "summary": WORDS, "caller_number": NUMBER}
    )


def tally(label: str) -> Tally:
    found = Tally(label)
    found.counts.update(attempted=2, connected=1, micros=1_000_000)
    return found


def report(label: str = "a", count: int = 1) -> Report:
    tallies = {f"{label}{number}": tally(f"{label}{number}") for number in range(count)}
    rows, total = rows_of("agent", tallies, goal=False, priced=False)
    return Report("agent", "UTC", "2026-05", None, rows, total)


def dial_report(reason: str = "manual") -> DialReport:
    return DialReport(
        1,
        2,
        3,
        4,
        5,
        None,
        spent=Decimal("1.50"),
        pause=Pause("paused", reason, datetime(2026, 5, 1, tzinfo=UTC)),
    )


RESULTS: dict[str, Any] = {
    "call": call(),
    "session": session(),
    "transcript": session().transcript,
    "page": Page([call() for _ in range(100)], total=340, limit=100),
    "page of mappings": Page([{"phone": NUMBER, "name": "n"}]),
    "empty page": Page[Call]([]),
    "key": WebRTCSession.from_dict({"session_id": "s", "token": SECRET}),
    "report": report(count=60),
    "dial report": dial_report(),
}


def rich(value: object) -> str:
    console = Console(file=io.StringIO(), width=COLUMNS, force_terminal=False)
    console.print(value)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def views(value: Any) -> list[str]:
    return [repr(value), value._repr_html_(), rich(value)]


@pytest.mark.parametrize("value", RESULTS.values(), ids=RESULTS)
def test_no_view_shows_a_number_a_word_of_a_conversation_or_a_key(value: Any) -> None:
    for shown in views(value):
        assert shown
        for hidden in (NUMBER, OTHER, WORDS, SECRET):
            assert hidden not in shown


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "members",
    [
        lambda key: {"note": key},
        lambda key: {"note": f"Authorization: Bearer {key}, or {key}."},
        lambda key: {"notes": [{"inner": [key]}]},
        lambda key: {"note": f"https://example.com/hook?sign={key}"},
        lambda key: {"note": f"see https://example.com/{key}"},
        lambda key: {key: {key: 1}},
        lambda key: {"status": key},
        lambda key: {"to_number": key},
    ],
    ids=["text", "inside a text", "nested", "address", "address in a text", "name", "enum", "number"],
)
def test_a_key_is_masked_wherever_it_is(members: Any, key: str) -> None:
    model = Call.from_dict(members(key))
    secret = key.partition("_")[2].removeprefix("live_").removeprefix("test_")
    nested = PartnerConfig.from_dict({"free": model.to_dict()})
    for value in (model, nested, Page([model]), Page([members(key)])):
        for shown in views(value):
            assert secret not in shown
    assert model.to_dict() == members(key)
    assert "additional_properties" not in dir(model) or not model.additional_properties


def test_a_masked_key_still_says_what_it_is() -> None:
    assert repr(call(note="use rg_live_abc, please")).endswith("note='use rg_live_***, please')")
    assert "whsec_***" in repr(Call.from_dict({"note": "whsec_abc"}))


def test_a_status_that_is_a_key_is_not_listed_among_the_attributes_to_show() -> None:
    assert "status" in dir(call()) and "status" not in dir(call(status="whsec_abc"))


def test_the_name_of_a_person_is_hidden_and_names_of_variables_are_not() -> None:
    contact = CampaignContactInput(phone=NUMBER, name="Ada")
    for shown in views(contact):
        assert "Ada" not in shown
    assert contact.to_dict()["name"] == "Ada"
    for agent in (Agent.from_dict({"variables": ["city"]}), AgentsUpdateRequest(variables=["city"])):
        for shown in views(agent):
            assert "city" in shown
    assert "Pune" not in repr(Session.from_dict({"variables": {"city": "Pune"}}))


@pytest.mark.parametrize("value", RESULTS.values(), ids=RESULTS)
def test_a_repr_fits_a_screen(value: Any) -> None:
    assert len(repr(value)) <= LINES * COLUMNS


def test_a_long_model_is_cut_and_a_long_list_counted() -> None:
    wide = call(**{f"member_{number}": "x" * 100 for number in range(100)}, tags=[str(n) for n in range(50)])
    assert len(repr(wide)) <= LINES * COLUMNS
    assert "'... 47 more'" in repr(call(tags=[str(number) for number in range(50)]))
    assert "<p>... " in wide._repr_html_()


def test_tables_show_the_first_rows_and_count_the_others() -> None:
    page = RESULTS["page"]._repr_html_()
    assert page.count("<tr>") == 21
    assert "<p>... 80 more</p>" in page
    transcript = RESULTS["transcript"]._repr_html_()
    assert transcript.count("<tr>") == 21
    assert "4 words" in transcript and "... 10 more" in transcript
    shown = RESULTS["report"]._repr_html_()
    # The head, twenty rows, and the row of totals.
    assert shown.count("<tr>") == 22
    assert "... 40 more" in shown and "total" in shown


def test_what_is_asked_for_is_not_hidden() -> None:
    assert call().to_number == NUMBER
    assert call().to_dict()["to_number"] == NUMBER
    assert "to_number" in dir(call())
    assert session(1).transcript.text() == f"user: {WORDS}"


def test_a_short_number_shows_nothing_of_itself() -> None:
    assert "to_number='***'" in repr(call(to_number="12345"))


@pytest.mark.parametrize(
    "value",
    [
        call(status=HOSTILE, **{HOSTILE: HOSTILE}),
        Page([call(status=HOSTILE)]),
        Page([{HOSTILE: HOSTILE}]),
        Session.from_dict({"transcript": [{"role": HOSTILE, "content": HOSTILE}, HOSTILE]}).transcript,
        report(HOSTILE),
        dial_report(HOSTILE),
    ],
    ids=["call", "page", "page of mappings", "transcript", "report", "dial report"],
)
def test_hostile_content_is_escaped(value: Any) -> None:
    page, terminal = value._repr_html_(), rich(value)
    assert "<script" not in page and "\x1b" not in page
    assert "\x1b" not in terminal


def test_a_page_is_shown_without_a_request() -> None:
    sent: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        data = {"calls": [call().to_dict()], "total": 500, "limit": 1, "offset": 0}
        return httpx.Response(200, json={"success": True, "data": data})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        page = vb.calls.list()
        assert all(views(page))
    assert len(sent) == 1


def test_a_report_says_what_it_is_about() -> None:
    assert repr(report()) == "Report(by='agent', span='2026-05', rows=1, calls=2)"
    assert repr(replace(report(), span="", goal="sold")) == "Report(by='agent', goal='sold', rows=1, calls=2)"
