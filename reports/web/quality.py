"""The pages of the quality report: what each rule found, what the sources are, and what is missing and why."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports import quality
from reports.catalogue import Indicator
from reports.quality import ADDITIVITY, CADENCE, CORRECTION, DRIFT, FRESH, MOST_CELLS, NOT_COVERED, OUTCOMES, PROTECTS
from reports.web import reasons
from reports.web.language import Language
from reports.web.pages import Page, Site, failing_figure
from reports.wording import period_name, shaped

ACCURACY = {
    "sample": "urvalsundersökning med felmarginaler",
    "noise": "totalräknad, med slumpskydd",
    "rounding": "totalräknad, avrundad",
    "register": "totalräknad",
}
LEVELS = {"country": "riket", "county": "län", "municipality": "kommuner"}
HEADS = {"women": "Kvinnor", "men": "Män", "total": "Kvinnor mot män"}


def all_pages(site: Site) -> Iterator[Page]:
    """A page for each rule, each table of the source and the coverage of each indicator, and what lists it all."""
    yield coverage(site)
    for item in site.catalogue.shown:
        if item.indicator in site.report.regions:
            yield coverage_of(site, item)
    for row in site.report.outcomes:
        yield rule(site, row)
    for row in site.report.tables:
        yield table(site, row)


def overview(site: Site) -> dict[str, Any]:
    """What the entrance of the quality report shows beside the failed checks."""
    t, report = site.t, site.report
    by_group: dict[str, list[Mapping[str, Any]]] = {}
    for row in report.outcomes:
        by_group.setdefault(row["protects"], []).append({**row, "title": t.quoted(row["title"])})
    return {
        "groups": [
            {**group, "title": t(PROTECTS[group["protects"]]), "rows": by_group[group["protects"]]}
            for group in report.groups
        ],
        "unchecked": _unchecked(site),
        "corrections": [
            {
                **row, "reason": t.quoted(row["reason"]), "status": t(CORRECTION[row["status"]]),
                "expect": _number(row["expect"], t) or t("saknas"), "value": _number(row["value"], t) or t("saknas"),
            }
            for row in report.corrections
        ],
        "not_covered": [t(text) for text in NOT_COVERED],
        "fresh": [
            {
                "table_id": row["table_id"], "title": t(row["title"]), "updated": row["updated"],
                "received": row["received"], "standing": row["standing"],
                "expected": row["expected"], "late": row["state"] == "late",
                "ended": row["state"] == "ended", "unknown": row["state"] == "unknown", "state": t(FRESH[row["state"]]),
            }
            for row in report.tables
        ],
    }  # fmt: skip


def _unchecked(site: Site) -> list[dict[str, Any]]:
    """What could not be checked at all, and why."""
    titles = {item.indicator: item.title for item in site.catalogue.indicators}
    return [
        {"subject": titles.get(row["subject"], row["subject"]), "reason": reasons.of_check(row["reason"], site.t)}
        for row in site.report.skipped
        if row["rule"] is None
    ]


def rule(site: Site, row: Mapping[str, Any]) -> Page:
    """One rule: what it found, the first failing cells, where it was skipped and how it has gone over the runs."""
    t, report = site.t, site.report
    name = row["rule"]
    titles = {item.indicator: item.title for item in site.catalogue.indicators}
    failed = [one for one in report.results.get(name, ()) if not one["success"]]
    skipped: dict[str, list[str]] = {}
    for one in report.skipped:
        if one["rule"] == name:
            skipped.setdefault(one["reason"], []).append(titles.get(one["subject"], one["subject"]))
    cells = report.cells.get(name, ())
    shown = _some(cells)
    inputs = {
        "rule": {**row, "title": t.quoted(row["title"]), "group": t(PROTECTS[row["protects"]])},
        "outcome": t(OUTCOMES[row["severity"]]),
        "failed": [
            {
                **one, "title": titles.get(one["subject"], one["subject"]),
                "href": _about(one["subject"], titles), "message": t.quoted(one["message"]),
                "observed": t.quoted(one["observed"] or "–"), "expected": t.quoted(one["expected"] or "–"),
            }
            for one in failed
        ],
        "cells": [
            {
                "subject": titles.get(one["subject"], one["subject"]), "href": _about(one["subject"], titles),
                "figure": failing_figure(site, one), "subject_of": one["sex"] if one["sex"] in quality.SEXES else "gap",
                "where": _where(site, one), "sex": t(quality.SEXES[one["sex"]]) if one["sex"] in quality.SEXES else "–",
                "category": one["category"] or "–",
                "value": _number(one["value"], t), "expected": _expected(one["expected"], t),
            }
            for one in shown
        ],
        "told": _told(len(shown), row["kept"], row["cells"], t),
        "skipped": [{"reason": t.quoted(reason), "subjects": subjects} for reason, subjects in skipped.items()],
        "history": list(report.history.get(name, ())),
        "all_files": [one for one in site.files.get("", ()) if one["path"].endswith((".xlsx", "quality.json"))],
    }  # fmt: skip
    return Page(
        f"kvalitet/kontroller/{name}", "check", name,
        t("En kontroll av uppgifter om kvinnor och män: vad den fann och hur det har gått över körningarna."),
        inputs, "kvalitet",
    )  # fmt: skip


def _about(subject: str, titles: Mapping[str, str]) -> str:
    """The page of what a rule was held against."""
    return f"indikatorer/{subject}/index.html" if subject in titles else f"kvalitet/tabeller/{subject}/index.html"


def _some(cells: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As many failing cells as a page shows, of each table or indicator equally many."""
    places: dict[str, int] = {}
    each = max(1, MOST_CELLS // max(1, len({one["subject"] for one in cells})))
    found = []
    for one in cells:
        places[one["subject"]] = places.get(one["subject"], 0) + 1
        if places[one["subject"]] <= each:
            found.append(one)
    return found[:MOST_CELLS]


def _told(shown: int, kept: int, cells: int, t: Language) -> str:
    """How many of the failing cells stand on the page and in the files."""
    count = {"shown": t.number(shown, 0), "kept": t.number(kept, 0), "cells": t.number(cells, 0)}
    if kept < cells:
        return t(
            "{shown} av {cells} visas. Filerna har {kept}: högst tusen sparas för varje tabell eller indikator.",
            **count,
        )
    return t("{shown} av {cells} visas. Filerna har alla.", **count) if shown < cells else t("Alla visas.")


def _number(value: float | None, t: Language) -> str | None:
    """A value as it was found, which need not be a number; null where it is missing."""
    if value is None or not math.isfinite(value):
        return None if value is None else str(value)
    return t.number(value, 0 if value == round(value) else 2)


def _expected(text: str | None, t: Language) -> str:
    """What was expected, in the rule's Swedish words or as a number in the language of the page."""
    try:
        return _number(float(text or ""), t) or "–"
    except ValueError:
        return t.quoted(re.sub(r"(?<=\d)\.(?=\d)", ",", text or "–"))


def _where(site: Site, row: Mapping[str, Any]) -> str:
    region = site.figures.regions.get(row["region_code"] or "")
    place = region.name if region else row["region_code"]
    period = period_name(row["period"], shaped(row["period"]), site.t) if row["period"] else None
    return ", ".join(filter(None, (place, period))) or "–"


def table(site: Site, row: Mapping[str, Any]) -> Page:
    """One table of the source under the five headings of SCB's quality declarations."""
    t, report = site.t, site.report
    name = row["table_id"]
    titles = {item.indicator: item.title for item in site.catalogue.indicators}
    unknown = t("uppgift saknas")
    breaks = [
        {"period": period_name(one["period"], shaped(one["period"]), t), "what": t(one["what"])}
        for one in report.breaks.get(name, ())
    ]
    used = [{"indicator": one, "title": titles[one]} for one in report.used_by.get(name, ()) if one in titles]
    levels = ", ".join(t(LEVELS[one]) for one in row["levels"] or () if one in LEVELS) or unknown
    reason = row["state_reason"]
    inputs = {
        "table": {**row, "title": t(row["title"]), "reason": reason and reasons.of_source(reason, t)},
        "used": used,
        "uncertainty": t(ADDITIVITY[row["additivity"]]) if row["additivity"] in ADDITIVITY else unknown,
        "preliminary": _preliminary(row["preliminary"], t),
        "cadence": t(CADENCE[row["cadence"]]) if row["cadence"] in CADENCE else unknown,
        "fresh": t(FRESH[row["state"]]),
        "ended": row["state"] == "ended",
        "levels": levels,
        "breaks": breaks,
        "notes": [t.quoted(note) for note in report.notes.get(name, ())],
        "drift": [
            {
                "what": " ".join(filter(None, (t(DRIFT.get(one["kind"], one["kind"])), one["variable"], one["code"]))),
                "before": t.quoted(one["before"] or "–"), "now": t.quoted(one["now"] or "–"),
            }
            for one in report.drift.get(name, ())
        ],
        "unknown": unknown,
        "variables": report.variables.get(name, ()),
        "periods": _periods(site, report.used_by.get(name, ())),
        "age": row["age_days"],
        "checked": _checked(site, name),
        "revised": _revised(site, report.used_by.get(name, ())),
    }  # fmt: skip
    return Page(
        f"kvalitet/tabeller/{name}", "source_table", t("Kvalitetsdeklaration: {table}", table=name),
        t("Relevans, tillförlitlighet, aktualitet, tillgänglighet och jämförbarhet för källans tabell."),
        inputs, "kvalitet",
    )  # fmt: skip


def _periods(site: Site, used: Sequence[str]) -> list[str]:
    """The first and the last period that is used of a table, for each kind of period."""
    extents: dict[str, list[str]] = {}
    for item in site.catalogue.indicators:
        if item.indicator in used and item.extent:
            ends = [one for one in (item.extent.first_period, item.extent.last_period) if one]
            extents.setdefault(item.period_type, []).extend(ends)
    return [
        " … ".join(dict.fromkeys(period_name(one, kind, site.t) for one in (min(found), max(found))))
        for kind, found in extents.items()
        if found
    ]


def _checked(site: Site, table_id: str) -> dict[str, Any]:
    """How many checks of a table held, and those that did not."""
    found = [one for results in site.report.results.values() for one in results if one["subject"] == table_id]
    failed = [{**one, "message": site.t.quoted(one["message"])} for one in found if not one["success"]]
    return {"passed": len(found) - len(failed), "failed": failed}


def _revised(site: Site, used: Sequence[str]) -> list[dict[str, Any]]:
    """The indicators that read a table and whose figures have been revised since they were first published."""
    titles = {item.indicator: item.title for item in site.catalogue.indicators}
    found = {row["indicator"] for row in site.audit.summary if row["revised"]}
    return [{"indicator": one, "title": titles[one]} for one in used if one in found and one in titles]


def _preliminary(kind: str | None, t: Language) -> str:
    if kind == "all":
        return t("Alla värden är preliminära när de publiceras.")
    if kind == "none":
        return t("Inga värden är angivna som preliminära.")
    return t("uppgift saknas")


def coverage(site: Site) -> Page:
    """How many of the expected values there are, by indicator."""
    t = site.t
    rows = [
        {"item": item.title, "href": f"kvalitet/tackning/{item.indicator}/index.html", **found}
        for item in site.catalogue.shown
        if (found := site.report.coverage.get(item.indicator))
    ]
    return Page(
        "kvalitet/tackning", "coverage", t("Täckning"),
        t("Vilka värden som finns för kvinnor och män, och varför andra saknas."),
        {"rows": rows, "place": site.place}, "kvalitet",
    )  # fmt: skip


def coverage_of(site: Site, item: Indicator) -> Page:
    """The values of an indicator by region and sex: how many there are, and the periods that lack one, with why."""
    t = site.t
    order = ["00", site.home, *(one.code for one in site.figures.kommuner(site.home))]
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in site.report.regions[item.indicator]:
        found.setdefault(row["region_code"], {}).setdefault(row["sex"], []).append(row)
    sexes = ["women", "men"] if item.measure == "level" else ["total"]
    rows = [
        {
            "name": site.figures.regions[code].name if code in site.figures.regions else code,
            "sexes": [_sex(found[code].get(sex, ()), item, site) for sex in sexes],
        }
        for code in order
        if code in found
    ]
    inputs = {
        "covered": {"indicator": item.indicator, "title": item.title}, "heads": [t(HEADS[sex]) for sex in sexes],
        "rows": rows, "coverage": site.report.coverage[item.indicator],
    }  # fmt: skip
    return Page(
        f"kvalitet/tackning/{item.indicator}", "coverage_one", t("Täckning: {title}", title=item.title),
        t("Vilka värden som finns för kvinnor och män, och varför andra saknas."), inputs, "kvalitet",
    )  # fmt: skip


def _sex(rows: Sequence[Mapping[str, Any]], item: Indicator, site: Site) -> dict[str, Any]:
    holes = [
        {"why": _why(row["reason"], site), "periods": _spans(row["spans"], item, site)} for row in rows if row["holes"]
    ]
    return {"present": rows[0]["present"], "expected": rows[0]["expected"], "holes": holes} if rows else {}


def _spans(spans: Sequence[Mapping[str, str]], item: Indicator, site: Site) -> str:
    """Each unbroken run of periods by its first and its last."""

    def named(period: str) -> str:
        return period_name(period, item.period_type, site.t)

    return ", ".join(
        named(one["first"]) if one["first"] == one["last"] else f"{named(one['first'])} … {named(one['last'])}"
        for one in spans
    )


def _why(reason: str, site: Site) -> str:
    """Why a value is missing, in words."""
    return site.t(quality.GONE[reason]) if reason in quality.GONE else quality.missing(reason, site.catalogue)


def box(site: Site, item: Indicator) -> list[dict[str, str]]:
    """The quality box of an indicator: seven facts without a grade; empty where no figures are fetched."""
    t = site.t
    row = site.report.boxes.get(item.indicator)
    if row is None or item.extent is None:
        return []
    unknown = t("uppgift saknas")

    def per(code: str | None) -> str:
        return period_name(code, item.period_type, t) if code else unknown

    cadence = t(CADENCE[row["cadence"]]) if row["cadence"] in CADENCE else unknown
    day = {"updated": row["updated"] or unknown, "expected": row["expected"] or t("inte känd")}
    accuracy = t(ACCURACY[row["accuracy"]]) if row["accuracy"] in ACCURACY else unknown
    kinds = sorted({one["kind"] for one in site.files.get(item.indicator, ()) if one["kind"] != "CSVW"})
    facts = (
        (t("Källa"), f"{', '.join(row['agencies'] or ()) or unknown}: {', '.join(item.received)}"),
        (t("Hur ofta och hur nytt"),
         t("{cadence}; uppdaterad {updated}, nästa utgåva {expected}", cadence=cadence, **day)),
        (t("Områden"), t("{places} av {expected} områden har värde {period}", places=t.number(row["places"] or 0, 0),
                         expected=t.number(row["places_expected"] or 0, 0), period=per(row["last_period"]))),
        (t("Jämförbar över tid"), t("en period utan brott, från {first}", first=per(row["unbroken_from"]))
         if row["unbroken"] == 1 else t("{unbroken} perioder utan brott, från {first}",
                                        first=per(row["unbroken_from"]), unbroken=t.number(row["unbroken"], 0))),
        (t("Jämförbar mellan områden"), t("samma källa och beräkning i alla områden")),
        (t("Noggrannhet"), accuracy + (f"; {t('preliminära värden')}" if row["is_preliminary"] else "")),
        (t("Format"), ", ".join(kinds) or unknown),
    )  # fmt: skip
    return [{"name": name, "text": text} for name, text in facts]
