"""Why something has no new figures, in the words of a page; what the run itself wrote stands beside, marked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.catalogue import Indicator
from reports.web.language import Language

NOT_FETCHED = "Tabellen är inte hämtad"
_NOT_FETCHED = re.compile(rf"{NOT_FETCHED}: (.+)", re.DOTALL)


@dataclass(frozen=True)
class Reason:
    """A sentence of ours, or null; and the run's own words, or null, which are English unless `swedish`."""

    text: str | None
    technical: str | None = None
    swedish: bool = False


def of_source(reason: str, t: Language) -> Reason:
    """Why a table of the source could not be used; the run's words are English."""
    return Reason(_source(reason, t), reason)


def of_check(reason: str, t: Language) -> Reason:
    """Why a check was not applied: in Swedish, but for what the run says of a table that was not fetched."""
    if (found := _NOT_FETCHED.fullmatch(reason)) is None:
        return Reason(t.quoted(reason))
    return Reason(in_words(found[1], t), found[1])


def in_words(reason: str, t: Language) -> str:
    """Why a table of the source could not be used, in a sentence of ours."""
    return _source(reason, t) or t("Tabellen är inte hämtad.")


def _source(reason: str, t: Language) -> str | None:
    """What the few kinds of reason mean that a run often has."""
    if "its id is not established: no table fits" in reason:
        return t("Tabellens id är inte fastställt: ingen tabell i källans katalog stämmer med beskrivningen.")
    if re.search(r"its id is not established: \d+ tables fit", reason):
        return t("Tabellens id är inte fastställt: flera tabeller i källans katalog stämmer med beskrivningen.")
    if "its id is not established: it was " in reason:
        return t("Tabellens id behöver ses över: den tabell som hittades förut är borta eller har ändrats.")
    if "404 Non-existent table" in reason:
        return t("Källan har ingen tabell med det id:t.")
    if reason.startswith("not recorded"):
        return t("Tabellen finns inte bland de inspelade svaren, eller inte med de koder som behövs.")
    if reason.startswith("never fetched for this scope"):
        return t("Tabellen har aldrig hämtats för de här områdena.")
    return None


def of_indicator(item: Indicator, t: Language) -> dict[str, Any]:
    """Why an indicator has no new figures: the checks that stopped them, or a sentence."""
    stops = [
        {
            "title": t.quoted(one.title),
            "href": f"kvalitet/kontroller/{one.rule}/index.html",
            "table": one.subject if one.subject_type == "table" else None,
            "found": _cells(one.cells, t) if one.cells else t.quoted(one.observed),
        }
        for one in item.stops
    ]
    why = None if stops or not item.why else f"{item.why[:1].upper()}{item.why[1:]}."
    return {"stops": stops, "reason": Reason(why, item.reason if item.state != "published" else None, bool(stops))}


def _cells(count: int, t: Language) -> str:
    return t("en cell") if count == 1 else t("{count} celler", count=t.number(count, 0))


def skipped(row: Mapping[str, Any], t: Language) -> dict[str, Any]:
    """The row of a check that was not applied, with why in words."""
    return {**row, "reason": of_check(row["message"], t)}
