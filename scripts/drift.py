"""Compare the published document with the snapshot, and report the differences.

    python scripts/drift.py [--source URL_OR_FILE] [--snapshot openapi.json] [--format text|json|markdown]
                            [--output FILE] [--markdown FILE] [--save FILE]

The published document is not trusted: its size and the time for it are limited, no credentials are sent, and
code generated from it is parsed, never run. Exit codes: 0 it means the same, 1 additions, 2 breaking changes
for the wire or for the public names of the client, 3 it could not be fetched or is not a usable OpenAPI
document (or the command line is wrong, the report cannot be written, or anything else failed).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from prepare_spec import prepare

from spec_tools.command import guarded
from spec_tools.config import CONFIG, ROOT, Naming, load_naming, published_at
from spec_tools.diff import compare
from spec_tools.document import Json, SpecError, load, parse
from spec_tools.fetch import Limits, Unreachable, fetch
from spec_tools.generation import generate
from spec_tools.report import FORMATS, Report, render
from spec_tools.surface import compare as compare_names
from spec_tools.surface import surface
from spec_tools.validate import check_references, complaints


def as_text(document: Json) -> str:
    """Write a document in the form that the repository uses."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


class Parser(argparse.ArgumentParser):
    """A parser whose own exit code differs from that of breaking changes."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(3, f"{self.prog}: {message}\n")


def check(source: str, snapshot: Path, limits: Limits, config: Path = CONFIG) -> tuple[Report, Json | None]:
    """Fetch and compare; return the report, and the published document if it is usable."""
    try:
        text = fetch(source, limits)
        published = parse(text, source)
        check_references(published, source)
        naming = load_naming(config)
        changes = compare(load(snapshot), published, naming)
    except Unreachable as error:
        return Report(source, problem=("unreachable", str(error))), None
    except RecursionError:
        return Report(source, problem=("unusable", "nested too deeply")), None
    except SpecError as error:
        return Report(source, problem=("unusable", str(error))), None
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / "published.json"
        copy.write_bytes(text)
        report = Report(source, changes=tuple(changes), complaints=tuple(complaints(copy)))
        return _with_names(report, published, (snapshot, copy), naming, Path(work)), published


def _with_names(
    report: Report, published: Json, specs: tuple[Path, Path], naming: Naming, work: Path
) -> Report:
    """Generate the client of both documents and compare the public names."""
    try:
        before, after = prepare(load(specs[0]), naming), prepare(published, naming)
        warnings = tuple(line for line in after.warnings if line not in before.warnings)
        if after.document == before.document:
            return replace(report, warnings=warnings)
        with ThreadPoolExecutor() as pool:
            folders = list(pool.map(_generate, specs, (work / "before", work / "after")))
        # Not in the threads: the parser of Python 3.11 fails occasionally when two of them use it.
        surfaces = [surface(folder) for folder in folders]
    except (SpecError, SyntaxError, ValueError, RecursionError) as error:
        return replace(report, sdk_problem=str(error))
    return replace(report, names=tuple(compare_names(*surfaces)), warnings=warnings)


def _generate(spec: Path, target: Path) -> Path:
    generate(spec.resolve(), target)
    return target


def parser(description: str) -> Parser:
    """Return a parser with the options that drift and update_spec share."""
    result = Parser(description=description)
    result.add_argument(
        "--source", help="address or file; else VOCOBASE_SPEC_URL, else generator-config.yaml"
    )
    result.add_argument(
        "--snapshot", type=Path, default=ROOT / "openapi.json", help="the document to compare with"
    )
    result.add_argument("--seconds", type=_seconds, default=Limits.seconds, help="time limit of the fetch")
    return result


def _seconds(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time limit; a positive number was expected")
    return number


def write(text: str, target: Path | None) -> None:
    """Write a report to a file, or to standard output in characters that it can show."""
    if target is not None:
        target.write_text(text, encoding="utf-8")
        return
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    # A closed pipe is detected here, not when the interpreter ends.
    sys.stdout.flush()


def run(options: argparse.Namespace) -> tuple[Report, Json | None]:
    """Run the check that the options ask for."""
    limits = replace(Limits(), seconds=options.seconds)
    try:
        return check(options.source or published_at(), options.snapshot, limits)
    except SpecError as error:
        return Report("generator-config.yaml", problem=("unusable", str(error))), None


def main(arguments: list[str] | None = None) -> int:
    options_of = parser("Compare the published document with the snapshot.")
    options_of.add_argument("--format", choices=sorted(FORMATS), default="text", dest="format_")
    options_of.add_argument("--output", type=Path, help="where to write the report, else standard output")
    options_of.add_argument("--markdown", type=Path, help="where to write the report as Markdown too")
    options_of.add_argument("--save", type=Path, help="where to keep the published document, if it is usable")
    options = options_of.parse_args(arguments)

    def check_and_report() -> int:
        report, published = run(options)
        if options.save is not None and published is not None:
            options.save.write_text(as_text(published), encoding="utf-8")
        if options.markdown is not None:
            write(render(report, "markdown"), options.markdown)
        write(render(report, options.format_), options.output)
        return report.exit_code

    return guarded("drift", 3, check_and_report)


if __name__ == "__main__":
    sys.exit(main())
