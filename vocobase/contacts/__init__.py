"""Read lists of people to call: CSV, TSV, JSON lines, dataframes, and any iterable of mappings.

    from vocobase.contacts import BadRow, read

    for row in read([{"Mobile": "(202) 555-0123", "Name": "Asha", "tier": "gold"}], region="US"):
        if isinstance(row, BadRow):
            print(row.line, row.reason)
        else:
            print(row.phone, row.name, row.metadata)    # +12025550123 Asha {'tier': 'gold'}

Every row is returned once, either as a contact whose number is in E.164 form or as a bad row with its line
and the reason; duplicate numbers are among the bad rows. Memory use does not grow with the list. You need
neither a client nor an API key; ``campaigns.import_contacts`` adds a list to a campaign.

Importing this package loads nothing else: each name is loaded at its first use. Phone numbers are read by
phonenumbers, which the extra ``contacts`` installs.
"""

from __future__ import annotations

# Importing `typing` would take longer than everything else here; type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from vocobase._base.errors import ContactsError, ContactsHeaderError
    from vocobase.contacts._e164 import to_e164
    from vocobase.contacts._formulas import escape_formula
    from vocobase.contacts._read import read
    from vocobase.contacts._report import ImportProgress, ImportReport
    from vocobase.contacts._types import BadRow, Columns, Contact, ContactSource, Format, LineType

__all__ = [
    "BadRow",
    "Columns",
    "Contact",
    "ContactSource",
    "ContactsError",
    "ContactsHeaderError",
    "Format",
    "ImportProgress",
    "ImportReport",
    "LineType",
    "escape_formula",
    "read",
    "to_e164",
]

_MODULES = {
    "BadRow": "vocobase.contacts._types",
    "Columns": "vocobase.contacts._types",
    "Contact": "vocobase.contacts._types",
    "ContactSource": "vocobase.contacts._types",
    "ContactsError": "vocobase._base.errors",
    "ContactsHeaderError": "vocobase._base.errors",
    "Format": "vocobase.contacts._types",
    "ImportProgress": "vocobase.contacts._report",
    "ImportReport": "vocobase.contacts._report",
    "LineType": "vocobase.contacts._types",
    "escape_formula": "vocobase.contacts._formulas",
    "read": "vocobase.contacts._read",
    "to_e164": "vocobase.contacts._e164",
}


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
