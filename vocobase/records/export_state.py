"""The state of an export: a file in its folder that records which records it has, and in which form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from vocobase._base.files import OWNER_ONLY, NewFile
from vocobase.records.days import State

VERSION = 1
NAME = ".vocobase-export.json"
_AS_BEFORE = ("records", "format", "tz")


@dataclass(slots=True)
class Export:
    """The export in a folder.

    Attributes:
        records: Identity of the records.
        format: Format of the files.
        tz: Time zone of the days.
        days: The rows that were written for each day.
    """

    records: str
    format: str
    tz: str
    days: dict[str, State] = field(default_factory=dict[str, State])

    def save(self, folder: Path) -> None:
        """Replace the file in one step.

        Raises:
            OSError: it cannot be written.
        """
        data = {
            "version": VERSION,
            **{name: getattr(self, name) for name in _AS_BEFORE},
            "days": {day: [state.rows, state.sequence] for day, state in self.days.items()},
        }
        with NewFile(folder / NAME, OWNER_ONLY) as part:
            part.file.write(json.dumps(data).encode())
            part.sync()
            part.commit()


def load_days(folder: Path, wanted: Export) -> dict[str, State] | None:
    """Return the export in a folder, or None if nothing was exported into it.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, or the folder has another export.
    """
    try:
        data = cast(object, json.loads((folder / NAME).read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its {NAME} is damaged") from error
    if not isinstance(data, dict):
        raise ValueError(f"its {NAME} is damaged")
    return _checked(cast("Mapping[str, Any]", data), wanted)


def _checked(data: Mapping[str, Any], wanted: Export) -> dict[str, State]:
    if data.get("version") != VERSION:
        raise ValueError(f"its {NAME} has version {data.get('version')!r}, not {VERSION}")
    if data.get("records") != wanted.records:
        raise ValueError("it has an export of other records")
    for name in ("format", "tz"):
        if data.get(name) != getattr(wanted, name):
            raise ValueError(f"its export has {name}={data.get(name)!r}, not {getattr(wanted, name)!r}")
    try:
        return {day: State(int(rows), int(sequence)) for day, (rows, sequence) in data["days"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"its {NAME} is damaged") from error
