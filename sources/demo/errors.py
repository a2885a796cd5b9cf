"""The answers PxWebApi gives when it refuses a request."""

import secrets
from collections.abc import Mapping, Sequence

import orjson

PARAMETER_ERROR = "application/json; charset=utf-8"
VALIDATION_ERROR = "application/problem+json; charset=utf-8"


class RefusedError(Exception):
    """A request that is answered with an error status; carries the whole answer."""

    def __init__(
        self,
        status: int,
        body: bytes = b"",
        media_type: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(f"{status} {body[:200].decode('utf-8', 'replace')}")
        self.status = status
        self.body = body
        self.media_type = media_type
        self.headers = tuple(headers)


def parameter_error(
    title: str, status: int = 400, *, http_status: int | None = None, detail: bool = False
) -> RefusedError:
    """The error of a wrong parameter: `title` tells which; the body's status can differ from HTTP's."""
    problem: dict[str, object] = {"type": "Parameter error", "title": title, "status": status}
    if detail:
        problem["detail"] = title
    return RefusedError(http_status or status, orjson.dumps(problem), PARAMETER_ERROR)


def validation_error(errors: Mapping[str, Sequence[str]]) -> RefusedError:
    """The error of a request that does not fit the specification's types; `errors` has the field's name."""
    return _problem(400, "15.5.1", "One or more validation errors occurred.", errors)


def unsupported_media_type() -> RefusedError:
    """The error of a body whose media type is missing or whose character set is not UTF-8."""
    return _problem(415, "15.5.16", "Unsupported Media Type", None)


def _problem(status: int, section: str, title: str, errors: Mapping[str, Sequence[str]] | None) -> RefusedError:
    problem: dict[str, object] = {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{section}",
        "title": title,
        "status": status,
    }
    if errors is not None:
        problem["errors"] = {name: list(messages) for name, messages in errors.items()}
    problem["traceId"] = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    return RefusedError(status, orjson.dumps(problem), VALIDATION_ERROR)
