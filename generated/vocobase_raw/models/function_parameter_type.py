from ..types import OpenEnum


class FunctionParameterType(OpenEnum):
    """Values known when this package was generated; others are kept as they come."""

    BOOLEAN = "boolean"
    CUSTOM = "custom"
    NUMBER = "number"
    STRING = "string"
