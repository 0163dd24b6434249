"""Replace the snapshot with the published document, after showing the changes.

    python scripts/update_spec.py [--source URL_OR_FILE] [--snapshot openapi.json]

Exit codes: 0 the snapshot is up to date or was replaced, 3 no usable document; nothing was changed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from drift import as_text, parser, run
from drift import write as show

from spec_tools.command import guarded
from spec_tools.document import Json
from spec_tools.report import render
from vocobase._base.files import NewFile


def write(document: Json, target: Path) -> bool:
    """Write a document in the form of the repository, atomically; return whether the file changed."""
    text = as_text(document)
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return False
    with NewFile(target) as new:
        new.file.write(text.encode())
        new.commit()
    return True


def main(arguments: list[str] | None = None) -> int:
    options = parser("Replace the snapshot with the published document.").parse_args(arguments)
    return guarded("update_spec", 3, lambda: update(options))


def update(options: argparse.Namespace) -> int:
    """Show what changes, then replace the snapshot."""
    report, document = run(options)
    show(render(report, "text"), None)
    if document is None:
        print(f"{options.snapshot} is unchanged.", file=sys.stderr)
        return 3
    if write(document, options.snapshot):
        print(f"{options.snapshot} is replaced. Run `make generate`, then review both with `git diff`.")
    else:
        print(f"{options.snapshot} is already the published document.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
