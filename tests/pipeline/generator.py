"""Run the generator in this process, once for each prepared document."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import os
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from prepare_spec import prepare, write_modules
from ruamel.yaml import YAML

from spec_tools.config import load_naming
from tests.pipeline.variants import ROOT, Json

NAMING = load_naming()


class Generator:
    """Generate raw clients into a folder; the same prepared document is generated once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, spec: Json) -> Path:
        prepared = prepare(spec, NAMING)
        text = json.dumps(prepared.document, indent=1, ensure_ascii=False) + "\n"
        place = self.folder / hashlib.sha256(text.encode()).hexdigest()[:16]
        package = place / "vocobase_raw"
        if not package.exists():
            place.mkdir()
            source = place / "prepared.json"
            source.write_text(text, encoding="utf-8")
            self.run(source, package)
            write_modules(prepared, package)
        return package

    def run(self, source: Path, package: Path) -> None:
        text = (ROOT / "generator-config.yaml").read_text(encoding="utf-8").partition("# --- naming")[0]
        config = Config.from_sources(
            ConfigFile.model_validate(YAML(typ="safe").load(text)),
            MetaType.NONE,
            source,
            "utf-8",
            overwrite=False,
            output_path=package,
        )
        path = os.environ.get("PATH", "")
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                errors = generate(config=config, custom_template_path=ROOT / "scripts" / "templates")
        finally:
            os.environ["PATH"] = path
        assert not errors, [f"{error.header}: {error.detail}" for error in errors]
        for module in (ROOT / "scripts" / "templates").glob("*.py"):
            shutil.copy(module, package)
        (package / "py.typed").touch()


def contents(package: Path) -> Mapping[str, bytes]:
    """Return the files of a package without what the interpreter leaves behind."""
    found = {path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if "__pycache__" not in name}


def without_docstrings(package: Path) -> dict[str, str]:
    """Return the code of each module, without docstrings and layout."""
    return {name: code(text) for name, text in contents(package).items() if name.endswith(".py")}


@cache
def code(text: bytes) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body: Any = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            constant = body[0].value
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                constant.value = ""
    return ast.unparse(tree)
