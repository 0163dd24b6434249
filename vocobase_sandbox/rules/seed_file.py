"""Read seed data from files, and reject anything but plain data before it is used."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, cast

from vocobase_sandbox.kernel.messages import Row

MAX_BYTES = 8 * 1024 * 1024
# PyYAML parses about 100 kB per second.
MAX_YAML_BYTES = 1024 * 1024
MAX_VALUES = 200_000
MAX_DEPTH = 32
_LARGEST_INTEGER = 2**63 - 1
_LONGEST_NUMBER = 400
_TEXT_TAG = "tag:yaml.org,2002:str"


class SeedError(ValueError):
    """Seed data cannot be used; the message names the entry and the reason."""


def read(source: str | Path | Row) -> Row:
    """Read seed data from a mapping, a JSON file or (with PyYAML installed) a YAML file.

    Raises:
        SeedError: if the file cannot be read or is not a mapping of plain data.
    """
    if isinstance(source, dict):
        return cast("Row", plain(source, "the seed data"))
    path = Path(source)
    try:
        data = _parse(path)
    except OSError as error:
        raise SeedError(f"cannot read {path}: {error.strerror}") from error
    except RecursionError as error:
        raise SeedError(f"cannot read {path}: it is nested too deeply") from error
    except ValueError as error:
        raise SeedError(f"cannot read {path}: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(data, dict):
        raise SeedError(f"{path} must be a mapping")
    return cast("Row", plain(cast(object, data), str(path)))


def _parse(path: Path) -> Any:
    written_as_yaml = path.suffix in (".yaml", ".yml")
    most = MAX_YAML_BYTES if written_as_yaml else MAX_BYTES
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it is larger than {most:,} bytes")
    text = content.decode("utf-8-sig")
    if written_as_yaml:
        return _parse_yaml(text)
    return json.loads(text, object_pairs_hook=_members)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice[:50]!r} appears twice")
    return members


def _parse_yaml(text: str) -> Any:
    try:
        import yaml
    except ImportError as error:
        raise ValueError("YAML needs PyYAML; use JSON or install it") from error
    try:
        loader: Any = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        # Check before values are built: aliases and merges can expand to billions of them.
        _check_nodes(yaml, node)
        return loader.construct_document(node)
    except (RecursionError, ValueError):
        raise
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except Exception as error:
        # PyYAML raises exceptions of any type if a value does not fit its tag.
        raise ValueError(f"a value does not fit its tag ({type(error).__name__})") from error


def _check_nodes(yaml: Any, root: Any) -> None:
    left = [(root, 1)]
    count = 0
    while left:
        node, depth = left.pop()
        count += 1
        if count > MAX_VALUES or depth > MAX_DEPTH:
            raise ValueError(_excess(depth))
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            merged = [name for name in names if name != "<<"]
            if len(merged) > len(set(merged)):
                raise ValueError(f"a field appears twice{_place(node)}")
            left += [(part, depth + 1) for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            left += [(part, depth + 1) for part in node.value]
        elif node.tag != _TEXT_TAG and len(node.value) > _LONGEST_NUMBER:
            raise ValueError(f"a number is too long{_place(node)}")


def _place(node: Any) -> str:
    return f" (line {node.start_mark.line + 1})"


def _excess(depth: int) -> str:
    if depth > MAX_DEPTH:
        return f"it is nested more than {MAX_DEPTH} levels deep"
    return f"it has more than {MAX_VALUES:,} values"


def plain(data: object, place: str) -> Any:
    """Copy data that JSON can express.

    Raises:
        SeedError: for anything else, for cycles, and for too much data.
    """
    return _Copier(place).copy(data, "", 1)


class _Copier:
    """Copy values and count them; a shared value is copied and counted each time."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._count = 0

    def copy(self, value: object, place: str, depth: int) -> Any:
        """Return a copy of a value."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_VALUES:
            raise SeedError(f"{self._source}: {_excess(depth)}")
        if isinstance(value, dict):
            members = cast("dict[object, object]", value)
            return {
                self._name(name, place): self.copy(item, f"{place}.{name}" if place else str(name), depth + 1)
                for name, item in members.items()
            }
        if isinstance(value, list):
            items = cast("list[object]", value)
            return [self.copy(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(items)]
        problem = _problem(value)
        if problem:
            raise SeedError(f"{place or self._source}: {problem}")
        return value

    def _name(self, name: object, place: str) -> str:
        if not isinstance(name, str) or _problem(name):
            raise SeedError(f"{place or self._source}: a name must be a string, not {name!r:.50}")
        return name


def _problem(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return "" if value.isascii() or not _has_surrogates(value) else "the text contains a lone surrogate"
    if isinstance(value, int):
        return "" if abs(value) <= _LARGEST_INTEGER else "the number is too large"
    if isinstance(value, float):
        return "" if math.isfinite(value) else "the number must be finite"
    quoted = "; put it in quotes" if type(value).__name__ in ("date", "datetime") else ""
    return f"a value of type {type(value).__name__} cannot be used{quoted}"


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
