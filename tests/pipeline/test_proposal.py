"""The steps of the drift workflow, run as they are written there, propose a change that is complete."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from check_generated import DERIVED
from ruamel.yaml import YAML

from tests.pipeline.environment import environment_like_this, files_of_this_tree
from tests.pipeline.variants import ROOT, Json, document

WORKFLOW = ROOT / ".github" / "workflows" / "drift.yml"
JOBS: dict[str, Any] = YAML(typ="safe").load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
SECRET = "ghs_canary_of_the_job_that_writes"
# Stands for GitHub's command line: it keeps what it was told, and knows no pull request.
GH = """#!/bin/sh
printf '%s\\n' "$@" >> "$RUNNER_TEMP/gh"
"""


def git(place: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the files of this working tree."""
    place = tmp_path_factory.mktemp("origin") / "repository"
    for name in files_of_this_tree():
        if not name.startswith("tests/"):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    git(place, "init", "--quiet", "--initial-branch=main")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "all")
    return place


@dataclass
class Runner:
    """Runs the steps of a job in a clone of the repository, as GitHub does."""

    place: Path
    temp: Path
    environment: dict[str, str]
    said: str = ""

    def step(self, name: str, job: str) -> subprocess.CompletedProcess[str]:
        (step,) = [step for step in JOBS[job]["steps"] if step.get("name", "").startswith(name)]
        env = {
            "PATH": f"{self.temp / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.temp),
            "RUNNER_TEMP": str(self.temp),
            "TMPDIR": str(self.temp),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            **self.environment,
        }
        command = ["bash", "-e", "-c", step["run"]]
        done = subprocess.run(command, cwd=self.place, env=env, capture_output=True, text=True, check=False)
        self.said += done.stdout + done.stderr
        return done

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.temp / "output").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


Start = Callable[..., Runner]


@pytest.fixture
def start(origin: Path, tmp_path: Path, kept_clients: Path) -> Start:
    """Return a function that gives a runner with a clone of its own, and an environment if it runs scripts."""

    def run(name: str, **environment: str) -> Runner:
        temp, place = tmp_path / name / "temp", tmp_path / name / "clone"
        (temp / "bin").mkdir(parents=True)
        (temp / "bin" / "gh").write_text(GH)
        (temp / "bin" / "gh").chmod(0o755)
        git(tmp_path, "clone", "--quiet", str(origin), str(place))
        if name == "check":
            environment_like_this(place, kept_clients)
        return Runner(place, temp, environment)

    return run


def one_more_member_and_operation(spec: Json) -> None:
    body = spec["paths"]["/calls/start"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in body:
        body = spec["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    # The title is a command for a reader of the log that goes line by line.
    body["properties"]["whisper_text"] = {
        "type": "string",
        "maxLength": 99,
        "description": "::set-output name=exit_code::0\n##[set-output name=exit_code]0",
    }
    body["properties"]['"): __import__("os"), ("'] = {"type": "string"}
    answer = {"200": {"description": "x", "content": {"application/json": {"schema": {"type": "object"}}}}}
    spec["paths"]["/calls/{id}/hold"] = {
        "post": {"tags": ["Calls"], "summary": "Hold a call\n::error::x", "responses": answer}
    }


def published(folder: Path, change: Callable[[Json], None]) -> Path:
    spec = document()
    change(spec)
    place = folder / "published.json"
    place.write_text(json.dumps(spec), encoding="utf-8")
    return place


@pytest.fixture
def proposed(start: Start, tmp_path: Path) -> Runner:
    """The job that reads the document, after its steps, with a member and an operation more."""
    source = published(tmp_path, one_more_member_and_operation)
    runner = start("check", VOCOBASE_SPEC_URL=str(source))
    for name in ("Compare the published", "Write the patch"):
        done = runner.step(name, "check")
        log = runner.place / "out" / "log.txt"
        assert done.returncode == 0, (done.stderr, log.read_text(encoding="utf-8") if log.exists() else "")
    return runner


def test_a_document_with_more_gives_a_change_that_is_complete_and_passes_every_check(
    proposed: Runner, start: Start, origin: Path
) -> None:
    assert proposed.outputs == {"exit_code": "1"}
    writer = start("propose", BRANCH="drift/published-description", LEVEL="additive", GH_TOKEN=SECRET)
    shutil.copytree(proposed.place / "out", writer.temp / "drift")
    for name in ("Refuse a patch", "Apply the patch", "Push the branch"):
        done = writer.step(name, "propose")
        assert done.returncode == 0, (name, done.stdout, done.stderr)

    changed = git(origin, "diff", "--name-only", "main", "drift/published-description").split()
    assert {"openapi.json", "docs/spec.md", "generated/vocobase_raw/constraints.py"} <= set(changed)
    assert "generated/vocobase_raw/api/calls/hold_a_call_error_x.py" in changed
    assert "whisper_text" in git(
        origin, "show", "drift/published-description:generated/vocobase_raw/constraints.py"
    )
    # The branch is to the last file what passed `make check-generated` in the job.
    assert git(proposed.place, "diff", "--name-only") == ""
    assert git(proposed.place, "ls-files", "--others", "--exclude-standard") == ""
    branch = git(origin, "rev-parse", "drift/published-description^{tree}")
    assert branch == git(proposed.place, "write-tree")
    assert "--body-file" in (writer.temp / "gh").read_text(encoding="utf-8")
    # Neither job shows anything of the document in its log, and the one that reads it knows no secret.
    assert "set-output" not in proposed.said + writer.said
    assert SECRET not in proposed.said + writer.said


def test_every_file_that_the_document_shapes_is_proposed() -> None:
    (step,) = [step for step in JOBS["check"]["steps"] if step.get("name", "").startswith("Write the patch")]
    (line,) = [line for line in step["run"].splitlines() if line.startswith("git add ")]
    # The synchronous client and its tests are derived from the asynchronous ones, and the examples of the command
    # line are run against the sandbox; none of them quotes the document.
    shaped = {row.path for row in DERIVED} - {"vocobase", "tests", "docs/cli.md", "docs/images"}
    assert shaped | {"openapi.json"} == set(line.split()[3:])


def test_a_client_that_cannot_be_generated_leaves_the_snapshot_alone_in_the_change(
    start: Start, tmp_path: Path
) -> None:
    def without_start(spec: Json) -> None:
        del spec["paths"]["/calls/start"]

    runner = start("check", VOCOBASE_SPEC_URL=str(published(tmp_path, without_start)))
    assert runner.step("Compare the published", "check").returncode == 0
    assert runner.outputs == {"exit_code": "2"}
    assert runner.step("Write the patch", "check").returncode == 0
    assert git(runner.place, "diff", "--cached", "--name-only").split() == ["openapi.json"]
    report = (runner.place / "out" / "report.md").read_text(encoding="utf-8")
    assert report.startswith("The client could not be regenerated")


@pytest.mark.parametrize("text", ["<html>", '{"openapi": "3.1.0", "paths": {"x": {"get": {}}}}'])
def test_an_unusable_document_fails_the_job(text: str, start: Start, tmp_path: Path) -> None:
    (tmp_path / "published.json").write_text(text)
    runner = start("check", VOCOBASE_SPEC_URL=str(tmp_path / "published.json"))
    done = runner.step("Compare the published", "check")
    assert done.returncode == 1
    assert done.stdout.startswith("::error::")
    assert not (runner.temp / "output").exists()


def test_an_outage_is_a_notice(start: Start, tmp_path: Path) -> None:
    runner = start("check", VOCOBASE_SPEC_URL=str(tmp_path / "absent.json"))
    done = runner.step("Compare the published", "check")
    assert (done.returncode, runner.outputs) == (0, {"exit_code": "3"})
    assert done.stdout.startswith("::notice::")


def test_a_check_that_breaks_down_is_not_taken_for_additions(start: Start, tmp_path: Path) -> None:
    """An interpreter that cannot even import ends with 1, as additions do."""
    runner = start("check", VOCOBASE_SPEC_URL=str(ROOT / "openapi.json"))
    (runner.place / "scripts" / "spec_tools" / "report.py").write_text("import nothing_of_this_name\n")
    done = runner.step("Compare the published", "check")
    assert done.returncode == 1
    assert "::error::" in done.stdout
    assert not (runner.temp / "output").exists()


FORGED = {
    "a call in a row": ("constraints", '    "calls.start": (\n', '    "calls.start": (\n        print(1),\n'),
    "a statement at the end": ("constraints", "\n}\n", "\n}\nprint(1)\n"),
    "an import in the head": ("constraints", "from typing import", "import os\nfrom typing import"),
    "an expression in a limit": ("constraints", '{"maxLength": 50}', '{"maxLength": print(1)}'),
    "a string that is left": ("constraints", '"string", False, {}', '"string" + print(1) + "", False, {}'),
    "a call in a route": ("routes", '("POST", "/agent",', '(print(1), "/agent",'),
    "an expression in a route": ("routes", '"/agent", "', '"/agent" + print(1), "'),
    "a statement after the routes": ("routes", "\n}\n", "\n}\nprint(1)\n"),
    "an import before the routes": ("routes", "from typing import", "import os\nfrom typing import"),
}


@pytest.mark.parametrize(("table", "old", "new"), FORGED.values(), ids=FORGED)
def test_tables_that_are_more_than_data_are_not_pushed(table: str, old: str, new: str, start: Start) -> None:
    forger = start("forger")
    page = forger.place / "generated" / "vocobase_raw" / f"{table}.py"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
    runner = start("propose", BRANCH="drift/forged")
    (runner.temp / "drift").mkdir()
    (runner.temp / "drift" / "drift.patch").write_text(git(forger.place, "diff", "--binary"))
    assert runner.step("Refuse a patch", "propose").returncode == 0
    done = runner.step("Apply the patch", "propose")
    assert done.returncode == 1
    assert "::error::" in done.stdout


def test_a_long_report_is_cut_between_lines(start: Start) -> None:
    runner = start("propose", BRANCH="drift/long", LEVEL="additive")
    git(runner.place, "switch", "--quiet", "--create", "drift/long")
    (runner.place / "openapi.json").write_text("{}\n")
    git(runner.place, "add", "openapi.json")
    (runner.temp / "drift").mkdir()
    line = "- `" + "x" * 200 + " @everyone`"
    (runner.temp / "drift" / "report.md").write_text(f"{line}\n" * 1000)
    assert runner.step("Push the branch", "propose").returncode == 0
    body = (runner.temp / "body.md").read_text(encoding="utf-8")
    assert 50_000 < len(body) <= 60_000
    assert set(body.splitlines()) == {line}
