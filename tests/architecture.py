"""Read the imports of a package from its source, of every kind, and find cycles and arrows that point up."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

Graph = dict[str, set[str]]
"""Each module, by its dotted name, with the modules of the same package that it imports."""


def graph(folder: Path, package: str | None = None) -> Graph:
    """Map every module of a package to the modules of it that it imports.

    Imports count wherever they are: at the top of a file, in a function, under `TYPE_CHECKING`.

    Args:
        folder: The folder of the package.
        package: Its dotted name, the folder's name by default; "" for a folder that is itself on the path.
    """
    package = folder.name if package is None else package
    files = {_name(path.relative_to(folder), package): path for path in sorted(folder.rglob("*.py"))}
    return {
        module: {target for name in imports(path, module) if (target := _module(name, files))} - {module}
        for module, path in files.items()
    }


def imports(path: Path, module: str) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports; `from a import b` is `a.b`."""
    yield from _imports(path, module, path.stat().st_mtime_ns)


@cache
def _imports(path: Path, module: str, changed: int) -> tuple[str, ...]:
    return tuple(_imports_of(path, module))


def _imports_of(path: Path, module: str) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*parts, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def foreign(folder: Path, package: str | None = None) -> dict[str, set[str]]:
    """Map every module of a package to the top-level names that it imports from elsewhere."""
    package = folder.name if package is None else package
    return {
        module: {name.partition(".")[0] for name in imports(path, module)} - {package}
        for path in folder.rglob("*.py")
        for module in [_name(path.relative_to(folder), package)]
    }


def cycles(modules: Graph) -> list[list[str]]:
    """List the groups of modules that import each other, directly or through others."""
    reached = {module: _reach(modules, module) for module in modules}
    groups = {frozenset(other for other in reached[one] if one in reached[other]) for one in modules}
    return sorted(sorted(group) for group in groups if group)


def upward(modules: Graph, layers: Mapping[str, int]) -> list[str]:
    """List the imports that lead from a layer to a higher one.

    Args:
        modules: The graph.
        layers: The layer of modules and packages; the longest name that fits decides.

    Raises:
        KeyError: For a module without a layer.
    """
    level = {module: layers[_longest(module, layers)] for module in modules}
    return [
        f"{module} ({level[module]}) imports {target} ({level[target]})"
        for module, targets in modules.items()
        for target in sorted(targets)
        if level[target] > level[module]
    ]


def _name(path: Path, package: str) -> str:
    parts = [part for part in (package, *path.with_suffix("").parts) if part]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module(name: str, known: Mapping[str, Path]) -> str | None:
    """Return the module of a package in which an imported name is defined, if it is in this package."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def _reach(modules: Graph, start: str) -> set[str]:
    reached: set[str] = set()
    left = list(modules[start])
    while left:
        module = left.pop()
        if module not in reached:
            reached.add(module)
            left += modules[module]
    return reached


def _longest(module: str, layers: Mapping[str, int]) -> str:
    fitting = [name for name in layers if module == name or module.startswith(name + ".")]
    if not fitting:
        raise KeyError(f"{module} has no layer")
    return max(fitting, key=len)
