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
# The part of it that is code and its texts.
CODE = (
    ".github",
    "generated",
    "generator-config.yaml",
    "openapi.json",
    "scripts",
    "vocobase",
    "vocobase_sandbox",
)
SUFFIXES = {".html", ".js", ".json", ".jinja", ".md", ".py", ".sh", ".yaml", ".yml"}

# What to avoid, and what to write instead.
PHRASES = {
    r"(?<!here )\b(is|are|was|were) no (?!longer|more\b|such\b|one\b)[a-z]+": "is not a ...",
    r"\bby itself\b": "automatically",
    r"\b(told|tells?) (apart|from)\b": "distinguished, detected",
    r"\b[Tt]ells? (whether|which|how|that|why)\b": "return, detect, show",
    r"\bof tomorrow\b": "added later",
    r"\ball the same\b": "nevertheless",
    r"\bwhat is no(?:ne| )": "anything that is not ...",
    r"\bfor ever\b": "forever",
    r"\bon the own\b": "alone",
    r"\b[Ss]ays? (of|whether)\b": "report, describe",
    r"\b(takes|took) longer than all else\b": "is the slowest step",
    r"\bwhoever\b": "the caller",
    r"\b(something else than|anything else but)\b": "something other than",
    r"\b(gives?|given) back\b": "return, release, requeue",
    r"\bso (often|deeply)\b": "this often, too deeply",
    r"\bhow far (a|an|each|the|it) ": "the progress of ...",
    r"\bone of both\b": "either of the two",
    r"\bcannot be (had|understood)\b": "cannot be fetched, is not valid",
    r"\bis of no use\b": "cannot be used",
    r"\bas it came\b": "unchanged, as received",
    r"\bcalls? so\b": "has this name",
    r"\b(an?|the) lost answer\b": "a lost response",
    r"\bwhen it is not there\b": "if it does not exist",
    r"\ban? aware time\b": "a time with a zone",
    r"\b(believe in|shall)\b": "accept; must",
}
# Further ones in code, where they have no other meaning.
IN_CODE = {
    r"^\s*(r?\"\"\"|# )(Tell|Give|Note|Judge|Say)s? (?!up\b)[a-z]": "return, pass, record, check, report",
    r"\b[Gg]ive (a|one|only|rupees|two|days|--|the (path|key|address|file|id)\b)": "pass",
    r"\bit is none\b(?! of)": "it is not ...",
    r"\bany more\b": "no longer",
    r"\bfor good\b": "permanently",
    r"\b(go(es)?|went) on\b": "continue",
    r"\bso many\b": "this many",
    r"\bpresent (instant|moment|state|row|version|content|day|time|value)\b": "current",
    r"\b(is|are|was|were) (always )?asked\b(?! for)": "is checked, is called",
    r"\bby the clock where\b": "in the local time of",
    r"\b[Nn]otes? (whether|which|how|keys|what)\b": "record",
    r"\b[Ww]hat (came|comes|becomes|became|would become) of\b": "the result of",
    r"\bin the instant\b": "immediately before",
    r"\bcomes? (once|twice)\b": "is returned, is delivered",
    r"\b(outside|inside) of\b": "outside, inside",
    r"\bsteers?\b": "control",
    r"\b(messages|people) call (it|the|a)\b": "its name",
    r"\b(cannot|could not|do not|does not) tell\b": "detect, show",
}


def any_of(table: dict[str, str]) -> re.Pattern[str]:
    """Return all phrases of a table as one pattern, as millions of characters are read."""
    return re.compile("|".join(f"(?:{phrase})" for phrase in table), re.MULTILINE)


def suspects(name: str, table: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of a file, or of the files in a folder, if one of them has a phrase to avoid."""
    place, phrases = ROOT / name, any_of(table)
    files = [place] if place.is_file() else sorted(place.rglob("*"))
    for file in files:
        if file.suffix in SUFFIXES and "__pycache__" not in file.parts:
            text = file.read_text(encoding="utf-8")
            for number, line in enumerate(text.splitlines() if phrases.search(text) else (), 1):
                yield file.relative_to(ROOT).as_posix(), number, line


@pytest.mark.parametrize(
    ("name", "table"),
    [*((name, PHRASES) for name in COVERED), *((name, IN_CODE) for name in CODE)],
    ids=[*COVERED, *(f"{name}-code" for name in CODE)],
)
def test_the_text_has_none_of_the_phrases_to_avoid(name: str, table: dict[str, str]) -> None:
    found = [
        f"{file}:{number}: {match[0]!r}; write: {better}"
        for file, number, line in suspects(name, table)
        for phrase, better in table.items()
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
        ("Tell whether a value is the path of a file.", True),
        ("it could not be said how far a list is", True),
        ("an aware time", True),
        ("there is no such agent", False),
        ("it is no longer used", False),
        ("there is no one", False),
    ],
)
def test_the_phrases_match_what_they_are_for(line: str, wanted: bool) -> None:
    assert any(re.search(phrase, line) for phrase in PHRASES) is wanted
    assert (any_of(PHRASES).search(line) is not None) is wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('    """Note the call of a job."""', True),
        ("# Give every column a name.", True),
        ("columns: give a mapping such as", True),
        ("; give --url", True),
        ("the present instant, in UTC", True),
        ("live calls go on", True),
        ("these are asked before each dial", True),
        ("the message names the present", False),
        ("it gives up, and it is asked for", False),
        ('    """Give up on all calls."""', False),
    ],
)
def test_the_phrases_of_code_match_what_they_are_for(line: str, wanted: bool) -> None:
    assert (any_of(IN_CODE).search(line) is not None) is wanted
