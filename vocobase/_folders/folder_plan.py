"""Compare a folder with the documents of an agent: the plan, and the report of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from vocobase._folders.manifest import Entry
from vocobase._folders.scan import FolderFile, Unusable

MAX_LINKED_DOCUMENTS = 100
# Steps that can fail while the others continue, and the action that fails.
MAY_FAIL = {"upload": "upload", "replace": "upload", "rename": "rename"}
# str() of a report shows the verbs in this order, each with its sign.
SIGNS = {
    "upload": "+",
    "replace": "~",
    "adopt": "=",
    "link": "+",
    "rename": ">",
    "remove": "-",
    "discard": "-",
    "failed": "!",
    "skip": "!",
    "same": "=",
    "keep": "=",
}


@dataclass(frozen=True, slots=True)
class SyncStep:
    """One step of a synchronisation.

    Attributes:
        verb: ``upload``, ``replace`` (upload, then remove the old document), ``adopt`` (use a document that
            the manifest did not record), ``link`` (uploaded before), ``rename``, ``remove`` (its file is
            gone), ``discard`` (left behind by an interrupted run), ``failed`` (``detail`` says why), ``skip``
            (cannot be a document), ``same`` (another file has this content), or ``keep`` (nothing to do).
        path: Path in the folder, with slashes.
        detail: An explanation, for people.
    """

    verb: str
    path: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """The steps that ``agents.documents.sync`` has done, or would do; ``str()`` is for people.

    Attributes:
        agent_id: The agent.
        folder: The folder.
        dry_run: Whether this is only a plan.
        steps: The steps, at least one for each file and document.
    """

    agent_id: str
    folder: str
    dry_run: bool
    steps: Sequence[SyncStep]

    def paths(self, verb: str) -> list[str]:
        """Return the paths with this verb."""
        return [step.path for step in self.steps if step.verb == verb]

    @property
    def changed(self) -> bool:
        """Whether anything was, or would be, changed at the API."""
        return any(step.verb not in {"adopt", "keep", "same", "skip", "failed"} for step in self.steps)

    @property
    def failed(self) -> list[SyncStep]:
        """The files that could not be uploaded; synchronise again."""
        return [step for step in self.steps if step.verb == "failed"]

    def __str__(self) -> str:
        counts = [f"{number} {verb}" for verb in SIGNS if (number := len(self.paths(verb)))]
        head = "plan" if self.dry_run else "done"
        lines = [f"{head} for agent {self.agent_id}, folder {self.folder}: {', '.join(counts) or 'nothing'}"]
        for verb, sign in SIGNS.items():
            for step in self.steps:
                if step.verb == verb and verb != "keep":
                    lines.append(
                        f"{sign} {verb:<7} {step.path}" + (f"  {step.detail}" if step.detail else "")
                    )
        return "\n".join(line if line.isprintable() else ascii(line)[1:-1] for line in lines)


@dataclass(slots=True)
class Plan:
    """The steps to do.

    Attributes:
        uploads: Files whose content is in no document.
        adopted: Documents that the manifest did not record.
        links: Documents that are ready, but not linked.
        renames: Documents whose file now has another path.
        removals: Documents whose content is no longer in any file.
        kept: Documents with nothing to do, and files with the content of another file.
    """

    uploads: list[FolderFile] = field(default_factory=list[FolderFile])
    adopted: list[SyncStep] = field(default_factory=list[SyncStep])
    links: list[Entry] = field(default_factory=list[Entry])
    renames: list[tuple[Entry, FolderFile]] = field(default_factory=list[tuple[Entry, FolderFile]])
    removals: list[Entry] = field(default_factory=list[Entry])
    kept: list[SyncStep] = field(default_factory=list[SyncStep])

    def steps(self) -> list[SyncStep]:
        """Return the steps of a report."""
        replaced = {entry.path for entry in self.removals} & {file.path for file in self.uploads}
        return [
            *(SyncStep("replace" if file.path in replaced else "upload", file.path) for file in self.uploads),
            *self.adopted,
            *(SyncStep("link", entry.path) for entry in self.links),
            *(SyncStep("rename", entry.path, f"to {file.path}") for entry, file in self.renames),
            *(SyncStep("remove", entry.path) for entry in self.removals if entry.path not in replaced),
            *self.kept,
        ]


def make_plan(
    files: Iterable[FolderFile],
    unusable: Sequence[Unusable],
    entries: Iterable[Entry],
    linked: set[str],
    pattern: str,
    adopted: Collection[Entry] = (),
) -> Plan:
    """Compare the files of a folder with the documents created from it, by content.

    Args:
        files: Files that can be documents.
        unusable: Entries of the folder that cannot.
        entries: Documents that are ready.
        linked: Ids of the linked documents.
        pattern: The pattern of the files to include.
        adopted: Documents that the manifest did not record.
    """
    plan = Plan()
    groups: dict[tuple[str, str], list[FolderFile]] = {}
    for file in files:
        groups.setdefault(file.content, []).append(file)
    created: dict[tuple[str, str], Entry] = {}
    surplus: list[Entry] = []
    for entry in entries:
        if entry.content in groups and entry.content not in created:
            created[entry.content] = entry
        elif fnmatchcase(entry.path, pattern) and not _exists(entry.path, unusable):
            surplus.append(entry)
    for content, group in groups.items():
        found = created.get(content)
        first = next((file for file in group if found and file.path == found.path), group[0])
        plan.kept += [SyncStep("same", file.path, f"as {first.path}") for file in group if file is not first]
        if found is None:
            plan.uploads.append(first)
            continue
        if found in adopted:
            plan.adopted.append(SyncStep("adopt", first.path, f"document {found.document_id}"))
        if found.document_id not in linked:
            plan.links.append(found)
        if found.path != first.path:
            plan.renames.append((found, first))
        elif found.document_id in linked and found not in adopted:
            plan.kept.append(SyncStep("keep", first.path))
    plan.removals = surplus
    return plan


def _exists(path: str, unusable: Sequence[Unusable]) -> bool:
    """Return whether the file of a document exists, although it cannot be used now."""
    return any(path == found.path or path.startswith(f"{found.path}/") for found in unusable)
