"""Read generator-config.yaml: the generator's own options stay there, `naming` and `fixes` come here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
class Naming:
    """How the operations and models of the SDK are called."""

    base_path: str
    rows: tuple[Row, ...]
    members: dict[str, str]
    fixes: tuple[Fix, ...]


def yaml_file(path: Path) -> dict[str, Any]:
    """Read a YAML file."""
    # The library leaves its result untyped.
    reader: Any = YAML(typ="safe")
    return reader.load(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def load_naming(path: Path = CONFIG) -> Naming:
    """Read the `naming` and `fixes` sections.

    Raises:
        SpecError: the file cannot be read, or a row lacks a member.
    """
    try:
        data: dict[str, Any] = yaml_file(path)
        naming = data["naming"]
        return Naming(
            base_path=naming["base_path"],
            rows=tuple(Row(**row) for row in naming["operations"]),
            members=dict(naming["members"]),
            fixes=tuple(Fix(**row) for row in data.get("fixes") or []),
        )
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    except (YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise SpecError(f"{path}: `naming` is not as expected: {error!r}") from error
