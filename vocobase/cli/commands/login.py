"""Profiles: log in, log out, list them, choose the default one."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from vocobase import Vocobase
from vocobase.cli.effects import DELETES, OVERWRITES
from vocobase.cli.frame import command
from vocobase.cli.profiles import DEFAULT_NAME, PROFILE_VARIABLE, SERVICE, Profile, is_shared, keyring
from vocobase.cli.session import Session

KEY_QUESTION = "API key (not shown): "
INSTEAD = "Pipe the key to vocobase login --key-stdin, or set VOCOBASE_API_KEY."


@command()
@click.option("--key-stdin", is_flag=True, help="Read the key from standard input.")
@click.option("--base-url", metavar="URL", help="Address of the API; default: VOCOBASE_BASE_URL.")
@click.option(
    "--store",
    type=click.Choice(("keyring", "file")),
    help="Where to store the key; default: the keyring of the system if keyring is installed, else the file.",
)
@click.option("--no-check", is_flag=True, help="Store the key without checking it against the API.")
def login(session: Session, key_stdin: bool, base_url: str | None, store: str | None, no_check: bool) -> None:
    """Store the API key of an account in a profile.

    The profile is that of --profile, else "default". You type the key, which is not shown; it is never an
    argument.
    """
    name = session.profile_name or os.environ.get(PROFILE_VARIABLE) or DEFAULT_NAME
    found = _store(store)
    # A wrong address is refused before the key is asked for.
    Vocobase("unchecked", base_url=base_url).close()
    profiles = session.profiles
    if name in profiles.all:
        session.confirm(OVERWRITES, f"The profile {name!r} exists; its key will be replaced.")
    key = sys.stdin.readline().strip() if key_stdin else session.ask_secret(KEY_QUESTION, INSTEAD)
    with session.open({"api_key": key, "base_url": base_url}) as client:
        address = client.base_url
        account = "" if no_check else client.config.get().display_name
    profile = Profile(name, address, None if found else key, account)
    if found:
        found.set_password(SERVICE, name, key)
    profiles.with_profile(profile).write()
    session.emit_one(_row(profile, True), id_field="profile")
    place = "the keyring" if found else profiles.path
    session.hint(f"Logged in{f' as {account}' if account else ''}; the key is in {place}.")


def _store(wanted: str | None) -> Any:
    found = None if wanted == "file" else keyring()
    if wanted == "keyring" and found is None:
        raise click.UsageError("--store keyring needs the package keyring; run: pip install keyring")
    return found


@command()
def logout(session: Session) -> None:
    """Remove a profile and its key.

    The profile is that of --profile, else the default one. The key itself stays valid; you revoke it in the
    dashboard.
    """
    profiles = session.profiles
    name = session.profile_name or os.environ.get(PROFILE_VARIABLE) or profiles.default or DEFAULT_NAME
    profile = profiles.named(name)
    session.confirm(DELETES, f"The profile {name!r} and its key will be removed from this machine.")
    store = keyring() if profile.key is None else None
    if store:
        store.delete_password(SERVICE, name)
    profiles.without(name).write()
    session.hint(f"Logged out of {name}.")


@command()
def profiles(session: Session) -> None:
    """List the profiles."""
    found = session.profiles
    if is_shared(found.path):
        session.note(f"Other users of this machine can read {found.path}; run: chmod 600 {found.path}")
    rows = [_row(profile, name == found.default) for name, profile in sorted(found.all.items())]
    session.emit(rows, id_field="profile")
    if not rows:
        session.hint("There are no profiles; run vocobase login.")


@command()
@click.argument("name")
def use(session: Session, name: str) -> None:
    """Make a profile the default."""
    found = session.profiles
    found.with_default(found.named(name).name).write()
    session.hint(f"{name} is now the default profile.")


def _row(profile: Profile, default: bool) -> dict[str, Any]:
    return {
        "profile": profile.name,
        "default": default,
        "account": profile.account,
        "base_url": profile.base_url,
        "key": profile.place,
    }
