"""Run the generator, or copy what it wrote for the same input earlier in this run of the tests.

    python generate_once.py KEPT GENERATOR OPTION...

It stands for `openapi-python-client` in the environments that tests make, where the steps of a workflow generate the
same client again and again. The key is everything that the result depends on: options, document, configuration,
templates.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

READ = ("--path", "--config", "--custom-template-path")
WRITTEN = "--output-path"


def key(arguments: list[str]) -> str:
    """Return a name for the input: its options, and the content of its files instead of their places."""
    digest = hashlib.sha256()
    for before, argument in zip(["", *arguments], arguments, strict=False):
        digest.update(b"\0option\0" + (argument.encode() if before not in (*READ, WRITTEN) else b""))
        if before in READ:
            place = Path(argument)
            files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
            for file in files:
                if "__pycache__" not in file.parts:
                    name = str(file.relative_to(place)) if place.is_dir() else ""
                    digest.update(f"\0file\0{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def main(kept: Path, generator: str, arguments: list[str]) -> int:
    target = arguments[arguments.index(WRITTEN) + 1]
    place = kept / key(arguments)
    if not place.exists():
        done = subprocess.run([generator, *arguments], check=False)
        if done.returncode != 0:
            return done.returncode
        # Another worker may do the same; the first that is done is as good as any.
        copy = kept / f"{place.name}.{os.getpid()}"
        shutil.copytree(target, copy)
        try:
            copy.rename(place)
        except OSError:
            shutil.rmtree(copy)
        return 0
    shutil.copytree(place, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
