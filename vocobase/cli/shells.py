"""Completion of the shells bash, zsh and fish."""

from __future__ import annotations

import os

import click
from click.shell_completion import FishComplete, add_completion_class, shell_complete

from vocobase.cli.session import Session

PROGRAM = "vocobase"
VARIABLE = "_VOCOBASE_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


class Fish(FishComplete):
    """Completion of fish; the script of click ends each description at its first comma."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')


add_completion_class(Fish)


def complete(root: click.Command, session: Session, instruction: str = "") -> int:
    """Answer a shell; return the exit status.

    Args:
        root: The program.
        session: The run.
        instruction: Such as ``bash_complete``; by default that of the environment.
    """
    instruction = instruction or os.environ[VARIABLE]
    return shell_complete(root, {"obj": session}, PROGRAM, VARIABLE, instruction)
