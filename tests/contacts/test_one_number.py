"""One number at a time: `to_e164`."""

from __future__ import annotations

from typing import Any

import pytest

from vocobase import InvalidArgumentError
from vocobase.contacts import to_e164


@pytest.mark.parametrize(
    ("number", "region", "phone"),
    [
        ("+12025550100", None, "+12025550100"),
        ("+1 (202) 555-0100", None, "+12025550100"),
        ("(202) 555-0100", "US", "+12025550100"),
        ("202.555.0100", "us", "+12025550100"),
        ("+1 202 555 0100", "IN", "+12025550100"),
    ],
)
def test_a_number_as_people_write_it_is_read(number: str, region: str | None, phone: str) -> None:
    assert to_e164(number, region=region) == phone


@pytest.mark.parametrize(
    ("number", "region", "text"),
    [
        ("202 555 0100", None, "pass region="),
        ("+\u0661\u0662025550100", None, "country code"),
        ("", None, "country code"),
        ("", "US", "there is no phone number"),
        ("(202) 555-0100 / (202) 555-0101", "US", "two numbers"),
        ("(202) 555-0100", "Utopia", "region"),
        (12025550100, None, "not text"),
        (None, "US", "not text"),
    ],
)
def test_what_cannot_be_dialled_is_one_line_without_the_number(
    number: Any, region: str | None, text: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=text) as caught:
        to_e164(number, region=region)
    shown = str(caught.value).replace("+12025550100", "")
    assert "555" not in shown and "\n" not in shown
