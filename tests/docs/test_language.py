"""The words of the project: phrases that codespell, which knows single words only, cannot find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# One line for each folder or file that is covered. Of the tests, those of the pipeline are.
COVERED = (
    ".github",
    "CHANGELOG.md",
    "README.md",
    "benchmarks/bench_call.py",
    "benchmarks/bench_import.py",
    "docs",
    "examples",
    "generated",
    "generator-config.yaml",
    "openapi.json",
    "scripts",
    "tests/pipeline",
    "tests/prism",
    "vocobase",
    "vocobase_sandbox",
)
SUFFIXES = {".py", ".md", ".json", ".jinja", ".sh", ".yaml", ".yml"}

# What to avoid, and what to write instead.
PHRASES = {
    r"(?<!here )\b(is|are|was|were) no (?!longer|more\b|such\b|one\b)[a-z]+": "is not a ...",
    r"\bby itself\b": "automatically",
    r"\b(told|tells?) (apart|from)\b": "distinguished, detected",
    r"\bof tomorrow\b": "added later",
    r"\ball the same\b": "nevertheless",
    r"\bwhat is no(?:ne| )": "anything that is not ...",
    r"\bfor ever\b": "forever",
    r"\bon the own\b": "alone",
    r"\b[Ss]ays? (of|whether)\b": "report, describe",
    r"\b(takes|took) longer than all else\b": "is the slowest step",
    r"\bwhoever\b": "the caller",
}
# All of them at once, and only where a word begins: millions of characters are read.
ANY = re.compile(rf"\b(?:{'|'.join(PHRASES)})")


def suspects(name: str) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of a file, or of the files in a folder, if one of them has a phrase to avoid."""
    place = ROOT / name
    files = [place] if place.is_file() else sorted(place.rglob("*"))
    for file in files:
        if file.suffix in SUFFIXES and "__pycache__" not in file.parts:
            text = file.read_text(encoding="utf-8")
            for number, line in enumerate(text.splitlines() if ANY.search(text) else (), 1):
                yield file.relative_to(ROOT).as_posix(), number, line


@pytest.mark.parametrize("name", COVERED)
def test_the_text_has_none_of_the_phrases_to_avoid(name: str) -> None:
    found = [
        f"{file}:{number}: {match[0]!r}; write: {better}"
        for file, number, line in suspects(name)
        for phrase, better in PHRASES.items()
        if (match := re.search(phrase, line))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("what is no cursor raises", True),
        ("this is no list", True),
        ("it moves on by itself", True),
        ("the delimiter is told from the header", True),
        ("there is no such agent", False),
        ("it is no longer used", False),
        ("there is no one", False),
    ],
)
def test_the_phrases_match_what_they_are_for(line: str, wanted: bool) -> None:
    assert any(re.search(phrase, line) for phrase in PHRASES) is wanted
    assert (ANY.search(line) is not None) is wanted
