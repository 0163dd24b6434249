"""Read generator-config.yaml: `naming`, `fixes` and `drift`; the rest is for the generator."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec_tools.document import SpecError
from spec_tools.matching import Row

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "generator-config.yaml"


@dataclass(frozen=True)
class Fix:
    """A correction of the published document, with its reason."""

    at: str
    nullable: bool
    reason: str


@dataclass(frozen=True)
class Keywords:
    """A typed dictionary of the keyword arguments of one operation.

    Attributes:
        name: Name of the dictionary.
        key: Key of the operation.
        apart: Members of the request body that are not in it, as methods name them in their signature.
    """

    name: str
    key: str
    apart: frozenset[str]


@dataclass(frozen=True)
class Naming:
    """The names of the operations and models of the SDK."""

    base_path: str
    rows: tuple[Row, ...]
    members: dict[str, str]
    settings: tuple[Keywords, ...]
    fixes: tuple[Fix, ...]


def yaml_file(path: Path) -> dict[str, Any]:
    """Read a YAML file."""
    # The library leaves its result untyped.
    reader: Any = YAML(typ="safe")
    return cast("dict[str, Any]", reader.load(path.read_text(encoding="utf-8")))


def load_naming(path: Path = CONFIG) -> Naming:
    """Read the `naming` and `fixes` sections.

    Raises:
        SpecError: the file cannot be read, or a row lacks a member.
    """
    try:
        data: dict[str, Any] = yaml_file(path)
        naming = data["naming"]
        fixes: list[dict[str, Any]] = data.get("fixes") or []
        return Naming(
            base_path=naming["base_path"],
            rows=tuple(Row(**row) for row in naming["operations"]),
            members=dict(naming["members"]),
            settings=tuple(
                Keywords(row["name"], row["key"], frozenset(row["apart"])) for row in naming["settings"]
            ),
            fixes=tuple(Fix(**row) for row in fixes),
        )
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    except (YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise SpecError(f"{path}: `naming` is not as expected: {error!r}") from error


def published_at(path: Path = CONFIG) -> str:
    """Return the address of the published document, from VOCOBASE_SPEC_URL or the `drift` section."""
    chosen = os.environ.get("VOCOBASE_SPEC_URL")
    if chosen:
        return chosen
    try:
        return str(yaml_file(path)["drift"]["url"])
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    except (YAMLError, KeyError, TypeError, ValueError) as error:
        raise SpecError(f"{path}: `drift` is not as expected: {error!r}") from error
