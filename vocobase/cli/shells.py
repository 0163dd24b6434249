"""Completion of the shells bash, zsh and fish."""

from __future__ import annotations

import os

import click
from click.shell_completion import shell_complete

from vocobase.cli.session import Session

PROGRAM = "vocobase"
VARIABLE = "_VOCOBASE_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


def complete(root: click.Command, session: Session, instruction: str = "") -> int:
    """Answer a shell; return the exit status.

    Args:
        root: The program.
        session: The run.
        instruction: Such as ``bash_complete``; by default that of the environment.
    """
    instruction = instruction or os.environ[VARIABLE]
    return shell_complete(root, {"obj": session}, PROGRAM, VARIABLE, instruction)
