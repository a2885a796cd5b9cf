"""The HTTP side of the embedded server: routes, limits, errors and encoding, over real sockets."""

import random
import re
import socket
import sys
import time
import urllib.parse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, runtime_checkable

from sources.demo.cells import SUM_SYMBOL, read
from sources.demo.errors import RefusedError, parameter_error, validation_error
from sources.demo.faults import Faults
from sources.demo.jsonstat import Answer
from sources.demo.limiter import RateLimiter
from sources.demo.messages import Options, Request, Response
from sources.demo.query import (
    Parameters,
    check_content_type,
    codelists_of,
    from_body,
    from_parameters,
    parameter,
)
from sources.demo.resolve import Resolver, check_size, default_selection, query_of
from sources.demo.search import matches
from sources.demo.store import Catalogue, Document, Table

PREFIX = "/api/v2"
_JSON = "application/json; charset=utf-8"
_DATA = "application/json; charset=UTF-8"
_ROUTES: dict[str, tuple[str, ...]] = {
    r"/config": ("GET",),
    r"/tables": ("GET",),
    r"/tables/([^/]+)": ("GET",),
    r"/tables/([^/]+)/metadata": ("GET",),
    r"/tables/([^/]+)/defaultselection": ("GET",),
    r"/tables/([^/]+)/data": ("GET", "POST"),
    r"/codelists/([^/]+)": ("GET",),
    r"/savedqueries/([^/]+)(?:/data|/selection)?": ("GET",),
    r"/healthz/(?:live|ready)": ("GET",),
}
_FORMATS = ("json-stat2", "csv", "px", "xlsx", "html", "json-px", "parquet")
_FORMAT_PARAMETERS = (
    "usecodes",
    "usetexts",
    "usecodesandtexts",
    "includetitle",
    "separatortab",
    "separatorspace",
    "separatorsemicolon",
)
NOT_FOUND_PAGE = b"<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head></html>"


@runtime_checkable
class PxDetails(Protocol):
    """What a table read from a PX file knows beyond its metadata."""

    def sum_symbol(self, language: str) -> str:
        """The symbol of a sum over unlike missing values."""

    def updated(self, contents: Sequence[str]) -> str:
        """The newest update of these contents."""


class Application:
    """Answers requests from a catalogue; knows nothing of sockets."""

    def __init__(self, catalogue: Catalogue, *, limited: bool = True) -> None:
        self.catalogue = catalogue
        config = catalogue.config
        self.options = Options(
            url_limit=8_177 if catalogue.flavour == "px" else 2_100,
            cell_limit=int(config["maxDataCells"]),
            calls=int(config["maxCallsPerTimeWindow"]) if limited else 10_000,
            seconds=int(config["timeWindow"]) if limited else 1,
            limited=limited,
        )
        self.limiter = RateLimiter(self.options.calls, self.options.seconds)
        self.base_url = ""

    def answer(self, request: Request) -> Response:
        """The answer to a request, in the server's order: length, rate, language, route, selection, size."""
        headers: list[tuple[str, str]] = []
        try:
            self._check_length(request)
            headers = self._rate(request)
            response = self._route(request)
        except RefusedError as refused:
            response = Response(refused.status, list(refused.headers), refused.body, refused.media_type)
        response.headers += headers
        return response

    def _check_length(self, request: Request) -> None:
        if sum(len(name) + len(value) + 4 for name, value in request.headers.items()) > 32_768:
            raise RefusedError(431)
        if len(request.target) > self.options.url_limit:
            if self.catalogue.flavour == "px":
                raise RefusedError(414)
            raise RefusedError(404, NOT_FOUND_PAGE, "text/html")

    def _rate(self, request: Request) -> list[tuple[str, str]]:
        if not self.options.limited:
            return []
        client = request.client
        if self.catalogue.flavour == "px":  # the published settings read this header and spare the own machine
            client = request.headers.get("x-forwarded-for", client)
            if client == "127.0.0.1":
                return []
        return self.limiter.admit(client)

    def _route(self, request: Request) -> Response:
        path = request.path
        if path == f"{PREFIX}/":
            return Response(301, [("Location", f"{PREFIX}/index.html")])
        path = path.removeprefix(PREFIX) if path.casefold().startswith(PREFIX) else path
        path = path.rstrip("/")
        for pattern, methods in _ROUTES.items():
            match = re.fullmatch(pattern, path, re.IGNORECASE)
            if not match:
                continue
            if request.method == "OPTIONS":
                return Response(200, [("Allow", ", ".join(methods))])
            if request.method not in methods:
                raise RefusedError(405, headers=[("Allow", ", ".join(methods))])
            return self._endpoint(pattern, match.groups(), request)
        raise RefusedError(404)

    def _endpoint(self, pattern: str, found: Sequence[str], request: Request) -> Response:
        if pattern.startswith("/healthz"):
            return Response(body=b"Healthy", media_type="text/plain")
        if request.method == "POST":
            check_content_type(request.headers.get("content-type"), request.body)
        language = self._language(request.parameters)
        if pattern.startswith("/savedqueries"):
            raise parameter_error("Saved query not found", 404, detail=True)
        if pattern == "/config":
            return Response(document=self.config(), media_type=_JSON)
        if pattern == "/tables":
            return Response(document=self._tables(request.parameters, language), media_type=_JSON)
        if pattern.startswith("/codelists"):
            return Response(document=self._codelist(found[0], language), media_type=_JSON)
        if pattern.endswith("/data"):
            return Response(document=self._data(found[0], request, language), media_type=_DATA)
        endpoints: dict[str, Callable[[str, Parameters, str], Document]] = {
            "metadata": self._metadata,
            "defaultselection": self._default_selection,
        }
        endpoint = endpoints.get(pattern.rpartition("/")[2], self._entry)
        return Response(document=endpoint(found[0], request.parameters, language), media_type=_JSON)

    def _language(self, parameters: Parameters) -> str:
        asked = (parameter(parameters, "lang") or "").casefold()
        known = [language["id"] for language in self.catalogue.config["languages"]]
        if not asked:
            return str(self.catalogue.config["defaultLanguage"])
        if asked not in known:
            raise parameter_error("Unsupported language")
        return asked

    def config(self) -> Document:
        """The answer of `/config`, with the limits that are in force."""
        formats = self.options.formats or self.catalogue.config["dataFormats"]
        return self.catalogue.config | {
            "dataFormats": formats,
            "maxDataCells": self.options.cell_limit,
            "maxCallsPerTimeWindow": self.options.calls,
            "timeWindow": self.options.seconds,
        }

    def _found(self, table_id: str, language: str, http_status: int = 404) -> tuple[Table, Document]:
        table = self.catalogue.table(table_id)
        metadata = table.metadata(language) if table else None
        if table is not None and metadata is None and table.entry(language) and http_status == 400:
            raise parameter_error("Non-existent variable")  # listed, yet the server cannot read its metadata
        if table is None or metadata is None:
            raise parameter_error("Non-existent table", 404, http_status=http_status)
        return table, metadata

    def _entry(self, table_id: str, _: Parameters, language: str) -> Document:
        table = self.catalogue.table(table_id)
        entry = table.entry(language) if table else None
        if entry is None:
            raise parameter_error("Non-existent table", 404)
        return {"language": language} | self._listed(entry, language)

    def _listed(self, entry: Document, language: str) -> Document:
        table_id = entry["id"]
        links = [self._link("self", language, f"tables/{table_id}")]
        links += [
            self._link("alternate", item["id"], f"tables/{table_id}")
            for item in self.catalogue.config["languages"]
            if item["id"] != language
        ]
        links.append(self._link("metadata", language, f"tables/{table_id}/metadata"))
        data = self._link("data", language, f"tables/{table_id}/data")
        links.append(data | {"href": data["href"] + "&outputFormat=json-stat2"})
        return entry | {"links": links}

    def _link(self, relation: str, language: str, path: str) -> Document:
        return {"rel": relation, "hreflang": language, "href": f"{self.base_url}/{path}?lang={language}"}

    def _page_link(self, relation: str, language: str, page: str, number: int) -> Document:
        link = self._link(relation, language, "tables/")
        return link | {"href": f"{link['href']}{page}&pageNumber={number}"}

    def _tables(self, parameters: Parameters, language: str) -> Document:
        query = parameter(parameters, "query")
        past_days = _whole(parameters, "pastdays", "pastDays")
        discontinued = _flag(parameters, "includediscontinued", "includeDiscontinued")
        size = _whole(parameters, "pagesize", "pageSize")
        number = max(_whole(parameters, "pagenumber", "pageNumber") or 1, 1)
        size = 20 if size is None else max(size, 1)
        entries = [entry for table in self.catalogue.tables() if (entry := table.entry(language)) is not None]
        if query:
            entries = [entry for entry in entries if matches(query, entry)]
        if past_days is not None:
            oldest = datetime.now(UTC) - timedelta(days=past_days)
            entries = [e for e in entries if past_days > 0 and datetime.fromisoformat(e["updated"]) >= oldest]
        if not discontinued:
            entries = [entry for entry in entries if not entry.get("discontinued")]
        pages = max(-(-len(entries) // size), 1)
        if number > pages:
            raise parameter_error("Non-existent page", 404, detail=True)
        shown = entries[(number - 1) * size : number * size]
        page = (f"&query={urllib.parse.quote(query)}" if query else "") + f"&pagesize={size}"
        others = {"next": number + 1, "previous": number - 1, "last": pages}
        if number == pages:
            others = {"previous": number - 1}
        return {
            "language": language,
            "tables": [self._listed(entry, language) for entry in shown],
            "page": {
                "pageNumber": number,
                "pageSize": size,
                "totalElements": len(entries),
                "totalPages": pages,
                "links": [self._page_link(relation, language, page, at) for relation, at in others.items() if at > 0],
            },
            "links": [self._page_link("self", language, page, number)],
        }

    def _codelist(self, codelist_id: str, language: str) -> Document:
        document = self.catalogue.codelist(codelist_id, language)
        if document is None:
            raise parameter_error("Non-existent codelist", 400, http_status=404)
        path = f"codeLists/{codelist_id}"
        links = [self._link("self", language, path)]
        links += [self._link("alternate", other, path) for other in document["languages"] if other != language]
        return document | {"links": links}

    def _metadata(self, table_id: str, parameters: Parameters, language: str) -> Document:
        if parameter(parameters, "savedquery"):
            raise parameter_error("Saved query not found", 404, detail=True)
        table, metadata = self._found(table_id, language)
        resolver = Resolver(self.catalogue, table, metadata, language)
        dimensions = {code: self._linked(dimension, language) for code, dimension in metadata["dimension"].items()}
        for name, codelist_id in codelists_of(parameters):
            variable = resolver.variable(name)
            try:
                codelist = resolver.codelist(variable, codelist_id)
            except RefusedError:
                raise parameter_error("Non-existent table", 404) from None  # so the server reports it
            dimensions[variable] = _with_codelist(dimensions[variable], codelist)
        return metadata | {
            "size": [len(dimensions[code]["category"]["index"]) for code in metadata["id"]],
            "dimension": dimensions,
        }

    def _linked(self, dimension: Document, language: str) -> Document:
        codelists = [
            item | {"links": [self._link("metadata", language, f"codeLists/{item['id']}")]}
            for item in dimension["extension"].get("codelists", [])
        ]
        return dimension | {"extension": dimension["extension"] | {"codelists": codelists}}

    def _default_selection(self, table_id: str, _: Parameters, language: str) -> Document:
        table, metadata = self._found(table_id, language)
        link = self._link("self", language, f"tables/{table.id}/defaultselection")
        return {"links": [link]} | default_selection(table, metadata, language)

    def _data(self, table_id: str, request: Request, language: str) -> Document:
        errors = _format_errors(request.parameters)
        query = from_body(request.body) if request.method == "POST" else from_parameters(request.parameters)
        if errors:
            raise validation_error(errors)
        self._check_format(request.parameters)
        table, metadata = self._found(table_id, language, http_status=400)
        if not query.choices:
            query = query_of(default_selection(table, metadata, language))
        resolver = Resolver(self.catalogue, table, metadata, language)
        axes = resolver.axes(query)
        check_size(axes, self.options.cell_limit)
        sum_symbol, updated = SUM_SYMBOL, str(metadata["updated"])
        if isinstance(table, PxDetails):
            contents = [axis.codes for axis in axes if axis.variable in metadata["role"].get("metric", ())]
            sum_symbol, updated = table.sum_symbol(language), table.updated(contents[0])
        return Answer(
            metadata=metadata,
            language=language,
            flavour=self.catalogue.flavour,
            axes=axes,
            layout=resolver.layout(axes, query.placement),
            cells=read(table, axes, sum_symbol),
            updated=updated,
            totals=dict(table.totals),
        ).document()

    def _check_format(self, parameters: Parameters) -> None:
        """Only json-stat2 is made here, and it takes no parameters."""
        wanted = (parameter(parameters, "outputformat") or "json-stat2").casefold()
        if wanted != "json-stat2" or parameter(parameters, "outputformatparams"):
            raise parameter_error("Unsupported output format", detail=True)


def _format_errors(parameters: Parameters) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    wanted = (parameter(parameters, "outputformat") or "").casefold()
    if wanted and wanted not in _FORMATS:
        errors["outputFormat"] = ["The input was not valid."]
    listed = (parameter(parameters, "outputformatparams") or "").casefold()
    if any(item.strip() not in _FORMAT_PARAMETERS for item in listed.split(",") if item):
        errors["outputFormatParams"] = ["Invalid value."]
    return errors


def _with_codelist(dimension: Document, codelist: Document) -> Document:
    values = codelist["values"]
    category = {
        "index": {value["code"]: at for at, value in enumerate(values)},
        "label": {value["code"]: value["label"] for value in values},
    }
    extension = {key: value for key, value in dimension["extension"].items() if key != "eliminationValueCode"}
    extension["elimination"] = codelist["elimination"]
    return dimension | {"category": category, "extension": extension}


def _whole(parameters: Parameters, name: str, shown: str) -> int | None:
    text = parameter(parameters, name)
    if not text:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text.strip()):
        raise validation_error({shown: [f"The value '{text}' is not valid."]})
    return int(text)


def _flag(parameters: Parameters, name: str, shown: str) -> bool:
    text = (parameter(parameters, name) or "").strip()
    if text.casefold() not in ("", "true", "false"):
        raise validation_error({shown: [f"The value '{text}' is not valid."]})
    return text.casefold() == "true"


def listen(application: Application, faults: Faults, port: int = 0) -> "Server":
    """The listening server; port 0 takes a free one.

    A free port has four digits, so that answers that hold addresses are as long as the recorded ones.
    """
    candidates = [port] if port else [*random.SystemRandom().sample(range(2_000, 10_000), 50), 0]
    for candidate in candidates[:-1]:
        try:
            return Server(application, faults, candidate)
        except OSError:  # taken; the next one
            continue
    return Server(application, faults, candidates[-1])


class Server(ThreadingHTTPServer):
    """The listening server; its address is known once it is made."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, application: Application, faults: Faults, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.application = application
        self.faults = faults
        application.base_url = self.base_url

    @property
    def base_url(self) -> str:
        """The address that clients are given."""
        return f"http://127.0.0.1:{self.server_address[1]}{PREFIX}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is not worth a traceback; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests, writes answers, with the faults that are switched on."""

    protocol_version = "HTTP/1.1"
    server_version = "PxWebApi-demo"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        """One method for all of HTTP's: which of them a route takes is decided there."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: calls are logged for the control address only."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """A request that could not be read gets the bare status, as from the published server."""
        self.close_connection = True
        self._write(Response(code))

    def _serve(self) -> None:
        arrived = time.monotonic()
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            target=self.path,
            path=urllib.parse.unquote(path),
            parameters=urllib.parse.parse_qsl(query, keep_blank_values=True),
            headers={key.lower(): value for key, value in self.headers.items()},
            body=body,
            client=self.client_address[0],
            arrived=arrived,
        )
        if (control := self.server.faults.control(request)) is not None:
            self._write(control)
            return
        self.server.faults.serve(request, self)

    def _write(self, response: Response) -> None:
        body = response.encoded()
        self.send(self.head(response, len(body)) + body)

    @property
    def socket(self) -> socket.socket:
        """The raw socket."""
        raw: socket.socket = self.connection
        return raw

    def send(self, data: bytes) -> None:
        """Bytes to the client."""
        self.wfile.write(data)

    def hang_up(self) -> None:
        """No further request on this connection."""
        self.close_connection = True

    def head(self, response: Response, length: int, *, close: bool = False) -> bytes:
        """The status line and headers of an answer whose body has this length."""
        reason = self.responses.get(response.status, ("", ""))[0]
        lines = [f"HTTP/1.1 {response.status} {reason}", f"Date: {self.date_time_string()}"]
        if response.media_type:
            lines.append(f"Content-Type: {response.media_type}")
        if response.status not in (204, 304):
            lines.append(f"Content-Length: {length}")
        lines += [f"{name}: {value}" for name, value in response.headers]
        if close or self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
