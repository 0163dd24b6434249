"""Write stored rows as Parquet with DuckDB, which reads them from a temporary file of JSON lines."""

from __future__ import annotations

import errno
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from vocobase._base.errors import ConfigurationError
from vocobase._base.extras import needs
from vocobase._base.files import OWNER_ONLY, NewFile
from vocobase.records.formats import Row, Write, write_json_lines
from vocobase.records.row import COLUMNS, Kind

_TYPES: Mapping[Kind, str] = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "real": "DOUBLE",
    "time": "TIMESTAMPTZ",
    "money": "DECIMAL(18, 6)",
    "flag": "BOOLEAN",
    "json": "JSON",
}
_COLUMNS = ", ".join(f"\"{name}\": '{_TYPES[kind]}'" for name, kind in COLUMNS.items())
# One thread and small groups keep the memory small; 100,000 rows take 2 s regardless.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
}
_GROUP_ROWS = 10_240
# DuckDB reads in pieces of twice the largest row.
_MIN_OBJECT_BYTES = 1 << 20


@contextmanager
def parquet() -> Generator[Write]:
    """Yield the function that writes Parquet.

    Raises:
        ConfigurationError: the package duckdb is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        what = needs("records.export: Parquet", "export")
        raise ConfigurationError(f"{what}. Nothing was written.") from error

    def write(pages: Iterable[list[Row]], part: NewFile) -> None:
        target = Path(part.file.name)
        with NewFile(target, OWNER_ONLY) as lines:
            longest = write_json_lines(pages, lines)
            lines.file.flush()
            try:
                connection.execute(_copy(lines.file.name, target, longest))
            except duckdb.Error as error:
                raise OSError(errno.EIO, " ".join(str(error).split())[:300]) from error

    with duckdb.connect(config=_CONFIG) as connection:
        yield write


def _copy(source: str, target: Path, longest: int) -> str:
    # Otherwise the characters of a pattern in the name of a folder would name other files.
    exact = re.sub(r"([*?\[])", r"[\1]", source)
    lines = (
        f"read_json({_text(exact)}, format = 'newline_delimited', columns = {{{_COLUMNS}}},"
        f" maximum_object_size = {max(longest, _MIN_OBJECT_BYTES)})"
    )
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP_ROWS}, USE_TMP_FILE false"
    return f"COPY (SELECT * FROM {lines}) TO {_text(target)} ({options})"  # noqa: S608 - texts are quoted


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
