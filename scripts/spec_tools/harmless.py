"""Reject generated code that contains more than our templates write around names and literals.

    python -m spec_tools.harmless FOLDER

The templates and the generator escape what they take from a document. This is the second lock: the result is
parsed, never imported, and every statement, import and call in it must be of a kind listed here.
Exit codes: 0 it is, 2 it is not.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from spec_tools import constraints, routes, titles
from spec_tools.command import guarded
from spec_tools.document import SpecError
from spec_tools.text import clean

# Files without content of a document; the tests of the repository read them.
FIXED = {
    "__init__.py",
    "client.py",
    "display.py",
    "errors.py",
    "json_values.py",
    "types.py",
    "typed_values.py",
    "py.typed",
}
FOLDERS = {"api", "models"}
# Modules that are only a table, and the head of each, whatever the document contains.
TABLES = {"constraints.py": constraints.HEAD, "routes.py": routes.HEAD, "titles.py": titles.HEAD}
# Typed dictionaries.
SETTINGS = "settings.py"
# The only modules that load others, by literals.
INDEX = re.compile(r"(?:models|api|api/\w+)/__init__\.py")

NODES = (
    *(ast.Module, ast.ImportFrom, ast.Import, ast.alias, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef),
    *(ast.arguments, ast.arg, ast.keyword, ast.Return, ast.Expr, ast.Assign, ast.AnnAssign, ast.Await),
    *(ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript, ast.Tuple, ast.Dict),
    *(ast.BinOp, ast.BitOr, ast.Starred),
    *(ast.Load, ast.Store),
)
NODES_OF_INDEX = (
    *NODES,
    ast.If,
    ast.UnaryOp,
    ast.Not,
    ast.Compare,
    ast.NotIn,
    ast.Raise,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.List,
)
CALLS = re.compile(
    r"parse|build|dump|given|cast|define|expect_object|for_httpx|OperationRequest|Response"
    r"|sync_detailed|asyncio_detailed|load_(?:model|enum|list|transcript)|[A-Z][A-Za-z0-9_]*\.from_dict"
    r"|client\.(?:payload|get_(?:async_)?httpx_client(?:\(\)\.request)?)"
)
CALLS_OF_INDEX = re.compile(r"AttributeError|getattr|import_module|globals|sorted")
IMPORTS = re.compile(r"__future__|typing|attrs|datetime|\.{2,3}(?:client|types|typed_values|models\.\w+)")
IMPORTS_OF_SETTINGS = re.compile(r"__future__|typing|collections\.abc|\.(?:types|models)")
IMPORTS_OF_INDEX = re.compile(r"importlib|typing|\.\w*")


def check(package: Path) -> None:
    """Check every file of a generated package.

    Raises:
        SpecError: one of them contains something else.
    """
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        if path.is_symlink() or (path.is_file() and path.suffix != ".py" and name not in FIXED):
            raise SpecError(f"{name}: no template writes such a file")
        if path.is_file() and name not in FIXED:
            if name.partition("/")[0] not in {*FOLDERS, *TABLES, SETTINGS}:
                raise SpecError(f"{name}: no template writes such a file")
            _check_module(name, path.read_bytes())


def _check_module(name: str, source: bytes) -> None:
    try:
        tree = ast.parse(source)
        compile(tree, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise SpecError(f"{name}: the generated code is not Python: {error}") from error
    if name in TABLES:
        if not _is_table(source.decode(), TABLES[name]):
            raise SpecError(f"{name}: the generated code is more than a table of literals")
        return
    for what in _strange(tree, name):
        raise SpecError(f"{name}: the generated code has {clean(what)}, which no template writes")


def _is_table(source: str, head: str) -> bool:
    if not source.startswith(head):
        return False
    try:
        ast.literal_eval("{" + source.removeprefix(head))
    except (SyntaxError, ValueError):
        return False
    return True


def _strange(tree: ast.Module, name: str) -> Iterator[str]:
    index = INDEX.fullmatch(name) is not None
    imports = IMPORTS_OF_INDEX if index else IMPORTS_OF_SETTINGS if name == SETTINGS else IMPORTS
    nodes = NODES_OF_INDEX if index else NODES
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if not isinstance(node, nodes):
            yield type(node).__name__
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if not CALLS.fullmatch(called) and not (index and CALLS_OF_INDEX.fullmatch(called)):
                yield f"a call of {called}"
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            if not imports.fullmatch(module):
                yield f"an import of {module}"
        elif isinstance(node, ast.Import):
            yield from (f"an import of {alias.name}" for alias in node.names if alias.name != "datetime")
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _strange_definition(node)
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            yield f"the attribute {node.attr}"
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PATH":
            yield from _strange_template(node.value)


def _strange_definition(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    yield from (
        f"the decorator {text}"
        for text in map(ast.unparse, node.decorator_list)
        if text != "define(kw_only=True, repr=False)"
    )
    if isinstance(node, ast.ClassDef) and node.keywords and not _is_typed_dictionary(node):
        yield f"the class {node.name} with arguments"


def _is_typed_dictionary(node: ast.ClassDef) -> bool:
    keywords = [ast.unparse(keyword) for keyword in node.keywords]
    return [ast.unparse(base) for base in node.bases] == ["TypedDict"] and keywords == ["total=False"]


def _strange_template(value: ast.expr | None) -> Iterator[str]:
    # `str.format` follows attributes and indices of its arguments.
    text = value.value if isinstance(value, ast.Constant) else None
    if not isinstance(text, str):
        yield "a path that is not a string"
        return
    for _, field, form, conversion in string.Formatter().parse(text):
        if field is not None and (not field.isidentifier() or form or conversion):
            yield f"the placeholder {field!r} in a path"


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments

    def run() -> int:
        check(Path(given[0]))
        return 0

    return guarded("generate", 2, run)


if __name__ == "__main__":
    sys.exit(main())
