"""Open data of a release: JSON-stat 2 and CSVW beside every table, one data package, one DCAT-AP-SE catalogue.

Everything says what the release says: figures from the warehouse, names from the catalogue, and of made-up figures that
they are made up. Nothing here needs a library that only serves to check these formats; the tests have those.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import duckdb
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from transforms.periods import describe

from reports import catalogue as catalogues
from reports.catalogue import Catalogue, Indicator, Run
from reports.tables import COLUMNS, NUMBERS
from reports.web.language import Language, Swedish
from reports.workbook import reference

PACKAGE = "datapackage.json"
CATALOGUE = "datasets/dcat.rdf"
TURTLE = "datasets/dcat.ttl"
DESCRIBED = ".csv-metadata.json"
LICENCE = ("CC0-1.0", "http://creativecommons.org/publicdomain/zero/1.0/", "Creative Commons Zero 1.0")
"""As the source's own; a region that decides otherwise passes its licence to `write`."""

KEY = ("region_code", "partner_code", "period", "sex", "category", "series")
_ENGLISH = Language("en")
SEXES = {"women": "Kvinnor", "men": "Män", "total": "Totalt"}

_TITLES = {
    "indicator": "Indikator",
    "region_code": "Regionkod",
    "region": "Region",
    "partner_code": "Kod för arbetsplatsens region",
    "partner": "Arbetsplatsens region",
    "period": "Period",
    "sex": "Kön (women, men, total)",
    "category": "Grupp",
    "series": "Serie",
    "value": "Värde",
    "numerator": "Täljare",
    "denominator": "Nämnare",
    "status": "Källans tecken",
    "margin": "Felmarginal",
    "reason": "Skäl till att värde saknas",
    "is_preliminary": "Preliminär",
    "categories": "Antal kategorier bakom måttet",
    "coverage": "Andel med känd kategori, procent",
    "unit": "Enhet",
    "source": "Källa",
    "origin": "Ursprung",
}
_FREQUENCIES = {
    "year": "ANNUAL",
    "quarter": "QUARTERLY",
    "month": "MONTHLY",
    "mandate": "QUADRENNIAL",
    "five_years": "ANNUAL",
}
_AUTHORITY = "http://publications.europa.eu/resource/authority/"


@dataclass(frozen=True)
class Iri:
    """A node of a graph with an address; everything else in a triple is text."""

    address: str


@dataclass(frozen=True)
class Typed:
    """A literal with a datatype, or with a language."""

    text: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Node:
    """What a catalogue says of one thing: its address, its type, and its properties in order."""

    address: str
    kind: str
    properties: tuple[tuple[str, "Iri | Typed | Node"], ...]


@dataclass(frozen=True)
class Names:
    """What regions and categories are called, and the order of categories and periods."""

    regions: Mapping[str, str]
    categories: Mapping[str, tuple[str, int]]
    periods: Mapping[str, int]


def write_table(rows: pa.Table, names: Names, indicator: Indicator, catalogue: Catalogue, folder: Path) -> Path:
    """The path of the indicator's JSON-stat file, written to the folder.

    Args:
        rows: the rows that the other machine files are made of (`tables.rows`).
        names: what regions and categories are called.
        indicator: whose figures they are.
        catalogue: what the warehouse says of itself.
        folder: where the tables lie.
    """
    stat = folder / f"{indicator.indicator}.json"
    stat.write_bytes(orjson.dumps(jsonstat(rows, names, indicator, catalogue), option=orjson.OPT_APPEND_NEWLINE))
    return stat


def describe_table(indicator: Indicator, run: Run, folder: Path) -> Path:
    """The path of the CSVW metadata of the indicator's CSV, written to the folder."""
    described = folder / f"{indicator.indicator}{DESCRIBED}"
    described.write_bytes(_json(csvw(indicator, run)))
    return described


def write(
    catalogue: Catalogue,
    folder: Path,
    files: Mapping[str, Mapping[str, Path]],
    *,
    address: str = "",
    licence: tuple[str, str, str] = LICENCE,
) -> tuple[Path, ...]:
    """The paths of the data package and of the DCAT catalogue (RDF/XML and Turtle), written to the release's folder.

    Args:
        catalogue: what the warehouse says of itself.
        folder: the release's folder.
        files: by indicator, the path of each of its files by kind (`csv`, `xlsx`, `jsonstat`, `parquet`).
        address: where the release's files will lie, ending with `/`; without one the addresses are relative to the
            catalogue, and become absolute when it is fetched.
        licence: SPDX name, address and title of the licence that the publisher has chosen.
    """
    package, rdf, turtle = folder / PACKAGE, folder / CATALOGUE, folder / TURTLE
    package.write_bytes(_json(datapackage(catalogue, folder, files, licence)))
    rdf.parent.mkdir(exist_ok=True)
    graph = dcat(catalogue, folder, files, address or "../", licence)
    rdf.write_text(rdf_xml(graph), encoding="utf-8", newline="\n")
    turtle.write_text(as_turtle(graph), encoding="utf-8", newline="\n")
    return package, rdf, turtle


def jsonstat(rows: pa.Table, names: Names, indicator: Indicator, catalogue: Catalogue) -> dict[str, Any]:
    """The indicator as a JSON-stat 2 dataset: one value per region, category, series, period and sex, women first.

    Values and symbols are sparse objects where most of the cube is empty, as the standard allows. A missing value is
    absent or null with the source's symbol or our reason as its status, never zero.
    """
    dimensions: dict[str, Any] = {}
    sizes: list[int] = []
    flat = np.zeros(rows.num_rows, dtype=np.int64)
    order = [column for column in ("region_code", "partner_code", "category", "series", "period", "sex")
             if column in {"region_code", "period", "sex"} or rows[column].null_count < rows.num_rows]  # fmt: skip
    for column in order:
        values = pc.fill_null(rows[column], "_")
        codes = _ordered(column, pc.unique(values).to_pylist(), names)
        at = pc.index_in(values, value_set=pa.array(codes)).to_numpy(zero_copy_only=False)
        flat = flat * len(codes) + at
        sizes.append(len(codes))
        labels = {code: _label(column, code, names) for code in codes}
        dimensions[column.removesuffix("_code")] = {
            "label": _TITLES[column],
            "category": {"index": codes, "label": labels},
        }
    dimensions["contents"] = {
        "label": "Tabellinnehåll",
        "category": {
            "index": [indicator.indicator],
            "label": {indicator.indicator: indicator.title},
            "unit": {indicator.indicator: {"label": indicator.unit_text, "decimals": indicator.decimals}},
        },
    }
    run = catalogue.run
    size = int(np.prod(sizes))
    places = flat.tolist()
    values = dict(zip(places, rows["value"].to_pylist(), strict=True))
    marks = pc.coalesce(rows["status"], rows["reason"]).to_pylist()
    status = {str(place): mark for place, mark in zip(places, marks, strict=True) if mark is not None}
    known = {code: text for code, text in {**catalogue.symbols, **catalogue.reasons}.items() if code in set(marks)}
    dense = rows.num_rows * 2 >= size
    return {
        "version": "2.0",
        "class": "dataset",
        "label": indicator.title,
        "source": indicator.source,
        "updated": run.finished_at,
        "note": _notes(indicator, run),
        "id": [*dimensions],
        "size": [*sizes, 1],
        "role": {
            "time": ["period"],
            "geo": [one for one in ("region", "partner") if one in dimensions],
            "metric": ["contents"],
        },
        "dimension": dimensions,
        "value": [values.get(at) for at in range(size)]
        if dense
        else {str(place): value for place, value in values.items() if value is not None},
        **({"status": status} if status else {}),
        "extension": {
            "indicator": indicator.indicator,
            "origin": run.origin_label,
            "publisher": run.organisation,
            "run": run.run_id,
            "status": {"label": known},
        },
    }


def csvw(indicator: Indicator, run: Run) -> dict[str, Any]:
    """The CSVW metadata of the indicator's CSV: columns with types, the key, and where the figures come from."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv"}],
        "url": f"{indicator.indicator}.csv",
        "dc:title": indicator.title,
        "dc:description": " ".join(_notes(indicator, run)),
        "dc:source": indicator.source,
        "dc:publisher": run.organisation,
        "dc:license": {"@id": LICENCE[1]},
        "dc:identifier": f"{run.edition.release_id if run.edition else run.run_id}/{indicator.indicator}",
        **(
            {
                "schema:version": run.edition.release_id,
                "schema:creativeWorkStatus": run.edition.standing,
                "dc:bibliographicCitation": _citation(run, reference(indicator, run)),
            }
            if run.edition
            else {}
        ),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\n"]},
        "tableSchema": {
            "columns": [
                {
                    "name": column,
                    "titles": [column],
                    "dc:description": _TITLES[column],
                    "datatype": _type(column),
                    "null": "",
                    "required": column in {"indicator", "region_code", "period", "sex", "category"},
                }
                for column in COLUMNS
            ],
            "primaryKey": ["indicator", *_key(indicator)],
        },
    }


def datapackage(
    catalogue: Catalogue, folder: Path, files: Mapping[str, Mapping[str, Path]], licence: tuple[str, str, str]
) -> dict[str, Any]:
    """The data package of the release: every file of every indicator with size and hash, the CSV with its schema."""
    run = catalogue.run
    return {
        "profile": "data-package",
        "name": f"jamstat-{_slug(run.home_name)}",
        "id": run.edition.release_id if run.edition else run.run_id,
        "title": _title(run),
        "description": _description(run),
        "version": run.edition.release_id if run.edition else run.version,
        **(
            {
                "release": {
                    "standing": run.edition.standing,
                    "content_sha256": run.edition.content,
                    "citation": _citation(run, f"{_title(run)}."),
                    "check": run.edition.checked_by,
                }
            }
            if run.edition
            else {}
        ),
        "created": run.finished_at,
        "licenses": [{"name": licence[0], "path": licence[1], "title": licence[2]}],
        "contributors": [{"title": run.organisation, "role": "publisher"}],
        "resources": [
            _resource(item, catalogue, folder, kind, path)
            for item in catalogue.shown
            for kind, path in files.get(item.indicator, {}).items()
            if kind in _FORMATS
        ],
    }


def dcat(
    catalogue: Catalogue,
    folder: Path,
    files: Mapping[str, Mapping[str, Path]],
    address: str,
    licence: tuple[str, str, str],
) -> Node:
    """The catalogue of the release by DCAT-AP-SE: one dataset for each indicator, its formats as distributions."""
    run = catalogue.run
    publisher = Node(
        f"{address}datasets/dcat#publisher", "foaf:Agent", (("foaf:name", Typed(run.organisation, language="sv")),)
    )
    contact = Node(
        f"{address}datasets/dcat#contact",
        "vcard:Organization",
        (("vcard:fn", Typed(run.organisation)),),
    )
    datasets = [
        ("dcat:dataset", _dataset(item, run, folder, files[item.indicator], address, licence))
        for item in catalogue.shown
        if item.indicator in files
    ]
    return Node(
        f"{address}datasets/dcat#catalog",
        "dcat:Catalog",
        (
            ("dcterms:title", Typed(_title(run), language="sv")),
            ("dcterms:description", Typed(_description(run), language="sv")),
            *_edition(run, f"{_title(run)}."),
            (
                "dcterms:title",
                Typed(_ENGLISH("Kvinnor och män i {place}", place=_ENGLISH(run.home_name)), language="en"),
            ),
            ("dcterms:publisher", publisher),
            ("dcat:contactPoint", contact),
            ("dcterms:issued", Typed(run.finished_at, "xsd:dateTime")),
            ("dcterms:modified", Typed(run.finished_at, "xsd:dateTime")),
            ("dcterms:language", Iri(f"{_AUTHORITY}language/SWE")),
            ("dcterms:license", Iri(licence[1])),
            ("dcterms:spatial", Iri(f"{_AUTHORITY}country/SWE")),
            ("dcat:themeTaxonomy", Iri(f"{_AUTHORITY}data-theme")),
            *datasets,
        ),
    )


_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "adms": "http://www.w3.org/ns/adms#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
}


def rdf_xml(graph: Node) -> str:
    """The graph as RDF/XML, the form that Swedish open data is harvested in."""
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _PREFIXES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF {spaces}>\n{_element(graph, 1)}</rdf:RDF>\n'


def as_turtle(graph: Node) -> str:
    """The same graph as Turtle, the form that people read."""
    heads = "".join(f"@prefix {prefix}: <{address}> .\n" for prefix, address in _PREFIXES.items())
    return heads + "".join(_statement(node) for node in _nodes(graph))


def _dataset(
    item: Indicator,
    run: Run,
    folder: Path,
    files: Mapping[str, Path],
    address: str,
    licence: tuple[str, str, str],
) -> Node:
    origin = Node("", "dcterms:ProvenanceStatement", (("rdfs:label", Typed(item.source, language="sv")),))
    keywords = [item.theme_title, "kvinnor och män", "jämställdhet", run.home_name]
    published = item.published_at or run.finished_at
    frequency = _FREQUENCIES.get(item.period_type)
    return Node(
        f"{address}datasets/dcat#{item.indicator}",
        "dcat:Dataset",
        (
            ("dcterms:title", Typed(item.title, language="sv")),
            ("dcterms:description", Typed(" ".join(_notes(item, run)), language="sv")),
            *_english("dcterms:title", item.title),
            *_english("dcterms:description", item.definition, before=run.origin_label if run.synthetic else None),
            ("dcterms:identifier", Typed(item.indicator)),
            *_edition(run, reference(item, run)),
            ("dcterms:publisher", Iri(f"{address}datasets/dcat#publisher")),
            ("dcterms:creator", Iri(f"{address}datasets/dcat#publisher")),
            ("dcat:contactPoint", Iri(f"{address}datasets/dcat#contact")),
            *(("dcat:keyword", Typed(word, language="sv")) for word in dict.fromkeys(keywords)),
            ("dcat:theme", Iri(f"{_AUTHORITY}data-theme/SOCI")),
            ("dcat:theme", Iri(f"{_AUTHORITY}data-theme/REGI")),
            ("dcterms:language", Iri(f"{_AUTHORITY}language/SWE")),
            ("dcterms:spatial", Iri(f"{_AUTHORITY}country/SWE")),
            *_temporal(item),
            *((("dcterms:accrualPeriodicity", Iri(f"{_AUTHORITY}frequency/{frequency}")),) if frequency else ()),
            ("dcterms:accessRights", Iri(f"{_AUTHORITY}access-right/PUBLIC")),
            ("dcterms:modified", Typed(published, "xsd:dateTime")),
            ("dcterms:provenance", origin),
            *(
                ("dcat:distribution", _distribution(item, kind, path, folder, address, licence))
                for kind, path in files.items()
                if kind in _FORMATS
            ),
        ),
    )


def _edition(run: Run, text: str) -> tuple[tuple[str, Typed], ...]:
    """The release as the version of what is described; nothing of a run."""
    if run.edition is None:
        return ()
    return (
        ("dcat:version", Typed(run.edition.release_id)),
        ("adms:versionNotes", Typed(run.edition.standing, language="sv")),
        ("dcterms:bibliographicCitation", Typed(_citation(run, text), language="sv")),
    )


def _citation(run: Run, text: str) -> str:
    return dict(run.cited(text))["Hänvisning"]


def _temporal(item: Indicator) -> tuple[tuple[str, Node], ...]:
    """The time that the figures are about; left out where their periods have no known place in time."""
    if item.extent is None or not item.extent.first_period or not item.extent.last_period:
        return ()
    first, last = describe(item.extent.first_period), describe(item.extent.last_period)
    dates = (
        ("dcat:startDate", Typed(first.start_date.isoformat(), "xsd:date")),
        ("dcat:endDate", Typed(last.end_date.isoformat(), "xsd:date")),
    )
    return (("dcterms:temporal", Node("", "dcterms:PeriodOfTime", dates)),)


_FORMATS = {
    "csv": ("CSV", "text/csv", "file-type/CSV"),
    "xlsx": (
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "file-type/XLSX",
    ),
    "jsonstat": ("JSON-stat 2", "application/json", "file-type/JSON"),
    "parquet": ("Parquet", "application/vnd.apache.parquet", None),
}


def _distribution(
    item: Indicator, kind: str, path: Path, folder: Path, address: str, licence: tuple[str, str, str]
) -> Node:
    name, media, known = _FORMATS[kind]
    place = address + path.relative_to(folder).as_posix()
    digest, size = _hashed(path)
    checksum = Node(
        "",
        "spdx:Checksum",
        (
            ("spdx:algorithm", Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Typed(digest, "xsd:hexBinary")),
        ),
    )
    return Node(
        f"{address}datasets/dcat#{item.indicator}-{kind}",
        "dcat:Distribution",
        (
            ("dcterms:title", Typed(f"{item.title} ({name})", language="sv")),
            ("dcat:accessURL", Iri(place)),
            ("dcat:downloadURL", Iri(place)),
            ("dcat:mediaType", Iri(f"http://www.iana.org/assignments/media-types/{media}")),
            *((("dcterms:format", Iri(_AUTHORITY + known)),) if known else ()),
            ("dcat:byteSize", Typed(str(size), "xsd:nonNegativeInteger")),
            ("dcterms:license", Iri(licence[1])),
            ("spdx:checksum", checksum),
        ),
    )


def _element(node: Node, depth: int) -> str:
    pad = "  " * depth
    about = f" rdf:about={quoteattr(node.address)}" if node.address else ""
    lines = [f"{pad}<{node.kind}{about}>\n"]
    for name, value in node.properties:
        if isinstance(value, Iri):
            lines.append(f"{pad}  <{name} rdf:resource={quoteattr(value.address)}/>\n")
        elif isinstance(value, Node):
            lines.append(f"{pad}  <{name}>\n{_element(value, depth + 2)}{pad}  </{name}>\n")
        else:
            kind = f" rdf:datatype={quoteattr(_full(value.datatype))}" if value.datatype else ""
            kind += f" xml:lang={quoteattr(value.language)}" if value.language else ""
            lines.append(f"{pad}  <{name}{kind}>{escape(value.text)}</{name}>\n")
    return "".join([*lines, f"{pad}</{node.kind}>\n"])


def _nodes(graph: Node) -> Iterable[Node]:
    """Every node that has an address, the outermost first."""
    yield graph
    for _, value in graph.properties:
        if isinstance(value, Node) and value.address:
            yield from _nodes(value)


def _statement(node: Node) -> str:
    return f"\n<{node.address}> a {node.kind} ;\n    {_properties(node)} .\n"


def _properties(node: Node) -> str:
    return " ;\n    ".join(f"{name} {_object(value)}" for name, value in node.properties)


def _object(value: "Iri | Typed | Node") -> str:
    if isinstance(value, Iri):
        return f"<{value.address}>"
    if isinstance(value, Node):
        return f"<{value.address}>" if value.address else f"[ a {value.kind} ; {_properties(value)} ]"
    text = orjson.dumps(value.text).decode()
    return text + (f"^^{value.datatype}" if value.datatype else f"@{value.language}" if value.language else "")


def _full(short: str) -> str:
    prefix, _, name = short.partition(":")
    return _PREFIXES[prefix] + name


def _resource(item: Indicator, catalogue: Catalogue, folder: Path, kind: str, path: Path) -> dict[str, Any]:
    """A file of an indicator; the CSV is the table, the others are the same figures in other forms."""
    digest, size = _hashed(path)
    name, media, _ = _FORMATS[kind]
    stem, table = item.indicator.replace("_", "-"), kind == "csv"
    told = {
        "name": stem if table else f"{stem}-{kind}",
        "path": path.relative_to(folder).as_posix(),
        "title": item.title if table else f"{item.title} ({name})",
        "description": " ".join(_notes(item, catalogue.run)),
        "sources": [{"title": item.source}],
        "format": path.suffix.removeprefix("."),
        "mediatype": media,
        "bytes": size,
        "hash": f"sha256:{digest}",
    }
    if not table:
        return {"type": "file", **told}
    return {
        "type": "table",
        "profile": "tabular-data-resource",
        **told,
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {
            "fields": [
                {
                    "name": column,
                    "title": _TITLES[column],
                    "type": _type(column),
                    "constraints": {"required": column in {"indicator", "region_code", "period", "sex", "category"}},
                }
                for column in COLUMNS
            ],
            "missingValues": [""],
            "primaryKey": ["indicator", *_key(item)],
        },
    }


def _type(column: str) -> str:
    return "number" if column in NUMBERS else "boolean" if column == "is_preliminary" else "string"


def _key(item: Indicator) -> Sequence[str]:
    """The columns that tell a row from every other; the workplace only of relations."""
    relations = item.extent is not None and item.extent.relations
    return [column for column in KEY if column != "partner_code" or relations]


def _hashed(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _notes(item: Indicator, run: Run) -> list[str]:
    """What stands with the figures wherever they go; made-up figures say so first."""
    return [*([f"{run.origin_label}."] if run.synthetic else []), item.definition, item.source]


def _english(name: str, text: str, before: str | None = None) -> tuple[tuple[str, Typed], ...]:
    """The text in English where there is one, after another that must stand first."""
    found = [_ENGLISH(one) for one in (before, text) if one]
    if any(isinstance(one, Swedish) for one in found):
        return ()
    return ((name, Typed(". ".join(found), language="en")),)


def _title(run: Run) -> str:
    return f"Indikatorer för kvinnor och män i {run.home_name}"


def _description(run: Run) -> str:
    first = f"{run.origin_label}. " if run.synthetic else ""
    return (
        f"{first}Regional statistik uppdelad på kvinnor och män: {run.home_name}, dess kommuner, länen och riket. "
        f"Ursprung: {run.origin_label}. Körning {run.run_id}."
    )


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("åäöé", "aaoe"))
    return "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in plain).split())


def names_of(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> Names:
    """The names that the tables of an indicator need."""
    categories = catalogues.rows(
        con,
        "select dimension || ':' || code as category, any_value(label) as label, min(sort) as sort "
        "from reference.indicator_dimension where indicator = $indicator group by all",
        {"indicator": indicator.indicator},
    )
    regions = catalogues.rows(con, "select region_code, name from reference.region")
    periods = catalogues.rows(con, "select period, min(sort) as sort from reference.period group by period")
    return Names(
        {row["region_code"]: row["name"] for row in regions},
        {row["category"]: (row["label"], row["sort"] or 0) for row in categories},
        {row["period"]: row["sort"] for row in periods},
    )


def _ordered(column: str, codes: Sequence[str], names: Names) -> list[str]:
    """Women first, periods from the first, regions and categories as the rows have them."""
    if column == "sex":
        return [sex for sex in SEXES if sex in codes]
    if column == "period":
        return sorted(codes, key=lambda code: (names.periods.get(code, 0), code))
    if column == "category":
        return sorted(codes, key=lambda code: (code != "all", names.categories.get(code, ("", 0))[1], code))
    return list(codes)


def _label(column: str, code: str, names: Names) -> str:
    if column == "sex":
        return SEXES[code]
    if column == "category":
        return "Samtliga" if code == "all" else names.categories.get(code, (code, 0))[0]
    if column in {"region_code", "partner_code"}:
        return names.regions.get(code) or code
    return "Ingen särskild" if code == "_" else code


def _json(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
