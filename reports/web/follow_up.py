"""The pages of the follow-up: challenges with their figures then and now, the plan, learning, communication."""

from collections.abc import Iterator, Sequence
from typing import Any

from reports import ics
from reports.followup import Challenge, Cited, Event, by_cell, why
from reports.web.challenges import FOLDER as CHALLENGES
from reports.web.challenges import goal_link, listed
from reports.web.figures import Cell
from reports.web.pages import Page, Site, audience_path
from reports.wording import BANDS, KINDS, heads, period_name, shaped

PLAN = "uppfoljning"
LOGIC = {"resources": "Resurser", "activities": "Aktiviteter", "results": "Resultat", "effects": "Effekter"}
CITED = {
    "women": "kvinnors värde",
    "men": "mäns värde",
    "total": "värdet",
    "diff": "skillnaden",
    "band": "könsfördelningen",
}


def all_pages(site: Site) -> Iterator[Page]:
    """Every page of the follow-up in the site's language."""
    yield challenges_index(site)
    for one in site.follow_up.challenges:
        yield challenge_page(site, one)
    yield activity_plan(site)
    yield learning_plan(site)
    yield communication_plan(site)


# --- Challenges


def challenges_index(site: Site) -> Page:
    """The challenges, those whose figures have changed first, and what could not be used."""
    t, found = site.t, site.follow_up
    changed = sum(one.changed for one in found.challenges)
    inputs = {
        "challenges": listed(site, found.challenges),
        "count": len(found.challenges),
        "changed": changed,
        "problems": _problems(site, ("challenges/", "target_images/")),
    }
    return Page(
        CHALLENGES,
        "challenges",
        t("Utmaningar"),
        t("Regionens utmaningar med de siffror som de vilar på, då och nu."),
        inputs,
        PLAN,
    )


def _problems(site: Site, files: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"file": file, "message": text} for file, text in site.follow_up.problems if file.startswith(files)]


def challenge_page(site: Site, one: Challenge) -> Page:
    """The author's words, and each cited cell as it was when they were written and as it is now."""
    t = site.t
    inputs = {
        "title": one.title,
        "text": one.text,
        "author": one.author,
        "day": one.day,
        "example": one.example,
        "changed": one.changed,
        "goal": goal_link(site, one.goal),
        "cells": [_cell(site, cells) for cells in by_cell(one.cells)],
    }
    return Page(
        f"{CHALLENGES}/{one.slug}",
        "challenge",
        one.title,
        t("En utmaning i {place}, med siffror för kvinnor och män då och nu.", place=site.place),
        inputs,
        PLAN,
    )


def _cell(site: Site, cites: Sequence[Cited]) -> dict[str, Any]:
    t, first = site.t, cites[0]
    item = next((one for one in site.catalogue.indicators if one.indicator == first.indicator), None)
    labels = site.figures.categories.get(first.indicator, {})
    texts = dict.fromkeys(text for one in cites for text in why(one, t))
    cited = dict.fromkeys(t(CITED[one.sex or one.measure]) for one in cites)
    return {
        "indicator": first.indicator if item else None,
        "title": first.title,
        "region": first.region_name,
        "category": labels.get(first.category, first.category) if first.category != "all" else None,
        "asked": period_name(first.asked, shaped(first.asked), t) if first.asked != "latest" else None,
        "measure": first.indicator_measure,
        "decimals": first.decimals,
        "heads": heads(first.unit),
        "unit_text": item.unit_text if item else "",
        "is_share": bool(item and item.is_share_of_women),
        "banded": any(figures.band for one in cites for figures in (one.then, one.now)),
        "then": first.then,
        "then_when": period_name(first.then.period, shaped(first.then.period), t) if first.then.period else None,
        "now": first.now,
        "cells": {"then": _figure(site, first, first.then.period), "now": _figure(site, first, first.now.period)},
        "now_when": period_name(first.now.period, shaped(first.now.period), t) if first.now.period else None,
        "missing": {"women": first.women_missing, "men": first.men_missing, "total": first.total_missing,
                    "diff": first.now_reason},
        "key": [
            f"{sign} {text}"
            for signs, text in site.catalogue.symbols.items()
            for sign in signs.split()
            if sign in {first.women_missing, first.men_missing, first.total_missing}
        ],
        "cited": list(cited),
        "why": list(texts),
        "problem": first.problem if first.problem == "missing" else None,
        "sources": list(dict.fromkeys((item.source, item.gap_source))) if item and item.extent else [],
        "bands": {code: t(text) for code, text in BANDS.items()},
    }  # fmt: skip


def _figure(site: Site, cite: Cited, period: str | None) -> Cell | None:
    """The cited figure in a period, as it stands now."""
    cells = site.figures.cells.get(cite.indicator, {}).get(cite.region, ())
    wanted = (cite.category, period)
    return next((cell for cell in cells if cell.current and (cell.category, cell.period) == wanted), None)


# --- The plan


def _event(site: Site, one: Event) -> dict[str, Any]:
    named = ("title", "kind", "subject", "due", "done", "role", "form", "moment", "state")
    return {"kind_name": site.t(KINDS[one.kind]), **{field: getattr(one, field) for field in named}}


def activity_plan(site: Site) -> Page:
    """The activity plan: what is late, then reports and evaluations, then the data and when the source publishes."""
    t, found = site.t, site.follow_up
    known = [one for one in found.data if one.due]
    inputs = {
        "day": found.day,
        "late": [_event(site, one) for one in found.late],
        "late_count": len(found.late),
        "activities": [_event(site, one) for one in found.activities],
        "known": [_event(site, one) for one in sorted(known, key=lambda one: one.due or "")],
        "unknown": [_event(site, one) for one in found.data if one.state == "unknown"],
        "ended": [_event(site, one) for one in found.data if one.state == "ended"],
        "calendar": ics.NAME,
        "events": len(found.calendar),
        "problems": _problems(site, ("followup.yml", *(f"{one.strategy_id}.yml" for one in site.catalogue.strategies))),
        "challenges": len(found.challenges),
    }
    return Page(
        PLAN,
        "plan",
        t("Uppföljning"),
        t("Aktivitetsplanen: vilka data, utvärderingar och rapporter som väntas, och vad som är försenat."),
        inputs,
        PLAN,
    )


def learning_plan(site: Site) -> Page:
    """The learning plan: per goal the question, the chain of change and the indicators that answer."""
    t = site.t
    items = {one.indicator: one for one in site.catalogue.indicators}
    inputs = {
        "questions": [
            {
                "goal": goal_link(site, one.goal),
                "question": one.question,
                "logic": [{"name": t(text), "text": getattr(one, part)} for part, text in LOGIC.items()],
                "rows": [site.summary(items[code]) for code in one.indicators if code in items],
            }
            for one in site.follow_up.questions
        ],
        "place": site.place,
    }
    return Page(
        f"{PLAN}/larande",
        "learning",
        t("Lärandeplan"),
        t("Lärandefrågor och förändringslogik per mål, med indikatorerna som svarar."),
        inputs,
        PLAN,
    )


def communication_plan(site: Site) -> Page:
    """The communication plan: what each audience gets, when and in which form."""
    t = site.t
    inputs = {
        "audiences": [
            {
                "name": one.name,
                "slug": one.slug,
                "brief": audience_path(one.slug),
                "goals": [goal_link(site, goal) for goal in one.goals],
                "gets": [_event(site, item) for item in one.items],
            }
            for one in site.follow_up.audiences()
        ],
    }
    return Page(
        f"{PLAN}/kommunikation",
        "communication",
        t("Kommunikationsplan"),
        t("Vilka målgrupper som får vad, när och i vilken form."),
        inputs,
        PLAN,
    )
