"""Put a bill of materials into the wheel (PEP 770): what the package is made of, and what it needs.

Hatchling loads this file when it builds a wheel. The document is CycloneDX 1.6 as JSON. It follows from
pyproject.toml alone, without a time or a random number, so that two builds are byte-identical.
"""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "vocobase.cdx.json"
GENERATOR = "openapi-python-client"


def bill(project: dict[str, Any], version: str, generator: str) -> dict[str, Any]:
    """Return the bill of materials.

    Args:
        project: The table `project` of pyproject.toml.
        version: Version of the package.
        generator: Version of the program that wrote `vocobase_raw`.
    """
    name = project["name"]
    root = f"pkg:pypi/{name}@{version}"
    raw = f"{root}#vocobase_raw"
    required = [_needed(line, "required") for line in project["dependencies"]]
    optional = [
        _needed(line, "optional", extra)
        for extra, lines in sorted(project["optional-dependencies"].items())
        for line in lines
    ]
    known = {component["bom-ref"]: component for component in [*optional, *required]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": root,
                "name": name,
                "version": version,
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": root,
                "components": [
                    {
                        "type": "library",
                        "bom-ref": raw,
                        "name": "vocobase_raw",
                        "version": version,
                        "description": "Raw client, generated from openapi.json.",
                        "properties": [{"name": "vocobase:generator", "value": f"{GENERATOR} {generator}"}],
                    }
                ],
            }
        },
        "components": [known[ref] for ref in sorted(known)],
        "dependencies": [
            {"ref": root, "dependsOn": sorted({raw, *(each["bom-ref"] for each in required)})},
            {"ref": raw, "dependsOn": sorted(each["bom-ref"] for each in required)},
            *({"ref": ref} for ref in sorted(known)),
        ],
    }


def _needed(requirement: str, scope: str, extra: str = "") -> dict[str, Any]:
    """Return the component of a requirement: a range instead of a version, as it is not in the wheel."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    name = re.sub(r"[-_.]+", "-", match[0]).lower()
    properties = [{"name": "vocobase:requirement", "value": requirement}]
    if extra:
        properties.append({"name": "vocobase:extra", "value": extra})
    purl = f"pkg:pypi/{name}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "scope": scope,
        "purl": purl,
        "properties": properties,
    }


def generator_version(lines: list[str]) -> str:
    """Return the version of the generator, which the dependency groups pin."""
    (version,) = {line.removeprefix(f"{GENERATOR}==") for line in lines if line.startswith(f"{GENERATOR}==")}
    return version


class BillOfMaterials(BuildHookInterface[Any]):
    """Write the bill of materials while the wheel is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the document to the wheel; an editable installation has none."""
        if version == "editable":
            return
        document = tomllib.loads((Path(self.root) / "pyproject.toml").read_text(encoding="utf-8"))
        generator = generator_version(document["dependency-groups"]["generate"])
        release = self.metadata.version  # pyright: ignore[reportUnknownMemberType] - untyped plugins
        content = bill(document["project"], release, generator)
        self._folder = tempfile.TemporaryDirectory()
        place = Path(self._folder.name) / NAME
        place.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")
        build_data["sbom_files"].append(str(place))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the document that was put into the wheel."""
        if version != "editable":
            self._folder.cleanup()
