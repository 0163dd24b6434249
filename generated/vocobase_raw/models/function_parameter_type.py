from ..types import OpenEnum


class FunctionParameterType(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    BOOLEAN = "boolean"
    CUSTOM = "custom"
    NUMBER = "number"
    NUMBER_LIST = "number[]"
    STRING = "string"
    STRING_LIST = "string[]"
