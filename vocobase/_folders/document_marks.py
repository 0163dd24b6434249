"""The mark of a document: a line in its description that records the content and the folder of its file.

The API returns no hash of a document. A manifest can be lost, as on every fresh checkout, but the mark stays
with the document.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

_MARK = re.compile(r"\[vocobase-sync sha256=([0-9a-f]{64}) folder=([^\s\]]*)\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """The origin of a document.

    Attributes:
        sha256: Hash of its content.
        folder: Label of the folder, see ``folder_label``.
    """

    sha256: str
    folder: str

    def added_to(self, description: object) -> str:
        """Return a description with this mark; text of other programs stays."""
        text = _MARK.sub("", description).strip() if isinstance(description, str) else ""
        return f"{text} [vocobase-sync sha256={self.sha256} folder={quote(self.folder)}]".lstrip()


def mark_in(description: object) -> Mark | None:
    """Return the mark in a description, None if there is none."""
    found = _MARK.search(description) if isinstance(description, str) else None
    return Mark(found[1], unquote(found[2])) if found else None


def folder_label(folder: Path) -> str:
    """Return a name for a folder that is the same on every machine.

    It is the path in its repository, since the path on the disk differs between checkouts; outside a
    repository it is the name of the folder.
    """
    place = Path(os.path.realpath(folder))
    top = next((parent for parent in place.parents if os.path.lexists(parent / ".git")), place.parent)
    return place.relative_to(top).as_posix().encode("utf-8", "replace").decode()
