"""What can go wrong between us and a source of statistics.

SourceError
├── Unreachable            no usable answer: network, time-outs, server failures, exhausted retries
│   └── ServerFailure      the server answered 500: the caller may ask for less at a time
├── Refused                the API answered and said no (4xx); .title is its own wording
│   └── TooManyCells       the selection exceeds maxDataCells
├── ContractError          the answer is not what was asked for, or not json-stat2
│   └── PublishedDuringDownload   the table changed while it was read
└── SelectionError         a declaration does not fit the table's metadata
"""


class SourceError(Exception):
    """Any failure of a source; the message is one line and says what to do."""


class Unreachable(SourceError):
    """No usable answer came, after all attempts."""


class ServerFailure(Unreachable):
    """The server answered 500 twice to the same request."""


class Refused(SourceError):
    """The API refused a request.

    Attributes:
        status: HTTP status.
        title: the API's own title of the error, or the first words of its answer.
    """

    def __init__(self, message: str, *, status: int, title: str) -> None:
        super().__init__(message)
        self.status = status
        self.title = title


class TooManyCells(Refused):
    """The API counted more cells than it admits in one call."""


class ContractError(SourceError):
    """An answer that breaks the contract is refused, never repaired."""


class PublishedDuringDownload(ContractError):
    """SCB published the table anew while it was being read."""


class SelectionError(SourceError):
    """A declared table, variable, code or label is not in the metadata."""
