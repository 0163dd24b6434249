"""Write docs/cli.md again, with the real output of its commands, and their screens as SVG.

    python scripts/cli_page.py [TARGET]
    python scripts/cli_page.py --screens FOLDER

Each ``$ vocobase`` line in a ``console`` block runs against a seeded sandbox; the lines after it are replaced
by its output. It runs on a terminal of 80 columns, and in a pipe if ``| cat`` follows. $AGENT and $CALL are
identifiers of the sandbox. Waiting moves its clock; the folder has the files of FILES.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Generator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from spec_tools.config import ROOT
from vocobase import Vocobase
from vocobase.cli.app import run
from vocobase.cli.session import Session
from vocobase.testing._time import sandbox_time
from vocobase_sandbox import Sandbox

PAGE = ROOT / "docs" / "cli.md"
BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SCREENS = {"calls": "calls list", "call": "calls show $CALL", "help": "--help"}
FILES = {
    "people.csv": "Mobile,name\n+12025550100,Asha\n+12025550101,Ravi\n12025,Mei\n+12025550100,Asha\n",
    "scrub.csv": "number\n+12025550102\n+12025550199\n",
}
Execute = Callable[[str], str]


class Screen(io.StringIO):
    """A stream that is, or is not, a terminal."""

    def __init__(self, terminal: bool, content: str = "") -> None:
        super().__init__(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._terminal


@contextmanager
def account(term: str) -> Generator[Execute]:
    """Fill a sandbox; yield a function that runs a command line and returns what it writes."""
    with (
        Sandbox(seed=1, clock="manual", start=START, rate_limits=False) as sandbox,
        TemporaryDirectory() as folder,
        chdir(folder),
        sandbox_time(sandbox),
    ):
        for name, content in FILES.items():
            Path(name).write_text(content, encoding="utf-8")
        names = _fill(sandbox)
        variables = {
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_BASE_URL": sandbox.base_url,
            "XDG_CONFIG_HOME": str(ROOT / "out" / "none"),
            "XDG_STATE_HOME": folder,
            "TERM": term,
            "TZ": "UTC",
            "COLUMNS": "80",
            "LINES": "24",
        }
        before = dict(os.environ)
        os.environ.pop("VOCOBASE_PROFILE", None)
        os.environ.update(variables)
        time.tzset()
        try:
            yield lambda line: _execute(sandbox, names, line)
        finally:
            os.environ.clear()
            os.environ.update(before)
            time.tzset()


def _fill(sandbox: Sandbox) -> dict[str, str]:
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as client:
        voice = client.voices.list()[0].id
        agent = client.agents.create("Front desk", "Remind of the appointment.", voice_id=voice)
        client.agents.update(agent.id, enable_recording=True)
        client.projects.create("Client A")
        calls: list[str] = []
        for last in ("00", "01", "02"):
            calls.append(client.calls.start(agent.id, f"+120255501{last}", provider="twilio").call_id)
            sandbox.clock.advance(120)
        return {"AGENT": agent.id, "CALL": calls[0]}


def _execute(sandbox: Sandbox, names: dict[str, str], line: str) -> str:
    command = line.removesuffix("| cat")
    screen = Screen(terminal=command == line)
    words = [re.sub(r"\$(\w+)", lambda found: names[found[1]], word) for word in shlex.split(command)]
    stdin, sys.stdin = sys.stdin, Screen(command == line)
    try:
        with redirect_stdout(screen), redirect_stderr(screen):
            run(words, Session({"transport": sandbox.transport()}))
    finally:
        sys.stdin = stdin
    lines = [each.rstrip() for each in screen.getvalue().splitlines()]
    return "\n".join(lines) + "\n" if lines else ""


def write(target: Path) -> None:
    """Write the page, with the output of its commands renewed, to ``target``."""
    with account("dumb") as execute:

        def renewed(found: re.Match[str]) -> str:
            lines = [line for line in found[1].splitlines() if line.startswith("$ ")]
            return "".join(f"{line}\n{execute(line.removeprefix('$ vocobase '))}" for line in lines)

        target.write_text(BLOCK.sub(renewed, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def write_screens(folder: Path) -> None:
    """Write what a terminal of 80 columns shows as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    with account("xterm-256color") as execute:
        for name, line in SCREENS.items():
            console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
            console.print(Text(f"$ vocobase {line}"))
            console.print(Text.from_ansi(execute(line)))
            svg = console.export_svg(title="vocobase", unique_id=f"vocobase-{name}")
            (folder / f"cli-{name}.svg").write_text(svg, encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--screens"]:
        write_screens(Path(given[1]).resolve())
    else:
        write(Path(given[0]).resolve() if given else PAGE)


if __name__ == "__main__":
    main()
