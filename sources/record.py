"""Recordings of a live API, byte for byte, with how it behaves: for the first person who has a network.

The folder has the shape of `shared/recordings`, so the embedded server can serve it:
`config.json`, `tables.json` (first page), `TABnnnn/{entry,metadata,request,data}.json`, `codelists/<id>.json`;
beside them `behaviour.json`, the answers to what is not established about the API.
"""

import datetime as dt
import time
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson

from sources import contract, planner
from sources.client import LANGUAGE, Answer, Client, Config, request_body
from sources.declarations import Role, TableDeclaration
from sources.decoder import Dataset, decode, parse
from sources.errors import ContractError, SourceError, Unreachable
from sources.selection import expand, normal

CELLS = 1_000
"""The most cells of one recorded slice."""
COUNTRY, COUNTY = "00", "19"
"""Riket and one county whatever the home region, so that recordings of different people compare."""
MOST: Mapping[Role, int] = {"region": 11, "partner": 11, "sex": 4, "contents": 8, "period": 2, "dimension": 3}
"""The most codes of a variable in a slice, by its role."""
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
BODY_FIRST = 1_000
"""Characters of a body that a fact keeps."""
BURST_AT_MOST = 40
"""The most calls of a burst that may provoke a 429."""
SILENT_AT_MOST = 2
"""Tables in a row without any answer after which the rest is left for another day."""
UNKNOWN_TABLE = "TAB0000000"
TOO_MANY = "Retry-After, headers and body of a 429"

Fact = dict[str, Any]
Selection = Mapping[str, Sequence[str]]


def record(
    base_url: str,
    tables: Mapping[str, TableDeclaration],
    out: Path,
    *,
    user_agent: str,
    burst: bool = False,
) -> list[str]:
    """What was recorded and what failed, one line each. A table recorded in its present edition is not fetched again.

    Args:
        base_url: the API, up to and including /api/v2.
        tables: the declared tables by id.
        out: folder to write to; one folder holds the answers of one API.
        user_agent: how we present ourselves, with a contact.
        burst: provoke one 429 by a few quick calls; off by default, since that is not polite.

    Raises:
        Unreachable: the API does not answer at all.
        ContractError: it is not PxWebApi v2, or the folder holds recordings of another API.
    """
    earlier = _earlier(out, base_url)
    with _Observer(base_url, user_agent=user_agent) as client:
        config = client.config()
        _write(out / "config.json", config.answer.body)
        _write(out / "tables.json", client.tables().body)
        _keep(out, base_url, earlier)
        lines = _record_tables(client, tables.values(), out)
        facts = _merged(earlier, _behaviour(client, config, out, _recorded(out, tables), burst=burst))
        _keep(out, base_url, facts)
    unknown = [fact for fact in facts if "not_probed" in fact]
    lines.append(f"{out / 'behaviour.json'}: {len(facts) - len(unknown)} facts, {len(unknown)} not probed")
    return lines + [f"not probed: {fact['question']}: {fact['not_probed']}" for fact in unknown]


def slice_of(table: TableDeclaration, metadata: Dataset) -> dict[str, tuple[str, ...]]:
    """A few codes of every variable, at most CELLS cells: those that we rely on first, always both sexes."""
    roles: dict[str, Role] = {
        variable: table.variables[variable].role if variable in table.variables else "dimension"
        for variable in metadata.dimensions
    }
    picked = {}
    for variable, codes in metadata.dimensions.items():
        role = roles[variable]
        wanted = _regions(codes) if role in ("region", "partner") else _relied_on(table, variable, role, metadata)
        picked[variable] = wanted[: MOST[role]]
    shrinking = [variable for variable in picked if roles[variable] not in ("sex", "region", "partner")]
    while planner.cells(picked) > CELLS:
        picked[max(shrinking, key=lambda variable: len(picked[variable]))].pop()
    return {
        variable: tuple(code for code in codes if code in picked[variable])
        for variable, codes in metadata.dimensions.items()
    }


def _regions(codes: Sequence[str]) -> list[str]:
    """Riket and the county; all kommuner of the county where the table has no counties; else the first codes."""
    found = [code for code in (COUNTRY, COUNTY) if code in codes]
    if COUNTY not in found:
        found += [code for code in codes if code.startswith(COUNTY)]
    return found or list(codes[:2])


def _relied_on(table: TableDeclaration, variable: str, role: Role, metadata: Dataset) -> list[str]:
    """All codes of a variable: those that our declaration uses first."""
    codes, labels = metadata.dimensions[variable], metadata.labels[variable]
    by_label = {normal(labels.get(code, "")): code for code in codes}
    wanted = [named.code or by_label.get(normal(named.label or "")) for named in table.codes.get(variable, {}).values()]
    if role == "sex":
        wanted += table.sexes()
    time = role == "period"
    for selection in table.selections:
        value = selection.get(variable)
        if isinstance(value, tuple):
            picked = expand(value, codes, time=time)
            wanted += sorted(picked, reverse=True) if time else picked
    rest = sorted(codes, reverse=True) if time else codes
    return [code for code in dict.fromkeys([*wanted, *rest]) if code in codes]


def _record_tables(client: Client, tables: Iterable[TableDeclaration], out: Path) -> list[str]:
    lines: list[str] = []
    silent = 0
    for table in tables:
        try:
            lines.append(f"{table.id}: {_record_table(client, table, out / table.id)}")
            silent = 0
        except SourceError as error:
            lines.append(f"{table.id}: failed: {error}")
            silent = silent + 1 if isinstance(error, Unreachable) else 0
        if silent == SILENT_AT_MOST:
            lines.append("the API has stopped answering; run the same command again later, it goes on from here")
            break
    return lines


def _record_table(client: Client, table: TableDeclaration, folder: Path) -> str:
    """What was done with one table; its entry is written last and says which edition the folder holds whole."""
    entry = client.table(table.id)
    updated = _document(entry).get("updated")
    if (held := folder / "entry.json").exists() and orjson.loads(held.read_bytes()).get("updated") == updated:
        return f"already recorded as updated {updated}"
    metadata = client.metadata(table.id)
    if not (folder / "data.json").exists():
        _write(folder / "metadata.json", metadata.body)
    dataset = parse(metadata.body)
    selection = slice_of(table, dataset)
    data = client.data(table.id, selection)
    try:
        answer = parse(data.body)
        contract.check_chunk(answer, selection, dataset, table.id)
        decode(answer)
    except ContractError as error:
        _write(folder / "rejected.json", data.body)
        raise ContractError(f"{error} (the answer is kept as {folder / 'rejected.json'})") from error
    _write(folder / "metadata.json", metadata.body)
    _write(folder / "request.json", data.request)
    _write(folder / "data.json", data.body)
    _write(held, entry.body)
    return f"recorded {planner.cells(selection)} cells, updated {updated}"


@dataclass(frozen=True)
class _Exchange:
    """One request and what came back, errors included."""

    method: str
    url: str
    sent: Mapping[str, str]
    body: bytes
    status: int | None
    headers: tuple[tuple[str, str], ...]
    content: bytes
    at: dt.datetime
    seconds: float
    failure: str = ""

    def fact(self, question: str) -> Fact:
        """The answer to a question, as it stands in behaviour.json."""
        request: Fact = {"method": self.method, "url": self.url}
        if self.sent:
            request["headers"] = dict(self.sent)
        if self.body:
            request["body"] = self.body.decode()
        fact: Fact = {"question": question, "at": self.at.isoformat(), "request": request}
        if self.status is None:
            return fact | {"not_probed": f"no answer: {self.failure}"}
        text = self.content.decode("utf-8", "replace")
        return fact | {
            "status": self.status,
            "headers": [list(pair) for pair in self.headers],
            "body_first": text[:BODY_FIRST],
            "body_bytes": len(self.content),
            "seconds": round(self.seconds, 3),
        }


class _Observer(Client):
    """The client with its pace, which also keeps what it otherwise does not look at."""

    def __init__(self, base_url: str, *, user_agent: str) -> None:
        super().__init__(base_url, user_agent=user_agent)
        self.too_many: list[_Exchange] = []
        self._http.event_hooks = {"response": [self._keep_429]}

    def probe(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> _Exchange:
        """One call in its turn, never repeated: whatever comes back is the answer."""
        sent = dict(headers or {}) | ({"Content-Type": "application/json"} if body else {})
        with self._limiter.slot():
            exchange = self._exchange(method, httpx.URL(self.base_url + path, params=query or {}), body, sent)
        if exchange.status == 429:
            self._limiter.pause(_pause(exchange, self._limiter.window))
        return exchange

    def burst(self, calls: int) -> None:
        """Nothing; so many quick calls were sent out of turn, or fewer when the API said 429."""
        for _ in range(calls):
            exchange = self._exchange("GET", httpx.URL(f"{self.base_url}/tables?pageSize=1"), b"", {})
            if exchange.status == 429:
                break
        self._limiter.pause(_pause(exchange, self._limiter.window))

    def _exchange(self, method: str, url: httpx.URL, body: bytes, sent: Mapping[str, str]) -> _Exchange:
        at, start = dt.datetime.now(dt.UTC), time.perf_counter()
        try:
            response = self._http.request(method, url, content=body or None, headers=dict(sent), timeout=TIMEOUT)
        except httpx.HTTPError as error:
            failure = f"{type(error).__name__}: {error}"
            return _Exchange(method, str(url), sent, body, None, (), b"", at, time.perf_counter() - start, failure)
        return _observed(response, sent, body, at, time.perf_counter() - start)

    def _keep_429(self, response: httpx.Response) -> None:
        if response.status_code == 429:
            response.read()
            at, body = dt.datetime.now(dt.UTC) - response.elapsed, response.request.content
            self.too_many.append(_observed(response, {}, body, at, response.elapsed.total_seconds()))


def _observed(
    response: httpx.Response, sent: Mapping[str, str], body: bytes, at: dt.datetime, seconds: float
) -> _Exchange:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    method, url = response.request.method, str(response.request.url)
    return _Exchange(method, url, sent, body, response.status_code, headers, response.content, at, seconds)


def _pause(exchange: _Exchange, window: float) -> float:
    """Seconds to wait after a 429: what it says plus one, and never less than a window."""
    told = next((value for name, value in exchange.headers if name.casefold() == "retry-after"), "")
    return max(window, float(told) + 1 if told.isdigit() else 0.0)


def _behaviour(client: _Observer, config: Config, out: Path, tables: Sequence[str], *, burst: bool) -> list[Fact]:
    """What is not established about the API, by about fifteen single calls."""
    facts = _general(client)
    if tables:
        facts += _about_data(client, out, tables[0])
        facts += _about_codelists(client, out, tables)
    else:
        reason = "no table could be recorded"
        facts += [{"question": question, "not_probed": reason} for question in (*_DATA_QUESTIONS, *_CODELIST_QUESTIONS)]
    facts += _about_429(client, config, burst=burst)
    facts += [
        {"question": question, "not_probed": "not a property of the API"}
        for question in ("Prefect's rate limits against the API's window", "ssb-pxapi2-arrow against this API")
    ]
    return facts


def _general(client: _Observer) -> list[Fact]:
    language = {"lang": LANGUAGE}
    counted = [
        client.probe("GET", path, query)
        for path, query in (("/tables", {**language, "pageSize": "1"}), ("/config", {}), ("/tables", language))
    ]
    facts = [
        exchange.fact(f"Does /config count against the rate: X-Rate-Limit-Remaining {when}")
        for exchange, when in zip(counted, ("before it", "of it", "after it"), strict=True)
    ]
    facts.append(counted[1].fact("Which rate holds: 30 calls per 10 s or 3 per 1 s"))
    for length in (2_000, 2_200):
        path = "/tables"
        start = len(str(httpx.URL(client.base_url + path, params={**language, "pageSize": "1", "pad": ""})))
        padded = client.probe("GET", path, {**language, "pageSize": "1", "pad": "x" * (length - start)})
        facts.append(padded.fact(f"Status of a GET whose URL has {length} characters"))
    facts.append(client.probe("HEAD", "/config").fact("HEAD of /config"))
    facts.append(client.probe("GET", "/tables", {"lang": "xx"}).fact("An unsupported language"))
    body = request_body({"Tid": ["2024"]})
    unknown = client.probe("POST", f"/tables/{UNKNOWN_TABLE}/data", _DATA_QUERY, body=body)
    facts.append(unknown.fact("An unknown table on /data"))
    return facts


_DATA_QUERY = {"lang": LANGUAGE, "outputFormat": "json-stat2"}
_GZIP = {"Accept-Encoding": "gzip"}
_DATA_QUESTIONS = (
    "Compression, latency and cache headers of metadata, when gzip is accepted",
    "Compression, latency and cache headers of data, when gzip is accepted",
    "Status and body of a repeated explicit code",
)
_CODELIST_QUESTIONS = ("An aggregation, as listed in metadata", "Data by the groups of an aggregation")


def _about_data(client: _Observer, out: Path, table_id: str) -> list[Fact]:
    selection = orjson.loads((out / table_id / "request.json").read_bytes())["selection"]
    # The API keeps answers for minutes: another language and another order of variables are answered afresh.
    anew = orjson.dumps({"selection": selection[::-1]})
    first = selection[0] | {"valueCodes": selection[0]["valueCodes"][:1] * 2}
    repeated = orjson.dumps({"selection": [first, *selection[1:]]})
    path = f"/tables/{table_id}"
    exchanges = (
        client.probe("GET", f"{path}/metadata", {"lang": "en"}, headers=_GZIP),
        client.probe("POST", f"{path}/data", _DATA_QUERY, body=anew, headers=_GZIP),
        client.probe("POST", f"{path}/data", _DATA_QUERY, body=repeated),
    )
    return [exchange.fact(question) for exchange, question in zip(exchanges, _DATA_QUESTIONS, strict=True)]


def _about_codelists(client: _Observer, out: Path, tables: Sequence[str]) -> list[Fact]:
    """One aggregation, kept in codelists/, and one data request by two of its groups."""
    found = next(filter(None, (_aggregation(out / table_id, table_id) for table_id in tables)), None)
    if found is None:
        return [
            {"question": one, "not_probed": "no recorded table lists an aggregation"} for one in _CODELIST_QUESTIONS
        ]
    table_id, variable, codelist_id = found
    listed = client.probe("GET", f"/codelists/{urllib.parse.quote(codelist_id)}", {"lang": LANGUAGE})
    facts = [listed.fact(_CODELIST_QUESTIONS[0])]
    try:
        groups = [value["code"] for value in orjson.loads(listed.content)["values"]] if listed.status == 200 else []
    except (orjson.JSONDecodeError, KeyError, TypeError):
        groups = []
    if not groups:
        return [*facts, {"question": _CODELIST_QUESTIONS[1], "not_probed": f"{codelist_id} has no groups to ask for"}]
    _write(out / "codelists" / f"{codelist_id}.json", listed.content)
    query = orjson.loads((out / table_id / "request.json").read_bytes())
    for part in query["selection"]:
        if part["variableCode"] == variable:
            part |= {"valueCodes": groups[:2], "codelist": codelist_id}
    grouped = client.probe("POST", f"/tables/{table_id}/data", _DATA_QUERY, body=orjson.dumps(query))
    return [*facts, grouped.fact(_CODELIST_QUESTIONS[1])]


def _aggregation(folder: Path, table_id: str) -> tuple[str, str, str] | None:
    """A table, a variable of it and an aggregation of that variable, if the metadata list one."""
    metadata = orjson.loads((folder / "metadata.json").read_bytes())
    for variable, dimension in metadata["dimension"].items():
        for codelist in dimension.get("extension", {}).get("codelists") or []:
            name = str(codelist.get("id", ""))
            if codelist.get("type") == "Aggregation" and name == Path(name).name:
                return table_id, variable, name
    return None


def _about_429(client: _Observer, config: Config, *, burst: bool) -> list[Fact]:
    reason = "none came, and none was provoked"
    if burst and not client.too_many:
        calls = config.calls + 1
        reason = f"{calls} calls in a row brought none"
        if 1 < calls <= BURST_AT_MOST:
            client.burst(calls)
        else:
            reason = f"a window of {config.calls} calls is not for a small burst"
    seen = [exchange.fact(TOO_MANY) for exchange in client.too_many[:3]]
    return seen or [{"question": TOO_MANY, "not_probed": reason}]


def _recorded(out: Path, tables: Iterable[str]) -> list[str]:
    """The tables that the folder holds whole."""
    return [one for one in tables if (out / one / "entry.json").exists()]


def _earlier(out: Path, base_url: str) -> list[Fact]:
    """The facts of an earlier run into the folder.

    Raises:
        ContractError: the folder holds recordings of another API.
    """
    path = out / "behaviour.json"
    if not path.exists():
        return []
    held = orjson.loads(path.read_bytes())
    here, there = (urllib.parse.urlsplit(url).hostname for url in (base_url, held["base_url"]))
    if here != there:
        raise ContractError(f"{out}: holds recordings of {there}, not of {here}; record into another folder")
    return list(held["facts"])


def _merged(earlier: Sequence[Fact], now: Sequence[Fact]) -> list[Fact]:
    """The facts of this run; what could not be probed now, as an earlier run saw it."""
    open_now = {fact["question"] for fact in now if "not_probed" in fact}
    kept = [fact for fact in earlier if fact["question"] in open_now and "not_probed" not in fact]
    known = {fact["question"] for fact in kept}
    return [fact for fact in now if fact["question"] not in known] + kept


def _keep(out: Path, base_url: str, facts: Sequence[Fact]) -> None:
    document = {"base_url": base_url, "facts": list(facts)}
    _write(out / "behaviour.json", orjson.dumps(document, option=orjson.OPT_INDENT_2))


def _document(answer: Answer) -> Fact:
    try:
        document = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise ContractError(f"{answer.url}: not JSON ({error})") from error
    if not isinstance(document, dict):
        raise ContractError(f"{answer.url}: a JSON object was expected, got {type(document).__name__}")
    return document


def _write(path: Path, content: bytes) -> None:
    """Writes beside and renames, so that an interrupted run leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(content)
    beside.replace(path)
