"""The manifest of a synchronised folder: a file that records the documents created from it.

Each step is recorded before its request is sent, so a run that was killed leaves a record of all documents
that may exist.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from vocobase._base.arguments import as_path
from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.files import NewFile
from vocobase._base.nesting import json_reason

VERSION = 1
MAX_MANIFEST_BYTES = 4 * 1024 * 1024
# Requested, without a response yet; has an id, but no content yet; usable.
CREATING, UPLOADING, READY = "creating", "uploading", "ready"


@dataclass(slots=True, eq=False)
class Entry:
    """One document created from a folder.

    Attributes:
        path: Path of its file in the folder, with slashes.
        name: Display name.
        sha256: Hash of the content.
        mime_type: Type of the content.
        size: Number of bytes.
        state: CREATING, UPLOADING or READY.
        document_id: Its id, empty as long as it is unknown.
        before: Unfinished records of the same name and size that existed before it was requested.
    """

    path: str
    name: str
    sha256: str
    mime_type: str
    size: int
    state: str = CREATING
    document_id: str = ""
    before: list[str] = field(default_factory=list[str])

    @property
    def content(self) -> tuple[str, str]:
        """Hash and type; two documents with the same content are the same."""
        return self.sha256, self.mime_type


MEMBERS = tuple(member.name for member in fields(Entry))


class Manifest:
    """The documents created from one folder for one agent."""

    def __init__(self, path: Path, agent_id: str, entries: list[Entry], text: bytes | None) -> None:
        self.path, self.agent_id, self.entries = path, agent_id, entries
        # Distinguishes two runs that start at the same moment and write the same content.
        self._run = secrets.token_hex(8)
        # The content that this run last read or wrote, None if there was no file.
        self._text = text

    @property
    def is_new(self) -> bool:
        """Whether there is no file yet: this is the first run, or the file is lost."""
        return self._text is None

    def add(self, entry: Entry) -> None:
        """Record another document."""
        self.entries.append(entry)
        self.save()

    def drop(self, entry: Entry) -> None:
        """Remove a document from the manifest."""
        self.entries.remove(entry)
        self.save()

    def save(self) -> None:
        """Replace the file in one step.

        Raises:
            ConfigurationError: it cannot be written, or another run has written it and would upload the same.
        """
        data = {
            "version": VERSION,
            "agent_id": self.agent_id,
            "run": self._run,
            "documents": [{name: getattr(entry, name) for name in MEMBERS} for entry in self.entries],
        }
        text = (json.dumps(data, indent=1) + "\n").encode()
        try:
            with NewFile(self.path) as part:
                part.file.write(text)
                part.sync()
                if self._is_ours():
                    part.commit()
                    self._text = text
                    return
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"agents.documents.sync: the manifest {str(self.path)[:200]!r} cannot be written "
                f"({_reason(error)}); pass manifest= with another path."
            ) from error
        raise ConfigurationError(
            f"agents.documents.sync: another run has written the manifest {str(self.path)[:200]!r}; run "
            "one synchronisation per agent at a time, and synchronise again."
        )

    def _is_ours(self) -> bool:
        try:
            return self.path.read_bytes() == self._text
        except FileNotFoundError:
            return True


def manifest_path(folder: Path, agent_id: str, given: str | os.PathLike[str] | None) -> Path:
    """Return the path of the manifest.

    Raises:
        InvalidArgumentError: the agent's id cannot be part of a file name.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", agent_id):
        raise InvalidArgumentError(f"agents.documents.sync: {agent_id[:100]!r} is not the id of an agent.")
    return (
        folder / (".vocobase-" + str.__str__(agent_id) + ".json")
        if given is None
        else as_path(given, "agents.documents.sync: manifest")
    )


def load_manifest(path: Path, agent_id: str) -> Manifest:
    """Read a manifest; one that does not exist yet is empty.

    Raises:
        InvalidArgumentError: it is damaged, has another version, or belongs to another agent.
    """
    text: bytes | None = None
    try:
        with path.open("rb") as file:
            text = file.read(MAX_MANIFEST_BYTES + 1)
        if len(text) > MAX_MANIFEST_BYTES:
            raise ValueError("it is too large")
        entries = _entries(json.loads(text), agent_id)
    except FileNotFoundError:
        entries = []
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(
            f"agents.documents.sync: the manifest {str(path)[:200]!r} cannot be used ({_reason(error)}); "
            "to rebuild it, move it away: the next run adopts the documents that it linked."
        ) from error
    return Manifest(path, agent_id, entries, text)


def _entries(data: object, agent_id: str) -> list[Entry]:
    if not isinstance(data, dict):
        raise ValueError("it is not a JSON object")
    given = cast("dict[str, Any]", data)
    if given.get("version") != VERSION:
        raise ValueError(f"version {VERSION} is needed")
    if given.get("agent_id") != agent_id:
        raise ValueError("it belongs to another agent")
    rows = given.get("documents")
    if not isinstance(rows, list):
        raise ValueError("it has no list of documents")
    entries = [_entry(row) for row in cast("list[object]", rows)]
    known = [entry.document_id for entry in entries if entry.document_id]
    if len(known) != len(set(known)):
        raise ValueError("a document occurs twice")
    return entries


def _entry(row: object) -> Entry:
    if not isinstance(row, dict) or set(cast("dict[str, Any]", row)) != set(MEMBERS):
        raise ValueError("a document has other members")
    entry = Entry(**cast("dict[str, Any]", row))
    texts = [cast(object, getattr(entry, name)) for name in sorted({*MEMBERS} - {"size", "before"})]
    before = cast(object, entry.before)
    valid = (
        all(isinstance(text, str) for text in texts)
        and type(entry.size) is int
        and isinstance(before, list)
        and all(isinstance(text, str) for text in cast("list[object]", before))
        and entry.state in (CREATING, UPLOADING, READY)
        and bool(entry.document_id) == (entry.state != CREATING)
    )
    if not valid:
        raise ValueError("a member of a document is invalid")
    return entry


def _reason(error: Exception) -> str:
    strerror = error.strerror if isinstance(error, OSError) else None
    return strerror or json_reason(error)[:100] or type(error).__name__
