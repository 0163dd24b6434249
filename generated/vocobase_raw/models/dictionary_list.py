from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.dictionary_summary import DictionarySummary
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class DictionaryList(Model):
    """Payload of dictionaries.list.

    Attributes:
        dictionaries (list[DictionarySummary]): List key.
    """

    dictionaries: list[DictionarySummary]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dictionaries", "dictionaries", load_list(load_model(DictionarySummary)), None),
    )
