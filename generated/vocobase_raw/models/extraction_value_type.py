from ..types import OpenEnum


class ExtractionValueType(OpenEnum):
    """Values known when this package was generated; others are kept unchanged."""

    ARRAY = "array"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
