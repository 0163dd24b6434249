"""CI tests both ends of the range of versions that the package allows."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.pipeline.variants import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements(lines: list[str]) -> dict[str, str]:
    """Return the range of each package."""
    found = (
        re.fullmatch(r"([A-Za-z0-9-]+)(.*)", line) for line in lines if line and not line.startswith("#")
    )
    return {match[1]: match[2] for match in found if match}


ALLOWED = requirements(PROJECT["dependencies"])


def listed(name: str) -> dict[str, str]:
    return requirements((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def test_the_lowest_versions_are_those_that_the_package_allows() -> None:
    pins = listed("lowest")
    assert pins.keys() == ALLOWED.keys()
    for name, allowed in ALLOWED.items():
        lowest = allowed.partition(",")[0].removeprefix(">=")
        assert pins[name].removeprefix("==").startswith(lowest), name


def test_the_newest_versions_have_the_upper_limits_of_the_package() -> None:
    limits = {
        name: ",".join(part for part in allowed.split(",") if part.startswith("<"))
        for name, allowed in ALLOWED.items()
    }
    assert listed("newest") == limits


@pytest.mark.parametrize("name", ["lowest", "newest"])
def test_ci_runs_the_tests_of_the_client_with_both(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    job: dict[str, Any] = YAML(typ="safe").load(text)["jobs"]["dependencies"]
    assert name in job["strategy"]["matrix"]["versions"]
    runs = [step.get("run", "") for step in job["steps"]]
    (install,) = (step for step in job["steps"] if "requirements/$VERSIONS.txt" in step.get("run", ""))
    assert install["env"] == {"VERSIONS": "${{ matrix.versions }}"}
    assert "tests/client tests/core tests/policy" in runs[-1]
