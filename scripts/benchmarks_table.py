"""Write the measured figures into docs/benchmarks.md, from benchmarks/*.json.

    python scripts/benchmarks_table.py [TARGET]

A report that was not measured yet is left out. Exit codes: 0 written, 2 a file cannot be used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spec_tools.command import guarded
from spec_tools.config import ROOT
from spec_tools.document import SpecError
from spec_tools.text import table as markdown

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- figures: begin (written by scripts/benchmarks_table.py) -->"
END = "<!-- figures: end -->"
Report = dict[str, Any]


class ReportError(SpecError):
    """A file that cannot be used; the message says which and why."""


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Write a Markdown table of plain text."""
    return markdown(head, ([plain(cell) for cell in row] for row in rows))


def plain(text: str) -> str:
    """Escape a text of a report, so that it stays in its cell and is not HTML."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def sandbox(report: Report) -> list[str]:
    """Show the figures of the sandbox next to their targets."""
    rows: list[list[str]] = []
    for row in report["rows"]:
        bound = f"{'at least' if row['at_least'] else 'at most'} {row['target']:,g}" if row["target"] else ""
        cpu = "" if row["cpu"] is None else f"{row['cpu']:,g}"
        rows.append([row["name"], f"{row['value']:,g} {row['unit']}", cpu, bound, row["verdict"]])
    logs = report["event_logs"]
    same = "identical" if logs["identical"] else "different"
    verdict = "pass" if logs["identical"] else "miss"
    rows.append(
        ["event logs of two seeded runs", f"{same}, {logs['lines']:,} lines", "", "identical", verdict]
    )
    return table(["sandbox", "measured", "by CPU time", "target", ""], rows)


def call(report: Report) -> list[str]:
    """Show the cost of a call, compared with a bare httpx client."""
    rows = [
        [row["case"], *(f"{row[name]:,g}" for name in ("vocobase_us", "httpx_us", "difference_us"))]
        for row in report["rows"]
    ]
    return table(["call, microseconds", "vocobase", "httpx", "median difference"], rows)


def cold(report: Report) -> list[str]:
    """Show the cost of the first response, compared with the bare generated client."""
    rows = [
        [
            row["case"],
            f"{row['ms']:,g} ms",
            f"{row['fastest_ms']:,g} ms",
            f"{row['ratio']:g}",
            "at most 1" if row["verdict"] else "",
            row["verdict"],
        ]
        for row in report["rows"]
    ]
    return table(["start to first response", "median", "fastest", "ratio", "target", ""], rows)


def tracing(report: Report) -> list[str]:
    """Show the overhead of tracing for a call."""
    rows = [
        [
            row["case"],
            f"{row['call_us']:,g}",
            f"{row['added_us']:,g}",
            f"at most {row['at_most_us']:,g}" if row["at_most_us"] else "",
            row["verdict"],
        ]
        for row in report["rows"]
    ]
    return table(["tracing of a call, microseconds", "call", "added, median", "target", ""], rows)


def imports(report: Report) -> list[str]:
    """Show the cost of importing the package and creating a client."""
    rows = [
        [
            row["case"],
            f"{row['over_bare_interpreter_ms']:,g} ms"
            if "over_bare_interpreter_ms" in row
            else f"{row['rss_mib']:,g} MiB",
        ]
        for row in report["rows"]
    ]
    return table(["import, over a bare interpreter; resident memory", "measured"], rows)


def uploads(report: Report) -> list[str]:
    """Show how much the memory grows during uploads."""
    rows = [
        [
            row["case"],
            f"{row['growth_mib']:,g} MiB",
            f"at most {row['at_most_mib']:,g}",
            row["verdict"],
            f"{row['mib_per_second']:,g} MiB/s",
        ]
        for row in report["rows"]
    ]
    head = f"memory during uploads of {report['file_mib']} MiB"
    return table([head, "growth", "target", "", "throughput"], rows)


def contacts(report: Report) -> list[str]:
    """Show the cost of reading and importing lists of contacts."""
    rows = [
        [
            f"{row['case']}, {row['rows']:,} rows",
            f"{row['seconds']:,g} s",
            f"{row['peak_mib']:,g} MiB",
            row.get("target", ""),
            row.get("verdict", ""),
        ]
        for row in report["rows"]
    ]
    return table(["contacts", "time", "peak memory", "target", ""], rows)


def reports(report: Report) -> list[str]:
    """Show the cost of a report over the calls of a year."""
    rows = [
        [
            f"{row['case']}, {row['calls']:,} calls",
            f"{row['seconds']:,g} s",
            f"{row['fastest_seconds']:,g} s",
            row.get("target", ""),
            row.get("verdict", ""),
        ]
        for row in report["rows"]
    ]
    return table(["report", "median", "fastest", "target", ""], rows)


def records(report: Report) -> list[str]:
    """Show the cost of the table of calls."""
    rows = [
        [row["case"], row["measured"], row.get("target", ""), row.get("verdict", "")]
        for row in report["rows"]
    ]
    return table(["table of calls, SQLite", "measured", "target", ""], rows)


def exports(report: Report) -> list[str]:
    """Show the time and the memory of exports."""
    rows = [
        [
            f"{row['case']}, {row['rows']:,} calls",
            f"{row['seconds']} s",
            f"{row['peak_mib']:.0f} MiB",
            report["target"],
            row["verdict"],
        ]
        for row in report["rows"]
    ]
    return table(["export", "time", "peak memory", "target", ""], rows)


def plan(report: Report) -> list[str]:
    """Show the cost of a plan of a long list."""
    rows = [
        [row["case"], row["measured"], row.get("target", ""), row.get("verdict", "")]
        for row in report["rows"]
    ]
    return table(["plan of a list", "measured", "target", ""], rows)


def command_line(report: Report) -> list[str]:
    """Show the cost of starting the command line, compared with importing click."""
    rows = [
        [
            row["case"],
            f"{row['ms']:,g} ms",
            f"{row['ratio']:g}",
            "at most 1.5" if row["verdict"] else "",
            row["verdict"],
        ]
        for row in report["rows"]
    ]
    return table(["start of the command line", "median", "ratio", "target", ""], rows)


def cold_start(report: Report) -> list[str]:
    """Show the cold start of a cloud function, from the start of its interpreter."""
    rows = [[row["case"], f"{row['ms']:,g} ms", f"{row['fastest_ms']:,g} ms"] for row in report["rows"]]
    return table(["cold start of a function, from the spawn", "median", "fastest"], rows)


REPORTS: dict[str, Callable[[Report], list[str]]] = {
    "sandbox.json": sandbox,
    "call.json": call,
    "cold.json": cold,
    "otel.json": tracing,
    "import.json": imports,
    "contacts.json": contacts,
    "uploads.json": uploads,
    "reports.json": reports,
    "records.json": records,
    "exports.json": exports,
    "plan.json": plan,
    "cli.json": command_line,
    "lambda.json": cold_start,
}


def machine(report: Report) -> str:
    """Describe where a report was measured."""
    found = report["machine"]
    parts = [f"Python {found['python']}", found["system"]]
    if "cores" in found:
        parts.append(f"{found['cores']} cores")
    if "load_average_before" in found:
        before, after = found["load_average_before"][0], found["load_average_after"][0]
        parts.append(f"load average {before:g} before and {after:g} after")
    return plain("Measured with " + ", ".join(parts) + ".")


def figures(folder: Path) -> list[str]:
    """Return the lines of all reports that exist."""
    lines: list[str] = []
    for name, show in REPORTS.items():
        path = folder / name
        if not path.exists():
            continue
        try:
            report = json.loads(path.read_bytes())
            lines += [*show(report), "", machine(report), ""]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReportError(f"{path} is not a report: {error!r}") from error
    return lines


def write(target: Path, root: Path = ROOT) -> None:
    """Write docs/benchmarks.md, with the figures renewed, to ``target``.

    Raises:
        ReportError: The page has no markers, or a report cannot be read.
    """
    try:
        page = (root / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    except OSError as error:
        raise ReportError(f"{error.filename}: {error.strerror}") from error
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReportError(f"docs/benchmarks.md: the lines {BEGIN!r} and {END!r} are missing")
    lines = figures(root / "benchmarks")
    target.write_text(before + "\n".join([BEGIN, "", *lines, END]) + after, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments

    def run() -> int:
        write(Path(given[0]) if given else PAGE)
        return 0

    return guarded("benchmarks_table", 2, run)


if __name__ == "__main__":
    sys.exit(main())
