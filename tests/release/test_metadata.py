"""The wheel tells installers and auditors the truth about itself."""

from __future__ import annotations

import email.parser
import json
import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.release.conftest import ROOT
from vocobase._version import __version__

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read(wheel: Path, name: str) -> str:
    with zipfile.ZipFile(wheel) as packed:
        return packed.read(f"vocobase-{__version__}.dist-info/{name}").decode()


def test_the_metadata_name_version_licence_and_extras(wheel: Path) -> None:
    fields = email.parser.Parser().parsestr(read(wheel, "METADATA"))
    assert (fields["Name"], fields["Version"], fields["License-Expression"]) == (
        "vocobase",
        __version__,
        "MIT",
    )
    assert fields["License-File"] == "LICENSE"
    # What only developers need is in dependency groups, which no wheel carries.
    assert set(fields.get_all("Provides-Extra", [])) == PROJECT["project"]["optional-dependencies"].keys()
    assert "dev" not in PROJECT["project"]["optional-dependencies"]
    assert read(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_a_program_has_the_name_of_the_project(wheel: Path) -> None:
    """Tools that run a package without installing it start the program of the same name."""
    points = ConfigParser(delimiters="=")
    points.read_string(read(wheel, "entry_points.txt"))
    assert points["console_scripts"]["vocobase"] == "vocobase.cli:main"
    assert points["console_scripts"]["vocobase-sandbox"] == "vocobase_sandbox.__main__:main"


def test_each_entry_point_leads_to_something(wheel: Path) -> None:
    points = ConfigParser(delimiters="=")
    points.read_string(read(wheel, "entry_points.txt"))
    targets = [target for section in points.sections() for target in points[section].values()]
    program = """
import sys
from importlib import import_module
sys.path.insert(0, sys.argv[1])
for target in sys.argv[2:]:
    module, _, name = target.partition(":")
    found = import_module(module)
    assert found.__file__.startswith(sys.argv[1]), found.__file__
    assert not name or callable(getattr(found, name)), target
print("all of them")
"""
    command = [sys.executable, "-c", program, str(wheel), *targets]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "all of them\n", done.stderr


@pytest.mark.parametrize("isolated", [["-I"], []])
def test_the_program_without_the_extra_gives_one_line(wheel: Path, isolated: list[str]) -> None:
    program = f"""
import sys
sys.path[:0] = [{str(wheel)!r}]
sys.modules["click"] = None
from vocobase.cli import main
raise SystemExit(main())
"""
    command = [sys.executable, *isolated, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "the extra cli of vocobase" in done.stderr


def test_the_bill_of_materials_names_every_requirement(wheel: Path) -> None:
    bill = json.loads(read(wheel, "sboms/vocobase.cdx.json"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    package = bill["metadata"]["component"]
    assert (package["name"], package["version"]) == ("vocobase", __version__)
    named = {each["name"]: each for each in bill["components"]}
    required = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    optional = {
        canonicalize_name(Requirement(line).name)
        for lines in PROJECT["project"]["optional-dependencies"].values()
        for line in lines
    }
    assert {name for name, each in named.items() if each["scope"] == "required"} == required
    assert {name for name, each in named.items() if each["scope"] == "optional"} == optional - required


def test_the_bill_of_materials_has_no_dangling_reference(wheel: Path) -> None:
    bill = json.loads(read(wheel, "sboms/vocobase.cdx.json"))
    package = bill["metadata"]["component"]
    components = [package, *package["components"], *bill["components"]]
    references = [each["bom-ref"] for each in components]
    assert len(references) == len(set(references))
    named = [each["ref"] for each in bill["dependencies"]]
    assert sorted(named) == sorted(references)
    assert {ref for each in bill["dependencies"] for ref in each.get("dependsOn", [])} <= set(references)
    # Neither may differ between two builds of the same sources.
    assert "serialNumber" not in bill and "timestamp" not in bill["metadata"]


def test_the_bill_of_materials_names_the_generator_that_wrote_the_raw_client(wheel: Path) -> None:
    bill = json.loads(read(wheel, "sboms/vocobase.cdx.json"))
    (raw,) = bill["metadata"]["component"]["components"]
    name, version = raw["properties"][0]["value"].split(" ")
    assert distribution(name).version == version
