"""docs/examples.md lists every example, and each folder says how to run it."""

from __future__ import annotations

import re

import pytest

from tests.examples.services import EXAMPLES, ROOT

SHOWN = {
    path.relative_to(ROOT).as_posix()
    for path in EXAMPLES.iterdir()
    if path.suffix == ".py" or (path.is_dir() and path.name not in ("files", "__pycache__"))
}


def test_the_page_lists_every_example() -> None:
    page = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(examples/[\w.]+)` \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(SHOWN)


# The containers install what they need.
WITHOUT_COMMANDS = {"examples/compose"}


@pytest.mark.parametrize("example", sorted(name for name in SHOWN if not name.endswith(".py")))
def test_a_folder_has_a_readme_with_its_commands(example: str) -> None:
    readme = (ROOT / example / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# ")
    prepared = "```sh\nmake setup && . .venv/bin/activate\n" in readme
    assert prepared == (example not in WITHOUT_COMMANDS)
