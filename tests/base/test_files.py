"""A file that is written in one step: the old content or the new one, and nothing left behind."""

from __future__ import annotations

import itertools
import os
import stat
from pathlib import Path

import pytest

from tests.interrupts import Interrupt
from vocobase._base.files import OWNER_ONLY, NewFile, write_file
from vocobase._base.locks import FileLock


def test_a_file_appears_when_it_is_committed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with NewFile(path) as new:
        new.file.write(b"new")
        new.sync()
        assert not path.exists()
        new.commit()
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(error), NewFile(path) as new:
        new.file.write(b"new")
        raise error
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_that_is_not_committed_is_removed(tmp_path: Path) -> None:
    with NewFile(tmp_path / "a") as new:
        new.file.write(b"new")
    assert os.listdir(tmp_path) == []


def test_a_folder_cannot_be_replaced_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError), NewFile(tmp_path / "a") as new:
        new.commit()
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_cannot_be_created_in_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        NewFile(tmp_path / "none" / "a").open()


def test_the_permissions_are_those_of_any_new_file_unless_you_pass_others(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    expected = {
        "a": stat.S_IMODE(usual.stat().st_mode),
        "b": 0o640,
        "c": 0o600,
    }
    for name, given, committed in (("a", None, None), ("b", None, 0o640), ("c", OWNER_ONLY, None)):
        path = tmp_path / name
        with NewFile(path) if given is None else NewFile(path, given) as new:
            assert given is None or stat.S_IMODE(os.fstat(new.file.fileno()).st_mode) == given
            new.commit(committed)
    assert {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in expected} == expected


def test_a_link_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "link").symlink_to("old")
    with NewFile(tmp_path / "link") as new:
        new.file.write(b"new")
        new.commit()
    assert (tmp_path / "old").read_bytes() == b"old"
    assert not (tmp_path / "link").is_symlink()


# An interruption between two instructions may leave a file object to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_anywhere_leaves_the_old_content_or_the_new_one_and_no_other_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a"
    for at in itertools.count(1):
        path.write_bytes(b"old")
        interrupt = Interrupt(at, "/vocobase/_base/")
        assert interrupt.run(lambda: write_file(path, b"new", owner_only=True)) == bool(interrupt.where)
        assert os.listdir(tmp_path) == ["a"], interrupt.where
        assert path.read_bytes() in (b"old", b"new"), interrupt.where
        if not interrupt.where:
            break
    assert at > 10 and path.read_bytes() == b"new"


# An interruption between two instructions may leave a file object to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_anywhere_leaves_no_lock_held(tmp_path: Path) -> None:
    def hold() -> bool:
        with FileLock(tmp_path / "lock") as lock:
            return lock.is_held

    for at in itertools.count(1):
        interrupt = Interrupt(at, "/vocobase/_base/")
        assert interrupt.run(hold) == bool(interrupt.where), interrupt.where
        assert hold(), interrupt.where
        if not interrupt.where:
            break
    assert at > 5
