"""Workflows run only actions that are pinned by hash, and the one that publishes has no more rights than it needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.release.conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FILES = [*WORKFLOWS, *ROOT.glob("action.yml"), *ROOT.glob(".github/actions/*/action.yml")]
# The release of each hash. Public references name each pair; a hash that is not listed here was not looked up.
KNOWN = {
    "actions/checkout": ("11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2"),
    "actions/setup-python": ("a26af69be951a213d495a4c3e4e4022e16d87065", "v5.6.0"),
    "actions/upload-artifact": ("ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2"),
    "actions/download-artifact": ("d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0"),
    "actions/attest-build-provenance": ("e8998f949152b193b063cb0ec769d69d929409be", "v2.4.0"),
    "pypa/gh-action-pypi-publish": ("ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e", "v1.13.0"),
}


def document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return loaded


def floating(text: str) -> list[str]:
    """Return the actions that are not pinned by a known hash with its release in a comment."""
    found = re.findall(r"uses: *(\S+)(?: *# *(\S+))?", text)
    return [
        use
        for use, release in found
        if not use.startswith("./") and KNOWN.get(use.partition("@")[0]) != (use.partition("@")[2], release)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_action_is_pinned_by_hash(path: Path) -> None:
    assert floating(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "use",
    [
        "actions/checkout@v4",
        "actions/checkout@main",
        "actions/checkout",
        "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
        "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.1",
        "actions/checkout@11bd719  # v4.2.2",
        "somebody/else@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2",
    ],
)
def test_a_floating_or_unknown_action_is_refused(use: str) -> None:
    assert floating(f"      - uses: {use}\n") != []


def test_every_known_action_is_used() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert [name for name in KNOWN if f"{name}@" not in texts] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_grants_no_right_to_all_its_jobs(path: Path) -> None:
    assert document(path)["permissions"] in ({}, {"contents": "read"})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_ends_in_time(path: Path) -> None:
    assert all(job["timeout-minutes"] <= 60 for job in document(path)["jobs"].values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_expression_is_pasted_into_a_script(path: Path) -> None:
    """Values reach scripts as environment variables, so that none of them can be read as a command."""
    loaded = document(path)
    jobs = [*loaded.get("jobs", {}).values(), loaded.get("runs", {})]
    scripts = [step.get("run", "") for job in jobs for step in job.get("steps", [])]
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_only_the_job_that_pushes_keeps_the_credentials_of_its_clone(path: Path) -> None:
    kept = {
        name
        for name, job in document(path)["jobs"].items()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@") and step["with"]["persist-credentials"]
    }
    assert kept == ({"propose"} if path.name == "drift.yml" else set())


def test_publishing_uses_no_token_and_attests_what_was_built() -> None:
    path = ROOT / ".github" / "workflows" / "release.yml"
    jobs = document(path)["jobs"]
    assert "secrets." not in path.read_text(encoding="utf-8")
    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["publish"]["permissions"] == {"id-token": "write", "attestations": "write"}
    assert jobs["publish"]["needs"] == "build" and jobs["publish"]["environment"] == "release"
    # It only hands on what the other job made.
    assert not [step for step in jobs["publish"]["steps"] if "run" in step]
    assert jobs["publish"]["steps"][-1]["with"]["attestations"] is True


def test_only_a_tag_publishes() -> None:
    # YAML 1.2 reads `on` as a word.
    assert document(ROOT / ".github" / "workflows" / "release.yml")["on"] == {"push": {"tags": ["v*"]}}


def test_hosted_ci_covers_the_versions_and_systems() -> None:
    jobs = document(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    assert {"macos-latest", "windows-latest"} == set(jobs["platforms"]["strategy"]["matrix"]["os"])


def test_every_make_target_of_the_workflows_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    named = set(re.findall(r"(?:run: |^ +(?:if ! )?)make ([a-z-]+)", texts, re.MULTILINE))
    assert {"release-check", "build", "sandbox-pyz"} <= named <= targets
