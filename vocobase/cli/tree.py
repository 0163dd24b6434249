"""The map of all commands, for programs: words, arguments, options, types, and effects."""

from __future__ import annotations

from typing import Any

import click

from vocobase.cli.effects import READS, asks, effect_of_operation
from vocobase.cli.frame import Group, SharedOption, shared_options
from vocobase.cli.operations import KEYS

VERSION = 1


def tree(root: Group) -> dict[str, Any]:
    """Return every command, with the options that all of them share once."""
    return {
        "version": VERSION,
        "options": [_parameter(each) for each in shared_options()],
        "commands": _commands(root),
    }


def _commands(group: Group) -> list[dict[str, Any]]:
    context = click.Context(group, info_name="vocobase")
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return [_command(group, name, command) for name, command in commands.items() if command is not None]


def _command(group: Group, name: str, command: click.Command) -> dict[str, Any]:
    path = (*group.path, name)
    own = [each for each in command.params if not isinstance(each, SharedOption)]
    node: dict[str, Any] = {"command": " ".join(path), "summary": group.summaries()[name]}
    if not isinstance(command, Group) or command.invoke_without_command:
        effect = _effect(group, path)
        node |= {
            "effect": effect,
            "asks": asks(effect),
            "arguments": [_parameter(each) for each in own if isinstance(each, click.Argument)],
            "options": [_parameter(each) for each in own if isinstance(each, click.Option)],
        }
    if isinstance(command, Group):
        node["commands"] = _commands(command)
    return node


def _effect(group: Group, path: tuple[str, ...]) -> str:
    entry = group.table.get(" ".join(path))
    if entry is not None:
        return entry.effect
    return effect_of_operation(KEYS[path]) if path in KEYS else READS


def _parameter(each: click.Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": each.opts[0] if isinstance(each, click.Option) else each.name,
        "type": "flag" if getattr(each, "is_flag", False) else each.type.name,
        "required": each.required,
        "several": each.multiple or each.nargs == -1,
        "help": getattr(each, "help", None) or "",
    }
    values = getattr(each.type, "choices", None) or getattr(each.type, "values", None)
    return {**found, "values": list(values)} if values else found
