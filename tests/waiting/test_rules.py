"""Rules for the end of a wait and for the next poll: without I/O and without a clock."""

from __future__ import annotations

from typing import Any

import pytest

import vocobase
from vocobase._policy.cadence import (
    FIRST_INTERVAL_SECONDS,
    INTERVAL_GROWTH,
    MAX_INTERVAL_SECONDS,
    SETTLE_SECONDS,
)
from vocobase._policy.states import CALL, CAMPAIGN, DOCUMENT_SYNC, SESSION, Phase
from vocobase._waiting.finality import SessionSettling, all_synced
from vocobase._waiting.intervals import PollInterval, delay_before_poll
from vocobase._waiting.starts import NextStep, next_step
from vocobase.types import CallStatus, CampaignStatus, LinkedDocument, Session


def test_intervals_grow_up_to_the_longest() -> None:
    interval = PollInterval()
    seconds = [interval.advance() for _ in range(20)]
    assert seconds[:2] == [FIRST_INTERVAL_SECONDS, FIRST_INTERVAL_SECONDS * INTERVAL_GROWTH]
    assert seconds == sorted(seconds)
    assert seconds[-1] == MAX_INTERVAL_SECONDS
    constant = PollInterval(7.0, 7.0)
    assert [constant.advance() for _ in range(3)] == [7.0] * 3


@pytest.mark.parametrize(("random", "seconds"), [(0.0, 9.0), (0.5, 10.0), (1.0, 11.0)])
def test_an_interval_varies_by_its_jitter(random: float, seconds: float) -> None:
    assert delay_before_poll(10.0, 0.1, random, None) == pytest.approx(seconds)


def test_a_server_may_ask_for_a_later_poll_but_not_for_an_earlier_one() -> None:
    for asked, seconds in ((20.0, 20.0), (2.0, 10.0), (None, 10.0)):
        error = vocobase.RateLimitError("x", status=429, retry_after=asked)
        assert delay_before_poll(10.0, 0.1, 0.5, error) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("error", "retries", "step"),
    [
        (vocobase.ConcurrencyLimitError("x", status=429), 0, NextStep.WAIT_FOR_SLOT),
        (vocobase.RateLimitError("x", status=429), 0, NextStep.WAIT_FOR_SLOT),
        (vocobase.ConnectionFailedError("x", sent=False), 1, NextStep.RETRY),
        (vocobase.ConnectionFailedError("x", sent=False), 0, NextStep.RAISE),
        (vocobase.OutcomeUnknownError("x"), 9, NextStep.RAISE),
        (vocobase.ResponseError("x"), 9, NextStep.RAISE),
        (vocobase.ServerError("x", status=503), 9, NextStep.RAISE),
        (vocobase.InvalidArgumentError("x"), 9, NextStep.RAISE),
    ],
    ids=repr,
)
def test_a_start_is_sent_again_only_when_nothing_was_dialled(
    error: vocobase.VocobaseError, retries: int, step: NextStep
) -> None:
    assert next_step(error, retries) is step


def session(**members: Any) -> Session:
    return Session.from_dict({"session_id": "s", "status": "completed", **members})


ENDED = {"ended_at": "2026-01-01T00:00:00Z"}


def test_a_session_that_reports_its_processing_is_final_when_it_says_so() -> None:
    settling = SessionSettling()
    for now in (0.0, 100.0):
        assert not settling.is_final(session(**ENDED, processing_complete=False), now)
    assert settling.is_final(session(**ENDED, processing_complete=True), 100.0)


def test_another_session_is_final_when_its_content_has_settled() -> None:
    settling = SessionSettling()
    live = session(status="active")
    assert not settling.is_final(live, 0.0)
    assert not settling.is_final(live, SETTLE_SECONDS * 2)
    assert not settling.is_final(session(**ENDED), 20.0)
    assert not settling.is_final(session(**ENDED, agent_name="Asha"), 20.0 + SETTLE_SECONDS)
    # The link is new in every response, and does not count.
    link = {"agent_name": "Asha", "recording_url": "https://example.com/2"}
    assert settling.is_final(session(**ENDED, **link), 20.0 + SETTLE_SECONDS * 2)


def test_a_session_that_says_it_is_complete_but_has_not_ended_is_not_final() -> None:
    live = session(status="active", processing_complete=True)
    assert not SessionSettling().is_final(live, 0.0)


def test_documents_are_synced_when_none_is_pending() -> None:
    def linked(*states: str) -> list[LinkedDocument]:
        return [LinkedDocument.from_dict({"id": f"d{n}", "sync_status": s}) for n, s in enumerate(states)]

    assert all_synced([], ())
    assert all_synced(linked("synced", "odd"), ["d1"])
    assert not all_synced(linked("synced", "pending"), ())
    with pytest.raises(vocobase.LookupFailedError, match=r"^agents.*1 of the documents.*'other'"):
        all_synced(linked("synced"), ["d0", "other"])
    with pytest.raises(vocobase.DocumentSyncFailedError, match="is failed") as caught:
        all_synced(linked("pending", "failed"), ())
    assert caught.value.document.id == "d1"


def test_the_states_are_the_known_values() -> None:
    for states, enum in ((CALL, CallStatus), (CAMPAIGN, CampaignStatus)):
        assert {str(value) for value in enum} <= states.ongoing | states.done | states.failed
    for states in (CALL, SESSION, CAMPAIGN, DOCUMENT_SYNC):
        assert not states.done & states.failed
        assert not states.ongoing & (states.done | states.failed)
    assert CALL.phase("COMPLETED") is Phase.DONE
    assert CALL.phase("new value") is CALL.phase(None) is Phase.ONGOING
    assert DOCUMENT_SYNC.phase("new value") is Phase.DONE
