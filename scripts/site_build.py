"""Build the documentation site: pages, a Markdown twin of each, llms.txt and llms-full.txt.

    python scripts/site_build.py [FOLDER]

FOLDER has zensical.toml, docs/ and the package (default: this checkout); the site is written to FOLDER/site.
The build needs no network. Exit codes: 0 built, 2 a page or link is wrong, or the tools are missing.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import api_page

from spec_tools.command import guarded
from spec_tools.config import ROOT
from spec_tools.document import SpecError

TOOL = Path(sys.prefix) / "docs" / "bin" / "zensical"
DIRECTIVE = re.compile(r"^::: (\S+)\n(?:    .*\n|\n(?=    ))*", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
SECTION = re.compile(r"^(?=(?:Args|Attributes|Raises|Returns|Yields):$)", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page of the navigation.

    Attributes:
        section: The headings above it, outermost first.
        title: Its name in the navigation.
        path: Its source, relative to docs/.
    """

    section: tuple[str, ...]
    title: str
    path: str


def pages(nav: list[Any], section: tuple[str, ...] = ()) -> Iterator[Page]:
    """Yield the pages of a navigation in their order."""
    for entry in nav:
        ((title, below),) = entry.items()
        if isinstance(below, str):
            yield Page(section, title, below)
        else:
            yield from pages(below, (*section, title))


def check(docs: Path, listed: list[Page]) -> None:
    """Check that each page is in the navigation once; zensical ignores pages that are missing there or here.

    Raises:
        SpecError: a page is missing.
    """
    written = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    named = {page.path for page in listed}
    lines = [
        *(
            f"docs/{path} is not in the navigation; add it to zensical.toml"
            for path in sorted(written - named)
        ),
        *(f"zensical.toml names docs/{path}, which does not exist" for path in sorted(named - written)),
    ]
    if lines:
        raise SpecError(*lines)


def build(root: Path) -> None:
    """Write the pages with zensical, which aborts on a link that leads nowhere.

    Raises:
        SpecError: the tools are not installed, or the build failed.
    """
    if not TOOL.exists():
        raise SpecError("the tools are missing; run `make docs`, which installs them")
    command = [str(TOOL), "build", "--clean", "--strict"]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).partition("Traceback")[0]
        raise SpecError(lines.strip() or f"zensical ended with {done.returncode}")


def documented(name: str) -> str:
    """Return the docstrings of a class or module as Markdown, for readers of the twin."""
    place, _, member = name.rpartition(".")
    try:
        module = import_module(name)
    except ModuleNotFoundError:
        return "\n".join(_class(getattr(import_module(place), member), "##"))
    classes = [
        cls
        for _, cls in inspect.getmembers_static(module, inspect.isclass)
        if cls.__module__ == name and not cls.__name__.startswith("_")
    ]
    return "\n\n".join("\n".join(_class(cls, "##")) for cls in classes)


def _class(cls: type, mark: str) -> Iterator[str]:
    yield f"{mark} {cls.__name__}\n\n{_text(cls)}"
    members = [item for part in api_page.parts_of(cls) for item in vars(part).items()]
    for name, member in members:
        function = getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function):
            yield f"\n{mark}# {name}\n\n```\n{api_page.signature(name, function)}\n```\n\n{_text(function)}"


def _text(thing: object) -> str:
    """Return a docstring; its sections keep their layout, as a block."""
    prose, *sections = SECTION.split(inspect.getdoc(thing) or "", maxsplit=1)
    return "\n\n".join([prose.strip(), *(f"```\n{each.rstrip()}\n```" for each in sections)])


def twin(root: Path, page: Page) -> str:
    """Return the Markdown of a page, with the docstrings that the site shows."""
    text = (root / "docs" / page.path).read_text(encoding="utf-8")
    return DIRECTIVE.sub(lambda found: documented(found[1]) + "\n", text)


def gist(text: str) -> str:
    """Return the first sentence of a page, without links."""
    paragraphs = COMMENT.sub("", FENCE.sub("", text)).split("\n\n")
    prose = (each for each in paragraphs if re.match(r"[\w`*\[]", each.strip()))
    line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(next(prose, "").split()))
    return re.split(r"(?<=[.!?:]) (?=[A-Z`])", line)[0].rstrip(":")


def index(name: str, description: str, texts: dict[Page, str]) -> str:
    """Return llms.txt: each page with its address and its first sentence."""
    lines = [f"# {name}", "", f"> {description}"]
    section: tuple[str, ...] | None = None
    for page, text in texts.items():
        if page.section != section:
            section = page.section
            lines += ["", f"## {': '.join(section) or 'Start'}", ""]
        lines.append(f"- [{page.title}]({page.path}): {gist(text)}".removesuffix(": "))
    return "\n".join(lines) + "\n"


def main() -> int:
    return guarded("site_build", 2, write)


def write() -> int:
    """Build the site of the folder that the command line names."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    project = tomllib.loads((root / "zensical.toml").read_text(encoding="utf-8"))["project"]
    site = root / project["site_dir"]
    listed = list(pages(project["nav"]))
    check(root / "docs", listed)
    build(root)
    texts = {page: twin(root, page) for page in listed}
    for page, text in texts.items():
        (site / page.path).write_text(text, encoding="utf-8")
    llms = index(project["site_name"], project["site_description"], texts)
    (site / "llms.txt").write_text(llms, encoding="utf-8")
    full = "\n".join(f"<!-- {page.path} -->\n\n{text}" for page, text in texts.items())
    (site / "llms-full.txt").write_text(full, encoding="utf-8")
    print(f"{len(texts)} pages in {site.relative_to(root)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
