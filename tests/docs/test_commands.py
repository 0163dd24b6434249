"""Blocks of commands can be pasted, and links have words that mean something on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md")
    for path in ROOT.glob(pattern)
)


@pytest.mark.parametrize("page", PAGES)
def test_a_block_to_paste_is_sh_and_a_session_is_console(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for kind, block in re.findall(r"^```(sh|shell|bash|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        prompts = [line.startswith("$ ") for line in block.splitlines() if line.strip()]
        assert kind in ("sh", "console"), block
        assert any(prompts) == (kind == "console") and (kind == "sh" or not all(prompts)), block


NAMED = [page for page in PAGES if page.startswith("docs/")]


@pytest.mark.parametrize("page", NAMED)
def test_no_link_shows_the_name_of_a_file_of_the_documentation(page: str) -> None:
    """The site has no page called basics.md, and its titles are in the navigation."""
    assert re.findall(r"\[[\w/-]+\.md\]\(.*?\)", (ROOT / page).read_text(encoding="utf-8")) == []
