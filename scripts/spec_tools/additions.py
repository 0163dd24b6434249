"""The parts of a new operation: its row, its stubs, and the places that a person must edit."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

from spec_tools.document import SpecError
from spec_tools.matching import Match, Row, placeholders
from spec_tools.text import clean

KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
# A YAML scalar that needs no quotes, and is read as itself.
_PLAIN = re.compile(r"(?!(?:null|true|false|yes|no|on|off|y|n)$)/?[A-Za-z][A-Za-z0-9 ()/-]*", re.IGNORECASE)
# The verbs whose module has an underscore, as Python or the generator uses the name.
_UNDERSCORED = {"list", "map", "import", "filter", "type", "set"}


def new_row(found: Match, key: str) -> Row:
    """Return the row of an operation without one, under a key of your choice."""
    operation = found.operation
    return Row(key, operation.tag, operation.summary, operation.method.upper(), found.row.path)


def row_text(row: Row) -> str:
    """Return the line of naming.operations in generator-config.yaml."""
    members = {"key": row.key, "tag": row.tag, "summary": row.summary, "method": row.method, "path": row.path}
    return "    - {" + ", ".join(f"{name}: {_scalar(text)}" for name, text in members.items()) + "}"


def _scalar(text: str) -> str:
    line = clean(text)
    return line if _PLAIN.fullmatch(line) or KEY.fullmatch(line) else "'" + line.replace("'", "''") + "'"


def policy_text(row: Row) -> str:
    """Return the line of OPERATIONS in vocobase/_policy/operations.py: the careful choice."""
    budget = ", Budget.CALLS" if row.path.startswith("/calls/") else ""
    if row.method == "GET":
        return f'        _safe("{row.key}"{budget}),'
    return f'        _unsafe("{row.key}", "check its effect before you send it again."{budget}),'


def checklist(row: Row, route: str, written: Collection[str] = ()) -> list[str]:
    """Return the places that a new operation needs, in order.

    Args:
        row: Its row.
        route: Its route in the document.
        written: Names of the places that are written already.
    """
    package, policy = row.resource.replace(".", "_"), policy_text(row).strip()
    places = {
        "row": f"generator-config.yaml, naming.operations: {row_text(row).strip()}",
        "policy": f"vocobase/_policy/operations.py: {policy} - decide whether a retry is safe",
        "key": "tests/contract/keys.txt and vocobase_sandbox/handlers/keys.py: the key",
        "method": f"vocobase/_resources/aio/, where api.{package} is used: "
        f"a method {row.verb} with docstring; then `make sync`",
        "handler": f"vocobase_sandbox/handlers/: a handler for {clean(route)}",
        "scenario": "tests/contract/scenario.py: a call of the method",
        "cassette": "tests/cassettes/scenario.py: the same, recorded with `make record`",
        "derived": "`make generate`, for docs/api.md, docs/reliability.md and docs/spec.md",
        "docs": "the docs page of the subject, and a line in CHANGELOG.md",
    }
    return [f"[{'x' if name in written else ' '}] {text}" for name, text in places.items()]


def with_row(config: str, row: Row) -> str:
    """Return generator-config.yaml with a row, after those of the same resource."""
    lines = config.splitlines()
    rows = [number for number, line in enumerate(lines) if line.startswith("    - {key: ")]
    alike = [number for number in rows if lines[number].startswith(f"    - {{key: {row.resource}.")]
    lines.insert((alike or rows)[-1] + 1, row_text(row))
    return "\n".join(lines) + "\n"


def with_policy(source: str, row: Row) -> str:
    """Return operations.py with the policy of an operation, after those of the same resource."""
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"_safe", "_unsafe"}
    ]
    calls.sort(key=lambda node: node.lineno)
    alike = [node for node in calls if _first(node).rpartition(".")[0] == row.resource]
    lines = source.splitlines()
    lines.insert((alike or calls)[-1].end_lineno or 0, policy_text(row))
    return "\n".join(lines) + "\n"


def _first(node: ast.Call) -> str:
    value = node.args[0]
    return str(value.value) if isinstance(value, ast.Constant) else ""


def with_key(keys: str, row: Row) -> str:
    """Return keys.txt with a key."""
    return "\n".join(sorted({*keys.split(), row.key})) + "\n"


def with_sandbox_key(source: str, row: Row, route: str) -> str:
    """Return vocobase_sandbox/handlers/keys.py with the name of an operation."""
    return source.rstrip().removesuffix("}") + f'    "{route}": "{row.key}",\n}}\n'


def with_handler(source: str, row: Row, route: str) -> str:
    """Return a module of handlers with a stub for an operation."""
    imports = "from vocobase_sandbox.handlers.context import not_emulated\n"
    head, first, rest = source.partition("from vocobase_sandbox.")
    return (
        head
        + imports
        + first
        + rest.rstrip()
        + (
            f'\n\n\n@route("{route}")\ndef {row.verb}(ctx: Context) -> Any:\n'
            f'    """{_sentence(row.summary)}"""\n    raise not_emulated("{row.key}")\n'
        )
    )


@dataclass(frozen=True)
class Generated:
    """The content of the generated modules of an operation.

    Attributes:
        arguments: Annotation of each path and query parameter; the optional ones allow Unset.
        body: Name of the request model, empty if there is none.
        members: Annotation of each member of the request model.
        payload: Annotation of the payload.
        models: Module of each model that an annotation names.
    """

    arguments: dict[str, str]
    body: str
    members: dict[str, str]
    payload: str
    models: dict[str, str]


def module_of(row: Row) -> tuple[str, str]:
    """Return package and module of an operation below vocobase_raw.api."""
    return row.resource.replace(".", "_"), row.verb + ("_" if row.verb in _UNDERSCORED else "")


def read_generated(endpoint: str, model_source: dict[str, str]) -> Generated:
    """Read the module of an operation.

    Args:
        endpoint: Source of the module.
        model_source: Source of each module of models.
    """
    tree = ast.parse(endpoint)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    build = functions["build"].args
    arguments = {
        each.arg: ast.unparse(each.annotation)
        for each in (*build.args, *build.kwonlyargs)
        if each.annotation is not None
    }
    body = arguments.pop("body", "")
    models = _imported(tree)
    members: dict[str, str] = {}
    if body:
        of_body = ast.parse(model_source[models[body]])
        models = {**_imported(of_body), **models}
        (model,) = [node for node in of_body.body if isinstance(node, ast.ClassDef) and node.name == body]
        for node in model.body:
            if isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_"):
                members[ast.unparse(node.target)] = ast.unparse(node.annotation)
    returned = functions["parse"].returns
    payload = ast.unparse(returned) if returned else "Any"
    return Generated(arguments, body, members, payload, models)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the module of each imported model."""
    return {
        alias.name: node.module.removeprefix("models.")
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        if node.level == 1 or node.module.startswith("models.")
        for alias in node.names
    }


def with_method(source: str, row: Row, found: Generated) -> str:
    """Return a module of resources with a stub of a method, in the class that has those of the same tag.

    Raises:
        SpecError: the module has no such class.
    """
    package, module = module_of(row)
    operation = f"api.{package}.{module}"
    classes = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and f"api.{package}." in ast.unparse(node)
    ]
    if not classes:
        raise SpecError(f"no class has methods of {row.resource}; write the method {row.verb} yourself")
    lines = source.splitlines()
    lines.insert(classes[-1].end_lineno or 0, _method(row, found, operation))
    names = {name for text in (*found.members.values(), found.payload) for name in _names(text)}
    at_top = ["from vocobase._base.values import OMIT, Omit", "from vocobase_raw import api, models"]
    annotations = [f"from vocobase_raw.models import {name}" for name in sorted(names & {*found.models})]
    first = block = next(number for number, line in enumerate(lines) if line.startswith("from vocobase"))
    # Only annotations name the models of responses, and only type checkers read them.
    if "if TYPE_CHECKING:" in lines:
        block = lines.index("if TYPE_CHECKING:") + 1
        annotations = [f"    {line}" for line in annotations]
    # ruff sorts them, and joins those of one module.
    return "\n".join([*lines[:first], *at_top, *lines[first:block], *annotations, *lines[block:]]) + "\n"


def _names(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _method(row: Row, found: Generated, operation: str) -> str:
    path = placeholders(row.path)
    given = {name: kind for name, kind in found.arguments.items() if name not in path} | found.members
    required = {name: kind for name, kind in given.items() if "Unset" not in _names(kind)}
    optional = {name: kind.replace("Unset", "Omit") for name, kind in given.items() if name not in required}
    keywords = [f"{name}: {kind}" for name, kind in required.items()]
    keywords += [f"{name}: {kind} = OMIT" for name, kind in optional.items()]
    signature = ", ".join(
        [
            "self",
            *(f"{name}: {found.arguments[name]}" for name in path),
            *(["*", *keywords] if keywords else []),
        ]
    )
    query = [f"{name}={name}" for name in found.arguments if name not in path]
    body = ", ".join(f"{name}={name}" for name in found.members)
    build = ", ".join([*path, *query, *([f"body=models.{found.body}({body})"] if found.body else [])])
    arguments = "".join(f"            {name}: ...\n" for name in (*path, *given))
    retries = "automatic" if row.method == "GET" else "only if the API certainly did not process the request"
    return (
        f"\n    async def {row.verb}({signature}) -> {found.payload}:\n"
        f'        """{_sentence(row.summary)}\n\n'
        + (f"        Args:\n{arguments}\n" if arguments else "")
        + f"        Returns:\n            The ``{found.payload}``.\n\n        Retries: {retries}.\n"
        f'        Documentation: {_sentence(f"{row.tag}, {row.summary}")}\n        """\n'
        f"        return await self._core.call({operation}.build({build}), {operation}.parse)"
    )


def _sentence(text: str) -> str:
    """Return a text of the document as a sentence that cannot end a docstring."""
    return re.sub(r"[\"\\]", "'", " ".join(clean(text).split())).rstrip(".") + "."
