"""Which addresses are on this machine: `is_local`."""

from __future__ import annotations

from typing import Any

import pytest

from vocobase import InvalidArgumentError
from vocobase.webhooks import is_local


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:3000/hook", True),
        ("https://LOCALHOST./hook", True),
        ("http://[::1]:3000", True),
        ("http://127.8.0.1", True),
        ("http://app.localhost", True),
        ("https://example.com/localhost", False),
        ("http://127.0.0.1.example.com", False),
        ("http://[broken", False),
        ("localhost:3000", False),
        ("", False),
    ],
)
def test_an_address_of_this_machine_is_recognized(url: str, local: bool) -> None:
    assert is_local(url) is local


@pytest.mark.parametrize("url", [None, 5, b"http://localhost", ["http://localhost"]])
def test_what_is_not_text_is_not_asked(url: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"webhooks\.is_local: url must be a string"):
        is_local(url)
