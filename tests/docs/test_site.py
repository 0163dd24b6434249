"""The documentation site builds twice the same without a network, and nothing in it leads nowhere or elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import site_build

from tests.docs.site import ROOT, built, shared

# Namespaces are names, not addresses.
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)")
SUBRESOURCES = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
}

pytestmark = pytest.mark.skipif(
    not site_build.TOOL.exists(), reason="the tools are missing; make docs installs them"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory)


class Document(HTMLParser):
    """The identifiers, links and loaded files of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "link" and found.get("rel") not in ("prev", "next", "canonical"):
            self.loaded.append(found["href"])
        if tag in SUBRESOURCES and SUBRESOURCES[tag] in found:
            self.loaded.append(found[SUBRESOURCES[tag]])


@pytest.fixture(scope="module")
def documents(site: Path) -> dict[Path, Document]:
    return {path: Document(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_in_two_folders_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    first, second = contents(site), contents(built(tmp_path / "another"))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_every_link_leads_to_a_page_and_an_anchor(site: Path, documents: dict[Path, Document]) -> None:
    wrong: list[str] = []
    for page, document in documents.items():
        for link in document.links:
            path, _, anchor = unquote(link).partition("#")
            if page.name == "404.html" or re.match(r"[a-z]+:", link):
                continue
            target = (page.parent / path).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            known = documents.get(target)
            if not target.exists() or (anchor and known and anchor not in known.anchors):
                wrong.append(f"{page.relative_to(site)}: {link}")
    assert wrong == []


def test_no_page_loads_anything_from_another_host(documents: dict[Path, Document]) -> None:
    assert [
        (page.name, url) for page, each in documents.items() for url in each.loaded if OUTSIDE.match(url)
    ] == []


def test_no_style_sheet_loads_anything_from_another_host(site: Path) -> None:
    for sheet in site.rglob("*.css"):
        assert [
            url for url in re.findall(r"url\(([^)]*)\)|@import", sheet.read_text()) if OUTSIDE.match(url)
        ] == []


def test_every_page_has_a_markdown_twin_without_directives(site: Path) -> None:
    pages = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")} - {Path("404")}
    twins = {path.relative_to(site).with_suffix("") for path in site.rglob("*.md")}
    assert pages == twins
    assert [
        path.name for path in site.rglob("*.md") if re.search(r"^::: ", path.read_text(), re.MULTILINE)
    ] == []


def test_the_links_between_twins_lead_to_twins(site: Path) -> None:
    for twin in site.rglob("*.md"):
        text = re.sub(
            r"^```.*?^```$|`[^`\n]*`", "", twin.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        assert [link for link in links if not (twin.parent / link).exists()] == [], twin.name


def test_the_index_for_programs_names_every_page_once_with_a_sentence(site: Path) -> None:
    entries = re.findall(
        r"^- \[.+\]\((.+\.md)\): (.+)$", (site / "llms.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(path for path, _ in entries) == sorted(
        str(path.relative_to(site)) for path in site.rglob("*.md")
    )
    assert [path for path, sentence in entries if not 15 <= len(sentence) <= 300] == []


def test_the_full_text_holds_every_twin(site: Path) -> None:
    full = (site / "llms-full.txt").read_text(encoding="utf-8")
    assert all(twin.read_text(encoding="utf-8") in full for twin in site.rglob("*.md"))


def test_no_page_shows_roles_of_another_tool_or_paths_of_this_machine(site: Path) -> None:
    for path in [*site.rglob("*.html"), *site.rglob("*.md"), *site.rglob("*.json"), *site.rglob("*.txt")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r":(?:class|meth|func|mod):[`<]", text), path.name
        assert str(ROOT) not in text, path.name


def test_a_page_that_the_navigation_misses_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lost.md").write_text("# Lost\n")
    (tmp_path / "zensical.toml").write_text(
        '[project]\nsite_name = "x"\nsite_dir = "site"\nnav = [{ "Home" = "index.md" }]\n'
    )
    command = [sys.executable, str(ROOT / "scripts" / "site_build.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "docs/lost.md is not in the navigation" in done.stderr
    assert "names docs/index.md, which does not exist" in done.stderr


def test_the_fonts_are_those_of_the_reader() -> None:
    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    assert project["theme"]["font"] is False


def test_no_page_is_in_the_navigation_twice() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]
    paths = [page.path for page in site_build.pages(nav)]
    assert len(paths) == len(set(paths))
