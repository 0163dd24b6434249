"""The dependency groups (PEP 735), the extras and the pinned requirements agree."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distributions, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.release.conftest import ROOT

DOCUMENT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[Any]] = DOCUMENT["dependency-groups"]


def resolved(name: str) -> list[Requirement]:
    """Return the requirements of a group and of those that it includes."""
    found: list[Requirement] = []
    for entry in GROUPS[name]:
        found += resolved(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return found


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(each.name): each for each in wanted}


def test_every_group_is_part_of_the_development_environment() -> None:
    assert [entry["include-group"] for entry in GROUPS["dev"]] == sorted(GROUPS.keys() - {"dev"})


def test_the_group_of_extras_has_the_requirements_of_all_extras() -> None:
    extras = [line for lines in DOCUMENT["project"]["optional-dependencies"].values() for line in lines]
    assert sorted(GROUPS["extras"]) == sorted(set(extras))


def test_no_group_needs_the_package_from_an_index() -> None:
    assert "vocobase" not in {canonicalize_name(each.name) for each in resolved("dev")}


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_each_requirement_of_a_group_is_pinned_within_its_range(name: str) -> None:
    pinned = pins()
    for requirement in resolved(name):
        (pin,) = pinned[canonicalize_name(requirement.name)].specifier
        assert pin.operator == "==" and requirement.specifier.contains(pin.version), requirement


def test_every_pin_is_needed_by_a_group_or_the_package() -> None:
    """A pin that nothing leads to is a leftover."""
    waiting = [*resolved("dev"), *(Requirement(line) for line in DOCUMENT["project"]["dependencies"])]
    reached: set[tuple[str, str]] = set()
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), extra)
            if key in reached:
                continue
            reached.add(key)
            try:
                lines = requires(requirement.name) or []
            except PackageNotFoundError:
                continue
            inner = [Requirement(line) for line in lines]
            waiting += [each for each in inner if not each.marker or each.marker.evaluate({"extra": extra})]
    assert pins().keys() - {name for name, _ in reached} == set()


@pytest.mark.parametrize("tools", ["", "docs"])
def test_every_pinned_package_installs_on_the_first_release_of_the_oldest_python(tools: str) -> None:
    """Some distributions of Linux ship Python 3.11.2 and never a later 3.11."""
    folders = [str(path) for path in (Path(sys.prefix) / tools).glob("[Ll]ib/**/site-packages")]
    if not folders:
        pytest.skip("the tools are not installed (make docs)")
    minor = DOCUMENT["project"]["requires-python"].removeprefix(">=")
    # Where this Python has a pin of its own, the oldest has another.
    lines = (ROOT / "requirements" / f"{tools or 'dev'}.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    markers = {
        canonicalize_name(each.name): each.marker for each in found if each.marker and each.marker.evaluate()
    }
    others = {name for name, marker in markers.items() if not marker.evaluate({"python_version": minor})}
    wanted = {each.name: each.metadata.get("Requires-Python") for each in distributions(path=folders)}
    assert {
        name: text
        for name, text in wanted.items()
        if text and f"{minor}.0" not in SpecifierSet(text) and canonicalize_name(name) not in others
    } == {}
