"""Run openapi-spec-validator over a document that is not trusted, in a process with limits.

    python -m spec_tools.validate FILE

The validator follows references and runs patterns of the document. Therefore only references inside the
document are followed, and the process is ended at a deadline.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from spec_tools.document import Json, SpecError, is_array, is_object

SECONDS = 60
SHOWN = 20
SCRIPTS = Path(__file__).resolve().parents[1]


def references(node: Any) -> Iterator[str]:
    """Yield every reference of a document, however deep."""
    stack: list[Any] = [node]
    while stack:
        item = stack.pop()
        if is_object(item):
            for key, value in item.items():
                if key in {"$ref", "$dynamicRef", "$id", "operationRef"} and isinstance(value, str):
                    yield value
            stack.extend(item.values())
        elif is_array(item):
            stack.extend(item)


def check_references(document: Json, name: str) -> None:
    """Refuse a document that refers to anything outside itself.

    Raises:
        SpecError: it does; reading it would fetch an address or a file of the publisher's choosing.
    """
    for reference in references(document):
        if not reference.startswith("#"):
            raise SpecError(
                f"{name}: refers to {reference!r}; only references inside the document are followed"
            )


def complaints(path: Path, seconds: float = SECONDS) -> list[str]:
    """Return the errors that the validator finds in a document in a file."""
    command = [sys.executable, "-m", "spec_tools.validate", str(path)]
    try:
        done = subprocess.run(
            command,
            cwd=SCRIPTS,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired:
        return [f"the validation did not end within {seconds:g} s"]
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return [f"the validator failed: {lines[-1] if lines else done.returncode}"]
    return [str(line) for line in json.loads(done.stdout)]


def _iterate(document: Json) -> Iterator[str]:
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    validator: Any = (
        OpenAPIV30SpecValidator if document["openapi"].startswith("3.0") else OpenAPIV31SpecValidator
    )
    for error in validator(document).iter_errors():
        at = "/".join(str(part) for part in error.absolute_path) or "the document"
        # Of the validator's two engines one writes several lines, and both may quote a whole schema.
        yield " ".join(f"{at}: {error.message}".split())[:500]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(islice(_iterate(json.loads(Path(sys.argv[1]).read_bytes())), SHOWN))))
