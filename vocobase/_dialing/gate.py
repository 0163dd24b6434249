"""The gate before each dial: the sources that decide who may be called, and their decisions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from vocobase._base.arguments import check_function
from vocobase._base.errors import GateError, InvalidArgumentError
from vocobase._dialing.consent import Consent, refusal_of
from vocobase._dialing.decisions import Refuse
from vocobase._dialing.do_not_call import DoNotCallEntry
from vocobase._dialing.ledger_forms import place_of
from vocobase._dialing.lists import OpenedLedger
from vocobase._policy.limits import is_e164

DO_NOT_CALL_CODE = "do_not_call"

# The values of `do_not_call=` and `consent=`, in addition to lists of a ledger.
NumberTest = Callable[[str], "bool | str | Awaitable[bool | str | None] | None"]
ConsentOf = Callable[[str], "Consent | Awaitable[Consent | None] | None"]


class LedgerNumbers:
    """The base of the lists of numbers that a ledger keeps.

    Attributes:
        kind: Name of the list for users.
        opened: The ledger.
    """

    kind: ClassVar[str]

    def __init__(self, opened: OpenedLedger) -> None:
        self.opened = opened


# Of `do_not_call=`: one source, or a list of sources and numbers.
DoNotCallSource = LedgerNumbers | AbstractSet[str] | NumberTest
DoNotCallSources = DoNotCallSource | Sequence["DoNotCallSource | str"]
ConsentSource = LedgerNumbers | Mapping[str, Consent] | ConsentOf


@dataclass(frozen=True)
class Lookup:
    """A source that is called for each number.

    Attributes:
        name: Its name in reasons and messages.
        ask: Returns its result for a number.
    """

    name: str
    ask: Callable[[str], Any]


Source = LedgerNumbers | Lookup


@dataclass(frozen=True)
class GateRules:
    """The sources of one run.

    Attributes:
        do_not_call: Sources of numbers that must not be called.
        consent: The source of consents; None if consents are not checked.
    """

    do_not_call: tuple[Source, ...] = ()
    consent: Source | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to check."""
        return not self.do_not_call and self.consent is None


NO_RULES = GateRules()


@dataclass(frozen=True)
class GateAnswers:
    """The results of the sources for numbers; the decision depends on the time as well.

    Attributes:
        listed: Entries of do-not-call lists.
        refused: Refusals by other sources.
        consents: Consents; None if they are not checked.
    """

    listed: dict[str, list[DoNotCallEntry]]
    refused: dict[str, Refuse]
    consents: dict[str, Consent] | None

    def decide(self, number: str, now: datetime) -> Refuse | None:
        """Return the refusal of a number at a time, or None if it may be called."""
        for entry in self.listed.get(number, ()):
            if entry.valid_until is None or entry.valid_until > now:
                return listed_refusal(entry)
        if number in self.refused:
            return self.refused[number]
        return None if self.consents is None else refusal_of(self.consents.get(number), now)


def rules_of(do_not_call: object, consent: object, what: str, *, awaited: bool) -> GateRules:
    """Return the sources that a user passes.

    Args:
        do_not_call: See ``calls.start_many``.
        consent: See ``calls.start_many``.
        what: Name of the method, for messages.
        awaited: Whether functions may be async.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """
    sources = _sources_of(do_not_call, f"{what}: do_not_call", awaited)
    return GateRules(sources, _consent_source(consent, f"{what}: consent", awaited))


def _sources_of(given: object, what: str, awaited: bool) -> tuple[Source, ...]:
    if isinstance(given, LedgerNumbers):
        return (_of_kind(given, what, "DoNotCall"),)
    if isinstance(given, (str, bytes)) or given is None or isinstance(given, type):
        raise InvalidArgumentError(
            f"{what} must be a DoNotCall list, a set of numbers, a function, or a list of these; read a file"
            " with DoNotCall.import_csv."
        )
    if isinstance(given, (set, frozenset, Mapping)) or (
        isinstance(given, Collection) and not isinstance(given, (list, tuple))
    ):
        # Not copied, so that numbers that are added during the run count too.
        numbers = _checked(cast("Collection[object]", given), what)
        return (Lookup("numbers of this run", lambda number: number in numbers),)
    if isinstance(given, (list, tuple)):
        items = [*cast("Collection[object]", given)]
        _checked(items, what, numbers_only=False)
        numbers = frozenset(item for item in items if isinstance(item, str))
        rest = [item for item in items if not isinstance(item, str)]
        if any(isinstance(item, (list, tuple)) for item in rest):
            raise InvalidArgumentError(f"{what} must not hold a list in a list; use one list of all sources.")
        listed = (Lookup("numbers of this run", numbers.__contains__),) if numbers else ()
        return (*listed, *(source for item in rest for source in _sources_of(item, what, awaited)))
    return (_function(given, what, awaited),)


def _checked(numbers: Collection[object], what: str, *, numbers_only: bool = True) -> Collection[object]:
    for position, number in enumerate(numbers):
        if not is_e164(number) and (numbers_only or isinstance(number, str)):
            entry = place_of(numbers, position, number, "entry")
            raise InvalidArgumentError(
                f"{what}: {entry} is not a number in E.164 form, so it would match no one; write it"
                " like +12025550100, or add it with DoNotCall.add(..., region=)."
            )
    return numbers


def _consent_source(given: object, what: str, awaited: bool) -> Source | None:
    if given is None:
        return None
    if isinstance(given, LedgerNumbers):
        return _of_kind(given, what, "ConsentList")
    if isinstance(given, Mapping):
        consents = cast("Mapping[object, object]", given)
        _checked([*consents], what)
        return Lookup("consents of this run", consents.get)
    if not callable(given) or isinstance(given, type):
        raise InvalidArgumentError(
            f"{what} must be a ConsentList, a mapping of numbers to Consent objects, or a function."
        )
    return _function(given, what, awaited)


def _of_kind(given: LedgerNumbers, what: str, kind: str) -> LedgerNumbers:
    if given.kind != kind:
        raise InvalidArgumentError(f"{what} must be a {kind}, not a {given.kind}.")
    return given


def _function(given: object, what: str, awaited: bool) -> Lookup:
    function = check_function(cast("Callable[[str], object]", given), what, awaited=awaited)
    return Lookup(str(getattr(function, "__name__", type(function).__name__)), function)


def listed_refusal(entry: DoNotCallEntry) -> Refuse:
    """Return the refusal of a number that is in a list of a ledger."""
    day = entry.scrubbed_on or entry.added_at.date()
    reason = f"on the do-not-call list since {day}: {entry.reason}"
    return Refuse(DO_NOT_CALL_CODE, reason, entry.source)


def answered_refusal(source: Lookup, answer: object, what: str) -> Refuse | None:
    """Return the refusal for a result of a source."""
    if answer is None or isinstance(answer, (bool, str)):
        reason = answer if isinstance(answer, str) else f"{source.name} lists the number"
        return Refuse(DO_NOT_CALL_CODE, reason, source.name) if answer else None
    raise unusable(source, answer, "True, False, a reason, or None", what)


def answered_consent(source: Lookup, answer: object, what: str) -> Consent | None:
    """Return the consent that a source has returned."""
    if answer is None or isinstance(answer, Consent):
        return answer
    raise unusable(source, answer, "a Consent or None", what)


def unusable(source: Lookup, answer: object, wanted: str, what: str) -> GateError:
    """Return the error for a result that cannot be used."""
    return GateError(
        f"{what}: {source.name} must return {wanted}, not {type(answer).__name__}. Nothing was sent for the"
        " number; correct the function and run it again."
    )


def failed(source: Lookup, error: Exception, what: str) -> GateError:
    """Return the error for a source that has raised one."""
    return GateError(
        f"{what}: {source.name} raised {type(error).__name__}: {error}. Nothing was sent for the number;"
        " correct the function and run it again."
    )
