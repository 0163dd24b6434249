from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class AddedContacts(Model):
    """Payload of campaigns.add_contacts.

    Attributes:
        added (int): Rows put on the campaign.
        duplicates (int): Rows skipped as repeats.
        contacts_created (int): Newly created contact records.
        contacts_existing (int): Contact records that existed before and were reused.
    """

    added: int
    duplicates: int
    contacts_created: int
    contacts_existing: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("added", "added", None, None),
        ("duplicates", "duplicates", None, None),
        ("contacts_created", "contacts_created", None, None),
        ("contacts_existing", "contacts_existing", None, None),
    )
