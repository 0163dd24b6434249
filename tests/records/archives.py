"""Recordings behind an API, and the files of an archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest

from tests.records.export_source import Table, call
from tests.transfers.support import Api
from vocobase.records.archive import NAME

STORE = "https://store.example/bucket/"
WAV = b"RIFF....WAVE"


class Recordings(Api):
    """An API whose sessions have a recording each, unless a test says otherwise."""

    def __init__(self, **answers: Any) -> None:
        super().__init__(self.recording, **answers)

    def respond(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if request.url.host != "store.example" and f"GET_sessions_{name}" not in self.answers:
            self.seen.append(f"GET /sessions/{name}")
            return httpx.Response(200, json={"success": True, "data": session(name)})
        return super().respond(request)

    @staticmethod
    def recording(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=WAV + request.url.path.rpartition("/")[2].encode())


def session(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name, "status": "completed", "recording_url": STORE + name, **changes}


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / NAME).read_text().splitlines()[1:]]


def check_whole(folder: Path, *names: str) -> None:
    """Require a recording and a transcript for each session, and nothing else, with their hashes."""
    found = files(folder)
    expected = {f"2026-11-28/{name}{suffix}" for name in names for suffix in (".wav", ".transcript.json")}
    assert found.keys() == expected
    assert {entry["name"]: (entry["bytes"], entry["sha256"]) for entry in manifest(folder)} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }
    assert len(manifest(folder)) == len(found)
    for name in names:
        assert found[f"2026-11-28/{name}.wav"] == WAV + name.encode()


class Bucket:
    """A sink in memory that a test can end at any put."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.puts: list[str] = []
        self.dies_before: int | None = None
        self.dies_after: int | None = None

    def put(self, name: str, content: BinaryIO) -> None:
        self.puts.append(name)
        if len(self.puts) == self.dies_before:
            raise ConnectionResetError("killed before")
        self.files[name] = content.read()
        if len(self.puts) == self.dies_after:
            raise ConnectionResetError("killed after")


@pytest.fixture(name="table")
def two_calls() -> Iterator[Table]:
    """A table with two calls."""
    table = Table()
    table.put(call(1), call(2))
    yield table
    table.close()
