"""Requests and answers, and how strict the server is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from sources.demo.store import Document


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    method: str
    target: str
    path: str
    parameters: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    client: str
    arrived: float


@dataclass
class Response:
    """An answer before it goes out; while it is a document a fault can change it."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    media_type: str | None = None
    document: Document | None = None

    def encoded(self) -> bytes:
        """The body; a document is encoded once."""
        if self.document is not None:
            self.body, self.document = orjson.dumps(self.document), None
        return self.body


@dataclass
class Options:
    """The limits in force; a fault can change them while the server runs."""

    url_limit: int
    cell_limit: int
    calls: int
    seconds: int
    limited: bool = True
    formats: list[str] | None = None
    """The data formats that `/config` lists; None leaves them as the catalogue has them."""
