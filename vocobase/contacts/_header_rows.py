"""Explain why a header cannot be used: what was found, and what to pass."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

from vocobase._base.errors import ContactsHeaderError
from vocobase.contacts._columns import NoLayout, describe, find_layout, is_number, name_columns
from vocobase.contacts._types import Columns

DELIMITERS = ",;\t|"
# Lines below the first one that are searched for a header.
SEARCHED_LINES = 10
_SEARCHED_CHARACTERS = 10_000
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")

NumberedLines = Iterable[tuple[int, str | None]]


class Header:
    """The columns of a CSV file, and whether its rows fit them.

    Args:
        name: Its name in messages.
        line: Line of the header; None if the caller passed the names of all columns.
        names: Names of the columns.
        delimiter: Character between fields.
        given: The ``columns`` argument.
    """

    def __init__(
        self, name: str, line: int | None, names: Iterable[object], delimiter: str, given: Columns | None
    ) -> None:
        self.columns = name_columns(names)
        self._name = name
        self._line = line
        self._delimiter = delimiter
        self._given = given
        # The first row of a file without header, unless a column has such a name.
        self._is_data = line is not None and any(map(is_number, self.columns))
        # A delimiter that the header contains in addition to the one in use.
        self._second = self._other_in("".join(self.columns))
        self._phone = 0
        self._fitting = False
        # Line and number of fields of the first row that does not fit.
        self._misfit: tuple[int, int] | None = None
        self._other_delimiter = ""
        self._likely: int | None = None

    def find_phone(self, text: str, following: NumberedLines) -> None:
        """Find the column with phone numbers.

        Args:
            text: The line of the header.
            following: The lines below it, used to explain a failure.

        Raises:
            ContactsHeaderError: there is none, or not the one that the caller named.
        """
        try:
            self._phone = find_layout(self.columns, self._given).phone
        except NoLayout as error:
            below = "" if self._line is None else self._explain(text, following)
            raise self._error(f"{error}{below}") from None

    def _explain(self, text: str, following: NumberedLines) -> str:
        for line, candidate in ((self._line, text), *following):
            delimiter = _delimiter_of_header(candidate or "", self._delimiter, self._given)
            if delimiter is not None:
                with_it = "" if delimiter == self._delimiter else f" with delimiter={delimiter!r}"
                above = "" if line == self._line else "; remove the lines above it"
                return f". The header is in line {self._line}, but line {line} looks like one{with_it}{above}"
        if self._second:
            return (
                f". The header contains {self._second!r} too; pass delimiter= if that is between the columns"
            )
        return ""

    def fits(self, line: int, values: Sequence[str], *, whole: bool) -> bool:
        """Return whether a row has the columns of the header.

        Spreadsheets drop empty cells at the end of a row, or leave some after the last column.

        Args:
            line: Line of the row.
            values: Its fields.
            whole: Whether it ends in that line; if not, a stray quote may have changed its columns.
        """
        extra = len(values) - len(self.columns)
        if extra == 0 and self._fitting:
            return True
        if extra > 0 and any(values[len(self.columns) :]):
            if whole:
                self._note(line, values)
            return False
        phone = values[self._phone] if self._phone < len(values) else ""
        other = self._other_in(phone) if _LETTER.search(phone) else ""
        if _DIGIT.search(phone) and not other:
            self._fitting = True
            return True
        other = (
            self._unsplit_by(values) if extra >= 0 and len(values) > 1 else other or self._other_in(values[0])
        )
        if other:
            self._other_delimiter = other
            self._note(line, values)
            return extra >= 0
        if self._likely is None and _is_header(values, self._given):
            self._likely = line
        return True

    def _note(self, line: int, values: Sequence[str]) -> None:
        self._misfit = self._misfit or (line, len(values))

    def _unsplit_by(self, values: Sequence[str]) -> str:
        """Return the second delimiter of the header if it is within a field as well, else an empty string."""
        return self._second if any(self._second in value for value in values) else ""

    def _other_in(self, text: str) -> str:
        others = (other for other in DELIMITERS if other != self._delimiter and other in text)
        return next(others, "")

    def check_rows(self) -> None:
        """Refuse the header if no row of the file fits it.

        Raises:
            ContactsHeaderError: none fits; the message says what the header and the rows have, and what to
                pass.
        """
        if self._fitting or not (self._misfit or self._likely or self._is_data):
            return
        whose = "columns=" if self._line is None else f"the header in line {self._line}"
        count = len(self.columns)
        seen = f"no row matches {whose}, which has {_counted(count, 'column')} ({describe(self.columns)})"
        if self._misfit is not None:
            line, width = self._misfit
            seen += f"; line {line} has {_counted(width, 'field')}"
        raise self._error(f"{seen}. {self._advice()}")

    def _advice(self) -> str:
        if self._likely is not None:
            return f"Line {self._likely} looks like the header; remove the lines above it"
        if self._other_delimiter:
            return f"The fields contain {self._other_delimiter!r}; pass delimiter={self._other_delimiter!r}"
        if self._is_data:
            return "Pass columns= with the names of all columns as a list if there is no header"
        return (
            f"Quote fields that contain {self._delimiter!r}, pass delimiter=, or pass columns= with the names"
            " of all fields if there is no header"
        )

    def _error(self, text: str) -> ContactsHeaderError:
        return ContactsHeaderError(f"{self._name}: {text}.", line=self._line)


def _delimiter_of_header(text: str, delimiter: str, given: Columns | None) -> str | None:
    """Return the delimiter with which a line is a header, preferably the one in use, or None."""
    candidates: list[str] = [delimiter, *DELIMITERS]
    for candidate in candidates:
        rows = csv.reader([text[:_SEARCHED_CHARACTERS]], delimiter=candidate)
        if any(_is_header(cells, given) for cells in rows):
            return candidate
    return None


def _is_header(cells: Sequence[str], given: Columns | None) -> bool:
    if any(map(is_number, cells)):
        return False
    try:
        find_layout(name_columns(cells), given)
    except NoLayout:
        return False
    return True


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
