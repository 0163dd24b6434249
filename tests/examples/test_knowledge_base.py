"""examples/knowledge_base as its CI job runs it: the commands of the README, each in a fresh checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vocobase import Vocobase
from vocobase_sandbox import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"
README = (EXAMPLES / "knowledge_base" / "README.md").read_text(encoding="utf-8")
PLAN, SYNC = re.findall(r"run: python (.*)", README)
DOCUMENTS = Path("examples/knowledge_base/documents")
GIT = ["git", "-c", "user.name=Asha", "-c", "user.email=asha@example.com", "-c", "commit.gpgsign=false"]


def git(place: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=place, check=True, capture_output=True)


class Project:
    """A repository with the example, and the account that its jobs use."""

    def __init__(self, folder: Path, vb: Vocobase, environment: dict[str, str]) -> None:
        self.vb, self.environment = vb, environment
        self.repository, self.checkout = folder / "repository", folder / "checkout"
        shutil.copytree(EXAMPLES / "knowledge_base", self.repository / "examples" / "knowledge_base")
        self.documents = self.repository / DOCUMENTS
        git(self.repository, "init", "--quiet")

    def run(self, job: str) -> tuple[int, str]:
        """Commit the changes, and run a job for the commit; return its status and what it printed."""
        git(self.repository, "add", "--all")
        git(self.repository, "commit", "--quiet", "--allow-empty", "--message", "Change documents")
        shutil.rmtree(self.checkout, ignore_errors=True)
        git(self.repository, "clone", "--quiet", str(self.repository), str(self.checkout))
        done = subprocess.run(
            [sys.executable, *job.split()],
            cwd=self.checkout,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def linked(self) -> list[str]:
        agent = self.vb.agents.find("Front desk")
        assert agent is not None
        return sorted(document.name for document in self.vb.agents.documents.list(agent.id))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Sandbox(clock="x20", rate_limits=False, carriers=("twilio",)) as sandbox, sandbox.serve() as server:
        environment = {"VOCOBASE_BASE_URL": server.base_url, "VOCOBASE_API_KEY": sandbox.api_key}
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            yield Project(tmp_path, vb, environment)


def test_a_plan_changes_nothing_and_a_sync_follows_every_commit(project: Project) -> None:
    project.vb.agents.ensure("Front desk", "Answer.", voice_id=project.vb.voices.find().id)
    status, printed = project.run(PLAN)
    assert (status, project.linked()) == (0, [])
    assert "3 upload" in printed and "+ upload  treatments/extraction.md" in printed
    assert project.run(SYNC)[0] == 0
    assert project.linked() == ["hours.md", "prices.md", "treatments/extraction.md"]
    (project.documents / "hours.md").write_text("# Opening hours\n\n9 to 17.\n")
    (project.documents / "prices.md").rename(project.documents / "fees.md")
    (project.documents / "treatments" / "extraction.md").unlink()
    status, printed = project.run(SYNC)
    assert status == 0
    assert [f"1 {verb}" in printed for verb in ("replace", "rename", "remove")] == [True, True, True]
    assert project.linked() == ["fees.md", "hours.md"]
    assert ": 2 adopt\n" in project.run(PLAN)[1]


def test_a_file_that_cannot_be_a_document_fails_the_plan_and_leaves_the_others(project: Project) -> None:
    project.vb.agents.ensure("Front desk", "Answer.", voice_id=project.vb.voices.find().id)
    (project.documents / "prices.xlsx").write_bytes(b"PK")
    for job in (PLAN, SYNC):
        status, printed = project.run(job)
        assert status == 1
        assert re.search(r"! skip    prices\.xlsx  \S", printed)
    assert project.linked() == ["hours.md", "prices.md", "treatments/extraction.md"]


def test_an_error_is_one_line_and_fails_the_job(project: Project) -> None:
    assert project.run(SYNC) == (1, "The account has no agent 'Front desk'.\n")
    project.environment["VOCOBASE_API_KEY"] = "rg_live_wrong"
    status, printed = project.run(SYNC)
    assert status == 1
    assert printed.startswith("AuthenticationError: ") and printed.count("\n") == 1
