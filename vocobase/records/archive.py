"""Archives of recordings and transcripts: where files go, their names, and which are there already."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, cast

from vocobase._base.errors import ExportError, VocobaseError
from vocobase._base.filenames import safe_filename
from vocobase._base.files import OWNER_ONLY, NewFile
from vocobase.records.folders import OWNER_FOLDER, disk, shown
from vocobase.records.formats import instant

ArchiveKind = Literal["recording", "transcript"]
WHAT = "records.archive"
VERSION = 1
NAME = ".vocobase-archive.jsonl"
WORK = ".vocobase-archive"
CANDIDATES = (
    "SELECT session_id, call_id, created_at, has_recording, transcript FROM {calls}"
    " WHERE {condition} AND session_id > ? ORDER BY session_id LIMIT 200"
)
# These identifiers stay distinct on a disk where case does not count.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
# The first bytes of each kind of audio.
MAGIC_BYTES = 4
_SUFFIXES = ((b"RIFF", ".wav"), (b"ID3", ".mp3"), (b"\xff", ".mp3"), (b"OggS", ".ogg"))
_DIGEST_CHARACTERS = 12


class Sink(Protocol):
    """A place for files, such as a bucket of an object store."""

    def put(self, name: str, content: BinaryIO) -> None:
        """Store a file, or replace the one with that name; return when it is stored.

        Args:
            name: Its name, such as ``2026-11-28/3c90c3cc.wav``.
            content: Its content, open for reading; it is closed after the call.
        """
        ...


class FolderSink:
    """A folder that files are written to, each in one step and for its owner only.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: BinaryIO) -> None:
        """Write a file.

        Raises:
            ExportError: it cannot be written.
        """
        path = self._folder / name
        with disk(self._folder, WHAT):
            path.parent.mkdir(OWNER_FOLDER, exist_ok=True)
            with NewFile(path, OWNER_ONLY) as part:
                shutil.copyfileobj(content, part.file)
                part.sync()
                part.commit()


@dataclass(frozen=True, slots=True)
class ArchiveFailure:
    """A recording that was not archived; the next run tries it again.

    Attributes:
        session_id: Its session.
        error: The reason.
    """

    session_id: str
    error: VocobaseError


@dataclass(frozen=True, slots=True)
class ArchiveResult:
    """The result of a run.

    Attributes:
        recordings: How many recordings were archived.
        transcripts: How many transcripts were archived.
        failed: Recordings that could not be downloaded.
    """

    recordings: int
    transcripts: int
    failed: tuple[ArchiveFailure, ...]


class Manifest:
    """The file that records what is in an archive: a line of JSON for each file, with its hash.

    Args:
        folder: The folder of the manifest.
        records: Identity of the records.

    Raises:
        OSError: it cannot be read or written.
        ExportError: it is damaged, or belongs to other records.
    """

    def __init__(self, folder: Path, records: str) -> None:
        self._path = folder / NAME
        self._done: set[tuple[str, str]] = set()
        head = {"version": VERSION, "records": records}
        if not self._path.exists():
            with NewFile(self._path, OWNER_ONLY) as part:
                part.file.write(_line(head))
                part.sync()
                part.commit()
        try:
            self._read(head)
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            reason = str(error) if type(error) is ValueError else f"its {NAME} is damaged"
            raise ExportError(
                f"{WHAT}: the folder {shown(folder)} cannot be used: {reason}; pass another folder."
            ) from error

    def has(self, session_id: str, kind: ArchiveKind) -> bool:
        """Return whether a file of a session is in the archive."""
        return (session_id, kind) in self._done

    def entry(self, session_id: str, kind: ArchiveKind, name: str) -> dict[str, Any]:
        """Return the entry of a file, without its size and hash."""
        return {"session_id": session_id, "kind": kind, "name": name}

    def store(self, sink: Sink, entry: dict[str, Any], content: BinaryIO) -> None:
        """Store a file, then record it; a run killed in between stores it again, under the same name.

        Raises:
            ExportError: the manifest, or a file of a folder, cannot be written.
        """
        digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        sink.put(entry["name"], content)
        with disk(self._path.parent, WHAT), self._path.open("ab", buffering=0) as file:
            file.write(_line({**entry, "bytes": size, "sha256": digest}))
            os.fsync(file.fileno())
        self._done.add((entry["session_id"], entry["kind"]))

    def _read(self, head: dict[str, Any]) -> None:
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        lines = [cast("dict[str, Any]", json.loads(line)) for line in whole.splitlines()]
        first, entries = lines[0], lines[1:]
        if first.get("version") != VERSION:
            raise ValueError(f"its {NAME} has version {first.get('version')!r}, not {VERSION}")
        if first != head:
            raise ValueError("it has an archive of other records")
        self._done = {(entry["session_id"], entry["kind"]) for entry in entries}
        if len(whole) < len(content):
            # A run was killed while it wrote the last line.
            os.truncate(self._path, len(whole))


def file_name(day: str, session_id: str, suffix: str) -> str:
    """Return the name of a file of a session: always the same, and unique to the session."""
    plain = session_id
    if not _PLAIN.fullmatch(session_id):
        digest = hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
        plain = f"{safe_filename(session_id)[:_DIGEST_CHARACTERS]}-{digest[:_DIGEST_CHARACTERS]}"
    return f"{day}/{plain}{suffix}"


def suffix_of(start: bytes) -> str:
    """Return the extension of audio, by its first bytes."""
    return next((suffix for magic, suffix in _SUFFIXES if start.startswith(magic)), ".bin")


def work_folder(folder: Path) -> Path:
    """Return an empty folder, for its owner only, for downloads until they are complete.

    Raises:
        OSError: it cannot be created.
    """
    work = folder / WORK
    work.mkdir(OWNER_FOLDER, exist_ok=True)
    for path in work.iterdir():
        path.unlink()
    return work


def _line(values: dict[str, Any]) -> bytes:
    return (json.dumps(values) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session whose files may be archived; its members are the columns of ``CANDIDATES``."""

    session_id: str
    call_id: str | None
    created_at: int | None
    has_recording: int | None
    transcript: str | None

    def has(self, kind: ArchiveKind) -> bool:
        """Return whether there is such a file."""
        return bool(self.has_recording) if kind == "recording" else self.transcript not in (None, "[]")

    def document(self) -> bytes:
        """Return the content of the file of its transcript."""
        known = {
            "session_id": self.session_id,
            "call_id": self.call_id,
            "created_at": None if self.created_at is None else instant(self.created_at),
            "transcript": json.loads(self.transcript or "[]"),
        }
        return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()
