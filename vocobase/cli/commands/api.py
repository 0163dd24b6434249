"""Any route of the API, even one without a command."""

from __future__ import annotations

from typing import Any

import click

from vocobase.cli.effects import OVERWRITES, READS
from vocobase.cli.frame import command
from vocobase.cli.session import Session
from vocobase.cli.values import JsonValue


@command()
@click.argument("method")
@click.argument("path")
@click.option("--data", type=JsonValue(), help="Body, as JSON or @FILE; @- reads standard input.")
@click.option("--query", multiple=True, metavar="NAME=VALUE", help="Query parameter; repeatable.")
def api(session: Session, method: str, path: str, data: Any, query: tuple[str, ...]) -> None:
    """Send a request to a route that has no command.

    PATH is below the address of the API, such as /agent/voices. Methods other than GET and HEAD ask first.
    The output is the payload inside the envelope.
    """
    pairs = [each.partition("=") for each in query]
    if any(not equals for _, equals, _ in pairs):
        raise click.BadParameter("pass it as NAME=VALUE.", param_hint="--query")
    reads = method.upper() in ("GET", "HEAD")
    session.confirm(READS if reads else OVERWRITES, f"{method.upper()} {path} may change the account.")
    result = session.client.request(method, path, params={name: value for name, _, value in pairs}, json=data)
    session.emit_result(result)
