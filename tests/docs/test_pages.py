"""The Python of the pages in docs/ runs, block by block, against the sandbox."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from tests.docs.test_readme import run, run_here
from vocobase._base import errors as _errors

# The other pages have tests of their own, as their code is not a program for the sandbox.
PAGES = ["docs/variables.md"]
BLOCKS = [
    pytest.param(code, id=f"{page}-{number}")
    for page in PAGES
    for number, code in enumerate(
        re.findall(r"```python\n(.*?)```", Path(page).read_text("utf-8"), re.DOTALL)
    )
]


@pytest.mark.parametrize("code", BLOCKS)
def test_python_in_a_page_runs(code: str, tmp_path: Path) -> None:
    run_here(code, tmp_path)


WHY = re.findall(r"```python\n(.*?)```", Path("docs/why.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(WHY)))
def test_each_way_to_do_the_same_task_runs(number: int, tmp_path: Path) -> None:
    code = WHY[number].replace("time.sleep(7)", "time.sleep(0.2)")  # the sandbox is faster, too
    assert run(code, tmp_path).strip().endswith("completed") or number == 0


BASICS = Path("docs/basics.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(BASICS.count("```python")))
def test_the_basics_print_what_stands_beside_the_prints(number: int, tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", BASICS, re.DOTALL)[number]
    printed, told = run_here(code, tmp_path).splitlines(), re.findall(r"print\(.*\)  # (.*)", code)
    assert printed == (told or ["config.get 200 1", "voices.list 200 1", "GET /config 200 1"])


def test_the_tree_of_errors_is_that_of_the_code() -> None:
    tree = re.search(r"```\n(VocobaseError\n.*?)```", BASICS, re.DOTALL)
    assert tree and textwrap.indent(tree[1], "    ") in (_errors.__doc__ or "")


def test_every_page_is_linked_from_the_readme_and_links_to_what_exists() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    pages = sorted(Path("docs").glob("*.md"))
    assert [page.name for page in pages if f"docs/{page.name}" not in readme] == []
    for page in sorted(Path("docs").rglob("*.md")):
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page
