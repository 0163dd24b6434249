"""Detect calls in which the person asks not to be called again: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.json_form import reading_form
from vocobase._policy.states import outcome_form

# Values of an extraction that mean that the person did not ask. Any other value counts as a request: calling
# a person who has asked not to be called is worse than losing a call.
_NO = frozenset({"", "no", "n", "false", "0", "none", "null", "n/a", "na", "unknown", "unclear"})


@dataclass(frozen=True)
class OptOut:
    """The signs that a person has asked in a call not to be called again; the number is added to
    ``DoNotCall``.

    A setting of a list. The default applies to every list whose outcomes are read.

    Args:
        dispositions: Outcomes of a call that mean it, in upper or lower case.
        extraction: Name of an extracted value that means it, unless it is absent or says no; None for none.
    """

    dispositions: Collection[str] = ("do_not_call",)
    extraction: str | None = "do_not_call"

    def __post_init__(self) -> None:
        """Reject values of other types."""
        given = cast(object, self.dispositions)
        listed = [*cast("Iterable[object]", given)] if isinstance(given, Iterable) else [None]
        if isinstance(given, str) or not all(isinstance(name, str) and name for name in listed):
            raise InvalidArgumentError("OptOut: dispositions must be a list of names, such as do_not_call.")
        name = cast(object, self.extraction)
        if name is not None and (not isinstance(name, str) or not name):
            raise InvalidArgumentError("OptOut: extraction must be the name of an extracted value, or None.")
        # One form for equal rules: settings are compared as they are stored.
        object.__setattr__(
            self, "dispositions", tuple(sorted(set(map(outcome_form, cast("list[str]", listed)))))
        )

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        return {"dispositions": [*self.dispositions], "extraction": self.extraction}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OptOut:
        """Read what `to_json` returned.

        Raises:
            InvalidArgumentError: it has another form.
        """
        with reading_form("OptOut"):
            return cls(data["dispositions"], data["extraction"])


def opt_out_of(
    outcome: str | None, extraction: Mapping[str, Any] | None, rule: OptOut | None = None
) -> str | None:
    """Return why a call counts as an opt-out, None if it does not.

    Args:
        outcome: Disposition of the call, or its status where it has none.
        extraction: Extracted values by name.
        rule: The rule of the list; the default one if it has none.
    """
    rule = rule or OptOut()
    if outcome is not None and outcome_form(outcome) in rule.dispositions:
        return f"opted out in a call: the outcome was {outcome}"
    value = None if rule.extraction is None else (extraction or {}).get(rule.extraction)
    if value is None or str(value).strip().casefold() in _NO:
        return None
    return f"opted out in a call: {rule.extraction} was extracted"
