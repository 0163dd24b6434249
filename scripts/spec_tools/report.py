"""Write the result of the drift check as text, JSON or Markdown.

Texts of a published document appear in terminals, logs and pull requests, so they are shown without control
characters, shortened, and never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from spec_tools.changes import Change
from spec_tools.rules import Severity
from spec_tools.surface import NameChange
from spec_tools.text import clean, code

# Longer reports are not read to the end; the JSON form has all lines.
SHOWN = 200
# A line lists this many operations or names, and the number of the others.
NAMED = 6

TITLES = {
    Severity.EQUAL: "The published document means the same as the snapshot.",
    Severity.ADDITIVE: "The published document has additions.",
    Severity.BREAKING: "The published document has breaking changes.",
}


@dataclass(frozen=True)
class Report:
    """The result of the drift check.

    Attributes:
        problem: Why there is no comparison: ``unreachable`` or ``unusable``, and the message.
        complaints: The messages of the validator about the published document.
        sdk_problem: Why the client could not be generated from it.
    """

    source: str
    changes: tuple[Change, ...] = ()
    names: tuple[NameChange, ...] = ()
    complaints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sdk_problem: str = ""
    problem: tuple[str, str] | None = None

    @property
    def severity(self) -> Severity:
        worst = max((change.severity for change in self.changes), default=Severity.EQUAL)
        if self.sdk_problem or any(change.breaking for change in self.names):
            return Severity.BREAKING
        return max(worst, Severity.ADDITIVE) if self.names else worst

    @property
    def exit_code(self) -> int:
        return 3 if self.problem else int(self.severity)


@dataclass(frozen=True)
class Line:
    """The same change of several operations."""

    keys: tuple[str, ...]
    change: Change

    @property
    def what(self) -> str:
        change = self.change
        place = f"{change.side} {change.member}: " if change.side else ""
        detail = f" ({change.detail})" if change.detail else ""
        return clean(f"{place}{change.kind}{detail}")


def grouped(changes: tuple[Change, ...]) -> list[Line]:
    """Group the changes of a shared schema in several operations, breaking ones first."""
    groups: dict[tuple[str, str, str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.side, change.member, change.kind, change.detail), []).append(change)
    lines = [Line(tuple(change.key for change in group), group[0]) for group in groups.values()]
    return sorted(lines, key=lambda line: -line.change.severity)


def folded(names: Iterable[str]) -> str:
    """Write a list of names; of a long one the first, and how many more."""
    every = list(names)
    shown = ", ".join(every[:NAMED])
    return shown if len(every) <= NAMED else f"{shown} and {len(every) - NAMED} more"


@dataclass(frozen=True)
class NameLine:
    """Changes of public names that belong together."""

    breaking: bool
    text: str


def grouped_names(names: tuple[NameChange, ...]) -> list[NameLine]:
    """Group the names that were added or removed with one module or class, breaking ones first."""
    modules = {(name.name, _kind(name)) for name in names if ":" not in name.name}
    groups: dict[tuple[bool, str, str], list[str]] = {}
    for name in names:
        module, _, member = name.name.partition(":")
        kind = _kind(name)
        place = module if (module, kind) in modules else _place(name.name, kind)
        groups.setdefault((name.breaking, kind, place), []).append(member)
    lines = [_name_line(*key, members) for key, members in groups.items()]
    return sorted(lines, key=lambda line: not line.breaking)


def _kind(name: NameChange) -> str:
    if name.before is None or name.after is None:
        return "removed" if name.after is None else "added"
    return f"{name.before} -> {name.after}"


def _place(name: str, kind: str) -> str:
    """Return the class, function or module with which a name was added or removed; a changed one stands
    alone."""
    if kind not in ("added", "removed"):
        return name
    head, bracket, _ = name.partition("(")
    return head if bracket else head.rpartition(".")[0] or head.rpartition(":")[0]


def _name_line(breaking: bool, kind: str, place: str, members: list[str]) -> NameLine:
    inner = [member for member in members if member]
    if len(members) == 1:
        name = f"{place.partition(':')[0]}:{inner[0]}" if inner else place
        return NameLine(breaking, f"{name}: {kind}")
    short = [member.rpartition(".")[2] for member in inner]
    return NameLine(breaking, f"{place}: {kind}, {len(members)} names: {folded(short)}")


def _text(report: Report) -> Iterator[str]:
    if report.problem:
        source = f"{clean(report.source)}: "
        yield f"{source}{report.problem[0]}: {clean(report.problem[1]).removeprefix(source)}"
        return
    yield f"{clean(report.source)}: {TITLES[report.severity]}"
    for line in islice(grouped(report.changes), SHOWN):
        note = f" - {line.change.note}" if line.change.note else ""
        yield f"  {line.change.severity.name.lower():8}  {clean(folded(line.keys))}: {line.what}{note}"
    if len(report.changes) > SHOWN:
        yield f"  {len(report.changes)} changes in all"
    if report.sdk_problem:
        yield from (
            "the client cannot be generated:",
            *(f"  {clean(line)}" for line in report.sdk_problem.splitlines()),
        )
    if report.names:
        yield "public names of the generated client:"
    for name in islice(grouped_names(report.names), SHOWN):
        yield f"  {'breaking' if name.breaking else 'additive'}  {clean(name.text)}"
    if len(report.names) > SHOWN:
        yield f"  {len(report.names)} names in all"
    for title, lines in (("validator", report.complaints), ("generator", report.warnings)):
        yield from (f"{title}: {clean(line)}" for line in islice(lines, SHOWN))


def _markdown(report: Report) -> Iterator[str]:
    yield "## Drift of the published document"
    yield ""
    yield f"Source: {code(report.source)}"
    yield ""
    if report.problem:
        yield f"No comparison: {report.problem[0]}: {code(report.problem[1])}"
        return
    yield TITLES[report.severity]
    if report.changes:
        yield from ("", "| Wire | Operations | Change | Meaning |", "| --- | --- | --- | --- |")
    for line in islice(grouped(report.changes), SHOWN):
        severity = line.change.severity.name.lower()
        yield f"| {severity} | {code(folded(line.keys))} | {code(line.what)} | {line.change.note} |"
    if report.sdk_problem:
        yield from ("", f"**The client cannot be generated:** {code(report.sdk_problem)}")
    if report.names:
        yield from ("", "| SDK | Public name |", "| --- | --- |")
    for name in islice(grouped_names(report.names), SHOWN):
        yield f"| {'breaking' if name.breaking else 'additive'} | {code(name.text)} |"
    for title, lines in (("Validator", report.complaints), ("Generator", report.warnings)):
        yield from (("", f"{title}:", "") if lines else ())
        yield from (f"- {code(line)}" for line in islice(lines, SHOWN))


def _json(report: Report) -> Iterator[str]:
    problem = report.problem and {"kind": report.problem[0], "message": report.problem[1]}
    result = {
        "source": report.source,
        "exit_code": report.exit_code,
        "severity": None if problem else report.severity.name.lower(),
        "problem": problem,
        "wire": [
            {
                "operation": change.key,
                "side": change.side or None,
                "member": change.member or None,
                "change": change.kind,
                "detail": change.detail or None,
                "severity": change.severity.name.lower(),
                "note": change.note or None,
            }
            for change in report.changes
        ],
        "sdk": {
            "problem": report.sdk_problem or None,
            "names": [
                {
                    "name": name.name,
                    "before": name.before,
                    "after": name.after,
                    "severity": "breaking" if name.breaking else "additive",
                }
                for name in report.names
            ],
        },
        "validator": list(report.complaints),
        "generator": list(report.warnings),
    }
    yield json.dumps(result, indent=1)


FORMATS: dict[str, Callable[[Report], Iterator[str]]] = {"text": _text, "json": _json, "markdown": _markdown}


def render(report: Report, format_: str) -> str:
    """Write the report in one of FORMATS."""
    return "\n".join(FORMATS[format_](report)) + "\n"
