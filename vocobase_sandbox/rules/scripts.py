"""Scripts: the outcomes that a test chooses for the calls of one number, or of one agent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from math import ceil
from typing import Any, Literal, cast

from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.settings import REQUIREMENTS, Requirement, is_number
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import conversation, numbers
from vocobase_sandbox.rules.seed_file import SeedError, plain

MAX_SECONDS = 4 * 3600
"""The longest scripted conversation; its recording takes 230 MB."""
MAX_OUTCOMES = 1000
WEBHOOK_DELAYS: dict[str | None, tuple[float, ...]] = {
    None: (0,),
    "lost": (),
    "twice": (0, 1),
    "late": (600,),
}
"""Seconds after the event at which each of its deliveries is due."""
_MAX_NAME = 100
_ROLES = ("bot", "user")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_NAME and value.isprintable()


def _is_seconds(value: Any) -> bool:
    return is_number(value) and 0 <= value <= MAX_SECONDS


_FIELDS: dict[str, Requirement] = {
    "disposition": ("a name such as 'busy'", _is_name),
    "answered_by": ("a name such as 'human'", _is_name),
    "duration": (
        f"a whole number of seconds from 0 to {MAX_SECONDS}",
        lambda value: _is_seconds(value) and isinstance(value, int),
    ),
    "transfer": ("a number in E.164 format", numbers.is_e164),
    "hang_up_after": (f"a number of seconds from 0 to {MAX_SECONDS}", _is_seconds),
    "processing_seconds": REQUIREMENTS["processing_seconds"],
    "webhook": ("'lost', 'twice' or 'late'", lambda value: value in ("lost", "twice", "late")),
}
_OF_ANSWERED_CALLS = ("turns", "duration", "transfer", "hang_up_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One scripted outcome of a call. The sandbox chooses whatever you leave out.

    Args:
        turns: The words, as pairs of role (`bot` or `user`) and content; they appear exactly as given.
        disposition: Final outcome, such as `busy`; it decides the status. A value that the API does not
            document is that of an answered call. Default: `voicemail` if `answered_by` is `machine`,
            `user_hangup_no_speech` if the user says nothing, else `completed`.
        answered_by: Such as `human` or `machine`. Default: as for the magic number with this disposition.
        duration: Length in seconds; turns that take longer are compressed. Default: the length of the turns.
        extraction: Extracted values by key, or `failed` or `skipped`. Default: by the agent's config.
        transfer: The number to which the call is transferred at its end.
        hang_up_after: The other party hangs up after this many seconds of conversation; later turns are lost.
        processing_seconds: Duration of the post-processing, in seconds of the sandbox clock.
        webhook: `lost` (never sent), `twice` (again after a second) or `late` (after ten minutes).

    Raises:
        ValueError: if a value is invalid, or two values contradict each other.
    """

    turns: Sequence[tuple[str, str]] | None = None
    disposition: str | None = None
    answered_by: str | None = None
    duration: int | None = None
    extraction: Mapping[str, Any] | Literal["failed", "skipped"] | None = None
    transfer: str | None = None
    hang_up_after: float | None = None
    processing_seconds: float | None = None
    webhook: Literal["lost", "twice", "late"] | None = None

    def __post_init__(self) -> None:
        """Reject invalid values, and copy the mutable ones."""
        for name, (wanted, fits) in _FIELDS.items():
            value = getattr(self, name)
            if value is not None and not fits(value):
                raise ValueError(f"Conversation: {name} must be {wanted}, not {value!r:.50}")
        if self.turns is not None:
            object.__setattr__(self, "turns", _turns(self.turns))
        if self.extraction is not None:
            object.__setattr__(self, "extraction", _extraction(self.extraction))
        if self.hang_up_after is not None:
            for name in ("duration", "transfer"):
                if getattr(self, name) is not None:
                    raise ValueError(f"Conversation: pass either hang_up_after or {name}, not both")
        if _outcome(self.disposition, self.answered_by).status != "completed":
            for name in _OF_ANSWERED_CALLS:
                if getattr(self, name) is not None:
                    raise ValueError(
                        f"Conversation: a call with the disposition {self.disposition!r} is never answered,"
                        f" so {name} cannot apply"
                    )


def _turns(given: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, Mapping)):
        raise ValueError(f"Conversation: turns must be a list of (role, content), not {given!r:.50}")
    return tuple(_turn(index, turn) for index, turn in enumerate(cast("Iterable[object]", given)))


def _turn(index: int, given: object) -> tuple[str, str]:
    pair: object = given
    if isinstance(given, Mapping):
        members = cast("Mapping[object, object]", given)
        pair = (members.get("role"), members.get("content")) if len(members) == 2 else None
    match pair:
        case [str() as role, str() as content] if role in _ROLES:
            return role, _plain(f"turns[{index}]", content)
        case _:
            raise ValueError(
                f"Conversation: turns[{index}] must be ('bot', text) or ('user', text), not {given!r:.50}"
            )


def _extraction(given: Mapping[str, Any] | str) -> Row | str:
    if isinstance(given, Mapping):
        values: Row = _plain("extraction", dict(given))
        return values
    if given in ("failed", "skipped"):
        return given
    raise ValueError(
        f"Conversation: extraction must be a mapping of values, 'failed' or 'skipped', not {given!r:.50}"
    )


def _plain(name: str, value: object) -> Any:
    try:
        return plain({name: value}, "the script")[name]
    except SeedError as error:
        raise ValueError(f"Conversation: {error}") from None


def parse(given: object) -> Conversation:
    """Convert a disposition, the fields of a conversation, or a conversation.

    Raises:
        ValueError: if it is none of them.
    """
    if isinstance(given, Conversation):
        return given
    if isinstance(given, str):
        return Conversation(disposition=given)
    if not isinstance(given, Mapping):
        raise ValueError(f"an outcome must be a Conversation or a disposition, not {given!r:.50}")
    values = dict(cast("Mapping[str, Any]", given))
    known = [field.name for field in fields(Conversation)]
    for name in values:
        if name not in known:
            near = get_close_matches(str(name), known, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"the fields are: {', '.join(known)}"
            raise ValueError(f"Conversation has no field {name!r:.50}; {hint}")
    return Conversation(**values)


def _row(given: Conversation) -> Row:
    """Convert to plain data that the state file can keep."""
    values = {field.name: getattr(given, field.name) for field in fields(given)}
    if given.turns is not None:
        values["turns"] = [{"role": role, "content": content} for role, content in given.turns]
    return {name: value for name, value in values.items() if value is not None}


def put(world: World, target: object, outcomes: Iterable[object]) -> None:
    """Script the next calls of a number or an agent; without outcomes, remove its script.

    Raises:
        ValueError: if the target does not exist or an outcome is invalid.
    """
    if not isinstance(target, str):
        raise ValueError(f"script a number or the id of an agent, not {target!r:.50}")
    if not numbers.is_e164(target):
        agent = world.store.get("agents", target)
        if target.startswith("+") or agent is None or agent["deleted_at"]:
            raise ValueError(f"{target!r:.50} is neither a number in E.164 format nor the id of an agent")
    rows = [_row(parse(outcome)) for outcome in outcomes]
    if len(rows) > MAX_OUTCOMES:
        raise ValueError(f"a script has at most {MAX_OUTCOMES} outcomes, not {len(rows)}")
    world.store.remove("scripts", target)
    if rows:
        world.store.put("scripts", {"id": target, "outcomes": rows, "used": 0})


def take(world: World, agent_id: str, number: str | None) -> Row | None:
    """Return the outcome of the next call, by its number or else by its agent; the last outcome repeats."""
    script = world.store.get("scripts", number or "") or world.store.get("scripts", agent_id)
    if script is None:
        return None
    outcomes: list[Row] = script["outcomes"]
    used: int = script["used"]
    world.store.put("scripts", {**script, "used": used + 1})
    return outcomes[min(used, len(outcomes) - 1)]


def of(session: Row) -> Row:
    """Return what the script of a session determines; nothing without a script."""
    return session.get("script") or {}


def outcome_of(session: Row) -> numbers.Outcome | None:
    """Return the outcome that the script of a session plans; None without a script."""
    scripted: Row | None = session.get("script")
    if scripted is None:
        return None
    return _outcome(scripted.get("disposition"), scripted.get("answered_by"))


def _outcome(disposition: str | None, answered_by: str | None) -> numbers.Outcome:
    default = "voicemail" if answered_by == "machine" else "completed"
    planned = numbers.outcome_with(disposition or default)
    return planned._replace(answered_by=answered_by or planned.answered_by)


def lines(scripted: Row, ordinary: list[tuple[str, str]], agent: Row) -> list[tuple[str, str]]:
    """Return the words of a conversation, which are the ordinary ones unless the script has others."""
    if "turns" in scripted:
        return [(turn["role"], turn["content"]) for turn in scripted["turns"]]
    if "transfer" in scripted:
        return [*ordinary[:-1], ("bot", agent["transfer_message"] or conversation.DEFAULT_TRANSFER)]
    return ordinary


def fit(scripted: Row, turns: list[conversation.Turn]) -> tuple[list[conversation.Turn], int | None]:
    """Fit timed turns into the scripted length, which is None if the turns decide."""
    hang_up: float | None = scripted.get("hang_up_after")
    if hang_up is not None:
        said = [turn for turn in turns if turn.start < hang_up]
        return [turn._replace(length=min(turn.length, hang_up - turn.start)) for turn in said], ceil(hang_up)
    length: int | None = scripted.get("duration")
    if length is not None and turns:
        scale = min(1.0, length / (turns[-1].start + turns[-1].length))
        turns = [turn._replace(start=turn.start * scale, length=turn.length * scale) for turn in turns]
    return turns, length
