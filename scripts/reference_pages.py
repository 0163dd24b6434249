"""Write docs/reference/: a page for each group of operations, whose text the site takes from docstrings.

    python scripts/reference_pages.py [FOLDER]

A page opens with the signatures and a short program (reference_examples.py). Then come the evidence of its
operations, from openapi.json, and the class that mkdocstrings shows.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import api_page
import reference_examples

from spec_tools.config import CONFIG, ROOT, load_naming
from spec_tools.document import load, operations
from spec_tools.evidence import level
from spec_tools.matching import match
from spec_tools.text import code, table

FOLDER = ROOT / "docs" / "reference"
# Longer signatures end with **other.
WIDTH = 125
HEADER = ("Method", "Route", "Route by", "Request by", "Response by")
EVIDENCE = """The levels say how the documentation supports each part: see
[the API description](../spec.md#evidence-levels). A part that is inferred may differ in the live API.
"""
NOTE = """`**other` stands for the options that the complete signatures below list.
"""
CLIENT = """# The client

One client serves a whole program; its groups, such as `vb.calls`, have the operations.

```text
{signature}
```

{note}
```python
from vocobase import Vocobase

with Vocobase() as vb:  # the key comes from VOCOBASE_API_KEY
    print(vb.voices.list())
```

`AsyncVocobase` has the same methods, which you await. [Basics](../basics.md) explains how a client works.

::: vocobase._client.sync.client.Vocobase
"""
ERRORS = """# Errors

Every error is a `VocobaseError`, its text is one line, and it pickles. [Basics](../basics.md#errors) shows
the tree.

```text
VocobaseError(message, **details)
APIError(message, **details)
```

```python
from vocobase import NotFoundError, Vocobase

with Vocobase() as vb:
    try:
        vb.agents.get("5b0c0de0-0000-4000-8000-00000000ffff")
    except NotFoundError as error:
        print(error.status, error.code, error.operation)  # 404 NOT_FOUND agents.get
```

::: vocobase._base.errors
    options:
      filters: ["!^_", "!^DownloadResult$", "!^UploadResult$", "!^one_line$", "!^redact$"]
"""


def groups() -> Iterator[tuple[str, type]]:
    """Yield the name and the class of each group of operations, such as ``agents.documents``."""
    cls: type[Any] = import_module("vocobase").Vocobase
    for path, group in api_page.groups(cls, "vb"):
        yield path.removeprefix("vb."), group


def evidence() -> dict[str, list[list[str]]]:
    """Return the rows of evidence by group of operations."""
    naming = load_naming(ROOT / CONFIG.name)
    rows: dict[str, list[list[str]]] = {}
    for found in match(naming.rows, operations(load(ROOT / "openapi.json"), naming.base_path)):
        group, _, method = found.row.key.rpartition(".")
        levels = [level(found.operation.body, part) for part in ("route", "request", "response")]
        rows.setdefault(group, []).append([code(method), code(found.operation.route), *levels])
    return rows


def signature(name: str, function: Any) -> str:
    """Return a function without annotations, as the guides write it."""
    found = inspect.signature(inspect.unwrap(function))
    parts: list[str] = []
    for each in found.parameters.values():
        if each.name == "self":
            continue
        if each.kind is each.KEYWORD_ONLY and not any(part.startswith("*") for part in parts):
            parts.append("*")
        mark = "*" * ((each.kind is each.VAR_POSITIONAL) + 2 * (each.kind is each.VAR_KEYWORD))
        shown = "OMIT" if repr(each.default) == "UNSET" else repr(each.default).replace("'", '"')
        if not isinstance(each.default, (str, int, float, type(None))) and shown != "OMIT":
            shown = "..."
        parts.append(mark + each.name + ("" if each.default is each.empty else f"={shown}"))
    returned = str(found.return_annotation).removeprefix("builtins.")
    return _fitted(name, parts, "" if returned == "None" else f" -> {returned}")


def _fitted(name: str, parts: list[str], returned: str) -> str:
    """Return a signature; if it is too long, **other stands for its last optional parameters."""
    kept = len(parts)
    line = f"{name}({', '.join(parts)}){returned}"
    while len(line) > WIDTH and "=" in parts[kept - 1]:
        kept -= 1 + (parts[kept - 2] == "*")
        line = f"{name}({', '.join([*parts[:kept], '**other'])}){returned}"
    return line


def signatures(name: str, group: type) -> Iterator[str]:
    """Yield the signature of each method of a group, or of the groups below one that has none."""
    members = [item for part in api_page.parts_of(group) for item in vars(part).items()]
    methods = [
        (key, found)
        for key, member in members
        if not key.startswith("_") and inspect.isfunction(found := getattr(member, "__func__", member))
    ]
    yield from (signature(f"vb.{name}.{key}", found) for key, found in methods)
    if not methods:
        for path, below in api_page.groups(group, name):
            yield from signatures(path, below)


def page(name: str, group: type, rows: list[list[str]]) -> str:
    """Return the page of one group."""
    lines = [f"# vb.{name}", "", api_page.summary(group), ""]
    shown = [*signatures(name, group)]
    lines += ["```text", *shown, "```", "", *([NOTE] if any("**other" in line for line in shown) else [])]
    lines += ["```python", reference_examples.program(name) + "```", ""]
    if rows:
        lines += [*table(HEADER, rows), "", EVIDENCE]
    lines += [f"::: {group.__module__}.{group.__qualname__}"]
    if len(api_page.parts_of(group)) > 1:
        # Where a resource consists of several classes, readers see one.
        lines += ["    options:", "      inherited_members: true", "      show_bases: false"]
    return "\n".join(lines) + "\n"


def write(target: Path) -> None:
    """Write the folder to ``target``."""
    target.mkdir(exist_ok=True)
    known = evidence()
    pages = {name.replace(".", "-"): page(name, group, known.get(name, [])) for name, group in groups()}
    client = CLIENT.format(signature=signature("Vocobase", import_module("vocobase").Vocobase), note=NOTE)
    for name, text in {"client": client, "errors": ERRORS, **pages}.items():
        (target / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
