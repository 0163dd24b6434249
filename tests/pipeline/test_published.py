"""The day on which the published document appears: everything goes through, and one test says what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import new_operation
import pytest

from spec_tools.document import SpecError
from tests.pipeline.environment import copy_of_this_tree, environment_like_this
from tests.pipeline.published import ADDED_KEY, ADDED_MEMBER, published

# The tests that read the document, its generated code or the list of operations; the whole suite takes minutes.
AFFECTED = (
    "tests/contract",
    "tests/policy",
    "tests/docs",
    "tests/cassettes/test_contract.py",
    "tests/client/aio/test_routes.py",
    "tests/client/sync/test_routes.py",
    "tests/client/test_routes.py",
    "tests/pipeline/test_spec.py",
    "tests/sandbox/handlers",
    "tests/sandbox/front/test_moved.py",
    "tests/sandbox/front/test_requests.py",
    "tests/sandbox/control/test_control.py",
    # These start programs, and look at no operation.
    "--deselect=tests/policy/test_policies.py::test_several_processes_together_stay_within_the_budgets",
    "--deselect=tests/policy/test_policies.py::test_the_clock_of_the_server_counts_so_those_of_the_machines_need_not_agree",
    # The site is built from the same pages, and programs of pages call no new operation.
    "--ignore=tests/docs/test_site.py",
    "--ignore=tests/docs/test_site_in_browser.py",
    "--ignore=tests/docs/test_blocks.py",
    "--ignore=tests/docs/test_home.py",
    "--ignore=tests/docs/test_observability.py",
    "--deselect=tests/docs/test_pages.py::test_python_in_a_page_runs",
    "--deselect=tests/docs/test_pages.py::test_each_way_to_do_the_same_task_runs",
    "--deselect=tests/docs/test_pages.py::test_the_basics_print_what_stands_beside_the_prints",
    "--deselect=tests/docs/test_readme.py::test_python_in_the_readme_runs",
    "--deselect=tests/docs/test_readme.py::test_the_example_of_the_package_docstring_runs",
    "--deselect=tests/docs/test_readme.py::test_the_example_of_the_testing_docstring_is_a_test_that_passes",
)


class Tree:
    """A copy of the files of this working tree, with the published document next to it."""

    def __init__(self, place: Path, kept: Path) -> None:
        self.place = place / "tree"
        self.source = place / "published.json"
        self.source.write_text(json.dumps(published()), encoding="utf-8")
        copy_of_this_tree(self.place)
        environment_like_this(self.place, kept)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        folders = (self.place, self.place / "scripts", self.place / "generated")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))},
            "PYTHONPATH": os.pathsep.join(map(str, folders)),
        }
        return subprocess.run(
            command, cwd=self.place, env=environment, capture_output=True, text=True, check=False
        )

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("make", *words)

    def test(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *words)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, kept_clients: Path) -> Tree:
    """The tree after `make drift`, `make spec`, `make generate` and `make check-generated`."""
    tree = Tree(tmp_path_factory.mktemp("published"), kept_clients)
    report = tree.make("drift", f"SOURCE={tree.source}")
    assert "The published document has additions." in report.stdout, report.stderr
    assert f"{ADDED_MEMBER}: member added" in report.stdout
    assert f"proposed row: - {{key: {ADDED_KEY}, tag: CALLS" in report.stdout
    assert len(report.stdout.splitlines()) < 20
    for words in (("spec", f"SOURCE={tree.source}"), ("generate",), ("check-generated",)):
        done = tree.make(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert "x-evidence" not in (tree.place / "openapi.json").read_text(encoding="utf-8")
    return tree


def test_one_test_alone_fails_and_prints_what_the_new_operation_needs(tree: Tree) -> None:
    done = tree.test("-rf", *AFFECTED)
    failed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert failed == ["tests/pipeline/test_spec.py::test_every_operation_has_a_row"], done.stdout[-3000:]
    for said in (
        f"make new-operation KEY={ADDED_KEY}",
        "[ ] generator-config.yaml",
        "[ ] vocobase/_policy/operations.py",
        "[ ] vocobase/_resources/aio/",
        "[ ] vocobase_sandbox/handlers/",
        "[ ] tests/cassettes/scenario.py",
        "CHANGELOG.md",
    ):
        assert said in done.stdout


def test_new_operation_writes_the_row_and_stubs_that_work(tree: Tree) -> None:
    refused = tree.make("new-operation", "KEY=calls.start")
    assert "calls.start has a row already" in refused.stderr
    refused = tree.make("new-operation", "KEY=Mute")
    assert "'Mute' is not a key" in refused.stderr
    refused = tree.make("new-operation", "KEY=calls.mute", "ROUTE=POST /calls/{id}/nothing")
    assert "--route: POST /calls/{call_id}/mute" in refused.stderr
    done = tree.make("new-operation", "KEY=calls.mute")
    assert done.returncode == 0, done.stderr
    assert "[x] generator-config.yaml" in done.stdout
    assert "[ ] tests/cassettes/scenario.py" in done.stdout
    for words in (("sync",), ("generate",), ("check-generated",)):
        done = tree.make(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    program = (
        "from vocobase import Vocobase, APIError\n"
        "from vocobase_sandbox import Sandbox\n"
        "sandbox = Sandbox()\n"
        "vb = Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport(), max_retries=0)\n"
        "try:\n    vb.calls.mute('x', seconds=5)\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
    )
    said = tree.run(sys.executable, "-c", program)
    assert said.stdout.startswith("OutcomeUnknownError calls.mute: HTTP 501 NOT_IMPLEMENTED"), said.stderr
    # What is left to a person is what the checklist names.
    done = tree.test(
        "-rf", "tests/pipeline/test_spec.py", "tests/contract", "tests/sandbox/handlers/test_table.py"
    )
    failed = {
        line.split()[1].partition("::")[2] for line in done.stdout.splitlines() if line.startswith("FAILED")
    }
    assert failed == {
        "test_every_operation_works_with_the_synchronous_client",
        "test_every_operation_works_with_the_asynchronous_client",
        "test_a_docstring_names_every_limit_that_is_checked[calls.mute]",
        "test_no_operation_breaks_on_an_empty_account[POST",
    }, done.stdout[-3000:]


def test_a_key_for_an_operation_that_does_not_exist_says_where_to_add_it() -> None:
    with pytest.raises(SpecError, match=r"every operation of openapi\.json has a row; add the new one"):
        new_operation.find("calls.hold", "")
