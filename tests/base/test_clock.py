"""The public clock, and the public functions for files: they follow those of the SDK."""

from __future__ import annotations

import errno
import stat
import sys
from pathlib import Path

import pytest

from vocobase import clock
from vocobase._base.clock import Clock
from vocobase._base.runtime import AsyncRuntime, Runtime, installed
from vocobase.files import FileLock, write_file


class Hand(Clock):
    """A clock that a test moves."""

    seconds = 1_000.0

    def time(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


class Sleeper(Runtime):
    """A runtime that moves its clock instead of sleeping."""

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self.hand = hand

    def sleep(self, seconds: float) -> None:
        self.hand.seconds += seconds


def test_the_public_clock_is_that_of_the_sdk() -> None:
    hand = Hand()
    with installed(Sleeper(hand), AsyncRuntime(hand)):
        before = clock.now()
        assert before.timestamp() == clock.monotonic() == 1_000.0
        clock.sleep(60)
        assert (clock.now() - before).total_seconds() == 60
    assert clock.now() > before


def test_a_file_is_written_whole_and_for_its_owner_if_you_say_so(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_file(path, b"old")
    write_file(path, b"new", owner_only=True)
    assert path.read_bytes() == b"new" and [*tmp_path.iterdir()] == [path]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing") as caught:
        write_file(tmp_path / "missing" / "state", b"")
    assert caught.value.errno == errno.ENOENT


def test_one_run_at_a_time_has_a_lock(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock") as first:
        with FileLock(tmp_path / "lock") as second:
            assert first.is_held and not second.is_held
    with FileLock(tmp_path / "lock") as third:
        assert third.is_held
