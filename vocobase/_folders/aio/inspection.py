"""Read the documents of a folder before anything is changed: their state, and which are linked."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from vocobase._base.arguments import is_id
from vocobase._base.errors import LookupFailedError, NotFoundError, ResponseError
from vocobase._core.aio.core import AsyncCore
from vocobase._folders.adoption import find_adoptable
from vocobase._folders.document_marks import mark_in
from vocobase._folders.manifest import CREATING, READY, UPLOADING, Entry, Manifest
from vocobase._folders.scan import FolderFile
from vocobase._policy.options import Timeout
from vocobase._policy.pages import MAX_PAGE_SIZE
from vocobase._transfers.aio.downloads import download_document
from vocobase_raw.api.agents_documents import list_ as agents_documents_list
from vocobase_raw.api.documents import get as documents_get
from vocobase_raw.api.documents import list_ as documents_list
from vocobase_raw.models.document import Document
from vocobase_raw.models.document_details import DocumentDetails
from vocobase_raw.models.linked_document import LinkedDocument


class AsyncInspection:
    """The documents in the manifest of a folder, and in the account.

    Attributes:
        manifest: The manifest; documents that it did not record are added in memory.
        linked: Sizes of the linked documents, by id.
        leftovers: Entries without a document, and the unfinished records that they left.
        adopted: Documents that the manifest did not record.
        unmarked: Documents that need a mark, and their descriptions.
    """

    def __init__(self, core: AsyncCore, manifest: Manifest, label: str, timeout: Timeout) -> None:
        self.core, self.manifest = core, manifest
        self._label, self._timeout = label, timeout
        self.linked: dict[str, int | None] = {}
        self.leftovers: dict[Entry, list[str]] = {}
        self.adopted: set[Entry] = set()
        self.unmarked: dict[Entry, str | None] = {}
        self._documents: list[Document] | None = None

    def usable(self) -> list[Entry]:
        """Return the documents that are ready."""
        return [entry for entry in self.manifest.entries if entry not in self.leftovers]

    async def inspect(self) -> None:
        """Read the state of every document in the manifest; change nothing."""
        request = agents_documents_list.build(self.manifest.agent_id)
        listed = await self.core.page(request, "documents", LinkedDocument.from_dict)
        self.linked = {document.id: document.file_size for document in listed if is_id(document.id)}
        for entry in self.manifest.entries:
            if entry.state == CREATING:
                self.leftovers[entry] = await self._lost(entry)
            elif entry.state == UPLOADING or self.linked.get(entry.document_id) != entry.size:
                await self._inspect_entry(entry)

    async def adopt(self, files: list[FolderFile]) -> None:
        """Add the documents to the manifest that earlier runs created, but that it does not record."""
        known = self.usable()
        if not self.manifest.is_new and {file.content for file in files} <= {each.content for each in known}:
            return
        recorded = {entry.document_id for entry in self.manifest.entries}
        others = [document for document in await self._all_documents() if document.id not in recorded]
        found = find_adoptable(files, known, others, self.linked, self._label)
        self.adopted.update(found.adopted)
        for entry, description in found.candidates.items() if self.manifest.is_new else ():
            if await self._has_content(entry):
                self.adopted.add(entry)
                self.unmarked[entry] = description
        self.manifest.entries += [*self.adopted, *found.stale]

    async def unfinished(self, like: Entry | FolderFile) -> list[Document]:
        """Return the unfinished records of the same name and size."""
        wanted = ("uploading", like.name, like.size)
        return [
            found
            for found in await self._all_documents()
            if (found.status, found.name, found.file_size) == wanted and is_id(found.id)
        ]

    async def _lost(self, entry: Entry) -> list[str]:
        """Return the record whose id never arrived: unfinished, of this name and size, and new."""
        known = {other.document_id for other in self.manifest.entries} | set(entry.before)
        found = [document for document in await self.unfinished(entry) if document.id not in known]
        # Two of them cannot be distinguished, and one may belong to another program.
        return [found[0].id] if len(found) == 1 else []

    async def _all_documents(self) -> list[Document]:
        if self._documents is None:
            self._documents = [
                document
                async for document in self.core.walk(
                    lambda offset: documents_list.build(limit=MAX_PAGE_SIZE, offset=offset),
                    "documents",
                    Document.from_dict,
                    lambda document: document.id,
                )
            ]
        return self._documents

    async def _inspect_entry(self, entry: Entry) -> None:
        try:
            found = await self.core.call(documents_get.build(entry.document_id), documents_get.parse)
        except NotFoundError:
            self.leftovers[entry] = []
            return
        if not is_ours(found, entry):
            self.leftovers[entry] = []
        elif found.status == "uploading":
            self.leftovers[entry] = [entry.document_id]
        elif entry.state == UPLOADING and mark_in(found.description) is None:
            self.unmarked[entry] = found.description
        else:
            entry.state = READY

    async def _has_content(self, entry: Entry) -> bool:
        """Return whether the file of a document has the content of the entry."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "document")
            try:
                await download_document(self.core, entry.document_id, copy, self._timeout)
            except (LookupFailedError, NotFoundError, ResponseError):
                return False
            return await self.core.runtime.run_blocking(_hash, copy) == entry.sha256


def is_ours(found: DocumentDetails, entry: Entry) -> bool:
    """Return whether a document matches the manifest, which may be wrong or edited by hand."""
    known = [
        (given, wanted)
        for given, wanted in ((found.file_size, entry.size), (found.mime_type, entry.mime_type))
        if given is not None
    ]
    # A missing member is not a contradiction; a web link has neither.
    return bool(known) and all(given == wanted for given, wanted in known)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
