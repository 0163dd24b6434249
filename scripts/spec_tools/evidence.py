"""Read the evidence of our own snapshot; a published document has none, and needs none."""

from __future__ import annotations

from spec_tools.document import METHODS, Json, is_object

MARK = "x-evidence"
LEVELS = ("reference", "guide", "index", "inferred", "unknown")
# The level of everything in a document without marks: the publisher wrote it.
PUBLISHED = "published"


def marks(body: Json) -> Json:
    """Return the evidence of an operation, empty if it has none."""
    found = body.get(MARK)
    return found if is_object(found) else {}


def level(body: Json, part: str) -> str:
    """Return the level of one part of an operation: ``route``, ``request`` or ``response``."""
    found = marks(body).get(part)
    return found if isinstance(found, str) and found in LEVELS else PUBLISHED


def is_transcription(document: Json) -> bool:
    """Return whether a document is our own transcription, whose every operation has evidence."""
    items = (item for item in document["paths"].values() if is_object(item))
    bodies = (item[method] for item in items for method in METHODS if method in item)
    return any(is_object(body) and MARK in body for body in bodies)
