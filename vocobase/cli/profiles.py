"""Profiles: which key and which API a command uses, stored in one file that only its owner can read.

The file holds the addresses and, where no keyring is installed, the keys. A command uses the profile of
``--profile``, else the key in VOCOBASE_API_KEY, else the profile of VOCOBASE_PROFILE, else the default one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, cast

import click

from vocobase import ConfigurationError
from vocobase.files import write_file

DEFAULT_NAME = "default"
KEY_VARIABLE = "VOCOBASE_API_KEY"
PROFILE_VARIABLE = "VOCOBASE_PROFILE"
SERVICE = "vocobase"


class Keyring(Protocol):
    """The part of the package keyring that is used."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """Return a stored key."""
        ...

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Store a key."""
        ...

    def delete_password(self, service_name: str, username: str) -> None:
        """Remove a key."""
        ...


def keyring() -> Keyring | None:
    """Return the keyring of the system, None where the package is not installed."""
    return cast(Keyring, import_module("keyring")) if find_spec("keyring") else None


@dataclass(frozen=True, slots=True)
class Profile:
    """One account.

    Attributes:
        name: Its name; empty for the key of the environment.
        base_url: Address of the API; None for that of the environment.
        key: The API key; None if it is in the keyring, or in the environment.
        account: Name of the account, as the API returned it at login.
        routes: Other routes for operations, as ``Vocobase(routes=)`` takes them.
    """

    name: str = ""
    base_url: str | None = None
    key: str | None = field(default=None, repr=False)
    account: str = ""
    routes: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def place(self) -> str:
        """Where the key is."""
        if not self.name:
            return "environment"
        return "keyring" if self.key is None else "file"

    def client_options(self) -> dict[str, Any]:
        """Return the options of a client of this account.

        Raises:
            ConfigurationError: the key is in a keyring that no longer has it.
        """
        if not self.name:
            return {}
        routes = {"routes": dict(self.routes)} if self.routes else {}
        return {"api_key": self._reveal(), "base_url": self.base_url, **routes}

    def _reveal(self) -> str:
        store = keyring() if self.key is None else None
        key = store.get_password(SERVICE, self.name) if store else self.key
        if key is None:
            raise ConfigurationError(
                f"The key of the profile {self.name!r} is not in the keyring;"
                f" run vocobase login --profile {self.name}."
            )
        return key


@dataclass(frozen=True)
class Profiles:
    """The profiles of a file, which may be absent.

    Attributes:
        path: The file.
        default: Name of the default profile; empty if there is none.
        all: The profiles, by name.
    """

    path: Path
    default: str = ""
    all: Mapping[str, Profile] = field(default_factory=dict[str, Profile])

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Profiles:
        """Read the file of this user.

        Raises:
            ConfigurationError: it cannot be read.
        """
        return read(path_in(environment))

    def chosen(self, name: str, environment: Mapping[str, str]) -> Profile:
        """Return the profile that a command uses.

        Args:
            name: Value of ``--profile``, empty without it.
            environment: The variables of the process.
        """
        if not self.has_key(name, environment):
            raise ConfigurationError(
                f"No API key: run vocobase login, or set {KEY_VARIABLE}; you create keys in the dashboard."
            )
        if not name and KEY_VARIABLE in environment:
            return Profile()
        return self.named(name or environment.get(PROFILE_VARIABLE) or self.default)

    def has_key(self, name: str, environment: Mapping[str, str]) -> bool:
        """Return whether the environment has a key, or a profile is named; see ``chosen``."""
        named = name or environment.get(PROFILE_VARIABLE) or self.default
        return bool(named) or KEY_VARIABLE in environment

    def named(self, name: str) -> Profile:
        """Return a profile.

        Raises:
            click.UsageError: no profile has this name.
        """
        if name in self.all:
            return self.all[name]
        near = get_close_matches(name, self.all, n=1)
        advice = f"Did you mean {near[0]}?" if near else "See vocobase profiles."
        raise click.UsageError(f"There is no profile {name!r}. {advice}")

    def with_profile(self, profile: Profile) -> Profiles:
        """Return these profiles and another one, which is the default if it is the first."""
        return replace(self, default=self.default or profile.name, all={**self.all, profile.name: profile})

    def without(self, name: str) -> Profiles:
        """Return these profiles except one."""
        rest = {each: profile for each, profile in self.all.items() if each != name}
        default = self.default if self.default in rest else next(iter(rest), "")
        return replace(self, default=default, all=rest)

    def with_default(self, name: str) -> Profiles:
        """Return these profiles with another default one."""
        return replace(self, default=name)

    def write(self) -> None:
        """Write the file, for its owner only.

        Raises:
            OSError: it cannot be written; the old file is unchanged.
        """
        content = {
            "default": self.default,
            "profiles": {name: _written(profile) for name, profile in self.all.items()},
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error
        write_file(self.path, json.dumps(content, indent=2).encode() + b"\n", owner_only=True)


def path_in(environment: Mapping[str, str]) -> Path:
    """Return where the file of profiles is."""
    folder = environment.get("XDG_CONFIG_HOME") or environment.get("APPDATA") or str(Path.home() / ".config")
    return Path(folder) / "vocobase" / "profiles.json"


def read(path: Path) -> Profiles:
    """Read a file of profiles; a file that does not exist has none.

    Raises:
        ConfigurationError: it cannot be read, or is not a file of profiles.
    """
    try:
        content = json.loads(path.read_bytes())
        profiles = {name: Profile(name=name, **values) for name, values in content["profiles"].items()}
        return Profiles(path, content["default"], profiles)
    except FileNotFoundError:
        return Profiles(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; the profiles cannot be read.") from error
    except (ValueError, TypeError, KeyError, AttributeError):
        # Not chained: the error may quote a key.
        pass
    raise ConfigurationError(f"{path} is not a file of profiles; remove it, and run vocobase login again.")


def is_shared(path: Path) -> bool:
    """Return whether other users of the machine may read the file."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)


def _written(profile: Profile) -> dict[str, Any]:
    values = {
        "base_url": profile.base_url,
        "key": profile.key,
        "account": profile.account,
        "routes": dict(profile.routes),
    }
    return {name: value for name, value in values.items() if value}
