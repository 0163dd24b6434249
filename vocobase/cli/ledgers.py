"""The ledger of an account: its lists of people to call, and the numbers that must not be called."""

from __future__ import annotations

import click

from vocobase.cli.stores import Store

VARIABLE = "VOCOBASE_LEDGER"
LEDGER = Store(
    "--ledger",
    VARIABLE,
    "dialling.sqlite",
    "There is no ledger in {place}; vocobase dial add or vocobase do-not-call add creates it.",
)
ledger_option = click.option(
    "--ledger",
    metavar="PATH",
    help="File, redis:// or postgresql:// address of the lists;"
    f" default: {VARIABLE}, else a file for each profile.",
)
