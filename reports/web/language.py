"""The words and numbers of a page in its language: Swedish as written in the code, English from a catalogue."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Literal

from babel.messages.pofile import read_po

from reports.wording import number, size

Code = Literal["sv", "en"]
CODES: tuple[Code, ...] = ("sv", "en")
CONTEXT = "\x04"  # between a context and its text, as gettext has it
ONE = f"one{CONTEXT}"


class Swedish(str):
    """A text that stands in Swedish on a page of another language, where it is marked as Swedish."""

    __slots__ = ()


@dataclass(frozen=True)
class Language:
    """One language of the site; called with a Swedish text it gives the text in that language."""

    code: Code

    def __call__(self, text: str, **parts: object) -> str:
        """The text in this language with its `{parts}` filled in; marked as Swedish where no translation stands."""
        found = text if self.code == "sv" else translations().get(text) or Swedish(text)
        return found.format(**parts) if parts else found

    def one(self, text: str) -> str:
        """The text as the name of one thing, where the Swedish word is the same for several."""
        found = translations().get(f"{ONE}{text}") if self.code == "en" else None
        return found or self(text)

    def or_none(self, text: str | None) -> str | None:
        """The text in this language; null of null."""
        return None if text is None else self(text)

    def quoted(self, text: str) -> str:
        """A wording of the region's or the state's, or a name: never translated, marked as Swedish on other pages."""
        return text if self.code == "sv" else Swedish(text)

    def number(self, value: float, decimals: int, *, signed: bool = False) -> str:
        """The value rounded once: `1 234,5` in Swedish, `1,234.5` in English; the minus sign is U+2212."""
        return number(value, decimals, self.code, signed=signed)

    def size(self, count: int) -> str:
        """A file's size: `12 kB`."""
        return size(count) if self.code == "sv" else size(count).replace(",", ".")


SWEDISH = Language("sv")


@cache
def translations() -> dict[str, str]:
    """The English texts by the Swedish ones, with the context before them where they have one."""
    with (resources("reports") / "translations" / "en.po").open("rb") as file:
        read = read_po(file, locale="en")
    return {
        f"{one.context}{CONTEXT}{one.id}" if one.context else str(one.id): str(one.string)
        for one in read
        if one.id and one.string
    }
