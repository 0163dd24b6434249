"""The types of arguments: JSON, texts from files, secrets that are not arguments."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

NULL = "null"


def read_text(value: str) -> str:
    """Return a text, or the content of the file that it names: ``@FILE``, or ``@-`` for standard input.

    Raises:
        ValueError: the file cannot be read, or is not text.
    """
    if value.startswith("@@"):
        return value[1:]
    if not value.startswith("@"):
        return value
    name = value[1:]
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{name}: {(error.strerror or str(error)).lower()}") from error
    except ValueError as error:
        raise ValueError(f"{name} is not a text file in UTF-8") from error


class Value(click.ParamType[Any]):
    """The base of the types here.

    Args:
        nullable: Whether ``null`` clears the value.
        values: Known values, for completion.
    """

    def __init__(self, nullable: bool = False, values: tuple[str, ...] = ()) -> None:
        self.nullable = nullable
        self.values = values

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value, or fail with one line."""
        if self.nullable and value == NULL:
            return None
        try:
            return self.read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def read(self, value: str) -> Any:
        """Return the value of a text.

        Raises:
            ValueError: it has none; the message says why.
        """
        return read_text(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the known values that begin with a text, or ask the shell for files after an ``@``."""
        if incomplete.startswith("@"):
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(value) for value in self.values if value.startswith(incomplete)]


class TextValue(Value):
    """A text."""

    name = "text"


class TextsValue(Value):
    """One of several texts, or the file that has one on each line; see ``texts_of``."""

    name = "text"

    def read(self, value: str) -> str:
        """Return the text as it is: an ``@FILE`` has several."""
        return value


class IntegerValue(Value):
    """A whole number."""

    name = "integer"

    def read(self, value: str) -> int:
        """Return the number."""
        try:
            return int(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a whole number") from None


class NumberValue(Value):
    """A number."""

    name = "number"

    def read(self, value: str) -> float:
        """Return the number."""
        try:
            return float(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a number") from None


class JsonValue(Value):
    """A JSON value, or the file that holds it."""

    name = "JSON"

    def read(self, value: str) -> Any:
        """Return the value."""
        text = read_text(value)
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError(f"not JSON: {error}; pass it as '{{...}}' or @FILE") from None


class SecretValue(Value):
    """A secret, which is read from a file: other users of a machine can see the arguments of a process."""

    name = "@FILE"

    def read(self, value: str) -> str:
        """Return the secret."""
        if not value.startswith("@"):
            raise ValueError("a secret must not be an argument; put it into a file and pass @FILE, or @-")
        return read_text(value).strip()


def texts_of(values: tuple[str, ...]) -> list[str]:
    """Return a list of texts: each one passed, the lines of each ``@FILE``, or one JSON list.

    Raises:
        click.BadParameter: a file cannot be read.
    """
    found: list[str] = []
    try:
        for value in values:
            text = read_text(value)
            if text.startswith("["):
                found += json.loads(text)
            else:
                found += (
                    [line.strip() for line in text.splitlines() if line.strip()]
                    if value[:1] == "@"
                    else [text]
                )
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error
    return found
