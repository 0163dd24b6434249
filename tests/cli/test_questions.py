"""Questions on a terminal that Ctrl-C ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

import pytest

from tests.cli.conftest import Stream
from vocobase.cli.effects import RINGS
from vocobase.cli.session import Session


class Interrupted(Stream):
    """A terminal at which Ctrl-C is pressed."""

    def readline(self, *size: int) -> NoReturn:
        raise KeyboardInterrupt


def interrupt(question: str) -> NoReturn:
    sys.stderr.write(question)
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "ask",
    [
        lambda session: session.confirm(RINGS, "Call +12025550100."),
        lambda session: session.ask_secret("API key: ", ""),
    ],
    ids=["confirm", "secret"],
)
def test_what_follows_an_interrupted_question_has_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[Session], object]
) -> None:
    monkeypatch.setattr(sys, "stdin", Interrupted(tty=True))
    monkeypatch.setattr(sys, "stdout", Stream(tty=True))
    monkeypatch.setattr(sys, "stderr", stream := Stream(tty=True))
    with pytest.raises(KeyboardInterrupt):
        ask(Session(ask_secret=interrupt))
    assert stream.text().endswith(" \n")
