"""Write docs/api.md: every public name of the SDK with its signature, on one page.

    python scripts/api_page.py [TARGET]

The page is read from the package itself. It is also the record of the public surface: a change of a name or a
signature changes this file, which CI compares with the package.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "generated")]

HEAD = """# The public names of `vocobase`

Every public name with its signature, written from the package by `make generate`. The page shows the
synchronous client; `AsyncVocobase` has the same methods, which you await, and the same iterators, which you
read with `async for`. [Basics](basics.md) explains how the client works, and the docstring of each method
names its errors.
"""
# Packages of names, in the order of the page.
PACKAGES = (
    "vocobase",
    "vocobase.types",
    "vocobase.webhooks",
    "vocobase.contacts",
    "vocobase.records",
    "vocobase.testing",
    "vocobase.otel",
    "vocobase.diagnostics",
    "vocobase.clock",
    "vocobase.files",
)


def source(thing: Any) -> str:
    """Return the file that defines a class or function, the asynchronous one of a pair."""
    path = Path(inspect.getfile(inspect.unwrap(thing))).resolve().relative_to(ROOT)
    shown = path.as_posix().replace("/sync/", "/aio/")
    return f"`{shown}`"


class Written(str):
    """An annotation that is shown without quotes."""

    def __repr__(self) -> str:
        return str(self)


def signature(name: str, function: Any) -> str:
    """Return a function as a user calls it; an argument whose default is OMIT is left out of the request."""
    found = inspect.signature(inspect.unwrap(function))
    parameters = [
        each.replace(annotation=_written(each.annotation), default=_default(each.default))
        for each in found.parameters.values()
        if each.name not in ("self", "cls")
    ]
    result = found.replace(parameters=parameters, return_annotation=_written(found.return_annotation))
    return f"{name}{result}"


def _written(annotation: object) -> object:
    return Written(annotation.replace(" | Omit", "")) if isinstance(annotation, str) else annotation


def _default(value: object) -> object:
    if value is inspect.Parameter.empty or isinstance(value, (str, int, float, bool, type(None))):
        return value
    return Written("OMIT" if repr(value) == "UNSET" else "...")


def summary(thing: object) -> str:
    """Return the first sentence of a docstring."""
    text = inspect.getdoc(thing) or ""
    return " ".join(text.split("\n\n")[0].split())


def parts_of(cls: type) -> list[type]:
    """Return a class, and the classes of which a resource consists."""
    return [each for each in cls.__mro__ if each is cls or _is_part(each)]


def _is_part(cls: type) -> bool:
    return cls.__name__ != "Resource" and cls.__module__.startswith("vocobase._resources.")


def methods(cls: type) -> Iterator[str]:
    """Yield a line for each public method and property of a class and its parts."""
    members: list[tuple[str, Any]] = [item for part in parts_of(cls) for item in vars(part).items()]
    for name, member in members:
        if name.startswith("_") or type(member) is cached_property:
            continue
        function = getattr(member, "__func__", member)
        if isinstance(function, property):
            yield f"- `{name}`: {summary(function)}"
        elif inspect.isfunction(function):
            yield f"- `{signature(name, function)}`  \n  {summary(function)}"


def groups(cls: type, path: str) -> Iterator[tuple[str, type]]:
    """Yield every group of operations below a class, with the path that leads to it."""
    members: dict[str, Any] = dict(vars(cls))
    for name, member in members.items():
        if type(member) is cached_property and name != "raw":
            found = resource(cls, member.func)
            yield f"{path}.{name}", found
            yield from groups(found, f"{path}.{name}")


def resource(cls: type, function: Any) -> type:
    """Return the class that a lazy attribute returns.

    Raises:
        LookupError: its module neither defines nor imports it, not even for checkers.
    """
    name = str(inspect.signature(function).return_annotation).strip("'")
    module = sys.modules[cls.__module__]
    if name in vars(module):
        return cast(type, vars(module)[name])
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module and name in (each.name for each in node.names):
            return cast(type, getattr(import_module(node.module), name))
    raise LookupError(f"{cls.__name__}: {name} is not imported")


def client() -> Iterator[str]:
    """Yield the part about the client and its resources."""
    cls: type[Any] = import_module("vocobase").Vocobase
    yield f"\n## The client: `{signature('Vocobase', cls).removesuffix(' -> None')}`\n"
    yield f"{summary(cls)} {source(cls)}\n"
    yield from methods(cls)
    for path, group in groups(cls, "vb"):
        yield f"\n## `{path}`\n"
        yield f"{summary(group)} {source(group)}\n"
        yield from methods(group)


def names(title: str, package: Any) -> Iterator[str]:
    """Yield the part about the names of a package."""
    yield f"\n## `{title}`\n"
    for name in sorted(package.__all__):
        thing: object = getattr(package, name)
        if inspect.isclass(thing) and issubclass(thing, BaseException):
            parent = thing.__bases__[0].__name__
            yield f"- `{name}({parent})`: {summary(thing)}"
        elif inspect.isclass(thing) or inspect.isfunction(thing):
            yield from entry(name, thing)
        else:
            yield f"- `{name}`"


def entry(name: str, thing: object) -> Iterator[str]:
    """Yield the lines of a class or function: models without their fields, which their file lists."""
    try:
        place = source(thing)
    except (TypeError, ValueError):
        place = ""
    if inspect.isfunction(thing):
        yield f"- `{signature(name, thing)}`  \n  {summary(thing)} {place}"
        return
    cls = cast("type[Any]", thing)
    ours = bool(place) and "generated" not in place and name not in ("Vocobase", "AsyncVocobase")
    shown = signature(name, cls).removesuffix(" -> None") if ours and _is_created(cls) else name
    yield f"- `{shown}`: {summary(cls)} {place}".rstrip()
    if ours:
        yield from (f"  {line}" for line in "\n".join(methods(cls)).splitlines())


def _is_created(cls: type) -> bool:
    """Return whether users create objects of a class."""
    return inspect.isfunction(vars(cls).get("__init__")) and not getattr(cls, "_is_protocol", False)


def page() -> str:
    """Return the page."""
    parts = [HEAD, *client()]
    for title in PACKAGES:
        parts += names(title, import_module(title))
    return "\n".join(parts).rstrip() + "\n"


def write(target: Path) -> None:
    """Write the page to ``target``."""
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "api.md")
