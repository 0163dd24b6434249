"""The types of sources, and of the rows that ``read`` returns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Literal, NamedTuple, Protocol, TypeGuard

from vocobase._base.masked_repr import PERSONAL, MaskedRepr


@dataclass(frozen=True, slots=True, repr=False)
class Contact(MaskedRepr):
    """A person to call.

    Attributes:
        phone: Number in E.164 form.
        name: Name of the person, None if the list has none.
        metadata: All other columns of the row; can supply pre-call variables.
    """

    phone: str
    name: str | None = field(default=None, metadata=PERSONAL)
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the contact as ``campaigns.add_contacts`` takes it."""
        named = {} if self.name is None else {"name": self.name}
        extra = {"metadata": dict(self.metadata)} if self.metadata else {}
        return {"phone": self.phone, **named, **extra}


@dataclass(frozen=True, slots=True, repr=False)
class BadRow(MaskedRepr):
    """A row that is not a contact.

    Attributes:
        line: Line of the file where the row begins, counted from 1; of other sources the number of the row.
        reason: Why it was rejected, without its content.
        row: Its values by column; those without a column are under the empty string.
        duplicate_of: First line with the same number; None if that is not the reason.
    """

    line: int
    reason: str
    row: Mapping[str, Any] = field(hash=False)
    duplicate_of: int | None = None


class PandasFrame(Protocol):
    """The part of a pandas dataframe that is used."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""
        ...

    def itertuples(self, index: bool = ..., name: Any = ...) -> Iterable[Any]:
        """Iterate over the rows."""
        ...


class PolarsFrame(Protocol):
    """The part of a polars dataframe that is used."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""
        ...

    def iter_rows(self) -> Any:
        """Iterate over the rows."""
        ...


@dataclass(slots=True)
class FileForm:
    """The format of a source, in which its rejects are written as well; known once it is read.

    Attributes:
        delimiter: Character between fields.
        mark: Whether readers need a byte order mark to detect UTF-8: the source has one, or another encoding.
    """

    delimiter: str = ","
    mark: bool = False


class Row(NamedTuple):
    """A row of any source, not checked yet."""

    line: int
    columns: tuple[str, ...]
    values: Sequence[Any]


def is_path(value: object) -> TypeGuard[str | os.PathLike[str]]:
    """Return whether a value is the path of a file."""
    return isinstance(value, (str, os.PathLike))


Format = Literal["csv", "tsv", "jsonl"]
"""The format of a file."""

Columns = Mapping[str, str] | Sequence[str]
"""The meaning of the columns, or the names of all columns of a file without a header."""

LineType = Literal[
    "fixed_line",
    "mobile",
    "fixed_line_or_mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "unknown",
]
"""The kind of a number, as its country assigns it."""

ContactSource = (
    str
    | os.PathLike[str]
    | IO[str]
    | IO[bytes]
    | PandasFrame
    | PolarsFrame
    | Iterable[Mapping[str, Any] | Contact | BadRow]
)
"""A path, an open file, a dataframe, or an iterable of mappings or of results of ``read``."""
