"""Write the result of the drift check as text, JSON or Markdown.

What a published document says goes into terminals, logs and pull requests, so it is shown without control
characters, shortened, and never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from spec_tools.changes import Change
from spec_tools.rules import Severity
from spec_tools.surface import NameChange
from spec_tools.text import clean, code

# Longer reports are not read to the end; the JSON form has all lines.
SHOWN = 200

TITLES = {
    Severity.EQUAL: "The published document means the same as the snapshot.",
    Severity.ADDITIVE: "The published document has additions.",
    Severity.BREAKING: "The published document has breaking changes.",
}


@dataclass(frozen=True)
class Report:
    """What the drift check found.

    Attributes:
        problem: Why there is no comparison: ``unreachable`` or ``unusable``, and the message.
        complaints: What the validator says about the published document.
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
    """Changes that say the same about several operations."""

    keys: tuple[str, ...]
    change: Change

    @property
    def what(self) -> str:
        change = self.change
        place = f"{change.side} {change.member}: " if change.side else ""
        detail = f" ({change.detail})" if change.detail else ""
        return clean(f"{place}{change.kind}{detail}")


def grouped(changes: tuple[Change, ...]) -> list[Line]:
    """Gather what a shared schema changes in several operations, breaking first."""
    groups: dict[tuple[str, str, str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.side, change.member, change.kind, change.detail), []).append(change)
    lines = [Line(tuple(change.key for change in group), group[0]) for group in groups.values()]
    return sorted(lines, key=lambda line: -line.change.severity)


def _text(report: Report) -> Iterator[str]:
    if report.problem:
        yield f"{clean(report.source)}: {report.problem[0]}: {clean(report.problem[1])}"
        return
    yield f"{clean(report.source)}: {TITLES[report.severity]}"
    for line in islice(grouped(report.changes), SHOWN):
        note = f" - {line.change.note}" if line.change.note else ""
        yield f"  {line.change.severity.name.lower():8}  {clean(', '.join(line.keys))}: {line.what}{note}"
    if len(report.changes) > SHOWN:
        yield f"  {len(report.changes)} changes in all"
    if report.sdk_problem:
        yield from (
            "the client cannot be generated:",
            *(f"  {clean(line)}" for line in report.sdk_problem.splitlines()),
        )
    if report.names:
        yield "public names of the generated client:"
    for name in islice(report.names, SHOWN):
        yield f"  {'breaking' if name.breaking else 'additive'}  {clean(_renaming(name))}"
    if len(report.names) > SHOWN:
        yield f"  {len(report.names)} names in all"
    for title, lines in (("validator", report.complaints), ("generator", report.warnings)):
        yield from (f"{title}: {clean(line)}" for line in islice(lines, SHOWN))


def _renaming(name: NameChange) -> str:
    if name.before is None or name.after is None:
        return f"{name.name}: {'removed' if name.after is None else 'added'}"
    return f"{name.name}: {name.before} -> {name.after}"


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
        yield f"| {severity} | {code(', '.join(line.keys))} | {code(line.what)} | {line.change.note} |"
    if report.sdk_problem:
        yield from ("", f"**The client cannot be generated:** {code(report.sdk_problem)}")
    if report.names:
        yield from ("", "| SDK | Public name |", "| --- | --- |")
    for name in islice(report.names, SHOWN):
        yield f"| {'breaking' if name.breaking else 'additive'} | {code(_renaming(name))} |"
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
