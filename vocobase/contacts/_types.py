"""What goes in and what comes out."""

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
        name: Name of the person, None when the list has none.
        metadata: Everything else that the list says; can feed pre-call variables.
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
    """A row that gives no contact.

    Attributes:
        line: Line of the file where the row begins, counted from 1; of other sources the number of the row.
        reason: What is wrong with it, without its content.
        row: Its values by column; what belongs to no column is under the empty string.
        duplicate_of: Line that had the same number first; None unless that is what is wrong.
    """

    line: int
    reason: str
    row: Mapping[str, Any] = field(hash=False)
    duplicate_of: int | None = None


class PandasFrame(Protocol):
    """What is used of a pandas dataframe."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""
        ...

    def itertuples(self, index: bool = ..., name: Any = ...) -> Iterable[Any]:
        """Walk through the rows."""
        ...


class PolarsFrame(Protocol):
    """What is used of a polars dataframe."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""
        ...

    def iter_rows(self) -> Any:
        """Walk through the rows."""
        ...


@dataclass(slots=True)
class FileForm:
    """How a source is written, so that its rejects are written in the same way; known when it is read.

    Attributes:
        delimiter: Character between fields.
        mark: Whether readers need a byte order mark to detect UTF-8: the source has one, or another encoding.
    """

    delimiter: str = ","
    mark: bool = False


class Row(NamedTuple):
    """A row of any source, not judged yet."""

    line: int
    columns: tuple[str, ...]
    values: Sequence[Any]


def is_path(value: object) -> TypeGuard[str | os.PathLike[str]]:
    """Tell whether a value is the path of a file."""
    return isinstance(value, (str, os.PathLike))


Format = Literal["csv", "tsv", "jsonl"]
"""How a file is written."""

Columns = Mapping[str, str] | Sequence[str]
"""Which column is which, or the names of all columns of a file that has no header."""

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
"""A path, an open file, a dataframe, or an iterable of mappings or of what ``read`` gave."""
