"""Profiles: login, logout, the file and the keyring."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase_sandbox import Sandbox


@pytest.fixture
def key(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """A key that is not in the environment; the address is."""
    monkeypatch.setenv("VOCOBASE_BASE_URL", sandbox.base_url)
    return sandbox.api_key


def test_a_profile_is_stored_for_its_owner_only(run: Run, key: str, own_profiles: Path) -> None:
    done = run("login", tty=True, secret=key)
    assert done.exit_status == 0 and key not in done.stdout + done.stderr
    assert oct(own_profiles.stat().st_mode & 0o777) == "0o600"
    assert run("voices", "list", "--limit", "1").exit_status == 0
    shown = run("profiles", "--output", "json")
    assert json.loads(shown.stdout)[0]["key"] == "file" and key not in shown.stdout


def test_a_key_from_standard_input_needs_no_terminal(run: Run, key: str) -> None:
    done = run("login", "--key-stdin", "--profile", "ci", input=f"{key}\n")
    assert done.exit_status == 0 and json.loads(done.stdout)["profile"] == "ci"
    assert "VOCOBASE_API_KEY" in run("login", "--profile", "x").stderr


def test_a_wrong_key_is_not_stored(run: Run, key: str, own_profiles: Path) -> None:
    assert run("login", tty=True, secret="rg_live_wrong").exit_status == 4
    assert not own_profiles.exists()
    assert run("login", "--no-check", tty=True, secret="rg_live_other").exit_status == 0


def test_an_existing_profile_is_not_replaced_unasked(run: Run, key: str) -> None:
    run("login", tty=True, secret=key)
    assert run("login", "--key-stdin", input=key).exit_status == 2
    assert run("login", "--key-stdin", "--yes", input=key).exit_status == 0


def test_the_order_of_profiles(run: Run, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("login", "--profile", "first", tty=True, secret=key)
    run("login", "--profile", "second", "--no-check", tty=True, secret="rg_live_wrong")
    voices = ("voices", "list", "--limit", "1")
    assert run(*voices).exit_status == 0
    assert run(*voices, "--profile", "second").exit_status == 4
    assert run("profiles", "use", "second").exit_status == 0
    assert run(*voices).exit_status == 4
    monkeypatch.setenv("VOCOBASE_PROFILE", "first")
    assert run(*voices).exit_status == 0
    monkeypatch.setenv("VOCOBASE_API_KEY", "rg_live_wrong")
    assert run(*voices).exit_status == 4
    assert run(*voices, "--profile", "first").exit_status == 0
    near = run(*voices, "--profile", "frist")
    assert near.exit_status == 2 and "Did you mean first?" in near.stderr


def test_logout_removes_the_profile(run: Run, key: str) -> None:
    run("login", "--profile", "first", tty=True, secret=key)
    run("login", "--profile", "second", tty=True, secret=key)
    assert run("logout", "--profile", "first", tty=True, input="y\n").exit_status == 0
    assert run("profiles", "--quiet").stdout == "second\n"
    assert run("logout", "--yes").exit_status == 0
    assert "run vocobase login" in run("profiles").stderr


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The content of a keyring, which is installed."""
    content: dict[str, str] = {}
    module = types.ModuleType("keyring")
    module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
    vars(module).update(
        get_password=lambda service, name: content.get(name),
        set_password=lambda service, name, password: content.update({name: password}),
        delete_password=lambda service, name: content.pop(name),
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    return content


def test_an_installed_keyring_keeps_the_key(
    run: Run, key: str, stored: dict[str, str], own_profiles: Path
) -> None:
    done = run("login", tty=True, secret=key)
    assert "the keyring" in done.stderr and stored == {"default": key}
    assert key not in own_profiles.read_text(encoding="utf-8")
    assert run("voices", "list", "--limit", "1").exit_status == 0
    assert json.loads(run("profiles").stdout)["key"] == "keyring"
    assert run("logout", "--yes").exit_status == 0 and stored == {}


def test_a_key_that_left_the_keyring_says_so(run: Run, key: str, stored: dict[str, str]) -> None:
    run("login", tty=True, secret=key)
    stored.clear()
    done = run("voices", "list")
    assert done.exit_status == 2 and "vocobase login --profile default" in done.stderr


def test_the_file_can_be_chosen(run: Run, key: str, stored: dict[str, str]) -> None:
    run("login", "--store", "file", tty=True, secret=key)
    assert stored == {}


def test_a_keyring_that_is_not_installed_cannot_be_chosen(run: Run, key: str) -> None:
    done = run("login", "--store", "keyring", tty=True, secret=key)
    assert done.exit_status == 2 and "pip install keyring" in done.stderr


@pytest.mark.parametrize(
    "content", ["not json", "[]", "{}", '{"profiles": {"a": {"odd": 1}}, "default": ""}']
)
def test_a_damaged_file_is_one_line(run: Run, own_profiles: Path, content: str) -> None:
    own_profiles.parent.mkdir(parents=True)
    own_profiles.write_text(content, encoding="utf-8")
    done = run("profiles")
    assert done.exit_status == 2 and "is not a file of profiles" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unreadable_file_is_one_line(run: Run, own_profiles: Path) -> None:
    own_profiles.mkdir(parents=True)
    done = run("profiles")
    assert done.exit_status == 2 and "cannot be read" in done.stderr


def test_a_file_that_others_can_read_is_noticed(run: Run, key: str, own_profiles: Path) -> None:
    run("login", tty=True, secret=key)
    own_profiles.chmod(0o644)
    assert f"chmod 600 {own_profiles}" in run("profiles").stderr


def test_a_folder_that_cannot_be_made_is_named(run: Run, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/proc/none")
    done = run("login", tty=True, secret=key)
    assert done.exit_status == 1 and "/proc/none/vocobase/profiles.json: " in done.stderr


def test_a_full_disk_leaves_the_old_file(run: Run, key: str, own_profiles: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    run("login", tty=True, secret=key)
    before = own_profiles.read_bytes()
    resource = pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-m", "vocobase.cli", "login", "--key-stdin", "--no-check", "--profile", "other"],
        input=key,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
        check=False,
    )
    assert (
        done.returncode == 1
        and f"{own_profiles}: file too large" in done.stderr
        and done.stderr.count("\n") == 1
    )
    assert own_profiles.read_bytes() == before and len(list(own_profiles.parent.iterdir())) == 1
