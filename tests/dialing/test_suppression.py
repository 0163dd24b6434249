"""How numbers come onto a do-not-call list: files of a scrub, and people who opt out in a call."""

from __future__ import annotations

from typing import Any

import pytest

from vocobase import OptOut
from vocobase._dialing.opt_out import opt_out_of


@pytest.mark.parametrize(
    ("outcome", "extraction", "reason"),
    [
        ("do_not_call", None, "opted out in a call: the outcome was do_not_call"),
        ("completed", {"do_not_call": True}, "opted out in a call: do_not_call was extracted"),
        ("completed", {"do_not_call": "asked for it"}, "opted out in a call: do_not_call was extracted"),
        ("completed", {"do_not_call": " No "}, None),
        ("completed", {"do_not_call": False}, None),
        ("completed", {"do_not_call": None}, None),
        ("completed", {}, None),
        (None, None, None),
        ("DO_NOT_CALL", None, "opted out in a call: the outcome was DO_NOT_CALL"),
        ("Do_Not_Call ", {}, "opted out in a call: the outcome was Do_Not_Call "),
    ],
)
def test_an_opt_out_is_what_the_rule_says(outcome: Any, extraction: Any, reason: str | None) -> None:
    assert opt_out_of(outcome, extraction) == reason
    assert opt_out_of(outcome, extraction, OptOut((), None)) is None
