"""A hostile document gives importable, harmless code, or one line that says why not; both within seconds."""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import prepare_spec
import pytest
import spec_table

from spec_tools import constraints, literals
from spec_tools.config import load_naming
from spec_tools.document import SpecError
from spec_tools.generation import generate
from spec_tools.harmless import check
from tests.pipeline.variants import ROOT, Json, document, each_operation

# Seconds of the processor; the machine may be busy.
IN_TIME = 60
IMPORT_EVERYTHING = """
import importlib, pkgutil, sys, typing
sys.path.insert(0, sys.argv[1])
import vocobase_raw
for found in pkgutil.walk_packages(vocobase_raw.__path__, "vocobase_raw."):
    module = importlib.import_module(found.name)
    for name in getattr(module, "__all__", ()):
        getattr(module, name)
assert isinstance(importlib.import_module("vocobase_raw.constraints").CONSTRAINTS, dict)
for name in ("AgentSettings", "AgentCreateSettings"):
    typing.get_type_hints(getattr(importlib.import_module("vocobase_raw.settings"), name))
"""


@dataclass
class Written:
    """What `make generate` writes from a document, in a folder of its own."""

    folder: Path
    canary: Path

    @property
    def constraints(self) -> str:
        return (self.folder / "vocobase_raw" / "constraints.py").read_text(encoding="utf-8")

    def run(self) -> None:
        """Import all of it in a process of its own."""
        command = [sys.executable, "-I", "-B", "-W", "error", "-c", IMPORT_EVERYTHING, str(self.folder)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert not self.canary.exists()


Write = Callable[[Json], Written]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that prepares, generates and writes, as `make generate` does."""

    def run(spec: Json) -> Written:
        root, folder = tmp_path / "root", tmp_path / "written"
        (root / "docs").mkdir(parents=True)
        shutil.copy(ROOT / "generator-config.yaml", root)
        shutil.copy(ROOT / "docs" / "spec.md", root / "docs")
        (root / "openapi.json").write_text(json.dumps(spec), encoding="utf-8")
        generate(root / "openapi.json", folder / "vocobase_raw")
        spec_table.write(folder / "spec.md", root)
        return Written(folder, canary_of(tmp_path))

    return run


def canary_of(folder: Path) -> Path:
    return folder / "canary"


def payloads(folder: Path) -> list[str]:
    """Return code that would make the canary, in every quotation that it could escape from."""
    run = f"__import__('pathlib').Path({str(canary_of(folder))!r}).touch()"
    double = run.replace("'", '"')
    frames = [
        "{}", '"+{}+"', "'+{}+'", '"""\n{}\n"""', "'''\n{}\n'''", '\\"""\n{}\n#', '\\\\"+{}+"', '"), {}, ("',
        '", "string", False, {{}}), ({}, "x', '", {{"maxLength": {}}}), ("', "]}})\n{}\n#", "{{{}}}", "{{{{{}}}}}",
        "{{% {} %}}", "\n{}\n", "\r{}\r", "\u2028{}\u2029", "\x00{}\x0c", "#\n{}", "\u202e{}\u2066", "../../{}", "`{}`",
        "<script>{}</script>|[x](javascript:{})", "::set-output name=x::{}", "##[add-mask]{}", "<!-- operations: end -->{}",
        "$({})", "x[]{}", "a.b.{}", "\\N{{DASH}}{}", "%({})s", "x: {} = {}", "\N{PILE OF POO}{}", "=cmd|{}!A1",
    ]  # fmt: skip
    return [frame.format(*[code] * frame.count("{}")) for frame in frames for code in (run, double)]


def with_payloads_everywhere(spec: Json, texts: list[str], choice: random.Random) -> None:
    """Put hostile text wherever a publisher may write one."""
    members: Json = {text: {"type": "string", "maxLength": 5, "title": text} for text in texts}
    members |= {
        f"{text}!": {"type": "object", "properties": {text: {"type": "integer"}}, "required": [text]}
        for text in texts
    }
    members["of_values"] = {"type": "string", "enum": texts, "default": texts[0], "format": texts[1]}
    members["with_pattern"] = {"type": "string", "pattern": texts[2], "default": {texts[3]: [texts[4]]}}
    members["in_a_list"] = {"type": "array", "items": {"type": "string", "enum": texts, "const": texts[0]}}
    for name, schema in spec["components"]["schemas"].items():
        schema["description"] = choice.choice(texts)
        schema["title"] = choice.choice(texts)
        if name in {"Agent", "Project"}:
            schema["properties"].update(members)
    for path, method, operation in each_operation(spec):
        operation["description"] = choice.choice(texts)
        operation["operationId"] = choice.choice(texts)
        operation["externalDocs"] = {"url": choice.choice(texts)}
        operation["x-evidence"] = {"route": choice.choice(texts), "reason": choice.choice(texts)}
        if (path, method) in {("/calls/start", "post"), ("/agent", "post")}:
            operation["requestBody"]["description"] = choice.choice(texts)
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            while "$ref" in body:
                body = spec["components"]["schemas"][body["$ref"].rpartition("/")[2]]
            body["properties"].update(members)
        if path == "/calls":
            schema = {"type": "string", "default": texts[0], "enum": texts}
            operation["parameters"] += [
                {"name": text, "in": "query", "description": text, "schema": schema} for text in texts
            ]
    answer = {"200": {"description": texts[0], "headers": {texts[1]: {"schema": {"type": "string"}}}}}
    for number, text in enumerate(texts):
        plain = text.replace("{", "").replace("}", "").replace("../", "")
        operation = {"tags": [text], "summary": text, "operationId": text, "responses": answer}
        spec["paths"][f"/hostile/{number}/{plain}/{{{plain}}}"] = {"get": operation, "x-" + text: text}
    spec["info"] = {"title": texts[0], "version": texts[1], "description": texts[2]}
    spec["servers"] = [{"url": "https://api.vocobase.com/api/v2", "description": texts[3]}]
    spec["tags"] = [{"name": text, "description": text} for text in texts]
    spec["components"]["securitySchemes"][texts[5]] = {"type": "http", "scheme": texts[6]}
    for text in texts:
        spec["components"]["schemas"][text] = {"type": "string", "enum": texts, "description": text}


@pytest.mark.parametrize("seed", range(2))
def test_code_in_every_text_of_a_document_stays_data(seed: int, write: Write, tmp_path: Path) -> None:
    spec, texts = document(), payloads(tmp_path)
    choice = random.Random(seed)
    choice.shuffle(texts)
    with_payloads_everywhere(spec, texts, choice)
    written = write(spec)
    written.run()
    assert_nothing_but_data(written.constraints)
    page = (written.folder / "spec.md").read_text(encoding="utf-8")
    _, _, rest = page.partition(spec_table.BEGIN)
    assert rest.count(spec_table.END) == 1
    table = rest.partition(spec_table.END)[0]
    assert all(line.isprintable() for line in table.splitlines())
    for line in filter(None, table.splitlines()):
        outside = "".join(line.split("`")[::2])
        assert not {"<", "[", "!", "@", "#", "*"} & set(outside), line
        assert not line.startswith("|") or line.count("|") == 7
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"root", "written"}


def assert_nothing_but_data(module: str) -> None:
    tree = ast.parse(module)
    assert module.isascii()
    *head, table = tree.body
    committed = ast.parse(
        (ROOT / "generated" / "vocobase_raw" / "constraints.py").read_text(encoding="utf-8")
    )
    assert [ast.dump(node) for node in head] == [ast.dump(node) for node in committed.body[:-1]]
    assert isinstance(table, ast.AnnAssign)
    assert table.value is not None
    ast.literal_eval(table.value)


def schema_of(spec: Json, path: str, method: str) -> Json:
    body: Json = spec["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in body:
        body = spec["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    return body


def crowds(spec: Json) -> None:
    """Thousands of names that look alike, where each has to get a name of its own."""
    alike = ["-" * (number % 40) + "_" * (number // 40) for number in range(3000)]
    members = spec["components"]["schemas"]["Agent"]["properties"]
    members["signs"] = {"type": "string", "enum": alike}
    members["words"] = {"type": "string", "enum": [f"a{signs}" for signs in alike]}
    for signs in alike[:2000]:
        members[f"b{signs}"] = {"type": "string"}
    answer = {"200": {"description": "x"}}
    for number in range(150):
        path = "/crowd/" + "-" * number
        spec["paths"][path] = {
            "get": {"tags": ["Calls"], "summary": "List calls", "operationId": "x", "responses": answer}
        }
    spec["paths"]["/crowd/" + "/".join(["{a}"] * 20)] = {"get": {"responses": answer}}
    spec["paths"]["/calls"]["get"]["parameters"] += [
        {"name": f"c{signs}", "in": "query", "schema": {"type": "string"}} for signs in alike[:1000]
    ]


def oddities(spec: Json) -> None:
    """Keywords in places and forms that standard tools write, or that a generator may stumble over."""
    members = schema_of(spec, "/calls/start", "post")["properties"]
    members["no_limit"] = {"type": "string", "maxLength": None, "minLength": None, "pattern": None}
    members["as_float"] = {"type": "string", "maxLength": 50.0}
    members["broken_pattern"] = {"type": "string", "pattern": "^(["}
    members["slow_pattern"] = {"type": "string", "pattern": "^(a+)+$"}
    members["fine_pattern"] = {"type": "string", "pattern": "^[a-z]{2,5}$"}
    members["itself"] = {"$ref": "#/components/schemas/Loop"}
    spec["components"]["schemas"]["Loop"] = {
        "type": "object",
        "properties": {"next": {"$ref": "#/components/schemas/Loop"}, "$ref": {"type": "string"}},
        "allOf": [{"$ref": "#/components/schemas/Loop"}],
    }
    spec["paths"]["/calls"]["get"]["parameters"] += [
        {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        {"name": "whole", "in": "header", "schema": {"type": "integer"}},
        {"name": "segment", "in": "query", "schema": {"type": "string"}},
    ]


@pytest.mark.parametrize("change", [crowds, oddities])
def test_an_odd_document_is_generated_in_time(change: Callable[[Json], None], write: Write) -> None:
    spec = document()
    change(spec)
    before = time.process_time() + children()
    written = write(spec)
    assert time.process_time() + children() - before < IN_TIME
    written.run()
    assert_nothing_but_data(written.constraints)


def children() -> float:
    times = os.times()
    return float(times.children_user + times.children_system)


def test_only_limits_that_mean_something_become_constraints() -> None:
    spec = document()
    oddities(spec)
    rows = {row[0]: row for row in table_of_text(constraints_text(spec))["calls.start"]}
    assert rows["no_limit"][3] == rows["broken_pattern"][3] == rows["slow_pattern"][3] == {}
    assert rows["as_float"][3] == {"maxLength": 50}
    assert rows["fine_pattern"][3] == {"pattern": "^[a-z]{2,5}$"}
    queries = {row[0] for row in table_of_text(constraints_text(spec))["calls.list"]}
    assert not {"filter", "whole"} & queries


def table_of_text(text: str) -> dict[str, Any]:
    last = ast.parse(text).body[-1]
    assert isinstance(last, ast.AnnAssign)
    assert last.value is not None
    found: dict[str, Any] = ast.literal_eval(last.value)
    return found


def constraints_text(spec: Json) -> str:
    return prepare_spec.prepare(spec, load_naming()).modules["constraints.py"]


def member(**schema: Any) -> str:
    spec = document()
    schema_of(spec, "/calls/start", "post")["properties"]["odd"] = {"type": "string", **schema}
    return json.dumps(spec)


def route(path: str, **operation: Any) -> str:
    spec = document()
    spec["paths"][path] = {"get": {"responses": {"200": {"description": "x"}}, **operation}}
    return json.dumps(spec)


def nested(levels: int) -> str:
    inner = '{"type": "array", "items": ' * levels + "{}" + "}" * levels
    return member(type="object", properties={"deep": "HERE"}).replace('"HERE"', inner)


def multiplied() -> str:
    spec = document()
    wide = {"type": "object", "properties": {f"m{number}": {"type": "string"} for number in range(90)}}
    spec["components"]["schemas"]["Wide"] = wide
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Wide"}}}
    for number in range(800):
        answers = {"200": {"description": "x", "content": content}}
        spec["paths"][f"/x/{number}"] = {"get": {"tags": [f"t{number}"], "responses": answers}}
    return json.dumps(spec)


def chain() -> str:
    spec = document()
    for number in range(3000):
        spec["components"]["schemas"][f"C{number}"] = {"$ref": f"#/components/schemas/C{number + 1}"}
    spec["components"]["schemas"]["Agent"]["properties"]["chain"] = {"$ref": "#/components/schemas/C0"}
    return json.dumps(spec)


REFUSED = {
    "a limit that is text": (lambda: member(maxLength="50"), "`maxLength` is '50'"),
    "a limit that is code": (lambda: member(maxLength="__import__('os')"), "`maxLength` is"),
    "a limit that is a truth value": (lambda: member(minLength=True), "`minLength` is True"),
    "a negative length": (lambda: member(maxLength=-1), "`maxLength` is -1"),
    "half a character": (lambda: member(maxLength=1.5), "`maxLength` is 1.5"),
    "a limit that is a list": (lambda: member(maximum=[1]), "`maximum` is [1]"),
    "a huge limit": (lambda: member(maximum=10**40), "`maximum` is 1000"),
    "an infinite limit": (lambda: member(maximum="H").replace('"H"', "1e999"), "is too large"),
    "a number of ten thousand digits": (lambda: member(maximum="H").replace('"H"', "9" * 10_000), "not JSON"),
    "NaN": (lambda: member(maximum="H").replace('"H"', "NaN"), "NaN is not a JSON value"),
    "a pattern that is a number": (lambda: member(pattern=7), "`pattern` is 7"),
    "half a character pair": (lambda: member(description="\ud800"), "not JSON"),
    "a name that occurs twice": (lambda: member(title="H").replace('"title"', '"type"'), "occurs twice"),
    "six thousand values": (lambda: member(enum=[str(n) for n in range(6000)]), "more than 5000 values"),
    "a type that is an object": (lambda: member(type=["x\ny::error::"]), "unknown type"),
    "another host": (lambda: route("//evil.example/x"), "a path begins with one slash"),
    "another host, disguised": (lambda: route("/\\evil.example/x"), "a path begins with one slash"),
    "an address as a path": (lambda: route("https://evil.example/x"), "a path begins with one slash"),
    "a way out of the API": (lambda: route("/calls/../../admin"), "no segments `.` or `..`"),
    "a way out, encoded": (lambda: route("/calls/%2e%2e/admin"), "no segments `.` or `..`"),
    "a line of its own": (lambda: route("/x/{a\n::error::y"), "the braces of the path do not pair"),
    "a hundred arguments": (lambda: route("/x" + "/{a}" * 100), "more than 20 path parameters"),
    "a place that does not exist": (
        lambda: route("/x", parameters=[{"name": "a\n::error::", "in": ["query"]}]),
        "`in` is ['query']",
    ),
    "lists in lists": (lambda: nested(150), "more than 100 levels"),
    "a long way round": (chain, "more than 100 levels"),
    "one schema in many places": (multiplied, "more than 30000 objects"),
    "nine million bytes": (lambda: member(description="x" * 9_000_000), "larger than 8388608 bytes"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_document_that_cannot_be_used_is_refused_in_one_line(
    text: Callable[[], str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "generator-config.yaml", tmp_path)
    source, target = tmp_path / "openapi.json", tmp_path / "written"
    source.write_text(text(), encoding="utf-8")
    before = time.process_time()
    assert prepare_spec.main([str(source), str(target), "--modules", str(tmp_path / "modules")]) == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1
    assert said.rstrip("\n").isprintable()
    assert time.process_time() - before < IN_TIME / 4
    assert not target.exists()
    assert not (tmp_path / "modules").exists()


CODE = {
    "a call": "x = print(1)\n",
    "a call of what was looked up": "x = {}['a']()\n",
    "an import": "import os\n",
    "an import from": "from os import path\n",
    "a further module of the package": "from ..secrets import x\n",
    "a decorator": "@print\ndef f(): ...\n",
    "a metaclass": "class X(metaclass=print): ...\n",
    "a hidden attribute": "x = ().__class__\n",
    "a function without a name": "x = lambda: 1\n",
    "an f-string": "x = f'{1}'\n",
    "an assertion": "assert 1\n",
    "a path that looks into its arguments": "PATH: Final = '/x/{id.__class__}'\n",
    "a path that is computed": "PATH: Final = x\n",
    "what is not Python": "x = (\n",
    "what is Python to the parser only": "return 1\n",
    "a null byte": "x = 1\x00\n",
}


@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
def test_code_that_no_template_writes_is_refused(code: str, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "x.py").write_text(code)
    with pytest.raises(SpecError, match=r"models/x\.py: the generated code"):
        check(tmp_path)


CODE_OF_TABLES = {
    "a statement after the table": ("constraints.py", lambda text: text + "print(1)\n"),
    "a call in a row": ("constraints.py", lambda text: text.replace("50}", "print(1)}", 1)),
    "a name in a row": ("constraints.py", lambda text: text.replace('"string"', "str", 1)),
    "an import in the head": ("constraints.py", lambda text: "import os\n" + text),
    "a statement after the routes": ("routes.py", lambda text: text + "print(1)\n"),
    "a call in a route": ("routes.py", lambda text: text.replace('"POST"', "print(1)", 1)),
    "a call in a title": ("titles.py", lambda text: text.replace('"Agents"', "print(1)", 1)),
    "an import before the routes": ("routes.py", lambda text: "import os\n" + text),
    "an import": ("settings.py", lambda text: "import os\n" + text),
    "an import of a module of the package": (
        "settings.py",
        lambda text: "from .client import Client\n" + text,
    ),
    "a call": ("settings.py", lambda text: text + "x = print(1)\n"),
    "a metaclass": ("settings.py", lambda text: text.replace("total=False", "metaclass=print", 1)),
    "another base": ("settings.py", lambda text: text.replace("(TypedDict,", "(dict,", 1)),
}


@pytest.mark.parametrize(("name", "change"), CODE_OF_TABLES.values(), ids=CODE_OF_TABLES)
def test_tables_that_are_more_than_tables_are_refused(
    name: str, change: Callable[[str], str], committed: Path, tmp_path: Path
) -> None:
    text = (committed / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    check(tmp_path)
    (tmp_path / name).write_text(change(text), encoding="utf-8")
    with pytest.raises(SpecError, match=rf"{name}: the generated code"):
        check(tmp_path)


@pytest.mark.parametrize("name", ["models/run.sh", "other/x.py", "setup.py", "models/link.py"])
def test_files_that_no_template_writes_are_refused(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.symlink_to("/etc/hostname") if "link" in name else place.write_text("")
    with pytest.raises(SpecError, match="no template writes such a file"):
        check(tmp_path)


def test_the_committed_client_is_what_the_templates_write(committed: Path, tmp_path: Path) -> None:
    # Without what interpreters have left behind, which is not committed.
    package = tmp_path / "vocobase_raw"
    shutil.copytree(committed, package, ignore=shutil.ignore_patterns("__pycache__"))
    check(package)


class TestPatterns:
    LINEAR = (
        r"^\+?\d{4,15}$", r"^[a-z0-9][a-z0-9-]{0,30}$", r"^\+[1-9]\d{6,14}$", r"^[a-zA-Z_][a-zA-Z0-9_]*$",
        r"^[a-z0-9][a-z0-9_-]{1,63}$", r"^[^@]+@[^@]+$", r"^[0-9a-f]{8}-[0-9a-f]{4}$", r"^$", r"^\w+$",
        r"^\.\{\$[$.{}]{2,}$", r"^a?b*c+d{2}$", r"^a{2}a{3}$",
    )  # fmt: skip
    NOT = (
        "^(a+)+$", "^(a|a)*$", "^(a|ab)*$", "^a*a*$", "^a*b?a*$", r"^\d+\w*$", r"^[a-z]+[a-m]$", "^.*$", "^(?=a)a$",
        r"^(a)\1$", "^a*?$", "^a++$", "a+", "^a+", "a+$", "^a|b$", "^[z-a]$", "^[$", "^a{2,1}$", r"^a\$", "^(?i)a$",
        r"^[\s\S]*$", r"^\bx$", "^a**$", "^*$", "^é$", "^a{1,9999999}$", "^[[a]$", "^[a--b]$", "^[]$", "^a\n$",
        "^" + "a?" * 100 + "a{100}$", "^" + "[a]" * 5000 + "$", "", "^", "$",
    )  # fmt: skip

    @pytest.mark.parametrize("pattern", LINEAR)
    def test_a_pattern_with_one_way_to_match_is_used(self, pattern: str) -> None:
        assert constraints.linear(pattern)

    @pytest.mark.parametrize("pattern", NOT, ids=range(len(NOT)))
    def test_any_other_pattern_is_left_alone(self, pattern: str) -> None:
        assert not constraints.linear(pattern)


def test_the_patterns_of_the_snapshot_are_all_used() -> None:
    spec = document()
    written = (ROOT / "generated" / "vocobase_raw" / "constraints.py").read_text(encoding="utf-8")
    assert constraints_text(spec) == written
    assert written.count('"pattern"') == 8


@pytest.mark.parametrize(
    "text", ['"', "\\", '\\"', "'", "\n", "\r", "\x00", "\u2028", "\ud800", "\N{PILE OF POO}", "{}", "é"]
)
def test_every_text_is_written_as_a_literal_that_reads_back(text: str) -> None:
    for value in (text, text * 3, f"a{text}"):
        written = literals.literal(value)
        assert ast.literal_eval(written) == value
        assert written.isascii()
        assert "\n" not in written


def test_what_is_not_a_plain_value_cannot_be_written() -> None:
    for value in (None, [1], object(), {"a": {1, 2}}):
        with pytest.raises(SpecError, match="is not a plain value"):
            literals.literal(value)
    with pytest.raises((SpecError, ValueError)):
        literals.module("x.py", "{\n", {"a.b": (("x", "number", False, {"maximum": float("inf")}),)})
