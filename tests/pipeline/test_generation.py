"""Generation is quick and repeatable, and a derived file that is not current is noticed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from check_generated import DERIVED, differences
from spec_table import BEGIN, END, with_table

from spec_tools.document import SpecError
from spec_tools.generation import generate
from tests.pipeline.generator import contents
from tests.pipeline.variants import ROOT

# What is said of an operation that was published a moment ago; see test_spec.py.
PROPOSAL = re.compile(r"has no row in naming\.operations|proposed row: ")
# What the generators of derived files read.
COPIED = ("openapi.json", "generator-config.yaml", "scripts", "generated", "docs", "vocobase")


def test_two_generations_give_the_same_bytes_in_time(tmp_path: Path, committed: Path) -> None:
    target = tmp_path / "vocobase_raw"
    target.mkdir()
    (target / "leftover.py").write_text("left = 1\n")
    before = os.times()
    warnings = generate(ROOT / "openapi.json", target)
    after = os.times()
    # Time of the processor, so that a busy machine does not count.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 10
    assert [line for line in warnings.splitlines() if not PROPOSAL.search(line)] == []
    first = contents(target)
    generate(ROOT / "openapi.json", target)
    assert contents(target) == first == contents(committed)


def test_a_failing_generation_leaves_the_target_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text("kept = 1\n")
    broken = tmp_path / "spec.json"
    broken.write_text("{}")
    with pytest.raises(SpecError, match="prepare_spec"):
        generate(broken, tmp_path)
    assert (tmp_path / "kept.py").exists()


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the generators read and write, in which everything is current."""
    place = tmp_path_factory.mktemp("current")
    # With what is compiled, as the copies keep their times.
    ignore = shutil.ignore_patterns(".mypy_cache")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=ignore)
        else:
            shutil.copy(source, place / name)
    # The facade has tests of its own for this tree; here it must only be current.
    subprocess.run([sys.executable, "-B", "scripts/derive_sync.py", "vocobase"], cwd=place, check=True)
    return place


@pytest.fixture
def checked(
    tmp_path: Path, current: Path, interpreter: Path
) -> Callable[[], subprocess.CompletedProcess[str]]:
    """Return a function that runs check_generated in a copy of the repository."""
    shutil.copytree(current, tmp_path, dirs_exist_ok=True)

    def run() -> subprocess.CompletedProcess[str]:
        command = [str(interpreter), "-B", "scripts/check_generated.py"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def snapshot(place: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in place.rglob("*")}


def test_current_files_pass_and_the_tree_is_not_touched(
    checked: Callable[..., object], tmp_path: Path
) -> None:
    litter = tmp_path / "generated" / "vocobase_raw" / "__pycache__"
    litter.mkdir(exist_ok=True)
    (litter / "x.pyc").write_bytes(b"")
    before = snapshot(tmp_path)
    done = checked()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert snapshot(tmp_path) == before


def test_changed_missing_and_extra_files_are_listed(checked: Callable[..., object], tmp_path: Path) -> None:
    raw = tmp_path / "generated" / "vocobase_raw"
    with (raw / "client.py").open("a") as file:
        file.write("# edited\n")
    (raw / "models" / "agent.py").unlink()
    (raw / "models" / "untracked.py").write_text("")
    (tmp_path / "generated" / "notes.txt").write_text("")
    page = tmp_path / "docs" / "spec.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("| `calls.start` |", "| `calls.begin` |"), encoding="utf-8"
    )
    done = checked()
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "generated: extra    notes.txt",
        "generated: changed  vocobase_raw/client.py",
        "generated: missing  vocobase_raw/models/agent.py",
        "generated: extra    vocobase_raw/models/untracked.py",
        "generated is out of date; run `make generate`.",
        "docs/spec.md: changed",
        "docs/spec.md is out of date; run `make generate`.",
    ]


def test_a_generator_that_fails_is_told_apart_from_files_that_differ(
    checked: Callable[..., object], tmp_path: Path
) -> None:
    (tmp_path / "openapi.json").write_text("{}")
    done = checked()
    assert done.returncode == 2
    assert done.stderr.startswith("check_generated: generated: prepare_spec: ")


def test_every_derived_file_says_how_to_renew_it() -> None:
    assert {row.path for row in DERIVED} >= {"generated", "docs/spec.md"}
    assert all(row.renew.startswith("make ") for row in DERIVED)


def test_a_folder_that_is_absent_is_missing_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh" / "a.py").write_text("")
    assert differences(tmp_path / "none", tmp_path / "fresh") == ["missing  a.py"]


def test_the_table_keeps_the_page_around_it() -> None:
    page = f"before\n\n{BEGIN}\n\nold\n\n{END}\nafter\n"
    once = with_table(page, ["new"])
    assert once == f"before\n\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert with_table(once, ["new"]) == once
    with pytest.raises(SpecError, match="are missing"):
        with_table("no markers", ["new"])


def test_the_docs_list_every_operation_with_its_evidence() -> None:
    page = (ROOT / "docs" / "spec.md").read_text(encoding="utf-8")
    keys = (ROOT / "tests" / "contract" / "keys.txt").read_text(encoding="utf-8").split()
    table = page.partition(BEGIN)[2].partition(END)[0]
    assert [key for key in keys if f"| `{key}` |" not in table] == []


def test_generation_shows_the_generator_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A python that prints its environment stands for the generator."""
    fake = tmp_path / "python"
    fake.write_text(f"#!{sys.executable}\nimport os, sys\nsys.exit('seen: ' + ' '.join(os.environ))\n")
    fake.chmod(0o755)
    monkeypatch.setenv("VOCOBASE_API_KEY", "rg_secret")
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(SpecError, match="seen:") as caught:
        generate(ROOT / "openapi.json", tmp_path / "out")
    assert "VOCOBASE_API_KEY" not in str(caught.value)
    assert "VOCOBASE_API_KEY" in os.environ
