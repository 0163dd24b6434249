"""The script that teaches a shell to complete the commands."""

from __future__ import annotations

import click

from vocobase.cli.frame import command
from vocobase.cli.session import Session
from vocobase.cli.shells import SHELLS, complete


@command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, session: Session, shell: str) -> None:
    """Print the script that makes a shell complete commands and options.

    For bash, add this line to ~/.bashrc: eval "$(vocobase completion bash)". For zsh, add the same with zsh
    to ~/.zshrc, after compinit. For fish: vocobase completion fish > ~/.config/fish/completions/vocobase.fish
    """
    complete(context.find_root().command, session, f"{shell}_source")
