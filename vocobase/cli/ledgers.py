"""The ledger of an account: its lists of people to call, and the numbers that must not be called."""

from __future__ import annotations

import click

from vocobase.cli.stores import Store

VARIABLE = "VOCOBASE_LEDGER"
LEDGER = Store(
    "--ledger",
    VARIABLE,
    "dialling.sqlite",
    "No ledger exists at {place}; run vocobase dial add or vocobase do-not-call add to create it.",
)
ledger_option = click.option(
    "--ledger",
    metavar="PATH",
    help="File, redis:// or postgresql:// address of the lists;"
    f" default: {VARIABLE}, else a file for each profile.",
)
