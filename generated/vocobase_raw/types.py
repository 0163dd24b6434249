"""The common base of models and operations: the sentinel, open enums, tolerant models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import make_dataclass
from datetime import date, datetime, time, timezone
from enum import Enum, StrEnum
from functools import cache
from math import isfinite
from typing import Any, ClassVar, Final, Generic, Literal, Self, TypeVar, final
from urllib.parse import quote

from attrs import define, field

T = TypeVar("T")
Load = Callable[[Any], Any]


@final
class Unset:
    """The type of UNSET: a value that is left out of the request, which differs from None."""

    _instance: ClassVar[Unset | None] = None

    def __new__(cls) -> Unset:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()
_NOTHING: Final = object()
_NONE_ABSENT: Final[frozenset[str]] = frozenset()


class OpenEnum(StrEnum):
    """A string enum that accepts values it does not know: the server may be newer than this package."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    def __reduce_ex__(self, proto: Any) -> tuple[type[Self], tuple[str]]:
        # Python 3.11.0 to 3.11.3 pickle members by name, which an unknown value does not have.
        return type(self), (self._value_,)

    @property
    def is_known(self) -> bool:
        """Whether the value was documented when this package was generated."""
        return self._value_ in type(self)._value2member_map_


# Members whose values are secrets; a repr shows that they exist, not their values.
# Patterns are text, which `re` compiles at their first use: few programs show a model, and all of them start.
SENSITIVE = r"(?i)secret|password|token|api_key|^(upload|download|recording|preview)_url$|^headers$"
# Of any other address, only the host is shown: user, path and query may be a key.
ADDRESS = r"(?is)([a-z][a-z0-9+.-]*://)(?:[^/?#]*@)?([^/?#]*)(.*)"
# The same for members whose own name says nothing: the value of a header may be a key.
SENSITIVE_MEMBERS = frozenset({("FunctionHeaderInput", "value")})
# The name of a person, whereas that of an agent is shown.
PERSONAL_MEMBERS = frozenset({("CampaignContactInput", "name")})
# Lists of names of variables, whereas those of a call are values by name.
LISTS_OF_NAMES = frozenset({("Agent", "variables"), ("AgentsUpdateRequest", "variables")})
_LONGEST = 120


class _OfDataclass:
    """An attribute of a model that equals that of a dataclass with the same members, created at its first use."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: Any) -> Any:
        return getattr(_as_dataclass(owner), self._name)


@cache
def _as_dataclass(model: Any) -> type:
    # The default repr would show secrets.
    return make_dataclass(model.__name__, [attribute for attribute, _, _, _ in model._members], repr=False)


@define(kw_only=True, repr=False)
class Model:
    """The base of all models.

    ``_members`` has one row for each documented member: attribute, JSON name, loader, and what stands for a member
    that is absent. Members that are not documented are kept in ``additional_properties``.
    """

    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = ()
    _values: ClassVar[Load | None] = None
    # Libraries that read dataclasses, such as pandas, see the attributes as columns.
    __dataclass_fields__: ClassVar[dict[str, Any]] = _OfDataclass()  # type: ignore[assignment]
    __dataclass_params__: ClassVar[Any] = _OfDataclass()

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; absent and null members become None, unknown ones are kept."""
        # Lists of models are the hot path of a client: attributes are set one by one, which costs half of `cls(...)`.
        self = cls.__new__(cls)
        rest = dict(src_dict)
        take = rest.pop
        absent: list[str] = []
        for attribute, key, load, missing in cls._members:
            value = take(key, _NOTHING)
            if value is _NOTHING:
                value = missing
                if missing is None:
                    absent.append(attribute)
            elif load is not None and value is not None:
                value = load(value)
            setattr(self, attribute, value)
        if cls._values is not None:
            rest = {key: cls._values(value) for key, value in rest.items()}
        self.additional_properties = rest
        self.absent = frozenset(absent) if absent else _NONE_ABSENT
        return self

    def to_dict(self, *, flat: bool = False) -> dict[str, Any]:
        """Return the JSON object that was read, including unknown members.

        Args:
            flat: Return a row of a table instead: the keys are the names of the attributes, those of nested members
                are joined with dots (``session.credits_used``), and values keep their Python types. Times are
                aware datetimes, enums their values, lists stay lists; what is absent is None.
        """
        return _flat_row(self) if flat else self._written(dump)

    def to_dicts(self, *, flat: bool = False) -> list[dict[str, Any]]:
        """Return the result of ``to_dict`` as a table of one row."""
        return [self.to_dict(flat=flat)]

    def _written(self, write: Load) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for attribute, key, load, _ in self._members:
            value = getattr(self, attribute)
            if value is not UNSET and (value is not None or attribute not in self.absent):
                result[key] = write(value) if load is not None else _dump_plain(value, write)
        result.update(write(self.additional_properties))
        return result

    def _shown(self) -> list[tuple[str, Any]]:
        from .display import is_personal, redact

        members = [(attribute, getattr(self, attribute, UNSET)) for attribute, _, _, _ in self._members]
        model = type(self).__name__
        if is_personal(model.lower()):
            # An undocumented member may be an extracted value, or spoken text.
            members += dict.fromkeys(self.additional_properties, "***").items()
        else:
            members += self.additional_properties.items()
        return [
            (redact("", name), _show_member(model, name, value))
            for name, value in members
            if value is not UNSET and value is not None
        ]

    def __repr__(self) -> str:
        from .display import clipped

        members = ", ".join(f"{name}={value!r}" for name, value in self._shown())
        return f"{type(self).__name__}({clipped(members)})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return self._shown()

    def _repr_html_(self) -> str:
        from .display import table_of_pairs

        return table_of_pairs(type(self).__name__, self._shown()).to_html()

    def __rich__(self) -> Any:
        from .display import table_of_pairs

        return table_of_pairs(type(self).__name__, self._shown()).to_rich()

    def __dir__(self) -> list[str]:
        """List the attributes that may be shown; tools that inspect an object print the values of all it lists."""
        model = type(self).__name__
        hidden = {
            name
            for name in (*(attribute for attribute, _, _, _ in self._members), "additional_properties")
            if (model, name) in SENSITIVE_MEMBERS or _hides(name, getattr(self, name, UNSET))
        }
        return [name for name in super().__dir__() if name not in hidden]


class Identified:
    """Part of models whose identifier is named after their kind, such as ``call_id``."""

    __slots__ = ()
    _identifier: ClassVar[str]

    @property
    def id(self) -> str:
        """The identifier of the resource."""
        identifier: str = getattr(self, self._identifier)
        return identifier


@define(kw_only=True, repr=False)
class MapModel(Model, Mapping[str, T]):
    """The base of models without documented members, whose keys are chosen by the server: a mapping."""

    def __getitem__(self, key: str) -> T:
        value: T = self.additional_properties[key]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.additional_properties)

    def __len__(self) -> int:
        return len(self.additional_properties)


def _show_member(model: str, name: str, value: Any) -> Any:
    from .display import few

    if (model, name) in SENSITIVE_MEMBERS | PERSONAL_MEMBERS:
        return "***"
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if is_list and (model, name) in LISTS_OF_NAMES:
        return few([show("", item) for item in value])
    return show(name, value)


def show(name: str, value: Any) -> Any:
    """Return a value for display: without secrets and personal data, and short."""
    # Few programs show a model: the import waits for the first one.
    from .display import few, is_number, is_personal, redact

    if isinstance(value, (Model, Transcript)):
        return value
    if isinstance(value, Enum):
        return show("", value.value)
    if (
        isinstance(value, (str, list, tuple, Mapping))
        and re.search(SENSITIVE, name)
        and not _has_models(value)
    ):
        return "***"
    if isinstance(value, (str, list, tuple, Mapping)) and is_personal(name) and not _has_models(value):
        return "***"
    if isinstance(value, (list, tuple)):
        return few([show(name, item) for item in value])
    if isinstance(value, Mapping):
        return {
            redact("", key) if isinstance(key, str) else key: show(str(key), item)
            for key, item in value.items()
        }
    if isinstance(value, (int, float)) and is_number(name, value):
        return redact(name, str(value))
    if not isinstance(value, str):
        return value
    value = redact(name, _host(value))
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "..."


def _host(text: str) -> str:
    """Return only the host of an address, and any other text unchanged."""
    address = re.fullmatch(ADDRESS, text)
    if address is None:
        return text
    return f"{address[1]}{address[2]}" + ("/..." if address[3].strip("/") else address[3])


def _has_models(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(item, Model) for item in value)


def _hides(name: str, value: Any) -> bool:
    """Return whether a part of a value is hidden because it may be a secret."""
    from .display import without_keys

    if isinstance(value, Model):
        return False
    if isinstance(value, (list, tuple)):
        return any(_hides(name, item) for item in value)
    if isinstance(value, Mapping):
        inside = (_hides("", str(key)) or _hides(str(key), item) for key, item in value.items())
        return bool(re.search(SENSITIVE, name)) or any(inside)
    if isinstance(value, Enum):
        name, value = "", value.value
    if not isinstance(value, str):
        return False
    return bool(re.search(SENSITIVE, name)) or without_keys(_host(value)) != value


def _flat_row(model: Model) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in _members(model):
        if isinstance(value, Model):
            row.update((f"{name}.{inner}", item) for inner, item in _flat_row(value).items())
        elif isinstance(value, Mapping) and value:
            nested = Model(additional_properties=dict(value))
            row.update((f"{name}.{inner}", item) for inner, item in _flat_row(nested).items())
        else:
            row.setdefault(name, None if isinstance(value, Mapping) else _plain(value))
    return row


def _members(model: Model) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of all members, documented ones first."""
    yield from ((attribute, getattr(model, attribute)) for attribute, _, _, _ in model._members)
    yield from ((str(name), value) for name, value in model.additional_properties.items())


def _plain(value: Any) -> Any:
    """Return a value without types of this package."""
    if isinstance(value, Model):
        return {name: _plain(item) for name, item in _members(value)}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return None if value is UNSET else value


class Undumped:
    """A value of which an encoder would lose a part, such as one of the keys 1 and "1"; none can write it.

    Attributes:
        value: The value, as it was given.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class _SameKeysError(Exception):
    """Two keys of a mapping are one in JSON."""


def dump(value: Any) -> Any:
    """Convert models, enums, times and other values that have one JSON form.

    What contains itself, is nested too deeply or cannot be read stays as it is; the JSON encoder rejects it.
    """
    try:
        return _dump(value)
    except _SameKeysError:
        return Undumped(value)
    except Exception:  # the caller's object may raise anything
        return raw_members(value) if isinstance(value, Model) else value


def raw_members(model: Model) -> dict[str, Any]:
    """Return the members of a JSON object, whose values are unchanged."""
    return model._written(_unchanged)


def _unchanged(value: Any) -> Any:
    return value


# What JSON has. Of a subclass only the content is taken, as it may convert itself to anything.
_JSON_TYPES = frozenset({str, int, float, bool, type(None)})


def _dump(value: Any) -> Any:
    if type(value) in _JSON_TYPES:
        return value
    if isinstance(value, Model):
        return value._written(_dump)
    if isinstance(value, Mapping):
        return _dump_mapping(value)
    if isinstance(value, (list, tuple)):
        return [_dump(item) for item in value]
    if isinstance(value, Enum):
        return _dump(value.value)
    if isinstance(value, (date, time)):
        return _dump_time(value)
    # Loaded at the first value of a rare type; the module imports nothing of this one.
    from .json_values import form_of

    form = form_of(value)
    return form if form is value else _dump(form)


def _dump_mapping(value: Mapping[Any, Any]) -> dict[Any, Any]:
    form = {
        key if type(key) is str else key_form(key): _dump(item)
        for key, item in value.items()
        if item is not UNSET
    }
    if len(form) != len(value) and len(form) != sum(item is not UNSET for item in value.values()):
        raise _SameKeysError
    return form


def key_form(key: Any) -> Any:
    """Return a key as JSON has it: text. What cannot be one stays as it is; the JSON encoder rejects it."""
    form = _dump(key)
    if form is None or isinstance(form, bool):
        return {None: "null", True: "true", False: "false"}[form]
    if isinstance(form, int) or (isinstance(form, float) and isfinite(form)):
        return repr(form)
    return form if isinstance(form, str) else key


def _dump_time(value: Any) -> Any:
    if value != value:
        # A missing time of pandas (NaT) has no JSON form, so the encoder rejects it.
        return value
    text: str = value.isoformat()
    is_utc = isinstance(value, (datetime, time)) and value.utcoffset() == timezone.utc.utcoffset(None)
    return text.removesuffix("+00:00") + "Z" if is_utc else text


def _dump_plain(value: Any, write: Load) -> Any:
    """Write text, a number or a list of them.

    What would become text stays as it is: a date or a UUID in the place of an identifier or a name is a mistake,
    which the checks find.
    """
    if write is _unchanged:
        return value
    if isinstance(value, (list, tuple)):
        return [_unless_text(item, write) for item in value]
    return _unless_text(value, write)


def _unless_text(value: Any, write: Load) -> Any:
    form = write(value)
    return value if isinstance(form, str) and not isinstance(value, (str, Enum)) else form


def segment(value: object) -> str:
    """Write an identifier as one segment of a path; an invalid one becomes an empty segment, which no route has.

    A server or a proxy may resolve dots, so they are encoded as well.
    """
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ""
    try:
        # Not str(), which a subclass may have replaced.
        text = str.__str__(value) if isinstance(value, str) else int.__repr__(value)
        return quote(text, safe="") if text.strip(".") else text.replace(".", "%2E")
    except ValueError:  # half of a surrogate pair, or thousands of digits
        return ""


@define(frozen=True, kw_only=True, repr=False)
class OperationRequest:
    """One request of an operation, before it is sent.

    Attributes:
        operation: Key of the operation, such as ``calls.start``.
        method: HTTP method.
        template: Path with names in braces, such as ``/calls/{call_id}``.
        path: Values of those names.
        query: Query parameters that were passed, in their JSON form.
        json: Body in its JSON form; UNSET when there is none.
    """

    operation: str
    method: str
    template: str
    path: Mapping[str, Any] = field(factory=dict)
    query: Mapping[str, Any] = field(factory=dict)
    json: Any = UNSET

    def __repr__(self) -> str:
        # Never the values: they hold prompts, phone numbers and keys.
        return f"OperationRequest({self.operation}: {self.method} {self.template})"

    @property
    def url(self) -> str:
        """The path with its values, each as one segment."""
        return self.template.format(**{name: segment(value) for name, value in self.path.items()})


def for_httpx(request: OperationRequest) -> dict[str, Any]:
    """Return the arguments of httpx for a request."""
    arguments: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        # The key and the template are for event hooks; the request itself is for a pool that understands it.
        "extensions": {
            "operation": request.operation,
            "path": request.template,
            "operation_request": request,
        },
    }
    if request.query:
        arguments["params"] = request.query
    if request.json is not UNSET:
        arguments["json"] = request.json
    return arguments


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON forms of the query parameters that were passed."""
    return {
        name: _unless_text(value, dump)
        for name, value in values.items()
        if value is not UNSET and value is not None
    }


def expect_object(data: Any) -> Mapping[str, Any]:
    """Return a payload that must be a JSON object.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"an object was expected as payload, {type(data).__name__} came")
    return data


def load_model(model: type[Model]) -> Load:
    """Return a loader for a nested model; values that are not objects stay unchanged."""
    read = model.from_dict
    # `dict` is tried first because asking for a Mapping is ten times slower.
    return lambda value: read(value) if isinstance(value, (dict, Mapping)) else value


def load_enum(enum: type[OpenEnum]) -> Load:
    """Return a loader for an open enum; values that are not strings stay unchanged."""
    known = enum._value2member_map_

    def load(value: Any) -> Any:
        try:
            return known[value]
        except (KeyError, TypeError):
            return enum(value) if isinstance(value, str) else value

    return load


def load_list(load: Load) -> Load:
    """Return a loader for a list; values that are not lists stay unchanged."""
    return lambda value: (
        [item if item is None else load(item) for item in value] if isinstance(value, list) else value
    )


class Transcript(list[T]):
    """The turns of a conversation, in order."""

    def text(self) -> str:
        """Return the conversation as text, one line for each turn: ``bot: Hello.``"""
        turns: list[Any] = [turn for turn in self if isinstance(turn, Model)]
        return "\n".join(f"{turn.role}: {' '.join(str(turn.content).split())}" for turn in turns)

    def __repr__(self) -> str:
        return f"Transcript({len(self)} turns)"

    def _repr_html_(self) -> str:
        from .display import Table

        return Table(*self._shown()).to_html()

    def __rich__(self) -> Any:
        from .display import Table

        return Table(*self._shown()).to_rich()

    def _shown(self) -> tuple[str, tuple[str, ...], list[Any], int]:
        """Return who spoke when, and how much; the text is in ``text()``."""
        from .display import ROWS

        turns: list[Any] = [turn for turn in self if isinstance(turn, Model)][:ROWS]
        rows = [[turn.role, turn.timestamp, f"{len(str(turn.content).split())} words"] for turn in turns]
        return repr(self), ("role", "time", "length"), rows, max(0, len(self) - len(turns))


def load_transcript(load: Load) -> Load:
    """Return a loader for a transcript; values that are not lists stay unchanged."""
    read = load_list(load)
    return lambda value: Transcript(read(value)) if isinstance(value, list) else value


def load_datetime(value: Any) -> Any:
    """Read an ISO 8601 time, in UTC if it names no zone; other values stay unchanged."""
    try:
        time = datetime.fromisoformat(value)
    except TypeError:
        return value
    except ValueError:
        # 24:00 and reduced precision are ISO 8601, too.
        from dateutil.parser import isoparse

        try:
            time = isoparse(value)
        except (ValueError, OverflowError):
            return value
        # As rare as the format; the module does not import this one.
        from .typed_values import standard_zone

        return standard_zone(time)
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


def load_date(value: Any) -> Any:
    """Read an ISO 8601 date; other values stay unchanged."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


@define
class Response(Generic[T]):
    """A response: status, headers and the parsed payload."""

    status_code: int
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T

    def __dir__(self) -> list[str]:
        """List the attributes that may be shown."""
        return [name for name in super().__dir__() if name not in ("content", "headers")]
