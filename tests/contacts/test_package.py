"""The package shows its public names and nothing else."""

from __future__ import annotations

import pytest

import vocobase
from vocobase import contacts


def test_every_public_name_is_there() -> None:
    assert {name for name in dir(contacts) if getattr(contacts, name) is not None} == set(contacts.__all__)
    assert contacts.ContactsError is vocobase.ContactsError
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        contacts.nothing  # noqa: B018
