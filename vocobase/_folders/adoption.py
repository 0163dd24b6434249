"""Find the documents that earlier runs created, but that the manifest does not record: pure functions.

A document with a mark is identified by content. One without a mark, from an API that keeps no description or
from an older version of the SDK, is only a candidate: name, size and type match, but the content must still
be compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from vocobase._base.arguments import is_id, is_whole
from vocobase._folders.document_marks import Mark, mark_in
from vocobase._folders.manifest import READY, Entry
from vocobase._folders.scan import FolderFile
from vocobase_raw.models.document import Document

# A single match may be a document of another program.
MIN_CANDIDATES = 2


@dataclass(slots=True)
class Findings:
    """The documents that the manifest should record.

    Attributes:
        adopted: Documents with the content of a file.
        stale: Linked documents that were created from this folder, and that no file needs now.
        candidates: Linked documents without a mark that match a file, with their descriptions.
    """

    adopted: list[Entry] = field(default_factory=list[Entry])
    stale: list[Entry] = field(default_factory=list[Entry])
    candidates: dict[Entry, str | None] = field(default_factory=dict[Entry, str | None])


def find_adoptable(
    files: Sequence[FolderFile],
    known: Collection[Entry],
    documents: Iterable[Document],
    linked: Collection[str],
    folder: str,
) -> Findings:
    """Compare the documents of an account with the files that have no document.

    Args:
        files: Files of the folder.
        known: Documents that are ready and in the manifest.
        documents: All other documents of the account.
        linked: Ids of the documents that are linked to the agent.
        folder: Label of the folder.
    """
    contents = {entry.content for entry in known}
    missing = [file for file in files if file.content not in contents]
    # Linked ones first: they need no further request.
    found = sorted(filter(_is_usable, documents), key=lambda document: document.id not in linked)
    sizes = {file.sha256: file.size for file in files}
    findings = Findings()
    for document in found:
        mark = mark_in(document.description)
        if mark is None or sizes.get(mark.sha256, document.file_size) != document.file_size:
            continue
        file = _file_of(document, mark, missing, folder)
        if file is not None:
            findings.adopted.append(_entry(document, file))
            missing = [other for other in missing if other.content != file.content]
        elif document.id in linked and mark.folder == folder:
            findings.stale.append(_stale_entry(document, mark))
    unmarked = [each for each in found if each.id in linked and mark_in(each.description) is None]
    pairs = _pairs(unmarked, missing)
    if len(pairs) >= MIN_CANDIDATES or findings.adopted or findings.stale or _keeps_no_marks(unmarked):
        findings.candidates = {_entry(document, file): document.description for document, file in pairs}
    return findings


def _is_usable(document: Document) -> bool:
    # Models keep values that are not of their declared type.
    size = is_whole(document.file_size) and document.file_size > 0
    return (
        document.status == "ready"
        and is_id(document.id)
        and size
        and isinstance(cast(object, document.name), str)
    )


def _keeps_no_marks(documents: list[Document]) -> bool:
    return any("description" in document.absent for document in documents)


def _file_of(document: Document, mark: Mark, missing: list[FolderFile], folder: str) -> FolderFile | None:
    """Return the file whose content a document has, preferably the one with its name."""
    same = [file for file in missing if file.sha256 == mark.sha256 and _fits(document, file)]
    named = [file for file in same if file.name == document.name]
    # A document of another folder must keep its name, so it can only serve a file of this name.
    return next(iter(named or (same if mark.folder == folder else ())), None)


def _pairs(unmarked: list[Document], missing: list[FolderFile]) -> list[tuple[Document, FolderFile]]:
    pairs: list[tuple[Document, FolderFile]] = []
    for document in unmarked:
        for file in missing:
            if file.name == document.name and _fits(document, file):
                pairs.append((document, file))
                missing = [other for other in missing if other.content != file.content]
                break
    return pairs


def _fits(document: Document, file: FolderFile) -> bool:
    return document.file_size == file.size and document.mime_type in (None, file.mime_type)


def _entry(document: Document, file: FolderFile) -> Entry:
    path = file.path if file.name == document.name else document.name
    return Entry(path, document.name, file.sha256, file.mime_type, file.size, READY, document.id)


def _stale_entry(document: Document, mark: Mark) -> Entry:
    size, kind = document.file_size or 0, document.mime_type or ""
    return Entry(document.name, document.name, mark.sha256, kind, size, READY, document.id)
