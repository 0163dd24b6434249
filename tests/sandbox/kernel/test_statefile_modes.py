"""Only the owner can read a state file and the files that SQLite puts next to it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from vocobase_sandbox import Sandbox


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_only_the_owner_can_read_a_state_file_and_its_companions(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with Sandbox(state=tmp_path / "state", clock="manual") as sandbox:
            sandbox.clock.advance(1)
            found = modes(tmp_path)
    finally:
        os.umask(before)
    assert "state-wal" in found and set(found.values()) == {0o600}
    assert modes(tmp_path) == {"state": 0o600}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_the_mode_of_a_readable_state_file_is_restricted(tmp_path: Path) -> None:
    state = tmp_path / "state"
    Sandbox(state=state, clock="manual").close()
    state.chmod(0o644)
    (tmp_path / "state-wal").touch(mode=0o644)
    (tmp_path / "link").symlink_to(state)
    with Sandbox(state=tmp_path / "link", clock="manual"):
        assert all(mode == 0o600 for name, mode in modes(tmp_path).items())


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_an_empty_file_and_a_dangling_link_also_become_private(tmp_path: Path) -> None:
    (tmp_path / "empty").touch(mode=0o666)
    (tmp_path / "link").symlink_to(tmp_path / "new")
    for name in ("empty", "link"):
        Sandbox(state=tmp_path / name, clock="manual").close()
    assert (tmp_path / "empty").stat().st_mode & 0o777 == (tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_foreign_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    sqlite3.connect(path).execute("CREATE TABLE t (x)").connection.close()
    path.chmod(0o644)
    with pytest.raises(ValueError, match="it was left unchanged"):
        Sandbox(state=path, clock="manual")
    assert path.stat().st_mode & 0o777 == 0o644
