"""The scheduled drift workflow keeps what is not trusted apart from what may write."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.pipeline.variants import ROOT

TEXT = (ROOT / ".github" / "workflows" / "drift.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(TEXT)
    assert loaded["permissions"] == {}
    jobs: dict[str, Any] = loaded["jobs"]
    return jobs


def scripts(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_the_job_that_reads_the_document_may_write_nothing_and_has_no_secret(jobs: dict[str, Any]) -> None:
    assert jobs["check"]["permissions"] == {"contents": "read"}
    assert jobs["check"]["steps"][0]["with"]["persist-credentials"] is False
    assert "secrets." not in TEXT
    assert "token" not in str(jobs["check"]).lower()


def test_the_job_that_may_write_runs_nothing_of_the_repository(jobs: dict[str, Any]) -> None:
    assert jobs["propose"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert not re.search(r"\b(python|pip|make|pytest|bash|sh|source|eval|\./)\b", scripts(jobs["propose"]))
    assert not [step["uses"] for step in jobs["propose"]["steps"] if "setup-" in step.get("uses", "")]


def test_nothing_of_the_document_is_pasted_into_a_script(jobs: dict[str, Any]) -> None:
    for job in jobs.values():
        assert "${{" not in scripts(job)


PATCHES = {
    "a regenerated client": ({"openapi.json": "{}", "generated/vocobase_raw/models/new.py": "x"}, True),
    "tables": ({"docs/spec.md": "x", "docs/reliability.md": "x", "docs/api.md": "x"}, True),
    "tables of the client": (
        {"generated/vocobase_raw/constraints.py": "x", "generated/vocobase_raw/settings.py": "x"},
        True,
    ),
    "another module of the facade": ({"vocobase/_policy/limits.py": "x"}, False),
    "another page": ({"docs/security.md": "x"}, False),
    "a workflow": ({".github/workflows/ci.yml": "x"}, False),
    "a script": ({"scripts/generate.sh": "x", "openapi.json": "{}"}, False),
    "a hidden file": ({"generated/vocobase_raw/.pth": "x"}, False),
    "a name with a line break": ({"openapi.json\nscripts": "x"}, False),
    "another suffix": ({"generated/vocobase_raw/run.sh": "x"}, False),
}


def refused(jobs: dict[str, Any], folder: Path, patch: str) -> bool:
    """Run the step that inspects the patch, in a repository of its own."""
    (folder / "temp" / "drift").mkdir(parents=True)
    (folder / "temp" / "drift" / "drift.patch").write_text(patch)
    (step,) = [step for step in jobs["propose"]["steps"] if step.get("name", "").startswith("Refuse")]
    env = {**os.environ, "RUNNER_TEMP": str(folder / "temp")}
    command = ["bash", "-e", "-o", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        command, cwd=folder / "repository", env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or "::error::" in done.stdout
    return done.returncode != 0


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    place = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", str(place)], check=True)
    return place


def diff(repository: Path) -> str:
    subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
    command = ["git", "-c", "core.quotePath=true", "diff", "--cached", "--binary"]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("files", "allowed"), PATCHES.values(), ids=PATCHES)
def test_only_files_that_a_regeneration_writes_are_applied(
    files: dict[str, str], allowed: bool, jobs: dict[str, Any], repository: Path
) -> None:
    for name, text in files.items():
        place = repository / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    assert refused(jobs, repository.parent, diff(repository)) is not allowed


@pytest.mark.parametrize("kind", ["link", "executable"])
def test_links_and_executables_are_refused(kind: str, jobs: dict[str, Any], repository: Path) -> None:
    place = repository / "generated" / "vocobase_raw" / "x.py"
    place.parent.mkdir(parents=True)
    if kind == "link":
        place.symlink_to("/etc/passwd")
    else:
        place.write_text("")
        place.chmod(0o755)
    assert refused(jobs, repository.parent, diff(repository))
