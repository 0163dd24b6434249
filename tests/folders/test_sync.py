"""agents.documents.sync: names of files, a race for the manifest, and runs that are killed twice."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

import vocobase
from tests.folders.support import Account, Killed, Wire, first, second, write
from tests.folders.sync.support import synchronise
from vocobase._folders.manifest import load_manifest
from vocobase._folders.scan import scan


def test_a_long_path_gives_way_to_the_name_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, **{"d" * 99 + "__a_md": "a"})
    [found], _ = scan(tmp_path, "*", tmp_path / "m")
    assert found.name == "a.md"


def test_of_two_runs_that_write_the_same_at_the_same_moment_one_fails(tmp_path: Path) -> None:
    place = tmp_path / "manifest.json"
    one, other = (load_manifest(place, "agent") for _ in range(2))
    one.save()
    # So the other one saw it when it looked, before it wrote.
    place.unlink()
    other.save()
    with pytest.raises(vocobase.ConfigurationError, match="another run"):
        one.save()
    other.save()


def test_a_run_that_is_killed_twice_is_finished_by_the_third(tmp_path: Path) -> None:
    (tmp_path / "undisturbed").mkdir()
    account = Account(tmp_path / "undisturbed")
    for step in (first, second):
        step(account.folder)
        synchronise(account)
    expected = account.state()
    for one in range(2, 22, 4):
        for two in (1, 4, 8):
            folder = tmp_path / f"kb{one}-{two}"
            folder.mkdir()
            account = Account(folder)
            first(folder)
            synchronise(account)
            second(folder)
            for number in (one, two):
                with contextlib.suppress(Killed):
                    synchronise(account, Wire(account.sandbox, number, carried_out=True))
            synchronise(account)
            assert account.state() == expected, (one, two)
