"""Reads the demo's metadata files: SCB's json-stat2 shape, with shared lists written once.

A file `metadata/TABnnnn.json` (`DEMOnnnn.json` where SCB's id is not established) is the Swedish answer of
`/tables/{id}/metadata`, apart from three things:

- `size` is left out; it follows from the categories.
- A `category` may be `{"reference": FILE, "select": WHICH[, "suffix": {LANGUAGE: TEXT}]}`: the codes and names of
  `regions.json` (`country`, `county`, `municipality`, joined by `+`; `all` is the three of them, `unknown` is 99) or
  of `occupations.json` (`all`). `suffix` is put after each name.
- `demo` holds what no json-stat2 answer has: `timeUnit`, `folder` (the path in the catalogue) and `en`, the English
  texts that differ.
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from sources.demo.store import Document

FOLDER = Path(__file__).parent / "metadata"
WATERMARK = "Syntetiska demodata – inte statistik"
LANGUAGES = ("sv", "en")
_LISTS = {"regions.json": "regions", "occupations.json": "occupations"}
_SUBJECTS = {
    "AA": "General statistics",
    "AM": "Labour market",
    "BE": "Population",
    "HE": "Household finances",
    "ME": "Democracy",
    "UF": "Education and research",
}


@cache
def read(name: str) -> Any:
    """The parsed content of a file in the metadata folder; shared, never to be changed."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def table_ids() -> list[str]:
    """The ids of all tables, in order."""
    names = [path.stem for kind in ("TAB", "DEMO") for path in FOLDER.glob(f"{kind}*.json")]
    return sorted(names, key=lambda name: (not name.startswith("TAB"), int(name.strip("ABDEMOT"))))


def table_documents(table_id: str) -> dict[str, Document]:
    """The metadata of a table in each language."""
    source = read(f"{table_id}.json")
    return {language: _document(source, language) for language in LANGUAGES}


def catalogue_facts(table_id: str) -> tuple[str, list[Document]]:
    """The time unit and the path of a table in the catalogue."""
    facts = read(f"{table_id}.json")["demo"]
    return facts["timeUnit"], facts["folder"]


def codes(document: Document, variable: str) -> list[str]:
    """The codes of a variable by position."""
    index = document["dimension"][variable]["category"]["index"]
    return sorted(index, key=index.__getitem__)


@cache
def codelist(codelist_id: str, language: str) -> Document | None:
    """The answer of `/codelists/{id}` without links."""
    found = read("codelists.json").get(codelist_id)
    if found is None:
        return None
    values = found["values"]
    rows = _rows(values, language) if isinstance(values, dict) else values
    return {
        "id": codelist_id,
        "label": found["label"][language],
        "language": language,
        "languages": list(LANGUAGES),
        "elimination": False,
        "type": found["type"],
        "values": [{"code": row[0], "label": row[1], "valueMap": row[2] if len(row) > 2 else [row[0]]} for row in rows],
    }


def _document(source: Document, language: str) -> Document:
    document: Document = copy.deepcopy(source)
    english = document.pop("demo")["en"]
    if language == "en":
        document["label"], document["note"] = english["label"], english["note"]
        document["extension"]["px"] |= {
            "language": "en",
            "contents": english["contents"],
            "subject-area": _SUBJECTS[document["extension"]["px"]["subject-code"]],
        }
    for variable, dimension in document["dimension"].items():
        category = dimension["category"]
        if "reference" in category:
            rows = _rows(category, language)
            dimension["category"] = {
                "index": {row[0]: position for position, row in enumerate(rows)},
                "label": {row[0]: row[1] for row in rows},
            }
        if language == "en":
            _translate(dimension, english["dimension"][variable])
    sizes = [len(document["dimension"][variable]["category"]["index"]) for variable in document["id"]]
    ordered = {}
    for name, value in document.items():
        ordered[name] = value
        if name == "id":
            ordered["size"] = sizes
    return ordered


def _translate(dimension: Document, english: Document) -> None:
    dimension["label"] = english["label"]
    texts = english.get("category", {})
    dimension["category"]["label"] |= texts.get("label", {})
    for code, base in texts.get("unit", {}).items():
        dimension["category"]["unit"][code]["base"] = base
    if "alternativeText" in dimension["extension"]:
        dimension["extension"]["alternativeText"] = dict(dimension["category"]["label"])
    for code, notes in texts.get("note", {}).items():
        dimension["category"]["note"][code] = notes


def _kind(code: str) -> str:
    return "country" if code == "00" else "county" if len(code) == 2 else "municipality"


def _rows(reference: Document, language: str) -> list[list[str]]:
    """Code and name of the items a reference names."""
    rows = read(reference["reference"])[_LISTS[reference["reference"]]]
    if reference["reference"] == "regions.json":
        wanted = reference["select"].replace("all", "country+county+municipality").split("+")
        rows = [row for row in rows if _kind(row["code"]) in wanted]
        if "unknown" in wanted:
            rows = [*rows, {"code": "99", "sv": "okänt län", "en": "unknown county"}]
    suffix = reference.get("suffix", {}).get(language, "")
    return [[row["code"], (row.get(language) or row["sv"]) + suffix] for row in rows]
