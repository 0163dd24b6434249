"""Write docs/cli.md again, with the real output of its commands, and their screens as SVG.

    python scripts/cli_page.py

Each ``$ vocobase`` line in a ``console`` block runs in the account of ``cli_account``; the lines after it are
replaced by its output. It runs on a terminal of 80 columns, and in a pipe if ``| cat`` or ``| head -N``
follows. Words such as $AGENT and $CALL are identifiers of the account.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, MONOKAI
from rich.text import Text

from cli_account import account
from spec_tools.config import ROOT

PAGE = ROOT / "docs" / "cli.md"
IMAGES = ROOT / "docs" / "images"
BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)
SCREENS = {
    "help": ["--help"],
    "calls": ["calls list", "agents lst"],
    "call": ["calls show $CALL"],
    "doctor": ["doctor"],
    "report": ["report --for today --by direction", "calls --since today --status busy"],
}
# The commands that run before the screens, and are not shown.
SETUP = "records sync --quiet"
# Fonts of another host, which an image does not load; the reader has a monospaced one.
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
THEMES = {"dark": MONOKAI, "light": DEFAULT_TERMINAL_THEME}


def write(target: Path) -> None:
    """Write the page, with the output of its commands renewed, to ``target``."""
    with account("dumb") as execute:

        def renewed(found: re.Match[str]) -> str:
            lines = [line for line in found[1].splitlines() if line.startswith("$ ")]
            return "".join(f"{line}\n{execute(line.removeprefix('$ vocobase '))}" for line in lines)

        target.write_text(BLOCK.sub(renewed, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def write_screens(folder: Path) -> None:
    """Write the screen of a terminal of 80 columns as SVG, with a dark and a light background."""
    folder.mkdir(parents=True, exist_ok=True)
    with account("xterm-256color") as execute:
        execute(SETUP)
        for name, lines in SCREENS.items():
            shown = [(line, execute(line)) for line in lines]
            for background, theme in THEMES.items():
                console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
                for line, output in shown:
                    console.print(Text(f"$ vocobase {line}"))
                    console.print(Text.from_ansi(output))
                full = f"cli-{name}-{background}"
                svg = console.export_svg(title="vocobase", theme=theme, unique_id=full)
                svg = FONTS.sub("", svg)
                (folder / f"{full}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    write(PAGE)
    write_screens(IMAGES)
