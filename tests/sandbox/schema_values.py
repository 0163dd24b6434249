"""Hypothesis strategies for the part of JSON Schema that the requests of openapi.json use."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.sandbox.contract import DOCUMENT

LONGEST = 40
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=LONGEST)
BLANK_FREE = TEXT.map(str.strip).filter(bool)
PHONES = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
ADDRESSES = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z0-9/?=&#%._~-]{0,20}", fullmatch=True)
_BY_FORMAT: dict[str, st.SearchStrategy[Any]] = {
    "uri": ADDRESSES,
    "email": st.from_regex(r"[a-z.+]{1,8}@[a-z]{1,8}\.example", fullmatch=True),
    "date": st.dates().map(str),
}


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference into the document."""
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Make valid values of a schema."""
    schema = resolve(schema)
    if "anyOf" in schema:
        return st.one_of([values(item) for item in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_BY_TYPE[kind](schema) for kind in kinds])


def _text(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "pattern" in schema:
        return st.from_regex(
            schema["pattern"].strip("^$"), fullmatch=True, alphabet=st.characters(codec="ascii")
        )
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    size = min(schema.get("maxLength", LONGEST), LONGEST)
    return st.text(
        st.characters(exclude_categories=["Cs"]), min_size=schema.get("minLength", 0), max_size=size
    )


def _whole(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.integers(schema.get("minimum", -(10**6)), schema.get("maximum", 10**6))


def _number(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.floats(schema.get("minimum", -1e6), schema.get("maximum", 1e6))


def _list(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.lists(values(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)


def _object(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    members = {name: values(item) for name, item in schema.get("properties", {}).items()}
    return st.fixed_dictionaries({}, optional=members)


_BY_TYPE = {
    "string": _text,
    "integer": _whole,
    "number": _number,
    "array": _list,
    "object": _object,
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
}
