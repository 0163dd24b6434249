"""What makes a job the same job, and what a job refuses."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import pandas
import pytest

import vocobase
from vocobase import CallJob
from vocobase._dialing.jobs import item_of

NUMBER = "+12025550100"


class Shouted(str):
    """Text that prints as something else."""

    def __str__(self) -> str:
        return "the same for everybody"


def test_a_job_is_the_same_job_whatever_its_identifiers_print_as() -> None:
    """Otherwise a list that is built with other types calls people a second time, or some of them never."""
    agents = Enum("agents", {"SALES": "a1"}, type=str)
    plain = item_of(CallJob("a1", NUMBER), None, 0)
    assert item_of(CallJob(agents.SALES, NUMBER), None, 0) == plain
    assert item_of(CallJob(Shouted("a1"), Shouted(NUMBER)), None, 0) == plain
    assert item_of(CallJob("a1", NUMBER, key=Shouted("k")), None, 0)[0] == "k"


@pytest.mark.parametrize(
    ("job", "message"),
    [
        (CallJob("a", NUMBER, key=5), "job 3 (key 5): key must be a string of 1 to 512 characters."),  # type: ignore[arg-type]
        (CallJob("a", NUMBER, key=""), "job 3 (key ''): key must be a string of 1 to 512 characters."),
        (
            CallJob("a", NUMBER, key="a\0"),
            r"job 3 (key 'a\x00'): key contains characters that cannot be stored.",
        ),
        (CallJob("a\0", NUMBER), "job 3: agent_id contains characters that cannot be stored."),
    ],
)
def test_a_key_that_cannot_be_kept_names_its_job(job: CallJob, message: str) -> None:
    with pytest.raises(vocobase.InvalidArgumentError) as caught:
        item_of(job, None, 3)
    assert str(caught.value) == f"calls.start_many: {message}"


def test_a_missing_time_is_not_taken_for_now() -> None:
    for name in ("not_before", "not_after"):
        job = CallJob("a", NUMBER, **{name: pandas.NaT})
        for write in (job.to_json, lambda job=job: item_of(job, None, 0)):
            with pytest.raises(
                vocobase.InvalidArgumentError, match=f"{name} must be a datetime with a time zone"
            ):
                write()
        with pytest.raises(vocobase.InvalidArgumentError, match="time zone"):
            CallJob("a", NUMBER, **{name: datetime(2026, 1, 1)}).to_json()
