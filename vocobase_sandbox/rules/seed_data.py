"""Fill an account from a file: projects, dictionaries, documents, agents, webhooks, scripts, settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import Request, Response, Row
from vocobase_sandbox.kernel.settings import REQUIREMENTS, Requirement, is_number
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import scripts
from vocobase_sandbox.rules.seed_file import SeedError

Handle = Callable[[Request], Response]


class Loader:
    """Create the entries of seed data through the API, so that every rule applies to them."""

    def __init__(self, world: World, handle: Handle) -> None:
        self.world = world
        self._handle = handle
        self._names: dict[tuple[str, str], list[str]] = {}

    def load(self, data: Row) -> None:
        """Create all entries, in an order in which references by name resolve.

        Raises:
            SeedError: for the first entry that the API rejects.
        """
        unknown = set(data) - set(_SECTIONS) - {"account"}
        if unknown:
            raise SeedError(f"unknown sections: {', '.join(sorted(unknown))}")
        self.world.account.update(account_values(data.get("account") or {}))
        self.world.save_account()
        for section, create in _SECTIONS.items():
            entries: object = data.get(section) or []
            if not isinstance(entries, list):
                raise SeedError(f"{section} must be a list")
            for index, entry in enumerate(cast("list[object]", entries)):
                if not isinstance(entry, dict):
                    raise SeedError(f"{section}[{index}] must be a mapping")
                create(self, f"{section}[{index}]", dict(cast("Row", entry)))

    def send(self, place: str, method: str, path: str, body: Row | None = None) -> Row:
        """Execute one operation."""
        key = self.world.account["api_key"]
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        content = b"" if body is None else json.dumps(body).encode()
        response = json.loads(
            self._handle(Request(method, paths.API + path, "", headers, content, self.world.origin)).body
        )
        if not response["success"]:
            raise SeedError(f"{place}: {response['error']['message']}")
        data: Row = response["data"]
        return data

    def remember(self, kind: str, entry: Row, key: str) -> None:
        """Register an entry, so that later ones can refer to it by name."""
        self._names.setdefault((kind, str(entry["name"])), []).append(key)

    def resolve(self, place: str, kind: str, name: object) -> str:
        """Return the id of an earlier entry."""
        keys = self._names.get((kind, name), []) if isinstance(name, str) else []
        if len(keys) == 1:
            return keys[0]
        found = f"there are {len(keys)} of" if keys else "there is no"
        raise SeedError(f"{place}: {found} {kind} named {name!r:.50}")

    def resolve_all(self, place: str, kind: str, names: object) -> list[str]:
        """Return the ids of earlier entries."""
        if not isinstance(names, list):
            raise SeedError(f"{place}: the names of type {kind} must be a list")
        return [self.resolve(place, kind, name) for name in cast("list[object]", names)]


def account_values(given: object) -> Row:
    """Convert settings of the account to fields of its row.

    Raises:
        SeedError: for an unknown setting or an invalid value.
    """
    if not isinstance(given, dict):
        raise SeedError("account must be a mapping")
    values = dict(cast("Row", given))
    if set(values) - set(_ACCOUNT):
        raise SeedError(f"unknown settings of the account: {', '.join(sorted(set(values) - set(_ACCOUNT)))}")
    for name, value in values.items():
        wanted, fits = _ACCOUNT[name]
        if not fits(value):
            raise SeedError(f"account.{name} must be {wanted}")
    if "balance" in values:
        values["balance_paise"] = round(values.pop("balance") * 100)
    return values


def _is_string_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in cast("list[object]", value))


_STATUSES = ("active", "suspended", "pending")
_ACCOUNT: dict[str, Requirement] = {
    "balance": REQUIREMENTS["balance"],
    "balance_paise": ("a whole number", lambda value: is_number(value) and isinstance(value, int)),
    "concurrency": REQUIREMENTS["concurrency"],
    "agent_limit": REQUIREMENTS["agent_limit"],
    "status": (" or ".join(_STATUSES), lambda value: value in _STATUSES),
    "allowed_providers": ("a list of strings", _is_string_list),
    "display_name": ("a string", lambda value: isinstance(value, str)),
}


def _project(loader: Loader, place: str, entry: Row) -> None:
    loader.remember("project", entry, loader.send(place, "POST", "/projects", entry)["id"])


def _dictionary(loader: Loader, place: str, entry: Row) -> None:
    loader.remember("dictionary", entry, loader.send(place, "POST", "/dictionaries", entry)["id"])


def _document(loader: Loader, place: str, entry: Row) -> None:
    loader.remember("document", entry, loader.send(place, "POST", "/documents/web-link", entry)["id"])


def _agent(loader: Loader, place: str, entry: Row) -> None:
    documents = loader.resolve_all(place, "document", entry.pop("documents", []))
    dictionaries = loader.resolve_all(place, "dictionary", entry.pop("dictionaries", []))
    later: Row = {name: entry.pop(name) for name in ("variables", "extraction_config") if name in entry}
    if "project" in entry:
        entry["project_id"] = loader.resolve(place, "project", entry.pop("project"))
    key = loader.send(place, "POST", "/agent", entry)["id"]
    loader.remember("agent", {"name": entry["agent_name"]}, key)
    if later:
        loader.send(place, "PUT", f"/agent/{key}", later)
    if documents:
        loader.send(place, "POST", f"/agent/{key}/documents", {"document_ids": documents})
    if dictionaries:
        loader.send(place, "PUT", f"/agent/{key}/dictionaries", {"dictionary_ids": dictionaries})


def _webhook(loader: Loader, place: str, entry: Row) -> None:
    loader.send(place, "POST", "/config/webhooks", entry)


def _connection(loader: Loader, place: str, entry: Row) -> None:
    loader.send(place, "POST", "/telephony/connections", entry)


def _script(loader: Loader, place: str, entry: Row) -> None:
    kinds = [name for name in ("number", "agent") if name in entry]
    if len(kinds) != 1 or set(entry) != {kinds[0], "outcomes"} or not isinstance(entry["outcomes"], list):
        raise SeedError(f"{place} must have outcomes, a list, and either number or agent")
    target: object = entry[kinds[0]]
    if kinds[0] == "agent":
        target = loader.resolve(place, "agent", target)
    try:
        scripts.put(loader.world, target, cast("list[object]", entry["outcomes"]))
    except ValueError as error:
        raise SeedError(f"{place}: {error}") from None


_SECTIONS: dict[str, Callable[[Loader, str, Row], None]] = {
    "projects": _project,
    "dictionaries": _dictionary,
    "documents": _document,
    "connections": _connection,
    "agents": _agent,
    "webhooks": _webhook,
    "scripts": _script,
}
