"""Fill an account from a file: projects, dictionaries, documents, agents, webhooks, connections, settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from vocobase_sandbox._http import Request, Response, Row
from vocobase_sandbox._router import BASE_PATH
from vocobase_sandbox._world import World

Handle = Callable[[Request], Response]


class SeedError(ValueError):
    """Say which entry of the seed data cannot be used, and why."""


def read(source: str | Path | Row) -> Row:
    """Read seed data from a mapping, a JSON file or (with PyYAML installed) a YAML file.

    Raises:
        SeedError: When the file cannot be read or holds something else.
    """
    if isinstance(source, dict):
        return source
    path = Path(source)
    try:
        text = path.read_text("utf-8")
        data: Any = _parse_yaml(text) if path.suffix in (".yaml", ".yml") else json.loads(text)
    except (OSError, ValueError) as error:
        raise SeedError(f"cannot read {path}: {error}") from error
    if not isinstance(data, dict):
        raise SeedError(f"{path} does not hold a mapping")
    return cast("Row", data)


def _parse_yaml(text: str) -> Any:
    try:
        import yaml
    except ImportError as error:
        raise ValueError("YAML needs PyYAML; use JSON or install it") from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


class Loader:
    """Create the entries of seed data through the API, so that every rule applies to them."""

    def __init__(self, world: World, handle: Handle) -> None:
        self._world = world
        self._handle = handle
        self._names: dict[tuple[str, str], str] = {}

    def load(self, data: Row) -> None:
        """Create everything, in an order in which references by name resolve.

        Raises:
            SeedError: For the first entry that the API refuses.
        """
        unknown = set(data) - set(_SECTIONS) - {"account"}
        if unknown:
            raise SeedError(f"unknown sections: {', '.join(sorted(unknown))}")
        self._world.account.update(account_values(data.get("account") or {}))
        self._world.save_account()
        for section, create in _SECTIONS.items():
            entries: list[Any] = data.get(section) or []
            for index, entry in enumerate(entries):
                if not isinstance(entry, dict):
                    raise SeedError(f"{section}[{index}] is no mapping")
                create(self, f"{section}[{index}]", dict(cast("Row", entry)))

    def send(self, place: str, method: str, path: str, body: Row | None = None) -> Row:
        """Carry out one operation."""
        key = self._world.account["api_key"]
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        content = b"" if body is None else json.dumps(body).encode()
        answer = json.loads(
            self._handle(Request(method, BASE_PATH + path, "", headers, content, self._world.origin)).body
        )
        if not answer["success"]:
            raise SeedError(f"{place}: {answer['error']['message']}")
        data: Row = answer["data"]
        return data

    def remember(self, kind: str, name: str, key: str) -> None:
        """Let later entries refer to this one by name."""
        self._names[kind, name] = key

    def resolve(self, place: str, kind: str, name: str) -> str:
        """Return the id of an earlier entry."""
        if (kind, name) not in self._names:
            raise SeedError(f"{place}: there is no {kind} named {name!r}")
        return self._names[kind, name]


def account_values(given: Row) -> Row:
    """Translate settings of the account into its row.

    Raises:
        SeedError: For an unknown setting.
    """
    values = dict(given)
    if "balance" in values:
        values["balance_paise"] = round(values.pop("balance") * 100)
    known = {"balance_paise", "concurrency", "status", "allowed_providers", "agent_limit", "display_name"}
    if set(values) - known:
        raise SeedError(f"unknown settings of the account: {', '.join(sorted(set(values) - known))}")
    return values


def _project(loader: Loader, place: str, entry: Row) -> None:
    loader.remember("project", entry.get("name", ""), loader.send(place, "POST", "/projects", entry)["id"])


def _dictionary(loader: Loader, place: str, entry: Row) -> None:
    loader.remember(
        "dictionary", entry.get("name", ""), loader.send(place, "POST", "/dictionaries", entry)["id"]
    )


def _document(loader: Loader, place: str, entry: Row) -> None:
    loader.remember(
        "document", entry.get("name", ""), loader.send(place, "POST", "/documents/web-link", entry)["id"]
    )


def _agent(loader: Loader, place: str, entry: Row) -> None:
    documents: list[str] = entry.pop("documents", [])
    dictionaries: list[str] = entry.pop("dictionaries", [])
    later: Row = {name: entry.pop(name) for name in ("variables", "extraction_config") if name in entry}
    if "project" in entry:
        entry["project_id"] = loader.resolve(place, "project", entry.pop("project"))
    key = loader.send(place, "POST", "/agent", entry)["id"]
    if later:
        loader.send(place, "PUT", f"/agent/{key}", later)
    if documents:
        keys = [loader.resolve(place, "document", name) for name in documents]
        loader.send(place, "POST", f"/agent/{key}/documents", {"document_ids": keys})
    if dictionaries:
        keys = [loader.resolve(place, "dictionary", name) for name in dictionaries]
        loader.send(place, "PUT", f"/agent/{key}/dictionaries", {"dictionary_ids": keys})


def _webhook(loader: Loader, place: str, entry: Row) -> None:
    loader.send(place, "POST", "/config/webhooks", entry)


def _connection(loader: Loader, place: str, entry: Row) -> None:
    loader.send(place, "POST", "/telephony/connections", entry)


_SECTIONS: dict[str, Callable[[Loader, str, Row], None]] = {
    "projects": _project,
    "dictionaries": _dictionary,
    "documents": _document,
    "connections": _connection,
    "agents": _agent,
    "webhooks": _webhook,
}
