"""Read the signature and the docstring of a method of the SDK: the arguments of its command."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache, reduce
from importlib import import_module
from typing import Any, NamedTuple, get_args

from vocobase import types

TEXT = "text"
TEXTS = "texts"
INTEGER = "integer"
NUMBER = "number"
FLAG = "flag"
JSON = "JSON"

_KINDS = {
    "str": TEXT,
    "date | str": TEXT,
    "int": INTEGER,
    "float": NUMBER,
    "bool": FLAG,
    "Sequence[str]": TEXTS,
    "Mapping[str, Any]": JSON,
    "Sequence[Mapping[str, Any]]": JSON,
    "ExtractionConfigInput | ExtractionConfig | Mapping[str, Any]": JSON,
}
_SECRET = re.compile(r"secret|password|token|api_key")
_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Retries|Documentation):", re.MULTILINE)


class Argument(NamedTuple):
    """One argument of a method.

    Attributes:
        name: Its name in the method.
        kind: One of the constants of this module.
        help: Its documentation, with its limits.
        positional: Whether it may be passed without its name.
        required: Whether it must be passed.
        nullable: Whether None is a value of its own.
        secret: Whether it must not be seen by other users of the machine.
        values: The documented values, for completion; any other is accepted too.
    """

    name: str
    kind: str
    help: str
    positional: bool = False
    required: bool = False
    nullable: bool = False
    secret: bool = False
    values: tuple[str, ...] = ()


class Described(NamedTuple):
    """A method as its command needs it.

    Attributes:
        summary: The first line of its docstring.
        text: The paragraphs after that.
        page: The page of the API's documentation.
        arguments: Its arguments, in order.
    """

    summary: str
    text: str
    page: str
    arguments: tuple[Argument, ...]


def describe(method: Callable[..., Any]) -> Described:
    """Read a method."""
    doc = inspect.getdoc(method) or ""
    summary, _, rest = doc.partition("\n")
    text = _SECTION.split(rest, maxsplit=1)[0]
    page = doc.rpartition("Documentation:")[2].strip().rstrip(".")
    return Described(summary, _plain(text).strip(), " ".join(page.split()), tuple(_arguments(method, doc)))


def _arguments(method: Callable[..., Any], doc: str) -> Iterator[Argument]:
    texts = documented(doc, "Args")
    for each in inspect.signature(method).parameters.values():
        annotation = str(each.annotation)
        if each.kind is each.VAR_KEYWORD:
            yield from _settings(annotation.removeprefix("Unpack[").removesuffix("]"))
        else:
            yield _argument(
                each.name,
                annotation,
                texts.get(each.name, ""),
                positional=each.kind is each.POSITIONAL_OR_KEYWORD,
                required=each.default is each.empty,
            )


def _settings(name: str) -> Iterator[Argument]:
    """Yield the members of a typed dictionary of settings."""
    settings = getattr(types, name)
    texts = documented(inspect.getdoc(settings) or "", "Attributes")
    for member, annotation in settings.__annotations__.items():
        yield _argument(member, annotation.__forward_arg__, texts.get(member, ""))


def _argument(
    name: str, annotation: str, text: str, *, positional: bool = False, required: bool = False
) -> Argument:
    parts = [part for part in annotation.split(" | ") if part not in ("Omit", "Unset")]
    base = " | ".join(part for part in parts if part != "None")
    omittable = len(parts) < len(annotation.split(" | "))
    return Argument(
        name,
        TEXT if base.endswith("Value") else _KINDS[base],
        text,
        positional and required,
        required,
        # Without a sentinel for "omitted", None means that.
        nullable="None" in parts and omittable,
        secret=bool(_SECRET.search(name)),
        values=_values(base),
    )


def _values(base: str) -> tuple[str, ...]:
    if not base.endswith("Value"):
        return ()
    return get_args(get_args(getattr(types, base))[0])


def documented(doc: str, section: str) -> dict[str, str]:
    """Return the text for each name in a section of a docstring, on one line each."""
    found = re.search(rf"^{section}:\n((?: {{4}}.*\n|\n)+)", doc + "\n", re.MULTILINE)
    items = re.findall(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", found[1] if found else "", re.MULTILINE)
    return {name: _plain(" ".join(text.split())) for name, text in items}


def _plain(text: str) -> str:
    """Return a text without the marks of reStructuredText."""
    return re.sub(r":\w+:`~?([^`]+)`", r"\1", text).replace("``", "")


def members_of(path: tuple[str, ...]) -> Any:
    """Return the class of a resource, such as that of ``("agents", "documents")``, or a method of it."""
    return reduce(getattr, path, _offline_client())


@cache
def _offline_client() -> Any:
    """Return a client that sends nothing; only its signatures are read, many times for a help or a map."""
    return import_module("vocobase").Vocobase("signatures", base_url="https://localhost", routes={})
