"""What a data request asks for: the selection and placement of a POST body or a GET query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.demo.errors import RefusedError, unsupported_media_type, validation_error
from sources.demo.lenient import Number, Reader, Value

_MODEL = "PxWeb.Api2.Server.Models"
_BRACKETED = re.compile(r"(valuecodes|codelist)\[(.*)\]", re.IGNORECASE)
_COMMA = re.compile(r",(?![^\[]*\])")


@dataclass(frozen=True)
class Choice:
    """The codes and expressions asked for of one variable."""

    variable: str
    codes: tuple[str, ...]
    codelist: str = ""


@dataclass(frozen=True)
class Placement:
    """Which variables to put in the heading and the stub of the answer."""

    heading: tuple[str, ...]
    stub: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A data request; no choices at all stand for the table's default selection."""

    choices: tuple[Choice, ...] = ()
    placement: Placement | None = None


Parameters = Sequence[tuple[str, str]]


def parameter(parameters: Parameters, name: str) -> str | None:
    """The value of a query parameter, letter case of the name apart; of several the first."""
    return next((value for key, value in parameters if key.casefold() == name), None)


def from_parameters(parameters: Parameters) -> Query:
    """The query of a GET request. A codelist counts only for a variable with `valuecodes`."""
    codes: dict[str, list[str]] = {}
    codelists: dict[str, str] = {}
    for key, value in parameters:
        match = _BRACKETED.fullmatch(key)
        if match and match[1].casefold() == "valuecodes":
            codes.setdefault(match[2], []).extend(_listed(value))
        elif match:
            codelists[match[2].casefold()] = value
    choices = tuple(
        Choice(variable, tuple(listed), codelists.get(variable.casefold(), "")) for variable, listed in codes.items()
    )
    heading, stub = parameter(parameters, "heading"), parameter(parameters, "stub")
    if heading is None and stub is None:
        return Query(choices)
    return Query(choices, Placement(tuple(_listed(heading or "")), tuple(_listed(stub or ""))))


def codelists_of(parameters: Parameters) -> list[tuple[str, str]]:
    """The `codelist[VAR]` parameters of a metadata request."""
    found = ((_BRACKETED.fullmatch(key), value) for key, value in parameters)
    return [(match[2], value) for match, value in found if match and match[1].casefold() == "codelist"]


def _listed(value: str) -> list[str]:
    items = (item.strip() for item in _COMMA.split(value))
    return [item[1:-1] if item.startswith("[") and item.endswith("]") else item for item in items if item]


def check_content_type(content_type: str | None, body: bytes) -> None:
    """Refuses a body that is not declared as JSON in UTF-8."""
    media_type, _, rest = (content_type or "").partition(";")
    media_type = media_type.strip().lower()
    if not media_type:
        if body:
            raise unsupported_media_type()
        return
    if media_type != "application/json" and not re.fullmatch(r"application/[^/]+\+json", media_type):
        raise RefusedError(415)
    charset = re.search(r'charset="?([^";\s]+)', rest, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise unsupported_media_type()


def from_body(body: bytes) -> Query:
    """The query of a POST request; an empty body or `null` asks for nothing in particular."""
    text = body.decode("utf-8", "replace")
    return _Body(Reader(text)).query()


class _Body:
    """Fits a JSON value to the types of the specification, with the messages of PxWebApi's reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.missing: dict[str, list[str]] = {}

    def query(self) -> Query:
        document = self.reader.read()
        if document is None or document.is_null:
            return Query()
        choices: list[Choice] | None = None
        placement: Placement | None = None
        for key, value in self._members(document, "VariablesSelection"):
            if key.casefold() == "selection" and not value.is_null:
                choices = choices or []  # a list that occurs twice is one list
                for item in self._items(value, f"{_MODEL}.VariableSelection"):
                    choices.append(self._choice(item, len(choices)))
            elif key.casefold() == "placement" and not value.is_null:
                placement = self._placement(value)
        if choices is None:
            self._required("Selection")
        if self.missing:
            raise validation_error(self.missing)
        return Query(tuple(choices or ()), placement)

    def _choice(self, value: Value, index: int) -> Choice:
        variable, codelist, codes = None, None, None
        for key, member in self._members(value, "VariableSelection"):
            name = key.casefold()
            if name == "variablecode":
                variable = self._text(member)
            elif name == "codelist":
                codelist = self._text(member)
            elif name == "valuecodes" and not member.is_null:
                codes = [*(codes or ()), *self._texts(member)]
        if not variable:
            self._required(f"Selection[{index}].VariableCode")
        if codes is None:
            self._required(f"Selection[{index}].ValueCodes")
        return Choice(variable or "", tuple(codes or ()), codelist or "")

    def _placement(self, value: Value) -> Placement:
        lists: dict[str, tuple[str, ...]] = {}
        for key, member in self._members(value, "VariablePlacementType"):
            if key.casefold() in ("heading", "stub") and not member.is_null:
                lists[key.casefold()] = tuple(self._texts(member))
        for name in ("Heading", "Stub"):
            if name.casefold() not in lists:
                self._required(f"Placement.{name}")
        return Placement(lists.get("heading", ()), lists.get("stub", ()))

    def _texts(self, value: Value) -> list[str]:
        texts = [self._text(item) for item in self._items(value, "System.String")]
        if None in texts:
            raise RefusedError(500)  # a null among the codes passes the types and fails further in
        return [text for text in texts if text is not None]

    def _text(self, value: Value) -> str | None:
        if value.members is not None or value.items is not None:
            sign = "[" if value.members is None else "{"
            message = f"Unexpected character encountered while parsing value: {sign}."
            raise self._error(value, message, value.begin + 1)
        if isinstance(value.scalar, Number):
            return value.scalar.text
        return str(value.scalar) if isinstance(value.scalar, bool) else value.scalar

    def _required(self, path: str) -> None:
        self.missing[path] = [f"The {path.rpartition('.')[2]} field is required."]

    def _members(self, value: Value, model: str) -> list[tuple[str, Value]]:
        name = f"{_MODEL}.{model}"
        if value.members is not None:
            return value.members
        if value.items is None:
            raise self._cannot_convert(value, name)
        raise self._error(value, _wrong_shape(name, ("array", "[1,2,3]"), _TO_ARRAY), value.begin + 1)

    def _items(self, value: Value, of: str) -> list[Value]:
        name = f"System.Collections.Generic.List`1[{of}]"
        if value.items is not None:
            return value.items
        if value.members is None:
            raise self._cannot_convert(value, name)
        message = _wrong_shape(name, ("object", '{"name":"value"}'), _TO_OBJECT)
        if not value.members:
            raise self._error(value, message, value.end)
        first = value.members[0]
        raise self._error(first[1], message, value.begin + len(first[0]) + 4)

    def _cannot_convert(self, value: Value, name: str) -> RefusedError:
        shown = value.scalar.text if isinstance(value.scalar, Number) else value.scalar
        shown = f'"{shown}"' if isinstance(value.scalar, str) else shown
        return self._error(value, f"Error converting value {shown} to type '{name}'. ", value.end)

    def _error(self, value: Value, message: str, at: int) -> RefusedError:
        place = f"Path '{value.path}', {self.reader.place(at)}."
        return validation_error({value.path: [message.rstrip(" ") + ("" if message[-1] == "\n" else " ") + place]})


_TO_ARRAY = (
    "an array or a type that implements a collection interface (e.g. ICollection, IList) like List<T> that can be "
    "deserialized from a JSON array. JsonArrayAttribute can also be added to the type to force it to deserialize "
    "from a JSON array."
)
_TO_OBJECT = (
    "so that it is a normal .NET type (e.g. not a primitive type like integer, not a collection type like an array "
    "or List<T>) that can be deserialized from a JSON object. JsonObjectAttribute can also be added to the type to "
    "force it to deserialize from a JSON object."
)


def _wrong_shape(name: str, found: tuple[str, str], remedy: str) -> str:
    wanted = 'object (e.g. {"name":"value"})' if found[0] == "array" else "array (e.g. [1,2,3])"
    to = " to" if found[0] == "array" else ""
    return (
        f"Cannot deserialize the current JSON {found[0]} (e.g. {found[1]}) into type '{name}' because the type "
        f"requires a JSON {wanted} to deserialize correctly.\nTo fix this error either change the JSON to a JSON "
        f"{wanted} or change the deserialized type{to} {remedy}\n"
    )
