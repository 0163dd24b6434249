"""The common parts of all commands: shared options, lazy loading, and suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec

import click

from vocobase.cli.effects import READS
from vocobase.cli.option_help import readable
from vocobase.cli.session import FORMATS, Session

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


P = ParamSpec("P")
SHARED_LINE = (
    "Every command also takes --profile, --output, --fields, --limit, --quiet, --no-pii, --yes and --debug;"
    " see vocobase --help."
)


class Entry(NamedTuple):
    """A row of the table of commands.

    Attributes:
        target: Where the command is, as ``module:attribute`` below ``vocobase.cli.commands``; empty for a
            group that does nothing without a command.
        summary: One line for the help of the group, which does not load the command.
        effect: Its effect on the account; see ``effects``.
    """

    target: str
    summary: str
    effect: str = READS


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option for the whole run, wherever it stands; the last one wins."""
    name = parameter.name or ""
    if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
        session = context.find_root().ensure_object(Session)
        setattr(session, "profile_name" if name == "profile" else name, value)


def _split(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    names = tuple(part.strip() for part in (value or "").split(",") if part.strip())
    _keep(context, parameter, names)


def _profile_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    names = context.find_root().ensure_object(Session).profiles.all
    return [name for name in names if name.startswith(incomplete)]


class SharedOption(click.Option):
    """An option that every command takes, before and after its name."""


def shared_options() -> list[click.Parameter]:
    """Return the options that every command takes."""

    def option(*names: str, callback: Any = _keep, **settings: Any) -> click.Parameter:
        return SharedOption(names, expose_value=False, callback=callback, **settings)

    return [
        option(
            "--profile",
            metavar="NAME",
            shell_complete=_profile_names,
            help="Use this profile; default: VOCOBASE_PROFILE.",
        ),
        option(
            "--output",
            type=click.Choice(FORMATS),
            metavar="FORMAT",
            help="table, json, jsonl or csv; default: table on a terminal, else jsonl.",
        ),
        option(
            "--fields", metavar="A,B", callback=_split, help="Members to show, such as id,session.status."
        ),
        option("--limit", type=click.IntRange(min=0), metavar="N", help="Show at most this many rows."),
        option("--quiet", is_flag=True, help="Show identifiers only, and no progress."),
        option("--no-pii", is_flag=True, help="Mask phone numbers, what was said, variables and recordings."),
        option("--yes", is_flag=True, help="Answer every question with yes."),
        option("--debug", is_flag=True, help="Show the traceback of an error."),
    ]


class Command(click.Command):
    """A command with the shared options; its help names them in one line."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params += shared_options()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command."""
        _write_own_options(self, ctx, formatter)


def _write_own_options(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter
) -> None:
    _write_options(command, context, formatter, lambda each: not isinstance(each, SharedOption))
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(SHARED_LINE)


def _write_options(
    command: click.Command,
    context: click.Context,
    formatter: click.HelpFormatter,
    shown: Callable[[click.Option], bool],
) -> None:
    options = [each for each in command.get_params(context) if isinstance(each, click.Option) and shown(each)]
    with formatter.section("Options"):
        # At least --help is there.
        formatter.write_dl(
            [
                readable(record, each, context)
                for each in options
                if (record := each.get_help_record(context)) is not None
            ]
        )


def command(
    name: str | None = None, **settings: Any
) -> Callable[[Callable[Concatenate[Session, P], object]], Command]:
    """Create a command from a function that takes a ``Session`` first.

    Args:
        name: Its name; by default that of the function.
        settings: As for ``click.command``.
    """

    def decorate(function: Callable[Concatenate[Session, P], object]) -> Command:
        return click.command(name, cls=Command, **settings)(click.pass_obj(function))

    return decorate


_OPERATIONS = "operations"


def _operations() -> Any:
    """Return the module that creates a command for each operation; it imports this one, as all commands
    do."""
    return import_module(f"{__package__}.{_OPERATIONS}")


class Group(click.Group):
    """A group whose commands load when they are used.

    Args:
        path: Its words below ``vocobase``, such as ``("calls",)``; empty for the root.
        table: Every command of the program, by its words joined with spaces.
        resources: The resources of the API, each a group of operations, with one line for the help.
        settings: As for ``click.Group``.
    """

    def __init__(
        self, path: tuple[str, ...], table: Mapping[str, Entry], resources: Mapping[str, str], **settings: Any
    ) -> None:
        super().__init__(path[-1] if path else "vocobase", **settings)
        self.path = path
        self.table = table
        self.resources = resources
        self.params += shared_options()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in this group."""
        return sorted(self.summaries())

    def summaries(self) -> dict[str, str]:
        """Return the names of the commands in this group, each with one line for the help."""
        operations = self.resources if not self.path else self._operations()
        written = self._written()
        # A group of operations keeps its summary when written commands join it.
        return {**operations, **written, **{name: operations[name] for name in written if name in operations}}

    def _written(self) -> dict[str, str]:
        size = len(self.path)
        found: dict[str, str] = {}
        for words, entry in ((tuple(name.split()), entry) for name, entry in self.table.items()):
            if len(words) > size and words[:size] == self.path:
                summary = entry.summary if len(words) == size + 1 else found.get(words[size], "")
                found[words[size]] = summary
        return found

    def _operations(self) -> dict[str, str]:
        if not self.path or self.path[0] not in self.resources:
            return {}
        # Lazy, as the help of the program needs no operation.
        found: dict[str, str] = _operations().summaries(self.path)
        return found

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command of this group."""
        name = cmd_name.replace("_", "-")
        if name not in self.summaries():
            return None
        path = (*self.path, name)
        entry = self.table.get(" ".join(path))
        loaded = _load(entry) if entry is not None and entry.target else None
        if self._is_group(path):
            return self._group(path, loaded)
        if loaded is not None:
            # The usage shows the name that is typed, not that of the function.
            loaded.name = name
            return loaded
        made: click.Command = _operations().command(path)
        return made

    def _is_group(self, path: tuple[str, ...]) -> bool:
        deeper = any(tuple(name.split())[: len(path)] == path != tuple(name.split()) for name in self.table)
        if deeper or (not self.path and path[0] in self.resources):
            return True
        return path[0] in self.resources and bool(_operations().summaries(path))

    def _group(self, path: tuple[str, ...], own: click.Command | None) -> Group:
        summary = self.summaries()[path[-1]]
        if own is None:
            return Group(path, self.table, self.resources, help=summary, no_args_is_help=True)
        # A group that does something without a command: its options are those of the command.
        made = Group(
            path,
            self.table,
            self.resources,
            help=own.help or summary,
            invoke_without_command=True,
            callback=_unless_deeper(own.callback),
        )
        made.params = list(own.params)
        return made

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the next word names; suggest the nearest one if there is none."""
        name = args[0]
        found = self.get_command(ctx, name)
        if found is None and not ctx.resilient_parsing:
            raise click.UsageError(f"{ctx.command_path} has no command {name!r}.{self._nearest(name)}", ctx)
        return (found.name if found else None), found, args[1:]

    def _nearest(self, name: str) -> str:
        from difflib import get_close_matches  # it is only needed for a mistake

        near = get_close_matches(name.replace("_", "-"), self.summaries(), n=1)
        return f" Did you mean {near[0]}?" if near else f" See {' '.join(('vocobase', *self.path))} --help."

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin with a text, without loading any."""
        # Lazy, as only a shell needs it.
        from click.shell_completion import CompletionItem

        wanted = incomplete.replace("_", "-")
        commands = [
            CompletionItem(name, help=summary)
            for name, summary in sorted(self.summaries().items())
            if name.startswith(wanted)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of this group, without loading any."""
        summaries = self.summaries()
        operations = self.resources if not self.path else self._operations()
        for title, names in (
            ("Commands", [name for name in summaries if name not in operations]),
            ("Operations of the API", [name for name in summaries if name in operations]),
        ):
            if names:
                with formatter.section(title):
                    formatter.write_dl([(name, summaries[name]) for name in sorted(names)])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options: all of the root, only its own of any other group."""
        if not self.path:
            _write_options(self, ctx, formatter, lambda each: True)
        else:
            _write_own_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def _load(entry: Entry) -> click.Command:
    module, _, attribute = entry.target.partition(":")
    loaded: click.Command = getattr(import_module(f"vocobase.cli.commands.{module}"), attribute)
    return loaded


def _unless_deeper(callback: Callable[..., Any] | None) -> Callable[..., Any]:
    @click.pass_context
    def run(context: click.Context, *args: Any, **values: Any) -> Any:
        if context.invoked_subcommand is None and callback is not None:
            return callback(*args, **values)
        return None

    return run
