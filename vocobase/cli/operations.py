"""One command for each operation of the API, from the table of operations and the methods of the SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, reduce
from itertools import islice
from typing import Any

import click

from vocobase import OPERATIONS, Page, RetrySafety
from vocobase.cli.effects import asks, effect_of_operation
from vocobase.cli.frame import command as make
from vocobase.cli.session import NO_ROWS, Session
from vocobase.cli.signatures import (
    FLAG,
    INTEGER,
    JSON,
    NUMBER,
    TEXT,
    TEXTS,
    Argument,
    Described,
    describe,
    members_of,
)
from vocobase.cli.values import (
    IntegerValue,
    JsonValue,
    NumberValue,
    SecretValue,
    TextsValue,
    TextValue,
    Value,
    texts_of,
)
from vocobase.cli.wording import translated

# Rows of a list without --limit and --all.
USUAL_ROWS = 30
MAX_PAGE = 100
INSTEAD = "Pass {flag} @FILE, or {flag} @- to read it from standard input."

# The members that a table on a terminal shows first, of the models that have more than fit.
COLUMNS: dict[str, tuple[str, ...]] = {
    "agents": ("id", "agent_name", "agent_type", "language", "voice_id", "created_at"),
    "calls": ("call_id", "status", "to_number", "duration_seconds", "created_at"),
    "campaigns": ("campaign_id", "name", "status", "total_contacts", "created_at"),
    "dictionaries": ("id", "name", "term_count", "description"),
    "documents": ("id", "name", "status", "file_size", "created_at"),
    "phone_numbers": ("id", "phone_number", "provider", "status", "agent.agent_name"),
    "projects": ("id", "name", "agent_count", "description"),
    "voices": ("id", "name", "language", "gender"),
}
_TYPES: dict[str, Callable[..., Value]] = {
    TEXT: TextValue,
    TEXTS: TextsValue,
    INTEGER: IntegerValue,
    NUMBER: NumberValue,
    JSON: JsonValue,
}


def words_of(key: str) -> tuple[str, ...]:
    """Return the words of the command of an operation; ``calls.recording_url`` is ``calls recording-url``."""
    return tuple(key.replace("_", "-").split("."))


KEYS = {words_of(key): key for key in OPERATIONS}


@cache
def described(key: str) -> Described:
    """Read the method of an operation."""
    return describe(members_of(tuple(key.split("."))))


def summaries(path: tuple[str, ...]) -> dict[str, str]:
    """Return the commands in a group of operations, each with one line for the help."""
    found: dict[str, str] = {}
    for words, key in KEYS.items():
        if words[: len(path)] == path and len(words) > len(path):
            name = words[len(path)]
            deeper = len(words) > len(path) + 1
            found.setdefault(
                name, _summary_of_group(key, len(path) + 1) if deeper else described(key).summary
            )
    return found


def _summary_of_group(key: str, size: int) -> str:
    *outer, name = key.split(".")[:size]
    resource: object = members_of(tuple(outer))
    return (getattr(type(resource), name).__doc__ or "").strip()


def command(path: tuple[str, ...]) -> click.Command:
    """Return the command of an operation."""
    key = KEYS[path]
    method = described(key)
    settings: dict[str, Any] = {
        "params": list(_parameters(key, method.arguments)),
        "help": f"{method.summary}\n\n{method.text}".strip(),
        "short_help": method.summary,
        "epilog": _epilog(key, method),
    }
    return make(path[-1], **settings)(_runner(key, method))


def _epilog(key: str, method: Described) -> str:
    effect = effect_of_operation(key)
    asking = " Without a terminal it needs --yes." if asks(effect) else ""
    return f"Effect: {effect}.{asking} Documentation: {method.page}."


def _parameters(key: str, arguments: Iterable[Argument]) -> Iterator[click.Parameter]:
    for each in arguments:
        if _is_list(key) and each.name == "limit":
            continue  # the option that all commands share
        yield _parameter(each)
    if _is_list(key):
        yield click.Option(["--all", "everything"], is_flag=True, help=f"All rows, not only {USUAL_ROWS}.")


def _parameter(each: Argument) -> click.Parameter:
    flag = f"--{each.name.replace('_', '-')}"
    help = each.help + (" null clears it." if each.nullable else "")
    if each.secret:
        text = f"{help} From a file, or from standard input with @-; on a terminal, you are asked for it."
        return click.Option([flag, each.name], type=SecretValue(), help=text)
    if each.kind == FLAG:
        return click.Option([f"{flag}/--no-{flag[2:]}", each.name], default=None, help=help)
    kind = _TYPES[each.kind](nullable=each.nullable, values=each.values)
    many = each.kind == TEXTS
    if each.positional:
        return click.Argument([each.name], type=kind, nargs=-1 if many else 1, required=True, help=help)
    several = " Repeatable." if many else ""
    return click.Option(
        [flag, each.name], type=kind, multiple=many, required=each.required, help=f"{help}{several}"
    )


def _runner(key: str, method: Described) -> Callable[..., None]:
    def run(session: Session, **values: Any) -> None:
        everything = values.pop("everything", False)
        arguments = _given(session, method.arguments, values)
        session.confirm(effect_of_operation(key), _question(key, method, arguments))
        method_of_client = _member(session, key)
        if _is_list(key):
            _emit_list(session, key, arguments, everything)
            return
        session.emit_result(_call(session, key, method_of_client, arguments), columns=_columns(key))

    return run


def _member(session: Session, key: str) -> Any:
    """Return a resource of the client, or a method of one."""
    return reduce(getattr, key.split("."), session.client)


def _given(session: Session, arguments: Iterable[Argument], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that were passed; the others are omitted, which differs from null."""
    context = click.get_current_context()
    found: dict[str, Any] = {}
    for each in arguments:
        if each.name not in values:
            continue
        value = values[each.name]
        is_given = context.get_parameter_source(each.name) is not click.core.ParameterSource.DEFAULT
        if each.secret and each.required and not is_given:
            flag = f"--{each.name.replace('_', '-')}"
            found[each.name] = session.ask_secret(f"{each.name}: ", INSTEAD.format(flag=flag))
        elif is_given:
            found[each.name] = texts_of(value) if each.kind == TEXTS else value
    return found


def _question(key: str, method: Described, arguments: Mapping[str, Any]) -> str:
    shown = [
        str(arguments[each.name])
        for each in method.arguments
        if each.positional and not each.secret and each.name in arguments
    ]
    return f"{' '.join((*words_of(key), *shown))}: {method.summary}"


def _call(session: Session, key: str, method: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    try:
        return method(**arguments)
    except KeyboardInterrupt:
        operation = OPERATIONS[key]
        if operation.safety is RetrySafety.UNSAFE:
            session.note(translated(f"vocobase: {key} may have been processed; {operation.advice}"))
        raise


def _is_list(key: str) -> bool:
    return key.rpartition(".")[2] == "list"


def _emit_list(session: Session, key: str, arguments: dict[str, Any], everything: bool) -> None:
    """Write the rows of a list: the usual number, that of ``--limit``, or all of them."""
    resource = _member(session, key.rpartition(".")[0])
    limit = None if everything else USUAL_ROWS if session.limit is None else session.limit
    is_paged = any(each.name == "limit" for each in described(key).arguments)
    if is_paged and (limit is None or limit > MAX_PAGE):
        first: int = arguments.pop("offset", 0)
        end = None if limit is None else first + limit
        session.emit(islice(resource.iter(**arguments), first, end), columns=_columns(key), empty=NO_ROWS)
        return
    if is_paged:
        arguments["limit"] = limit or 1
    page: Page[Any] = resource.list(**arguments)
    shown = session.emit(islice(page, limit), columns=_columns(key), empty=NO_ROWS)
    total = len(page) if page.total is None else page.total
    if page.offset + shown < total and session.limit is None:
        session.hint(f"{shown:,} of {total:,} rows; --all shows all of them.")


def _columns(key: str) -> tuple[str, ...]:
    return COLUMNS.get(key.rpartition(".")[0], ())
