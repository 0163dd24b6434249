# Derived from vocobase/_folders/aio/folder_sync.py by scripts/derive_sync.py; edit that instead.
"""Bring the knowledge base of an agent in line with a folder.

Documents are identified by content, so renaming a file uploads nothing. The manifest records each step before
its request is sent; the next run finishes or undoes the steps of an interrupted run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from vocobase._base.arguments import as_path, check_callback, check_flag, check_text
from vocobase._base.errors import InvalidArgumentError, NotFoundError, UploadError, ValidationFailedError
from vocobase._core.sync.core import Core
from vocobase._folders.document_marks import Mark, folder_label
from vocobase._folders.folder_plan import (
    MAX_LINKED_DOCUMENTS,
    MAY_FAIL,
    Plan,
    SyncReport,
    SyncStep,
    make_plan,
)
from vocobase._folders.manifest import (
    CREATING,
    READY,
    UPLOADING,
    Entry,
    load_manifest,
    manifest_path,
)
from vocobase._folders.scan import FolderFile, scan
from vocobase._folders.sync.inspection import Inspection, is_ours
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._transfers.sync.uploads import upload_document
from vocobase_raw.api.agents_documents import link as agents_documents_link
from vocobase_raw.api.agents_documents import unlink as agents_documents_unlink
from vocobase_raw.api.documents import delete as documents_delete
from vocobase_raw.api.documents import get as documents_get
from vocobase_raw.api.documents import update as documents_update
from vocobase_raw.models.agents_documents_link_request import AgentsDocumentsLinkRequest
from vocobase_raw.models.document_details import DocumentDetails
from vocobase_raw.models.documents_update_request import DocumentsUpdateRequest

IDS_PER_LINK = 20


def sync_folder(
    core: Core,
    agent_id: str,
    folder: str | os.PathLike[str],
    *,
    dry_run: bool,
    manifest: str | os.PathLike[str] | None,
    pattern: str,
    on_progress: Callable[[SyncStep], None] | None,
    transfer_timeout: float | Timeout | None,
) -> SyncReport:
    """Synchronise a folder; see ``agents.documents.sync``."""
    what = "agents.documents.sync"
    timeout = resolve_transfer(transfer_timeout)
    root = as_path(folder, f"{what}: folder")
    check_text(what, agent_id=agent_id, pattern=pattern)
    check_flag(dry_run, f"{what}: dry_run")
    check_callback(on_progress, f"{what}: on_progress")
    place = manifest_path(root, agent_id, manifest)
    files, unusable = core.runtime.run_blocking(scan, root, pattern, place)
    label = folder_label(root)
    state = Inspection(core, load_manifest(place, agent_id), label, timeout)
    state.inspect()
    state.adopt(files)
    plan = make_plan(files, unusable, state.usable(), set(state.linked), pattern, state.adopted)
    run = FolderSync(state, label, on_progress, timeout)
    first = run.check_capacity(plan)
    skipped = [SyncStep("skip", thing.path, thing.reason) for thing in unusable]
    left = [SyncStep("discard", entry.path, "unfinished") for entry in state.leftovers]
    steps = [*left, *plan.steps(), *skipped]
    if dry_run:
        return SyncReport(agent_id, str(root), True, steps)
    report = SyncReport(agent_id, str(root), False, steps)
    if report.changed or state.adopted or state.unmarked:
        # A manifest that cannot be written must be detected before anything is sent.
        state.manifest.save()
        run.carry_out(plan, removals_first=first)
    done = [run.failed.get((MAY_FAIL.get(step.verb, ""), step.path), step) for step in steps]
    return SyncReport(agent_id, str(root), False, done)


class FolderSync:
    """One run of a synchronisation."""

    def __init__(
        self,
        state: Inspection,
        label: str,
        on_progress: Callable[[SyncStep], None] | None,
        timeout: Timeout,
    ) -> None:
        self.core, self.state, self.manifest = state.core, state, state.manifest
        self.label, self.on_progress, self.timeout = label, on_progress, timeout
        # By action and path.
        self.failed: dict[tuple[str, str], SyncStep] = {}

    def check_capacity(self, plan: Plan) -> bool:
        """Return whether old documents must be removed before new ones are linked.

        Raises:
            InvalidArgumentError: even then the agent would have too many.
        """
        wanted = len(self.state.linked) + len(plan.uploads) + len(plan.links)
        going = sum(entry.document_id in self.state.linked for entry in plan.removals)
        total = wanted - going
        if total > MAX_LINKED_DOCUMENTS:
            raise InvalidArgumentError(
                f"agents.documents.sync: that makes {total} documents, but only {MAX_LINKED_DOCUMENTS} can "
                "be linked; combine files, or pass pattern=."
            )
        return wanted > MAX_LINKED_DOCUMENTS

    def carry_out(self, plan: Plan, *, removals_first: bool) -> None:
        """Carry out the plan, and record every step in the manifest."""
        for entry, left in self.state.leftovers.items():
            for document_id in left:
                self._delete(document_id)
            self.manifest.drop(entry)
            self._report(SyncStep("discard", entry.path))
        for step in plan.adopted:
            self._report(step)
        for entry, description in self.state.unmarked.items():
            self._mark(entry, description)
        uploaded = [self._upload(file) for file in plan.uploads]
        going = [entry for entry in plan.removals if ("upload", entry.path) not in self.failed]
        if removals_first:
            self._remove(going)
        self._link([*plan.links, *(entry for entry in uploaded if entry is not None)])
        for entry, file in plan.renames:
            self._rename(entry, file)
        if not removals_first:
            self._remove(going)

    def _upload(self, file: FolderFile) -> Entry | None:
        before = [document.id for document in self.state.unfinished(file)]
        entry = Entry(file.path, file.name, file.sha256, file.mime_type, file.size, before=before)

        def note(document_id: str | None) -> None:
            entry.state, entry.document_id = (UPLOADING, document_id) if document_id else (CREATING, "")
            if entry in self.manifest.entries:
                self.manifest.save()
            else:
                self.manifest.add(entry)

        try:
            file.check_same()
            upload_document(
                self.core,
                file.file,
                name=file.name,
                mime_type=file.mime_type,
                transfer_timeout=self.timeout,
                journal=note,
            )
        except (UploadError, ValidationFailedError) as error:
            if entry.state == CREATING and entry in self.manifest.entries:
                # It was certainly refused; the next run must not search for a record.
                self.manifest.drop(entry)
            self._fail("upload", file.path, error)
            return None
        self._mark(entry, None)
        self._report(SyncStep("upload", file.path))
        return entry

    def _mark(self, entry: Entry, description: str | None) -> None:
        """Record the content of a document in its description, in case the manifest is lost."""
        text = Mark(entry.sha256, self.label).added_to(description)
        request = documents_update.build(entry.document_id, body=DocumentsUpdateRequest(description=text))
        # Without a mark, the document can still be identified by name, size and content.
        with suppress(NotFoundError, ValidationFailedError):
            self.core.call(request, documents_update.parse)
        entry.state = READY
        self.manifest.save()

    def _rename(self, entry: Entry, file: FolderFile) -> None:
        if entry.name != file.name:
            try:
                request = documents_update.build(
                    entry.document_id, body=DocumentsUpdateRequest(name=file.name)
                )
                self.core.call(request, documents_update.parse)
            except ValidationFailedError as error:
                self._fail("rename", entry.path, error)
                return
        entry.path, entry.name = file.path, file.name
        self.manifest.save()
        self._report(SyncStep("rename", file.path))

    def _link(self, entries: list[Entry]) -> None:
        for start in range(0, len(entries), IDS_PER_LINK):
            batch = entries[start : start + IDS_PER_LINK]
            body = AgentsDocumentsLinkRequest(document_ids=[entry.document_id for entry in batch])
            request = agents_documents_link.build(self.manifest.agent_id, body=body)
            self.core.call(request, agents_documents_link.parse)
            for entry in batch:
                self._report(SyncStep("link", entry.path))

    def _remove(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._remove_one(entry)
            self.manifest.drop(entry)
            self._report(SyncStep("remove", entry.path))

    def _remove_one(self, entry: Entry) -> None:
        try:
            found = self._get(entry.document_id)
        except NotFoundError:
            return
        if not is_ours(found, entry):
            return
        if _is_shared(found, self.manifest.agent_id):
            # Another agent uses it, or may use it; remove only the link that this folder created.
            with suppress(NotFoundError):
                request = agents_documents_unlink.build(self.manifest.agent_id, entry.document_id)
                self.core.call(request, agents_documents_unlink.parse)
            return
        # Deleting a document removes its links as well.
        self._delete(entry.document_id)

    def _get(self, document_id: str) -> DocumentDetails:
        return self.core.call(documents_get.build(document_id), documents_get.parse)

    def _delete(self, document_id: str) -> None:
        with suppress(NotFoundError):
            self.core.call(documents_delete.build(document_id), documents_delete.parse)

    def _fail(self, action: str, path: str, error: Exception) -> None:
        step = self.failed[action, path] = SyncStep("failed", path, str(error))
        self._report(step)

    def _report(self, step: SyncStep) -> None:
        if self.on_progress is not None:
            self.on_progress(step)


def _is_shared(found: DocumentDetails, agent_id: str) -> bool:
    """Return whether another agent uses a document, or may use it: a response can leave that out."""
    agents = cast(object, found.agents)
    if not isinstance(agents, list):
        return True
    return any(getattr(agent, "id", None) != agent_id for agent in cast("list[object]", agents))
