from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.attached_dictionary import AttachedDictionary
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class AttachedDictionaryList(Model):
    """Payload of agents.dictionaries.list, agents.dictionaries.replace.

    Attributes:
        dictionaries (list[AttachedDictionary]): Attached dictionaries, summary form.
    """

    dictionaries: list[AttachedDictionary]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dictionaries", "dictionaries", load_list(load_model(AttachedDictionary)), None),
    )
