"""Compare two schemas in normal form and list the changes on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spec_tools.rules import RULES, WHOLE, Severity, limit_change
from spec_tools.schemas import LIMITS, Schema, join_kinds

REQUEST, RESPONSE = "request", "response"


@dataclass(frozen=True)
class Change:
    """One difference on the wire.

    Attributes:
        key: Our name of the operation, or another subject.
        side: ``request``, ``response`` or empty.
        member: Where inside the body or the parameters.
        kind: A row of the rules.
        detail: The old and the new value.
    """

    key: str
    side: str
    member: str
    kind: str
    detail: str

    @property
    def severity(self) -> Severity:
        if not self.side:
            return WHOLE[self.kind][0]
        in_request, in_response, _ = RULES[self.kind]
        return in_request if self.side == REQUEST else in_response

    @property
    def note(self) -> str:
        return RULES[self.kind][2] if self.side else WHOLE[self.kind][1]


def schemas(key: str, side: str, at: str, old: Schema, new: Schema) -> Iterator[Change]:
    """Compare two normal forms."""
    here = at or "body"
    kind = _type_change(old, new)
    if kind:
        yield Change(key, side, here, kind, f"{_type(old)} -> {_type(new)}")
    if old.nullable != new.nullable:
        yield Change(key, side, here, "null now allowed" if new.nullable else "null no longer allowed", "")
    yield from _values(key, side, here, old, new)
    for name in LIMITS:
        before, after = old.limits.get(name), new.limits.get(name)
        if before != after and not kind:
            yield Change(
                key, side, here, limit_change(name, before, after), f"{name} {before!r} -> {after!r}"
            )
    yield from _members(key, side, at, old, new)
    yield from _inside(key, side, at + "[]", old.items, new.items)
    yield from _inside(key, side, f"{at}.*".lstrip("."), old.values, new.values)


def _type(schema: Schema) -> str:
    return f"{schema.kind} ({schema.format})" if schema.format else schema.kind


def _type_change(old: Schema, new: Schema) -> str:
    if (old.kind, old.format) == (new.kind, new.format):
        return ""
    if old.kind == new.kind and not (old.format and new.format):
        return "type narrowed" if new.format else "type widened"
    if "any" in (old.kind, new.kind):
        return "type narrowed" if old.kind == "any" else "type widened"
    if old.kind != new.kind and join_kinds(old.kind, new.kind):
        return "type narrowed" if new.kind == "integer" else "type widened"
    return "type changed"


def _values(key: str, side: str, at: str, old: Schema, new: Schema) -> Iterator[Change]:
    if old.kind != new.kind:
        return
    was_limited, is_limited = (bool(schema.enum) and not schema.open for schema in (old, new))
    if was_limited != is_limited:
        kind = "limited to listed values" if is_limited else "no longer limited to listed values"
        yield Change(key, side, at, kind, ", ".join(new.enum if is_limited else old.enum))
    # A string without a list is an open list of no values; next to a closed list nothing needs to be added.
    if (old.enum and new.enum) or old.open or new.open:
        gone = "value removed" if is_limited else "value no longer listed"
        yield from (Change(key, side, at, "value added", value) for value in _missing(new.enum, old.enum))
        yield from (Change(key, side, at, gone, value) for value in _missing(old.enum, new.enum))


def _missing(of: Iterable[str], in_: Iterable[str]) -> list[str]:
    known = set(in_)
    return [value for value in of if value not in known]


def _members(key: str, side: str, at: str, old: Schema, new: Schema) -> Iterator[Change]:
    if "object" not in (old.kind, new.kind) or old.kind != new.kind:
        return
    for name in _missing(new.properties, old.properties):
        kind = "required member added" if side == REQUEST and name in new.required else "member added"
        yield Change(key, side, _join(at, name), kind, _type(new.properties[name]))
    for name, before in old.properties.items():
        where = _join(at, name)
        if name not in new.properties:
            yield Change(key, side, where, "member removed", _type(before))
            continue
        if (name in old.required) != (name in new.required):
            yield Change(
                key, side, where, "now required" if name in new.required else "no longer required", ""
            )
        yield from schemas(key, side, where, before, new.properties[name])


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _inside(key: str, side: str, at: str, old: Schema | None, new: Schema | None) -> Iterator[Change]:
    if old is not None and new is not None:
        yield from schemas(key, side, at, old, new)
    elif old is not None or new is not None:
        blank = Schema()
        yield from schemas(key, side, at, replace(old or blank, limits={}), replace(new or blank, limits={}))
