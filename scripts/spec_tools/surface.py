"""List the public names of generated code with their signatures, by parsing it; it is never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The view of a facade on a name: whether it exists, its type, and whether a caller must pass it.
Surface = dict[str, str]
# Modules whose only name is a table of data; its changes are found in the documents themselves.
TABLES = {"constraints", "routes", "titles"}


def surface(package: Path) -> Surface:
    """Return each public name of a package, ``module:Class.member`` or ``module:function(parameter)``.

    Raises:
        SyntaxError: a file is not Python.
    """
    result: Surface = {}
    for path in sorted(package.rglob("*.py")):
        module = path.relative_to(package).with_suffix("").as_posix()
        # A lazy index loads names by a table; the modules themselves list these names.
        result[module] = "module"
        if module in TABLES:
            continue
        for name, text in _members(ast.parse(path.read_text(encoding="utf-8"))):
            result[f"{module}:{name}"] = text
    return result


def _members(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, f"class({', '.join(ast.unparse(base) for base in node.bases)})"
            for child in node.body:
                yield from ((f"{node.name}.{name}", text) for name, text in _statement(child))
        else:
            yield from _statement(node)


def _statement(node: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
        kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        yield node.name, f"{kind} -> {ast.unparse(node.returns) if node.returns else 'Any'}"
        yield from ((f"{node.name}({name})", text) for name, text in _parameters(node.args))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _public(node.target.id):
        default = f" = {ast.unparse(node.value)}" if node.value else ""
        yield node.target.id, ast.unparse(node.annotation) + default
    elif (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _public(node.targets[0].id)
    ):
        yield node.targets[0].id, f"= {ast.unparse(node.value)}"


def _public(name: str) -> bool:
    return not name.startswith("_")


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, str]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for place, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        yield argument.arg, _typed(argument, default) + f" at {place}"
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument.arg, _typed(argument, default)


def _typed(argument: ast.arg, default: ast.expr | None) -> str:
    annotation = ast.unparse(argument.annotation) if argument.annotation else "Any"
    return annotation + (f" = {ast.unparse(default)}" if default else "")


@dataclass(frozen=True)
class NameChange:
    """One difference between two surfaces."""

    name: str
    before: str | None
    after: str | None
    breaking: bool


def compare(old: Surface, new: Surface) -> list[NameChange]:
    """Return the differences, by name."""
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [NameChange(name, old.get(name), new.get(name), _breaks(name, old, new)) for name in changed]


def _breaks(name: str, old: Surface, new: Surface) -> bool:
    before, after = old.get(name), new.get(name)
    if name.endswith((":PATH", ":METHOD")):
        # The caller does not see where a request goes; the wire part of the report does.
        return False
    if before is None:
        # A further parameter of a known function must be optional; other further names do no harm.
        return name.endswith(")") and name.partition("(")[0] in old and " = " not in (after or "")
    if after is None:
        return True
    return not _wider(before, after)


def _wider(before: str, after: str) -> bool:
    """Return whether ``after`` only adds None or UNSET: a matter for type checkers, not for running code."""
    old, _, old_default = before.partition(" = ")
    new, _, new_default = after.partition(" = ")
    if old_default and old_default != new_default:
        return False
    # Unions are written flat: `str | None | Unset`.
    more = set(new.split(" | ")) - set(old.split(" | "))
    return set(old.split(" | ")) <= set(new.split(" | ")) and more <= {"None", "Unset"}
