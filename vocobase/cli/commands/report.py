"""Reports: figures of calls by day, agent and so on, as a table, a page, or an invoice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

import click

from vocobase.cli.files import export
from vocobase.cli.frame import command
from vocobase.cli.local_table import (
    db_option,
    filter_options,
    filters_of,
    open_table,
    period_option,
    tz_option,
)
from vocobase.cli.session import Session
from vocobase.records import Price, Report
from vocobase.records.figures import By

Prices = dict[str | None, Price]
# In a file of prices, calls without a project.
NO_PROJECT = "none"
_file = click.Path(dir_okay=False, path_type=Path)


@command()
@period_option
@tz_option
@click.option(
    "--by", type=click.Choice(get_args(By)), default="day", show_default=True, help="What to group by."
)
@click.option("--sync", "first", is_flag=True, help="Read new calls from the account first.")
@click.option("--goal", metavar="NAME[=VALUE]", help="Count the calls whose extraction has this value.")
@click.option("--prices", type=_file, help="JSON file of your prices per minute, by project.")
@click.option("--invoice", type=_file, help="Write an invoice as CSV; needs --prices.")
@click.option("--html", type=_file, help="Write a page with charts.")
@click.option("--open", "show", is_flag=True, help="Open the page of --html in a browser.")
@db_option
@filter_options
def report(
    session: Session,
    /,
    period: str | None,
    tz: str,
    by: By,
    first: bool,
    goal: str | None,
    prices: Path | None,
    invoice: Path | None,
    html: Path | None,
    show: bool,
    db: str | None,
    **filters: Any,
) -> None:
    """Show figures of the calls in the local table: how many, how long, what they cost.

    A file of prices is JSON, such as {"PROJECT": "6.50", "none": {"per_minute": 5, "per_call": "0.50"}};
    "none" stands for calls without a project.
    """
    if show and not html:
        raise click.UsageError("--open needs --html FILE.")
    if invoice and not prices:
        raise click.UsageError("--invoice needs --prices FILE.")
    wanted = filters_of(period, tz, filters)
    priced = _prices_in(prices) if prices else None
    goals = _goal_of(goal)
    with open_table(session, db, create=first) as records:
        if first:
            # Wrong arguments are refused before the account is read.
            records.report(by=by, tz=tz, goal=goals, prices=priced, **wanted)
            with session.progress("Reading", unit="calls") as bar:
                records.sync(session.client, on_progress=lambda each: bar.update(each.read))
        found = records.report(by=by, tz=tz, goal=goals, prices=priced, **wanted)
    if invoice:
        _write(session, invoice, found.to_invoice())
    if html:
        _write(session, html, found.to_html())
    _emit(session, found)
    if html and show and click.launch(str(html)):
        session.note(f"No program can open it; the page is {html}.")


def _emit(session: Session, report: Report) -> None:
    rows: list[dict[str, Any]] = report.to_dicts()
    if session.format == "table" and not session.quiet:
        # A table for people ends with the sums; programs compute them.
        rows.append(
            {"label": report.total.label} | {name: report.total.figure(name) for name in report.columns}
        )
    session.emit(rows, columns=("label", *report.columns), id_field="label")
    if not report.rows:
        session.hint("No call in the local table matches; --sync reads new calls.")


def _write(session: Session, path: Path, text: str) -> None:
    export(session, path, text)
    session.hint(f"Written: {path}")


def _goal_of(text: str | None) -> Any:
    name, equals, value = (text or "").partition("=")
    if not text or not equals:
        return text
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _prices_in(path: Path) -> Prices:
    """Read a file of prices.

    Raises:
        click.BadParameter: it has another form.
        InvalidArgumentError: a price is not a number that is at least 0.
        OSError: it cannot be read.
    """
    try:
        content: object = json.loads(path.read_bytes(), parse_float=Decimal)
        return {
            None if project == NO_PROJECT else project: _price(each)
            for project, each in cast("Mapping[str, Any]", content).items()
        }
    except (ValueError, TypeError, AttributeError):
        raise click.BadParameter(
            f'{path} is not a JSON file such as {{"PROJECT": "6.50"}}.', param_hint="--prices"
        ) from None


def _price(value: Any) -> Price:
    return Price(**cast("dict[str, Any]", value)) if isinstance(value, dict) else Price(value)
