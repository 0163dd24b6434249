"""The program: its commands, and how one of them runs."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import click

from vocobase import __version__
from vocobase.cli.effects import DELETES, OVERWRITES, READS, RINGS, WRITES
from vocobase.cli.frame import Entry, Group
from vocobase.cli.session import Session

# Set by the scripts of `vocobase completion`.
COMPLETION_VARIABLE = "_VOCOBASE_COMPLETE"

# One row for each command that is written by hand: its words, where it is, one line for the help, its effect.
COMMANDS: dict[str, Entry] = {
    "api": Entry("api:api", "Send a request to a route that has no command.", OVERWRITES),
    "audio": Entry("", "Background audio: upload a file."),
    "audio upload": Entry("uploads:audio", "Upload a WAV file as background audio.", WRITES),
    "call": Entry("call:call", "Call a number with an agent, and watch the call.", RINGS),
    "calls": Entry("calls:calls", "Show the newest calls: those of a period, with a status, of an agent."),
    "calls show": Entry("calls:show", "Show a call: who, when, what it cost, what was said."),
    "calls watch": Entry("call:watch", "Follow a call until its end, and show its result."),
    "campaigns results": Entry("campaigns:results", "Show the result for each person of a campaign."),
    "campaigns run": Entry("campaigns:run", "Create a campaign from a file of people, and start it.", RINGS),
    "completion": Entry("completion:completion", "Print the script that completes commands in a shell."),
    "contacts": Entry("", "Files of people to call."),
    "contacts check": Entry("contacts:check", "Show which rows of a file cannot be called, and why."),
    "dial": Entry("", "Lists of people to call: add, run, watch, pause, report."),
    "dial add": Entry("dial:add", "Add the people of a file to a list, without dialling.", WRITES),
    "dial change": Entry("dial_lists:change", "Replace rules of a list.", OVERWRITES),
    "dial drop": Entry("dial_lists:drop", "Refuse jobs, so that they are not dialled.", OVERWRITES),
    "dial jobs": Entry("dial_lists:jobs", "List the jobs of a list, with their results."),
    "dial lists": Entry("dial_lists:lists", "Show all lists of the ledger, with their progress."),
    "dial pause": Entry("dial_lists:pause", "Pause a list for all workers.", WRITES),
    "dial plan": Entry("dial:plan", "Show what a run would do, how long it would take, and its cost."),
    "dial report": Entry("dial_lists:report", "Show how many jobs have each outcome, and what they cost."),
    "dial resume": Entry("dial_lists:resume", "Resume a list that is paused.", RINGS),
    "dial retry": Entry("dial_lists:retry", "Put parked or refused jobs back into a list.", RINGS),
    "dial run": Entry("dial:run", "Dial a list until no one is waiting.", RINGS),
    "dial show": Entry("dial_lists:show", "Show a person of a list, with each attempt."),
    "dial status": Entry("dial_lists:status", "Show the progress of a list."),
    "dial work": Entry("dial:work", "Dial the jobs that others add to a list, until it is stopped.", RINGS),
    "do-not-call": Entry("", "Numbers that no list dials."),
    "do-not-call add": Entry("do_not_call:add", "Add numbers.", WRITES),
    "do-not-call check": Entry("do_not_call:check", "Show whether a number must not be called."),
    "do-not-call import": Entry("do_not_call:import_", "Add the numbers of a file.", WRITES),
    "do-not-call list": Entry("do_not_call:list_", "List the numbers."),
    "do-not-call log": Entry("do_not_call:log", "List the decisions not to dial a number."),
    "do-not-call remove": Entry("do_not_call:remove", "Remove a number: it may be called again.", RINGS),
    "dictionaries apply": Entry("dictionaries:apply", "Set dictionary terms from a file.", OVERWRITES),
    "doctor": Entry("doctor:doctor", "Check key, connection, account and this machine."),
    "documents upload": Entry("uploads:upload", "Upload files as documents, several at a time.", WRITES),
    "kb": Entry("", "The knowledge base of an agent, as a folder."),
    "kb sync": Entry("uploads:sync", "Bring the knowledge base of an agent in line with a folder.", DELETES),
    "login": Entry("login:login", "Store the API key of an account in a profile.", OVERWRITES),
    "logout": Entry("login:logout", "Remove a profile and its key.", DELETES),
    "profiles": Entry("login:profiles", "List the profiles.", READS),
    "profiles use": Entry("login:use", "Make a profile the default.", WRITES),
    "recording": Entry("recordings:recording", "Link to, download or play the recording of a call."),
    "transcript": Entry("calls:transcript", "Show what was said in a call."),
    "records": Entry("", "The local table of calls: sync, count, export, forget, purge."),
    "records count": Entry("records:count", "Count the calls in the local table."),
    "records export": Entry("records:export", "Write the local table into files, one for each day."),
    "records forget": Entry("records:forget", "Remove a person from the local table.", DELETES),
    "records purge": Entry("records:purge", "Remove old calls from the local table.", DELETES),
    "records sync": Entry("records:sync", "Read the calls of the account into the local table."),
    "report": Entry("report:report", "Show figures of the calls in the local table."),
    "sandbox": Entry("", "An emulated account on this machine: start it, control it."),
    "sandbox advance": Entry("sandbox:advance", "Move the clock of the sandbox forward."),
    "sandbox exec": Entry("sandbox:execute", "Run a command against an emulated account of its own."),
    "sandbox faults": Entry("sandbox:faults", "List the faults of the sandbox."),
    "sandbox faults add": Entry("sandbox:add_fault", "Add a fault."),
    "sandbox faults clear": Entry("sandbox:clear_faults", "Remove all faults."),
    "sandbox faults remove": Entry("sandbox:remove_fault", "Remove a fault."),
    "sandbox script": Entry("sandbox:script", "Set the outcomes of the next calls of a number or an agent."),
    "sandbox seed": Entry("sandbox:seed", "Create the entries of a file in the sandbox."),
    "sandbox serve": Entry("sandbox:serve", "Serve an emulated account on this machine."),
    "sandbox trigger": Entry("sandbox:trigger", "Deliver a signed webhook for a made-up session."),
    "webhooks": Entry("", "Webhooks on this machine: forward, resend, sign, verify."),
    "webhooks listen": Entry("webhooks:listen", "Send the events of calls to servers on this machine."),
    "webhooks resend": Entry("webhooks:resend", "Send the event of a call to a server on this machine."),
    "webhooks sign": Entry("webhooks:sign", "Print the headers of a delivery with a body."),
    "webhooks verify": Entry("webhooks:verify", "Verify the signature of a delivery that you stored."),
}

# The resources of the API, each with one command for each of its operations.
RESOURCES: dict[str, str] = {
    "agents": "Voice agents: prompt, voice and behaviour.",
    "background-audio": "Tracks that play under the voice of an agent.",
    "calls": "Outbound phone calls.",
    "campaigns": "Outbound calling campaigns.",
    "config": "Your account: settings, webhook endpoints, carrier credentials.",
    "dictionaries": "Term lists that bias speech recognition.",
    "document-folders": "Groups of documents.",
    "documents": "Files and web links for knowledge bases.",
    "functions": "HTTP functions that an agent may call during a conversation.",
    "phone-numbers": "Imported Plivo and Vobiz numbers.",
    "projects": "Groups of agents.",
    "sessions": "Browser sessions, and the record of every session.",
    "telephony-connections": "Named carrier accounts.",
    "voicelink": "Pass-through management of VoiceLink.",
    "voices": "The voice catalog.",
}


def _show_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        sys.stdout.write(f"vocobase {__version__}\n")
        context.exit()


def _show_map(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value and not context.resilient_parsing:
        # Lazy: it loads every command.
        import json

        from vocobase.cli.tree import tree

        text = json.dumps(tree(cast(Group, context.command)), indent=2)
        sys.stdout.write(f"{text}\n")
        context.exit()


def program() -> Group:
    """Return the root of all commands."""
    root = Group(
        (),
        COMMANDS,
        RESOURCES,
        help="Voice AI agents that make and take phone calls: the Vocobase Partner API.",
        no_args_is_help=True,
    )
    root.params += [
        click.Option(
            ["--map"],
            type=click.Choice(("json",)),
            is_eager=True,
            expose_value=False,
            callback=_show_map,
            help="Show the tree of commands, for programs.",
        ),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Show the version.",
        ),
    ]
    return root


def run(arguments: Sequence[str], session: Session | None = None) -> int:
    """Run a command; return its exit status.

    Args:
        arguments: The words after ``vocobase``.
        session: The run; for tests.
    """
    session = session or Session()
    try:
        _check_text(arguments)
        with session, warnings.catch_warnings():
            _show_warnings(session)
            _invoke(arguments, session)
        sys.stdout.flush()
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(f"{error.ctx.get_help() if error.ctx else ''}\n")
        return error.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place that reports errors
        # Only an error needs it, and it would slow every start.
        from vocobase.cli.failures import report

        session.output = session.output or _output_in(arguments)
        return report(error, session)
    return 0


def _invoke(arguments: Sequence[str], session: Session) -> Any:
    """Run a command without `click.Command.main`, which handles interrupts and closed pipes itself."""
    root = program()
    if COMPLETION_VARIABLE in os.environ:
        # Lazy, as only a shell needs it.
        from vocobase.cli import shells

        raise click.exceptions.Exit(shells.complete(root, session))
    with root.make_context("vocobase", list(arguments), obj=session) as context:
        return root.invoke(context)


def _show_warnings(session: Session) -> None:
    """Show a warning of the SDK as one line, without the place in the code."""
    warnings.simplefilter("default", UserWarning)

    def show(message: Warning | str, *rest: Any, **more: Any) -> None:
        # Lazy, as most runs show none.
        from vocobase.cli.wording import translated

        session.note(f"vocobase: warning: {translated(str(message))}")

    warnings.showwarning = show


def _check_text(arguments: Sequence[str]) -> None:
    for number, argument in enumerate(arguments, 1):
        if any("\ud800" <= sign <= "\udfff" for sign in argument):
            raise click.UsageError(
                f"Argument {number} is not UTF-8; set a UTF-8 locale, or rename the file that it names."
            )


def _output_in(arguments: Sequence[str]) -> str:
    """Return the format that the arguments request, even if they could not be parsed to the end."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    asked = (value for name, value in pairwise(words) if name == "--output")
    return next((value for value in asked if value in ("json", "jsonl")), "")
