"""Fail if the public API broke and CHANGELOG.md does not say so.

    python scripts/api_gate.py [--against REF]

The public API of the working tree is compared with that of REF: by default the last tag `v*`, or the commit
before HEAD while there is no tag. A breaking change is recorded if a line that CHANGELOG.md gained since then
names it, such as `calls.start` or `CallWindow`. Exit codes: 0 nothing broke or all of it is recorded, 1
something is not recorded, 2 the comparison failed.
"""

from __future__ import annotations

import argparse
import logging
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import griffe

from spec_tools.command import guarded
from spec_tools.config import ROOT
from spec_tools.document import SpecError

PACKAGES = (
    "vocobase",
    "vocobase.clock",
    "vocobase.contacts",
    "vocobase.diagnostics",
    "vocobase.files",
    "vocobase.otel",
    "vocobase.records",
    "vocobase.testing",
    "vocobase.types",
    "vocobase.webhooks",
)
# Their classes are public through the attributes of a client, without a name of their own in a package.
RESOURCES = ("vocobase._resources.sync", "vocobase._resources.aio")
SEARCHED = ("generated", ".")


@dataclass(frozen=True)
class Break:
    """A change that existing code may notice.

    Attributes:
        name: The public name: `CallWindow`, or `calls.start` for the method of a resource.
        text: What changed, on one line.
    """

    name: str
    text: str


def load(root: Path) -> griffe.Module:
    """Return the package `vocobase` of a checkout, read from its sources without running them."""
    loader = griffe.GriffeLoader(search_paths=[root / name for name in SEARCHED], allow_inspection=False)
    # The types of the raw client are public in vocobase.types. griffe must not prefer the current folder.
    loader.load("vocobase_raw", try_relative_path=False)
    package = loader.load("vocobase", try_relative_path=False)
    loader.resolve_aliases(implicit=True)
    if not isinstance(package, griffe.Module):
        raise SpecError(f"{root} has no package vocobase")
    return package


def public(package: griffe.Module) -> Iterator[tuple[str, griffe.Object]]:
    """Return each public name with the class, function or value that it stands for."""
    for path in PACKAGES:
        module = _module(package, path)
        for export in module.exports or [] if module else []:
            member = module.members.get(str(export)) if module else None
            if member is not None and (found := _target(member)) is not None:
                yield f"{path}.{export}", found
    for path in RESOURCES:
        folder = _module(package, path)
        modules = list(folder.modules.values()) if folder else []
        for module in modules:
            for name, found in module.classes.items():
                if not found.is_alias and not name.startswith("_"):
                    yield f"{path}.{name}", found


def _module(package: griffe.Module, path: str) -> griffe.Module | None:
    inside = path.removeprefix(package.name).removeprefix(".")
    try:
        found = package[inside] if inside else package
    except KeyError:
        return None
    return found if isinstance(found, griffe.Module) else None


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object | None:
    if not isinstance(member, griffe.Alias):
        return member
    try:
        return member.final_target
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None


def breaks(old: griffe.Module, new: griffe.Module) -> Iterator[Break]:
    """Return the breaking changes of the public names."""
    before, after = dict(public(old)), dict(public(new))
    for path in sorted(before):
        name = path.rpartition(".")[2]
        if path not in after:
            yield Break(name, f"{path}: removed")
            continue
        for found in griffe.find_breaking_changes(_alone(name, before[path]), _alone(name, after[path])):
            yield Break(_short(found.obj, name), f"{path}: {_short(found.obj, name)}: {_change(found)}")


def _change(found: griffe.Breakage) -> str:
    values = [str(value) for value in (found.old_value, found.new_value)]
    short = all("\n" not in value and len(value) < 80 and not value.startswith("Alias(") for value in values)
    shown = " -> ".join(values) if short else ""
    return f"{found.kind.value.lower()}{shown and f' ({shown})'}"


def _alone(name: str, thing: griffe.Object) -> griffe.Module:
    """Return a module whose only member is one object, as griffe compares the members of modules."""
    module = griffe.Module(name="public")
    module.members[name] = thing
    return module


def _short(thing: griffe.Object | griffe.Alias, name: str) -> str:
    own = thing.name if thing.name not in (name, "__init__") else ""
    return ".".join(filter(None, (name, own)))


def recorded(change: Break, added: str) -> bool:
    """Return whether the new lines of the changelog name a change.

    A method of a resource is recorded as users write it: `calls.start` for both clients.
    """
    owner, _, member = change.name.removeprefix("Async").partition(".")
    spelling = rf"[.`]{re.escape(member)}\b" if member else rf"\b{re.escape(owner)}\b"
    return re.search(spelling, added) is not None


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SpecError(f"git {arguments[0]}: {(done.stderr.strip() or 'failed').splitlines()[-1]}")
    return done.stdout


def reference() -> str:
    """Return the last tag of a release, or the commit before HEAD."""
    tags = git("tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD").split()
    return tags[0] if tags else "HEAD~1"


def added_lines(ref: str) -> str:
    lines = git("diff", "--unified=0", ref, "--", "CHANGELOG.md").splitlines()
    return "\n".join(line[1:] for line in lines if line.startswith("+") and not line.startswith("+++"))


def compare(ref: str | None) -> int:
    """Compare the working tree with a commit, and list what broke."""
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    ref = ref or reference()
    with tempfile.TemporaryDirectory() as work:
        archive = Path(work) / "before.tar"
        git("archive", f"--output={archive}", f"{ref}^{{commit}}", "vocobase", "generated/vocobase_raw")
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
        found = list(breaks(load(Path(work)), load(ROOT)))
    added = added_lines(ref)
    missing = [change for change in found if not recorded(change, added)]
    for change in found:
        print(f"{'not recorded' if change in missing else 'recorded    '}  {change.text}")
    if missing:
        print(
            f"{len(missing)} breaking changes since {ref} are not in CHANGELOG.md; name each of them there."
        )
    return 1 if missing else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Fail if the public API broke and CHANGELOG.md does not say so."
    )
    parser.add_argument("--against", metavar="REF", help="commit or tag (default: last tag v*, else HEAD~1)")
    options = parser.parse_args(arguments)
    return guarded("api_gate", 2, lambda: compare(options.against))


if __name__ == "__main__":
    sys.exit(main())
