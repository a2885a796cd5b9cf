"""A JSON reader as forgiving as the one in PxWebApi: it knows where each value ends, for its error messages.

Comments, single quotes, bare keys, trailing commas and text behind the value pass; a key can occur twice.
"""

import re
from dataclasses import dataclass

from sources.demo.errors import RefusedError, validation_error

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]*")
_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Number:
    """A number as it is spelled: the only use for one is as a code."""

    text: str


@dataclass(frozen=True)
class Value:
    """One JSON value, its path in the document and where it begins and ends."""

    path: str
    begin: int
    end: int
    scalar: str | Number | bool | None = None
    members: "list[tuple[str, Value]] | None" = None
    """The members of an object, in the order of the text."""
    items: "list[Value] | None" = None

    @property
    def is_null(self) -> bool:
        """Whether this is `null`."""
        return self.scalar is None and self.members is None and self.items is None


class Reader:
    """Reads one document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> Value | None:
        """The document's value; None when there is nothing but blanks."""
        self._skip()
        return self._value("") if self.at < len(self.text) else None

    def place(self, at: int) -> str:
        """A position as error messages give it."""
        before = self.text[:at]
        return f"line {before.count(chr(10)) + 1}, position {at - (before.rfind(chr(10)) + 1)}"

    def _skip(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _value(self, path: str) -> Value:
        self._skip()
        begin = self.at
        if self.at >= len(self.text):
            raise self._error(path, "Unexpected end when reading JSON.")
        mark = self.text[self.at]
        if mark in "{[":
            self.at += 1
            members = self._object(path) if mark == "{" else None
            items = self._array(path) if mark == "[" else None
            return Value(path, begin, self.at, members=members, items=items)
        if match := _STRING.match(self.text, self.at):
            self.at = match.end()
            return Value(path, begin, self.at, _unescape(match[0][1:-1]))
        if match := _NUMBER.match(self.text, self.at):
            self.at = match.end()
            return Value(path, begin, self.at, Number(match[0]))
        if (match := _WORD.match(self.text, self.at)) and match[0] in _WORDS:
            self.at = match.end()
            return Value(path, begin, self.at, _WORDS[match[0]])
        message = f"Unexpected character encountered while parsing value: {mark}."
        raise self._error(path, message, None if begin else "line 0, position 0")

    def _object(self, path: str) -> "list[tuple[str, Value]]":
        members: list[tuple[str, Value]] = []
        while not self._closes("}", path):
            match = _STRING.match(self.text, self.at) or _WORD.match(self.text, self.at)
            if not match:
                mark = self.text[self.at]
                raise self._error(path, f"Invalid property identifier character: {mark}.")
            self.at = match.end()
            key = _unescape(match[0][1:-1]) if match[0][0] in "\"'" else match[0]
            self._skip()
            if self.text[self.at : self.at + 1] != ":":
                mark = self.text[self.at : self.at + 1]
                raise self._error(path, f"Invalid character after parsing property name. Expected ':' but got: {mark}.")
            self.at += 1
            members.append((key, self._value(f"{path}.{key}" if path else key)))
            self._comma("}", path)
        return members

    def _array(self, path: str) -> "list[Value]":
        items: list[Value] = []
        while not self._closes("]", path):
            items.append(self._value(f"{path}[{len(items)}]"))
            self._comma("]", path)
        return items

    def _closes(self, bracket: str, path: str) -> bool:
        self._skip()
        if self.at >= len(self.text):
            kind = "object" if bracket == "}" else "array"
            raise self._error(path, f"Unexpected end when deserializing {kind}.")
        if self.text[self.at] == bracket:
            self.at += 1
            return True
        return False

    def _comma(self, bracket: str, path: str) -> None:
        self._skip()
        mark = self.text[self.at : self.at + 1]
        if mark == ",":
            self.at += 1
        elif mark not in ("", bracket):
            raise self._error(path, f"After parsing a value an unexpected character was encountered: {mark}.")

    def _error(self, path: str, message: str, place: str | None = None) -> RefusedError:
        return validation_error({path: [f"{message} Path '{path}', {place or self.place(self.at)}."]})


def _unescape(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        sign = match[1]
        return chr(int(sign[1:], 16)) if len(sign) == 5 else _ESCAPED.get(sign, sign)

    return _ESCAPE.sub(plain, text)
