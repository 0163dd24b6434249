"""The effect of a change of the published document on users of the API: one table."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """How bad a change is; the values are the exit codes of the drift check."""

    EQUAL = 0
    ADDITIVE = 1
    BREAKING = 2


NOTHING, ADDITIVE, BREAKING = Severity

# kind of change -> its severity in a request, its severity in a response, and an explanation.
# A request breaks when something that was accepted may be refused; a response breaks when something that was
# promised may be missing or of another type. NOTHING is not reported.
RULES: dict[str, tuple[Severity, Severity, str]] = {
    "member added": (ADDITIVE, ADDITIVE, "optional; older clients do not send or read it"),
    "required member added": (BREAKING, ADDITIVE, "requests without it are refused"),
    "member removed": (BREAKING, BREAKING, "its content is lost"),
    "now required": (BREAKING, ADDITIVE, "requests without it are refused"),
    "no longer required": (ADDITIVE, ADDITIVE, "may be absent; the models return None"),
    "null now allowed": (ADDITIVE, ADDITIVE, "models tolerate null; type checkers will ask for a check"),
    "null no longer allowed": (BREAKING, ADDITIVE, "null can no longer clear the member"),
    "type changed": (BREAKING, BREAKING, ""),
    "type narrowed": (BREAKING, ADDITIVE, ""),
    "type widened": (ADDITIVE, BREAKING, ""),
    "value added": (ADDITIVE, ADDITIVE, "enums are open"),
    "value removed": (BREAKING, ADDITIVE, "requests with it are refused"),
    "value no longer listed": (ADDITIVE, ADDITIVE, "the list is open, so the value is still allowed"),
    "limited to listed values": (BREAKING, ADDITIVE, "others are not documented; enums stay open"),
    "no longer limited to listed values": (ADDITIVE, ADDITIVE, "enums are open"),
    "limit narrowed": (BREAKING, NOTHING, "some requests that were accepted are refused"),
    "limit widened": (ADDITIVE, NOTHING, ""),
    "default changed": (ADDITIVE, NOTHING, "changes the behaviour when it is omitted"),
    "body added": (ADDITIVE, ADDITIVE, ""),
    "required body added": (BREAKING, ADDITIVE, "requests without it are refused"),
    "body removed": (BREAKING, BREAKING, ""),
    "envelope changed": (
        BREAKING,
        BREAKING,
        "{success, data} around the payload came or went; the client reads both",
    ),
}

# The same for a whole operation or the document, where there is no side.
WHOLE: dict[str, tuple[Severity, str]] = {
    "operation added": (ADDITIVE, "`make new-operation` writes its row and stubs"),
    "operation removed": (BREAKING, "remove its row and the facade's method"),
    "route moved": (BREAKING, "older clients call a route that is gone; regenerating follows it"),
    "title changed": (
        ADDITIVE,
        "the row was matched by its route; adjust tag and summary in naming.operations",
    ),
    "success status changed": (ADDITIVE, "the client takes every 2xx"),
    "error status added": (ADDITIVE, ""),
    "error status removed": (ADDITIVE, ""),
    "authentication changed": (BREAKING, ""),
    "deprecated": (ADDITIVE, "the operation will be removed later"),
    "no longer deprecated": (ADDITIVE, ""),
    "server moved": (BREAKING, "the address of the API has changed"),
    "event added": (ADDITIVE, "receivers keep unknown events"),
    "event removed": (BREAKING, ""),
}

# limit -> whether a larger value allows more; None if only equality is known.
LIMIT_GROWS: dict[str, bool | None] = {
    "minimum": False,
    "minLength": False,
    "minItems": False,
    "maximum": True,
    "maxLength": True,
    "maxItems": True,
    "pattern": None,
}


def limit_change(name: str, before: object, after: object) -> str:
    """Name the change of one limit, where None means that there was none."""
    if name == "default":
        return "default changed"
    if before is None:
        return "limit narrowed"
    if after is None:
        return "limit widened"
    grows = LIMIT_GROWS.get(name)
    if grows is None or not isinstance(before, (int, float)) or not isinstance(after, (int, float)):
        return "limit narrowed"
    return "limit widened" if (after > before) == grows else "limit narrowed"
