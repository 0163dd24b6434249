"""Rows as CSV that only the owner can read, and in which no spreadsheet finds a formula."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from vocobase._base.arguments import as_path
from vocobase._base.errors import ConfigurationError
from vocobase._base.files import OWNER_ONLY, NewFile
from vocobase.contacts._formulas import escape_formula


def write_table(
    names: Sequence[str], rows: Iterable[Mapping[str, Any]], path: str | os.PathLike[str], what: str
) -> int:
    """Write rows as CSV; an existing file is replaced at the end.

    Args:
        names: The columns.
        rows: The rows; members without a column are left out.
        path: The file.
        what: Name of the method, for messages.

    Returns:
        How many rows were written.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    target = as_path(path, f"{what}: path")
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[escape_formula(name) for name in names], *cells])
    try:
        with NewFile(target, OWNER_ONLY) as part:
            part.file.write(text.getvalue().encode())
            part.sync()
            part.commit()
    except OSError as error:
        raise ConfigurationError(f"{what}: {target} cannot be written: {error.strerror}.") from error
    return len(cells)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return escape_formula(value)
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case Decimal() | float() | int() if not isinstance(value, bool):
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
