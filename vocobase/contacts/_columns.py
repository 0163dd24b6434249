"""The meaning of the columns of a source: the number, the name, and all others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from vocobase._base.arguments import shown
from vocobase._base.errors import ContactsHeaderError, InvalidArgumentError
from vocobase.contacts._types import Columns

# The usual headers, in lower case, with anything but letters and digits as one space.
HEADERS = {
    "phone": frozenset(
        {"phone", "phone number", "phone no", "phonenumber", "mobile", "mobile number", "mobile no"}
        | {"mobile phone", "cell", "cell phone", "cellphone", "telephone", "telephone number", "tel"}
        | {"number", "contact number", "contact no", "msisdn", "whatsapp", "whatsapp number", "to number"}
    ),
    "name": frozenset({"name", "full name", "fullname", "contact name", "customer name"}),
    "first_name": frozenset({"first name", "firstname", "first", "given name", "forename"}),
    "last_name": frozenset({"last name", "lastname", "last", "family name", "surname"}),
}
# The columns of a file of rejected rows in addition to those of its source, so that it can be corrected and
# read.
REJECTED_LINE, REJECTED_REASON, REJECTED_REST = "rejected_line", "rejected_reason", "rejected_rest"
_IGNORED = frozenset({REJECTED_LINE, REJECTED_REASON, REJECTED_REST})
_VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_SHOWN = 20
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions of the parts of a contact within a row."""

    phone: int
    name: tuple[int, ...]
    rest: tuple[tuple[int, str], ...]


class Repeated(str):
    """The name of a column whose header occurs again."""

    header: str


class NoLayout(Exception):
    """The columns cannot be identified; the text says why."""


def name_columns(header: Iterable[object]) -> tuple[str, ...]:
    """Return the columns with unique names."""
    names: dict[str, None] = {}
    counts: dict[str, int] = {}
    for position, cell in enumerate(header, 1):
        name = wanted = _spaced(str(cell)) or f"column_{position}"
        while name in names:
            counts[wanted] = counts.get(wanted, 1) + 1
            name = Repeated(f"{wanted}_{counts[wanted]}")
            name.header = wanted
        names[name] = None
    return tuple(names)


def _spaced(header: str) -> str:
    return " ".join(header.split())


def check_columns(columns: object) -> Columns | None:
    """Reject a ``columns`` argument that cannot be used.

    Raises:
        InvalidArgumentError: it is neither a mapping of parts and variables to columns nor a list of names.
    """
    if columns is None:
        return None
    names: list[object]
    if isinstance(columns, Mapping):
        given = cast("Mapping[object, object]", columns)
        for part in given:
            _check_part(part)
        names = [*given.values()]
    elif isinstance(columns, Iterable) and not isinstance(columns, (str, bytes)):
        names = [*cast("Iterable[object]", columns)]
    else:
        names = [None]
    if not names or not all(isinstance(name, str) and name for name in names):
        raise InvalidArgumentError(
            "columns: pass a mapping such as {'phone': 'Mobile No'}, or the names of all columns as a list."
        )
    return cast("Columns", columns)


def _check_part(part: object) -> None:
    """Require a part of a contact, or a variable that no header of a part could be confused with."""
    if part in HEADERS:
        return
    if not isinstance(part, str) or _VARIABLE.fullmatch(part) is None:
        raise InvalidArgumentError(
            f"columns: {shown(part)} is not one of {', '.join(HEADERS)}, and not a variable (letters, digits"
            " and underscores)."
        )
    meant = [known for known, headers in HEADERS.items() if _plain(part) in headers]
    if meant:
        raise InvalidArgumentError(f"columns: write {meant[0]!r} instead of {shown(part)}.")


def find_layout(columns: tuple[str, ...], given: Columns | None, *, strict: bool = True) -> Layout:
    """Identify the columns.

    Args:
        columns: The columns of the row.
        given: The ``columns`` argument.
        strict: Whether a column that the caller named must exist.

    Raises:
        NoLayout: there is no column with numbers, or more than one, or not the one that was named.
    """
    named: Mapping[str, str] = given if isinstance(given, Mapping) else {}
    found = {part: _position(part, columns, named, strict) for part in (*HEADERS, *named)}
    phone = found["phone"]
    if phone is None:
        raise NoLayout(
            f"no column with phone numbers among {describe(columns)}; name it with"
            " columns={'phone': ...}, or pass the names of all columns as a list if there is no header"
        )
    whole = [found["name"]] if found["name"] is not None else [found["first_name"], found["last_name"]]
    name = tuple(position for position in whole if position is not None)
    variables = {
        part: position for part, position in found.items() if part not in HEADERS and position is not None
    }
    mapped = {phone, *name, *variables.values()}
    rest = [
        (position, column)
        for position, column in enumerate(columns)
        if position not in mapped and column not in _IGNORED
    ]
    if twice := sorted({column for _, column in rest} & variables.keys()):
        raise NoLayout(f"columns: there is a column {twice[0]!r} too; remove it or rename the variable")
    return Layout(phone, name, (*rest, *((position, part) for part, position in variables.items())))


def _position(part: str, columns: tuple[str, ...], named: Mapping[str, str], strict: bool) -> int | None:
    if part in named:
        wanted = _spaced(named[part])
        spaced = [_spaced(column) for column in columns]
        if wanted in spaced:
            return spaced.index(wanted)
        if strict:
            raise NoLayout(f"columns: there is no column {wanted!r} among {describe(columns)}")
        return None
    taken = {_spaced(column) for column in named.values()}
    fitting = [
        position
        for position, column in enumerate(columns)
        if _spaced(column) not in taken and _plain(column) in HEADERS[part]
    ]
    if len(fitting) > 1:
        more = f" and {len(fitting) - _SHOWN} more" if len(fitting) > _SHOWN else ""
        names = " and ".join(repr(columns[position][:50]) for position in fitting[:_SHOWN]) + more
        raise NoLayout(f"{names} could both be the {part}; say which with columns={{{part!r}: ...}}")
    return fitting[0] if fitting else None


def _plain(column: str) -> str:
    header = column.header if isinstance(column, Repeated) else column
    return re.sub(r"[\W_]+", " ", header.casefold()).strip()


def is_rejects(columns: Iterable[str]) -> bool:
    """Return whether columns are those of a file of rejected rows."""
    return {REJECTED_LINE, REJECTED_REASON} <= {*columns}


def describe(columns: tuple[str, ...]) -> str:
    """List columns for a message."""
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return ", ".join(map(_shown, columns[:_SHOWN])) + more


def _shown(column: str) -> str:
    # In a file without a header, this is the number of a person.
    return "a number" if is_number(column) else repr(column[:50])


def is_number(cell: str) -> bool:
    """Return whether a cell has enough digits to be a phone number."""
    return sum(character.isdigit() for character in cell[:50]) >= _FEWEST_DIGITS


def unusable(name: str, error: NoLayout) -> ContactsHeaderError:
    """Return the error for a source without a usable column of phone numbers."""
    return ContactsHeaderError(f"{name}: {error}.")
