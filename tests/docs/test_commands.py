"""Blocks of commands can be pasted: only a block that shows output has prompts."""

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
