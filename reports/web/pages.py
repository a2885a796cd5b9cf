"""The pages of the site: for each its address, its template and everything it shows, as plain data."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from reports.catalogue import Catalogue, Goal, Indicator, Strategy, name
from reports.charts import Pictures
from reports.documents.model import Document
from reports.documents.past import Past
from reports.followup import FollowUp
from reports.quality import Quality
from reports.sentences import Headline, Sentence, tells
from reports.stamp import PAGE, Stamp
from reports.web import audit, challenges, findings, pictures, reasons, traces, views
from reports.web.audit import Audit
from reports.web.figures import Cell, Figures, Flow, Key, Moved, Region
from reports.web.language import Language
from reports.web.search import compared
from reports.web.traces import Traces
from reports.web.views import Shown, Summary, goal_path
from reports.wording import STRATEGIES, UNKNOWN, period_name, shaped, state

SHORT_LIST = 3
LACKING = {
    "unconfirmed": "med obekräftad källa",
    "held_back": "som hålls kvar",
    "not_built": "som inte gick att bygga",
    "published": "utan siffror",
}
"""Why an indicator has no figures to show, by what became of it."""
LARGEST = 8
"""How many flows to or from a kommun its page shows."""
BRIEFS = "underlag"
"""The folder of the briefs, and the page that lists every document."""
MENU = "uppfoljning"
"""Under what the documents stand in the menu."""


@dataclass(frozen=True)
class Page:
    """One page: `path` is its folder below the language's root, `inputs` all that its content is made from."""

    path: str
    template: str
    title: str
    description: str
    inputs: Mapping[str, Any]
    menu: str = ""
    pictures: Pictures | None = None
    scripts: tuple[str, ...] = ()
    document: Document | None = None
    more: Pictures | None = None
    """What the content shows beside `inputs`, which decide it: read only when the content is made."""
    attach: Callable[[Path], None] | None = None
    """Writes what lies beside the page into a folder."""
    instead: str | None = None
    """The page that stands in the other language for one that is in Swedish only."""

    @property
    def file(self) -> str:
        """The file of the page below the language's root."""
        return f"{self.path}/index.html" if self.path else "index.html"

    @property
    def all_scripts(self) -> tuple[str, ...]:
        """The scripts of the page, with the one that adds to its pictures."""
        return (*self.scripts, "charts.js") if self.pictures else self.scripts


@dataclass(frozen=True)
class Site:
    """What all pages are made from, in one language."""

    catalogue: Catalogue
    figures: Figures
    files: Mapping[str, Sequence[Mapping[str, Any]]]
    not_assessed: Mapping[str, str]
    sentences: Mapping[str, Mapping[str, Sentence]]
    follow_up: FollowUp
    report: Quality
    t: Language
    past: Past = field(default_factory=Past)
    site_url: str = ""
    traces: Traces | None = None
    audit: Audit = field(default_factory=Audit)
    stamp: Stamp | None = None

    @property
    def watermark(self) -> str | None:
        """What must stand on every page of a document of made-up figures."""
        return self.catalogue.run.origin_label if self.catalogue.run.synthetic else None

    def address_of(self, path: str) -> str | None:
        """Where a page is published, when that is known."""
        language = "" if self.t.code == "sv" else f"{self.t.code}/"
        return f"{self.site_url}{language}{path}/" if self.site_url else None

    def goals_of(self, strategy: Strategy) -> list[Goal]:
        """The goals of a strategy; target images are none."""
        return [one for one in real_goals(self) if one.strategy_id == strategy.strategy_id]

    @property
    def with_goals(self) -> list[Strategy]:
        """The strategies that have goals, and so a yearly report."""
        return [one for one in self.catalogue.strategies if self.goals_of(one)]

    @property
    def year(self) -> str:
        """The year of the yearly reports."""
        return self.past.year

    @property
    def home(self) -> str:
        """The code of the home region."""
        return self.catalogue.run.home_region

    @property
    def place(self) -> str:
        """The name of the home region."""
        return self.catalogue.run.home_name

    def verdict(self, item: Indicator, region: str, subject: str) -> Shown | None:
        """The verdict of a subject (women, men, gap, total) in a region, if there is one."""
        for one in self.figures.verdicts.get(item.indicator, {}).get(region, ()):
            if one.subject == subject:
                return views.shown(one, self.catalogue, self.not_assessed, item.polarity)
        return None

    def turn(self, item: Indicator, region: str) -> Shown | None:
        """The verdict on the gap, or on the one value that compares the sexes."""
        return self.verdict(item, region, "total" if item.measure == "segregation" else "gap")

    def summary(self, item: Indicator, region: str | None = None, beside: str | None = None) -> Summary:
        """The indicator's row in a table of many."""
        region = region or self.home
        return views.summary(item, self.figures, region, self.turn(item, region), self.t, beside)

    def newest(self, items: Iterable[Indicator], region: str) -> dict[str, Cell | None]:
        """The newest figure of each indicator in a region."""
        return {item.indicator: views.newest(item, self.figures, region) for item in items}

    @cached_property
    def regional(self) -> Mapping[str, Region]:
        """The regions with a page of their own, by its folder."""
        return {
            f"{'lan' if one.level == 'county' else 'kommuner'}/{one.code}": one
            for one in self.figures.regional(self.catalogue.run)
        }

    @cached_property
    def links(self) -> Mapping[str, str]:
        """The page of each region that has one, by its code."""
        return {one.code: f"{path}/index.html" for path, one in self.regional.items()}

    @cached_property
    def commuters(self) -> tuple[Mapping[str, Sequence[Flow]], Mapping[str, Sequence[Flow]]]:
        """The largest flows from each kommun, and to each."""
        outgoing: dict[str, list[Flow]] = {}
        incoming: dict[str, list[Flow]] = {}
        for one in self.figures.flows:
            if one.home != one.work and _counted(one):
                for found, code in ((outgoing, one.home), (incoming, one.work)):
                    if len(of := found.setdefault(code, [])) < LARGEST:
                        of.append(one)
        return outgoing, incoming


def all_pages(site: Site) -> Iterator[Page]:
    """Every page of the site in the site's language."""
    yield start(site)
    yield goals_index(site)
    for strategy in site.catalogue.strategies:
        yield strategy_page(site, strategy)
    for goal in (*site.catalogue.areas, *site.catalogue.goals):
        yield goal_page(site, goal)
    yield images_index(site)
    yield themes_index(site)
    for theme in dict.fromkeys((one.theme, one.theme_title) for one in site.catalogue.indicators):
        yield theme_page(site, *theme)
    yield indicators_index(site)
    for item in site.catalogue.indicators:
        yield indicator_page(site, item)
    yield kommuner_index(site)
    for path, region in site.regional.items():
        yield region_page(site, path, region)
    yield commuting(site)
    yield compare_page(site)
    yield quality(site)
    yield from about(site)
    yield from audit_pages(site)
    yield from trace_pages(site)
    yield search_page(site)


def yearly_path(strategy_id: str) -> str:
    """The folder of the yearly report of a strategy."""
    return f"arsuppfoljning/{strategy_id}"


def brief_path(code: str) -> str:
    """The folder of the brief of a kommun."""
    return f"{BRIEFS}/kommun/{code}"


def audience_path(slug: str) -> str:
    """The folder of the brief of a målgrupp."""
    return f"{BRIEFS}/{slug}"


# --- Start


def start(site: Site) -> Page:
    """What stands out in the home region now, and where to go."""
    t = site.t
    judged = [item for item in site.catalogue.shown if item.polarity != "none"]
    turns = {item.indicator: site.turn(item, site.home) for item in judged}
    tally = [
        {"tone": tone, "text": text, "count": sum(1 for one in turns.values() if (one.tone if one else "open") == tone)}
        for tone, text in (
            ("better", t("Skillnaden minskar")),
            ("same", t("Ingen tydlig förändring")),
            ("worse", t("Skillnaden ökar")),
            ("open", t("Går inte att bedöma")),
        )
    ]
    rows = {item.indicator: site.summary(item) for item in site.catalogue.shown}
    gaps = widest_first(judged, site.newest(judged, site.home), site.sentences.get(site.home, {}))
    shares = [rows[i.indicator] for i in judged if i.is_share_of_women and rows[i.indicator].cell is not None]
    moved = _moved(site, judged, site.home)
    inputs = {
        "tally": tally,
        "judged": len(judged),
        "gaps": [_bar(rows[item.indicator]) for item in first_of_themes(gaps)],
        "changes": moved[:6],
        "groups": _groups(moved),
        "shares": shares[:8],
        "goals": [one for goal in site.catalogue.goals if (one := _heat(site, goal, turns))],
        "news": news(site),
        "kommuner": site.figures.kommuner(site.home),
        "followed": len(followed(site)),
        "goal_count": len(real_goals(site)),
        "place": site.place,
        "previous": bool(site.figures.changes),
    }
    title = t("Läget för kvinnor och män i {place}", place=site.place)
    return Page(
        "",
        "start",
        title,
        t("Vad som skiljer kvinnor och män i {place}, vad som ändras och varifrån siffrorna kommer.", place=site.place),
        inputs,
    )


def widest_first(
    judged: Sequence[Indicator], newest: Mapping[str, Cell | None], said: Mapping[str, Sentence]
) -> list[Indicator]:
    """The judged levels from the largest relative difference to the smallest.

    What no sentence can be said of, as a percentage of too few persons, has no place among them.
    """
    sizes = {
        item.indicator: abs(cell.mgap)
        for item in judged
        if item.measure == "level" and tells(said, item.indicator)
        and (cell := newest[item.indicator]) is not None and cell.mgap is not None
    }  # fmt: skip
    return sorted((item for item in judged if item.indicator in sizes), key=lambda item: -sizes[item.indicator])


def first_of_themes(items: Sequence[Indicator]) -> list[Indicator]:
    """The first of each theme, in their order."""
    firsts: dict[str, Indicator] = {}
    for item in items:
        firsts.setdefault(item.theme, item)
    return list(firsts.values())


def _bar(row: Summary) -> dict[str, Any]:
    cell = row.cell
    assert cell is not None
    assert cell.mgap is not None
    # The length of the bar follows the relative difference; full length is a difference of half the sum.
    length = min(abs(cell.mgap) * 2, 1) * 60
    return {"row": row, "x": round(62 + length if cell.mgap > 0 else 62 - length, 1), "women": cell.mgap > 0}


def _moved(site: Site, items: Sequence[Indicator], region: str) -> list[dict[str, Any]]:
    found = []
    for item in items:
        for one in site.figures.moved.get(item.indicator, {}).get(region, ()):
            if one.span == "five_points" and one.closing is not None:
                size = abs(one.closing) / (one.tau or 1)
                found.append({"item": _short(item), "moved": one, "size": size, "level": item.measure == "level"})
    return sorted(found, key=lambda one: -one["size"])


def _groups(moved: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who moved: the indicators by what has happened."""
    groups: dict[str, list[Any]] = {}
    for one in moved:
        groups.setdefault(one["moved"].text, []).append(one["item"])
    return [{"text": text, "items": items} for text, items in groups.items()]


def _short(item: Indicator) -> dict[str, Any]:
    return {
        "indicator": item.indicator, "title": item.title, "decimals": item.decimals, "unit_text": item.unit_text,
        "theme": item.theme_title, "definition": item.definition, "measure": item.measure, "unit": item.unit,
    }  # fmt: skip


def news(site: Site) -> list[dict[str, Any]]:
    """The indicators that have a period which the last release had not."""
    found = []
    for item in site.catalogue.shown:
        before = site.figures.changes.get(item.indicator)
        if item.extent and site.figures.changes and before != item.extent.last_period:
            codes = {"before": before, "now": item.extent.last_period}
            named = {key: period_name(one, item.period_type, site.t) if one else None for key, one in codes.items()}
            found.append({"item": _short(item), **named})
    return found


def real_goals(site: Site) -> list[Goal]:
    """The goals; target images are none."""
    return [goal for goal in site.catalogue.goals if goal.kind != "malbild"]


def followed(site: Site) -> list[Goal]:
    """The goals that can be followed, if only partly."""
    return [goal for goal in real_goals(site) if site.figures.status[goal.goal_id]["status"] != "not"]


def named(site: Site, goal_id: str) -> list[Indicator]:
    """The indicators that name a goal, an area or a target image."""
    return [item for item in site.catalogue.indicators if goal_id in item.goals]


def counted(site: Site, items: Sequence[Indicator]) -> str:
    """How many indicators, and how many of them lack figures and why: `5 indikatorer, varav 1 med obekräftad källa`."""
    many = site.t("{count} indikatorer", count=len(items)) if len(items) > 1 else site.t("En indikator")
    return ", ".join(filter(None, (many, lacking(site, items))))


def lacking(site: Site, items: Sequence[Indicator]) -> str:
    """How many of the indicators lack figures and why; empty where none does."""
    t = site.t
    states = Counter(item.state for item in items if item not in site.catalogue.shown)
    if not states:
        return ""
    if list(states.values()) == [len(items)]:
        how = t(LACKING[next(iter(states))])
        return t("alla {how}", how=how) if len(items) > 1 else how
    told = [f"{count} {t(LACKING[state])}" for state, count in states.items()]
    return t("varav {lacking}", lacking=t(" och ").join(told))


def _heat(site: Site, goal: Goal, turns: Mapping[str, Shown | None]) -> dict[str, Any] | None:
    """A goal's row of the heat table: how many of its indicators have which verdict, for women, men and the gap."""
    if goal.kind == "malbild" or _kind(site, goal) not in ("strategi", "nationell"):
        return None
    all_named = named(site, goal.goal_id)
    items = [item for item in all_named if item in site.catalogue.shown]
    counts = []
    for subject in ("women", "men", "gap"):
        tones: dict[str, int] = {}
        for item in items:
            one = turns.get(item.indicator) if subject == "gap" else site.verdict(item, site.home, subject)
            if one is not None:
                tones[one.tone] = tones.get(one.tone, 0) + 1
        counts.append(
            [{"tone": tone, "count": tones[tone]} for tone in ("better", "same", "worse", "open") if tone in tones]
        )
    return {
        "name": name(goal, site.t),
        "href": goal_path(goal),
        "explanation": site.figures.goals.get(goal.goal_id, {}).get("explanation"),  # tells goals of one wording apart
        "counts": counts,
        "items": len(items),
        "counted": counted(site, all_named) if all_named else None,
        "why": goal.follow_up,
    }


def _kind(site: Site, goal: Goal) -> str:
    return next(one.kind for one in site.catalogue.strategies if one.strategy_id == goal.strategy_id)


# --- Goals


def _goal_row(site: Site, goal: Goal) -> dict[str, Any]:
    more, items = site.figures.goals.get(goal.goal_id, {}), named(site, goal.goal_id)
    return {
        "name": name(goal, site.t),
        "established": goal.wording is not None,
        "href": f"{goal_path(goal)}/index.html",
        "number": more.get("number"),
        "kind": site.t.one(UNKNOWN.get(goal.kind, goal.kind)),
        "counted": counted(site, items) if items else None,
        "why": " ".join(text for text in (goal.follow_up, goal.note if goal.wording is None else None) if text),
    }


def goals_index(site: Site) -> Page:
    """All strategies with their goals."""
    t = site.t
    strategies = []
    for one in site.catalogue.strategies:
        goals = [
            goal for goal in site.catalogue.goals if goal.strategy_id == one.strategy_id and goal.kind != "malbild"
        ]
        strategies.append(
            {
                "title": one.title,
                "kind": t(STRATEGIES.get(one.kind, one.kind)),
                "role": one.role,
                "href": f"mal/{one.strategy_id}/index.html",
                "goals": [_goal_row(site, goal) for goal in goals],
            }
        )
    inputs = {"strategies": strategies, "followed": len(followed(site)), "count": len(real_goals(site))}
    return Page(
        "mal",
        "goals",
        t("Mål"),
        t("Strategier, målområden och delmål, och hur de går att följa för kvinnor och män."),
        inputs,
        "mal",
    )


def strategy_page(site: Site, strategy: Strategy) -> Page:
    """A strategy with its areas and goals, and what is not established."""
    t = site.t
    areas = [area for area in site.catalogue.areas if area.strategy_id == strategy.strategy_id]
    goals = [goal for goal in site.catalogue.goals if goal.strategy_id == strategy.strategy_id]
    parts: list[dict[str, Any]] = [
        {"area": None, "goals": [_goal_row(site, goal) for goal in goals if goal.area_id is None]}
    ]
    parts += [
        {
            "area": _goal_row(site, area),
            "goals": [_goal_row(site, goal) for goal in goals if goal.area_id == area.goal_id],
        }
        for area in areas
    ]
    inputs = {
        "strategy": strategy,
        "kind": t(STRATEGIES.get(strategy.kind, strategy.kind)),
        "parts": [part for part in parts if part["area"] or part["goals"]],
        "unknown": list(site.figures.not_established.get(strategy.strategy_id, ())),
        "yearly": yearly_path(strategy.strategy_id) if site.goals_of(strategy) else None,
        "year": site.year,
        "editions": challenges.beside(site, strategy.strategy_id),
    }
    return Page(
        f"mal/{strategy.strategy_id}", "strategy", strategy.title, f"{strategy.title}: {strategy.role}", inputs, "mal"
    )


def goal_page(site: Site, goal: Goal) -> Page:
    """A goal, an area or a target image: its words, whether they can be followed, and what the indicators show."""
    t = site.t
    more = site.figures.goals.get(goal.goal_id, {})
    items = named(site, goal.goal_id)
    strategy = next(one for one in site.catalogue.strategies if one.strategy_id == goal.strategy_id)
    area = next((one for one in site.catalogue.areas if one.goal_id == goal.area_id and goal.kind != "area"), None)
    children = [one for one in site.catalogue.goals if goal.kind == "area" and one.area_id == goal.goal_id]
    tones: dict[str, int] = {}
    for item in items:
        if item in site.catalogue.shown and item.polarity != "none" and (turn := site.turn(item, site.home)):
            tones[turn.tone] = tones.get(turn.tone, 0) + 1
    title = name(goal, t)
    parity = site.figures.parity.get(goal.goal_id)
    decimals = {item.indicator: item.decimals for item in site.catalogue.indicators}
    inputs = {
        "name": title,
        "established": goal.wording is not None,
        "kind": t.one(UNKNOWN.get(goal.kind, "Målområde" if goal.kind == "area" else goal.kind)),
        "image": goal.kind == "malbild",
        "guides": goal.guides,
        "documents": _documents(site, goal, strategy),
        "decided": [one for one in (more.get("decided_by"), more.get("decided_on")) if one],
        "challenges": challenges.listed(site, site.follow_up.of_goal(goal.goal_id)),
        "editions": challenges.editions(site, goal),
        "strategy": {"title": strategy.title, "href": f"mal/{strategy.strategy_id}/index.html"},
        "area": {"title": name(area, t), "href": f"{goal_path(area)}/index.html"} if area else None,
        "note": goal.note,
        "follow_up": goal.follow_up,
        "explanation": more.get("explanation"),
        "number": more.get("number"),
        "source_url": more.get("source_url"),
        "source_page": more.get("source_page"),
        "rows": [site.summary(item) for item in items],
        "tones": tones,
        "children": [_goal_row(site, one) for one in children],
        "place": site.place,
        "parity": parity,
        "parity_why": site.not_assessed.get((parity or {}).get("reason") or ""),
        "components": [
            {
                **one,
                "decimals": decimals[one["indicator"]],
                "figure": Key(one["indicator"], one["region_code"], one["period"], "all", one["series"]),
                "period": period_name(one["period"], shaped(one["period"]), t),
            }
            for one in site.figures.evidence.components.get(goal.goal_id, ())
        ],
    }
    return Page(
        goal_path(goal),
        "goal",
        title,
        t(
            "{kind} i {strategy}: hur målet går att följa för kvinnor och män i {place}.",
            kind=inputs["kind"],
            strategy=strategy.title,
            place=site.place,
        ),
        inputs,
        "mal",
    )


def _documents(site: Site, goal: Goal, strategy: Strategy) -> list[dict[str, str]]:
    """The documents that tell of a goal: its strategy's yearly report, and the briefs of those whom it concerns."""
    yearly = site.t("Årsuppföljning {year}", year=site.year), yearly_path(strategy.strategy_id)
    found = [yearly] if site.goals_of(strategy) else []
    found += [(one.name, audience_path(one.slug)) for one in site.follow_up.audiences() if goal.goal_id in one.goals]
    return [{"text": text, "href": f"{path}/index.html"} for text, path in found]


def images_index(site: Site) -> Page:
    """The target images, and the strategies that they guide."""
    images = [goal for goal in site.catalogue.goals if goal.kind == "malbild"]
    rows = [{**_goal_row(site, goal), "guides": goal.guides, "wording": goal.wording} for goal in images]
    t = site.t
    return Page(
        "malbilder",
        "images",
        t("Målbilder"),
        t("Målbilder för jämställd regional tillväxt och strategierna som de vägleder."),
        {"images": rows},
        "mal",
    )


# --- Themes and indicators


def themes_index(site: Site) -> Page:
    """The themes with how many indicators each has."""
    themes: dict[str, dict[str, Any]] = {}
    for item in site.catalogue.indicators:
        one = themes.setdefault(
            item.theme, {"title": item.theme_title, "href": f"teman/{item.theme}/index.html", "items": []}
        )
        one["items"].append(_short(item))
    t = site.t
    return Page(
        "teman", "themes", t("Teman"), t("Indikatorerna efter tema."), {"themes": list(themes.values())}, "teman"
    )


def theme_page(site: Site, theme: str, title: str) -> Page:
    """The indicators of a theme, women and men side by side."""
    t = site.t
    items = [item for item in site.catalogue.indicators if item.theme == theme]
    inputs = {"title": title, "rows": [site.summary(item) for item in items], "place": site.place}
    return Page(
        f"teman/{theme}",
        "theme",
        title,
        t("{theme}: kvinnor och män i {place}.", theme=title, place=site.place),
        inputs,
        "teman",
    )


def indicators_index(site: Site) -> Page:
    """All indicators by theme."""
    t = site.t
    themes: dict[str, list[Summary]] = {}
    for item in site.catalogue.indicators:
        themes.setdefault(item.theme_title, []).append(site.summary(item))
    inputs = {
        "themes": [{"title": title, "rows": rows} for title, rows in themes.items()],
        "count": len(site.catalogue.indicators),
        "shown": len(site.catalogue.shown),
        "place": site.place,
    }
    return Page(
        "indikatorer",
        "indicators",
        t("Indikatorer"),
        t("Alla indikatorer för kvinnor och män i {place}.", place=site.place),
        inputs,
        "indikatorer",
    )


def indicator_page(site: Site, item: Indicator) -> Page:
    """One indicator: the finding, how sure it is, and the evidence."""
    t, figures = site.t, site.figures
    everywhere = figures.cells.get(item.indicator, {})
    at_home = everywhere.get(site.home, ())
    # What only riket has is shown for riket.
    only_riket = not at_home and {region for region, of in everywhere.items() if views.history(of)} == {views.COUNTRY}
    code = views.COUNTRY if only_riket else site.home
    place = site.place if code == site.home else t("riket")
    cells = everywhere.get(code, ())
    described = views.describe(item, everywhere, t)
    own, newest = views.history(cells), views.latest(cells)
    # A home region without figures still shows the other places of the newest period.
    period = newest.period if newest else (item.extent.last_period if item.extent else None)
    places = views.at(everywhere, period) if period else {}
    counties = [one.code for one in figures.regions.values() if one.level != "municipality"]
    order = [site.home, *(code for code in counties if code != site.home)]
    kommuner = [one.code for one in figures.kommuner(site.home)]
    grouped = [cell for cell in cells if cell.category != "all"]
    labels = figures.categories.get(item.indicator, {})
    last_grouped = [cell for cell in grouped if cell.period == grouped[-1].period] if grouped else []
    tables = {
        "time": views.by_period(own, t),
        "regions": views.by_region(places, order, figures, site.home, site.links),
        "kommuner": views.by_region(places, kommuner, figures, site.home, site.links),
        "groups": views.by_category(last_grouped, labels, t),
    }
    standing = replace(item, run_id=None, published_at=None, reason=None)
    moved = figures.moved.get(item.indicator, {}).get(code, ())
    drawn = _placed(site, places, [*order[1:], site.home]), _placed(site, places, kommuner)
    behind = figures.evidence
    said = site.sentences.get(code, {}).get(item.indicator)
    # Figures of a sample are not set beside each other in a heading, without their margins.
    found = {} if item.indicator in behind.margins else findings.of_indicator(item, site.home, own, moved, *drawn, t)
    if not at_home and code == site.home:
        said = _of_kommuner(site, item, drawn[1], found.get("kommuner")) or said
    headed = said is not None and said.headline is not None and said.headline.text == found.get("kommuner")
    inputs: dict[str, Any] = {
        "item": described,
        "indicator": standing,
        "cell": newest,
        "previous": own[-2] if len(own) > 1 and newest is own[-1] else None,
        "period": period,
        "place": place,
        "tables": tables,
        "groups_period": last_grouped[0].period if last_grouped else None,
        "keys": {which: views.explained(lines, site.catalogue, t) for which, lines in tables.items()},
        "verdicts": [one for subject in ("women", "men", "total", "gap") if (one := site.verdict(item, code, subject))],
        "moved": moved,
        "not_moved": site.not_assessed,
        "told": _told(item, moved, t),
        "findings": {name: text for name, text in found.items() if name != "kommuner" or not headed},
        "parts": list(behind.parts.get(item.indicator, ())),
        "part_groups": list(behind.part_groups.get(item.indicator, ())),
        "segregation": behind.segregation.get(item.indicator),
        "segregation_groups": [
            {**one, "cell": _grouped_cell(site, one)} for one in behind.segregation_groups.get(item.indicator, ())
        ],
        "against_country": list(behind.against_country.get(item.indicator, ())),
        "margins": behind.margins.get(item.indicator),
        "gap_source": item.gap_source,
        "gap_decimals": item.decimals if item.unit != "sek_thousands" else 1,
        "quality": figures.quality.get(item.indicator),
        "breaks": [
            {
                "period": period_name(cell.period, item.period_type, t),
                "what": views.breaks(cell.break_what, t) if cell.break_what else None,
                "series": t.or_none(cell.series) if cell.new_series else None,
                "cut": cell.cut,
            }
            for cell in own
            if cell.break_what or cell.new_series
        ],
        "goals": [
            {"name": name(goal, t), "href": f"{goal_path(goal)}/index.html"}
            for goal in (*site.catalogue.goals, *site.catalogue.areas)
            if goal.goal_id in item.goals
        ],
        "sources": [
            {"id": table.table_id, "title": table.title, "agency": table.agency, "updated": (table.updated or "")[:10]}
            for table in site.catalogue.tables
            if table.table_id in item.tables
        ],
        "notes": list(dict.fromkeys(note for table in item.tables for note in figures.notes.get(table, ()))),
        "downloads": list(site.files.get(item.indicator, ())),
        "said": said,
        "standing": state(item.state, None if item.stops else item.why, item.published_day, t),
        "why": reasons.of_indicator(item, t) if item.state != "published" else None,
        "trace_region": code if cells else next((one for one in [*kommuner, *everywhere] if one in places), code),
        "trace_period": newest.period if newest else last_grouped[0].period if last_grouped else period,
        "trace_partner": None,
        "trace_category": last_grouped[0].category if last_grouped and newest is None else None,
        "fetched": item.extent is not None,
        "denominator": _denominator(item, t, divided=item.indicator in figures.divided),
        "unit_line": _unit_line(described, t),
        "how": _how(described, t),
        "missing": _missing(
            site, item, at_home, newest if code == site.home else None, shown=place, kommuner=bool(drawn[1])
        ),
        "relations": bool(item.extent and item.extent.relations),
        "is_traced": site.traces is not None and item.indicator in site.traces.regions,
        "triangle": audit.triangle(site.audit.triangles.get(item.indicator, ()), item, t),
        "organisation": site.catalogue.run.organisation,
        "year": site.catalogue.run.day[:4],
    }
    if item.extent and item.extent.relations and not cells and figures.flows:
        flow = next((one for one in figures.flows if one.home != one.work), figures.flows[0])
        inputs |= {"trace_region": flow.home, "trace_partner": flow.work, "trace_period": figures.flow_period}
    headlines = found | ({"time": said.headline.text} if said and said.headline else {})
    about = t("{title}: kvinnor och män i {place}.", title=item.title, place=place)
    return Page(
        f"indikatorer/{item.indicator}", "indicator", item.title,
        said.text if said and said.text else about, inputs, "indikatorer",
        pictures=partial(
            pictures.of_indicator, item, site.catalogue.run, figures.regions[code].name, own, *drawn, headlines,
            site.catalogue.reasons, t,
        ),
    )  # fmt: skip


def _grouped_cell(site: Site, row: Mapping[str, Any]) -> Cell | None:
    """The home region's figure that a part of an index is made from."""
    cells = site.figures.cells.get(row["of_indicator"], {}).get(site.home, ())
    wanted = (row["category"], row["period"])
    return next((cell for cell in cells if cell.current and (cell.category, cell.period) == wanted), None)


def _told(item: Indicator, moved: Sequence[Moved], t: Language) -> dict[str, str] | None:
    """Who has moved over the comparable periods, and between which: the heading of the development."""
    spans = {one.span: one for one in moved if one.reason is None and one.text}
    one = spans.get("five_points") or spans.get("previous")
    # A share or an index has no women's and men's level that could move: its heading is how it has gone.
    if (
        item.measure != "level"
        or one is None
        or one.text is None
        or one.first_period is None
        or one.last_period is None
    ):
        return None
    first, last = (period_name(code, item.period_type, t) for code in (one.first_period, one.last_period))
    return {"text": one.text, "when": t("Från {first} till {last}.", first=first, last=last)}


def _of_kommuner(
    site: Site, item: Indicator, kommuner: Sequence[tuple[Region, Cell]], heading: str | None
) -> Sentence | None:
    """What the kommuner show of an indicator that the home region has no figure of: who differ the most, and how."""
    most = findings.furthest(item, kommuner)
    one = site.sentences.get(most.code, {}).get(item.indicator) if most else None
    if one is None or one.text is None or heading is None:
        return None
    return Sentence(one.text, one.cells, headline=Headline(heading, one.cells, one.text))


def _placed(site: Site, places: Mapping[str, Cell], codes: Sequence[str]) -> list[tuple[Region, Cell]]:
    return [(site.figures.regions[code], places[code]) for code in codes if code in places]


def _unit_line(item: views.Described, t: Language) -> str:
    """The second line of a table's caption: unit and denominator."""
    if item.measure == "level":
        return t(
            "Kvinnor: {women}. Män: {men}. Skillnad: {difference}.",
            women=t(item.heads.women),
            men=t(item.heads.men),
            difference=t(item.heads.difference),
        )
    return t("Andel kvinnor av kvinnor och män, procent") if item.unit == "percent" else item.unit_text


def _how(item: views.Described, t: Language) -> dict[str, list[str]]:
    """How the pictures of an indicator are to be read."""
    signs = [
        t("Heldragen linje och cirkel: kvinnor. Streckad linje och triangel: män."),
        t("prel. = preliminärt värde."),
    ]
    below = [t("Kvinnors värde minus mäns. Under nollinjen är mäns värde högre, över den kvinnors.")]
    order = [t("Länen är inte ordnade som ett betyg.")]
    return {
        "time": signs if item.measure == "level" else [],
        "gap": below if item.measure == "level" else [t("Inom bandet 40–60 procent kallas könsfördelningen jämn.")],
        "regions": order,
        "kommuner": [],
    }


def _denominator(item: Indicator, t: Language, *, divided: bool) -> str:
    """What a value is divided by, where the numbers themselves cannot be shown for women and men."""
    if item.extent is None:
        return t("Inga siffror är hämtade, så inget går att säga.")
    if divided:
        return t("Egen beräkning: täljare och nämnare står i filerna.")
    if item.derived:
        return t("Egen beräkning, utan nämnare.")
    return t("Värdet är publicerat som det är, utan nämnare.")


def _missing(
    site: Site, item: Indicator, cells: Sequence[Cell], newest: Cell | None, shown: str, *, kommuner: bool
) -> list[str]:
    """What the page lacks, in words; `shown` is the place that it shows."""
    t = site.t
    if item.extent is None:
        return []
    found = []
    if newest is None and not (item.extent.relations or cells):
        if shown != site.place:
            said = t("Uppgift finns bara för riket, inte för {place}.", place=site.place)
        elif kommuner:
            said = t("Uppgift saknas för {place}. Kommunernas siffror visas.", place=site.place)
        else:
            said = t("Uppgift saknas för {place}. Siffror för andra områden finns i filerna.", place=site.place)
        found.append(said)
    elif newest is not None and not newest.valued:
        found.append(t("Ingen period har uppgift om både kvinnor och män i {place}.", place=site.place))
    if len(views.history(cells)) == 1:
        found.append(t("Bara en period finns, så utvecklingen går inte att visa."))
    return found


# --- Kommuner


def kommuner_index(site: Site) -> Page:
    """The kommuner of the home county; at national scope the other counties and their kommuner after them."""
    t = site.t
    counties = [one for one in site.figures.regions.values() if one.level == "county"]
    others = [
        {"county": one, "href": site.links[one.code], "kommuner": site.figures.kommuner(one.code)}
        for one in counties
        if one.code in site.links
    ]
    return Page(
        "kommuner",
        "kommuner",
        t("Kommuner"),
        t("Kommunerna i {place}.", place=site.place),
        {"kommuner": site.figures.kommuner(site.home), "place": site.place, "others": others},
        "kommuner",
    )


def region_page(site: Site, path: str, kommun: Region) -> Page:
    """One kommun against its county and riket, or a county against riket: all indicators, and those without figures."""
    t = site.t
    county = site.figures.regions[kommun.county] if kommun.level == "municipality" and kommun.county else None
    place = county.name if county else t("Riket")
    themes: dict[str, list[Summary]] = {}
    without = []
    rows: dict[str, Summary] = {}
    for item in site.catalogue.indicators:
        row = rows[item.indicator] = site.summary(item, kommun.code, county.code if county else views.COUNTRY)
        if row.kind == "note":
            without.append({"title": item.title, "why": row.note, "indicator": item.indicator})
        else:
            themes.setdefault(item.theme_title, []).append(row)
    outgoing, incoming = site.commuters
    chosen = _chosen(site, kommun)
    judged = [item for item in site.catalogue.shown if item.polarity != "none"]
    said = site.sentences.get(kommun.code, {})
    widest = widest_first(judged, {name: row.cell for name, row in rows.items()}, said)
    finding = said[widest[0].indicator].headline if widest else None
    inputs = {
        "kommun": kommun,
        "finding": finding,
        "largest": _short(widest[0]) | {"period": rows[widest[0].indicator].facts[0]} if widest else None,
        "furthest": [rows[item.indicator] for item in first_of_themes(widest)[:SHORT_LIST]],
        "nearest": [rows[item.indicator] for item in first_of_themes(widest[::-1])[:SHORT_LIST]],
        "changes": _moved(site, [item for item in judged if item.indicator in said], kommun.code)[:SHORT_LIST],
        "drawn": [(item.indicator, cells) for item, cells in chosen],
        "themes": [{"title": title, "rows": found} for title, found in themes.items()],
        "without": without,
        "outgoing": outgoing.get(kommun.code, []),
        "incoming": incoming.get(kommun.code, []),
        "flow_period": site.figures.flow_period,
        "county": county,
        "least_base": site.figures.least_base,
        "place": place,
        "brief": brief_path(kommun.code),
    }
    return Page(
        path,
        "kommun",
        kommun.name,
        t("Kvinnor och män i {place}: alla indikatorer, jämfört med länet och riket.", place=kommun.name)
        if county
        else t("Kvinnor och män i {place}: alla indikatorer, jämfört med riket.", place=kommun.name),
        inputs,
        "kommuner",
        pictures=partial(pictures.of_kommun, chosen, site.catalogue.run, kommun, site.catalogue.reasons, t),
    )


def _chosen(site: Site, kommun: Region) -> list[tuple[Indicator, list[Cell]]]:
    """For each theme the first level whose development can be shown, judged ones before those that are not."""
    found: dict[str, tuple[Indicator, list[Cell]]] = {}
    for item in sorted(site.catalogue.shown, key=lambda one: one.polarity == "none"):
        if item.measure != "level" or item.period_type != "year" or item.theme in found:
            continue
        cells = views.history(site.figures.cells.get(item.indicator, {}).get(kommun.code, ()))
        if sum(cell.valued for cell in cells) > 2:
            found[item.theme] = (item, cells)
    return list(found.values())[: pictures.SMALL_MULTIPLES]


def _counted(flow: Any) -> bool:
    return bool(flow.women or flow.men)


def commuting(site: Site) -> Page:
    """Who lives where and works where: the largest flows and the matrix between the home county's kommuner."""
    t = site.t
    kommuner = site.figures.kommuner(site.home)
    codes = {one.code for one in kommuner}
    between = {(one.home, one.work): one for one in site.figures.flows if {one.home, one.work} <= codes}
    inputs: dict[str, Any] = {
        "kommuner": kommuner,
        "matrix": [
            {"kommun": home, "cells": [between.get((home.code, work.code)) for work in kommuner]} for home in kommuner
        ],
        "largest": [
            one for one in site.figures.flows if one.home != one.work and codes & {one.home, one.work} and _counted(one)
        ][:25],
        "period": site.figures.flow_period,
        "indicator": site.figures.flow_indicator,
        "rows": [site.summary(item) for item in site.catalogue.indicators if item.theme == "pendling"],
        "place": site.place,
    }
    item = next((one for one in site.catalogue.shown if one.indicator == site.figures.flow_indicator), None)
    drawn = (
        partial(
            pictures.of_commuting,
            item,
            site.catalogue.run,
            inputs["largest"],
            site.figures.flow_period or "",
            t,
        )
        if item and inputs["largest"]
        else None
    )
    return Page(
        "pendling",
        "commuting",
        t("Pendling"),
        t("Var kvinnor och män i {place} bor och arbetar.", place=site.place),
        inputs,
        "pendling",
        pictures=drawn,
    )


# --- Compare, quality, about, search


def compare_page(site: Site) -> Page:
    """Two indicators against each other by kommun and by county, women and men apart."""
    t = site.t
    items = [item for item in site.catalogue.shown if item.measure == "level" and site.summary(item).kind == "level"]
    pairs, drawn = [], []
    for both in _pairs(items):
        found = [site.figures.cells.get(item.indicator, {}) for item in both]
        newest = [views.latest(places.get(site.home, ())) for places in found]
        if newest[0] is None or newest[1] is None:
            continue
        periods = (newest[0].period, newest[1].period)
        left, right = views.at(found[0], periods[0]), views.at(found[1], periods[1])
        a, b = (views.describe(item, places, t) for item, places in zip(both, found, strict=True))
        rows = [
            (place, left.get(place.code), right.get(place.code))
            for place in compared(site)
            if place.code in left or place.code in right
        ]
        name = f"{a.indicator}-{b.indicator}"
        finding = ". ".join(_said(item, cell, t) for item, cell in zip((a, b), newest, strict=True) if cell)
        near = [row for row in rows if row[0].code == site.home or row[0].level != "county"]
        far = [row for row in rows if row not in near]
        lines = [views.Line(place.name, cell) for place, *cells in rows for cell in cells if cell]
        pairs.append(
            {"a": a, "b": b, "periods": periods, "near": near, "far": far, "id": name, "finding": finding,
             "key": views.explained(lines, site.catalogue, t)}
        )  # fmt: skip
        drawn.append(pictures.Compared(name, both, periods, rows, finding))
    inputs = {"pairs": pairs, "place": site.place, "home_code": site.home}
    return Page(
        "jamfor",
        "compare",
        t("Jämför"),
        t("Två indikatorer sida vid sida för kvinnor och män i {place}.", place=site.place),
        inputs,
        "jamfor",
        scripts=(f"data/jamfor-{t.code}.js", "jamfor.js"),
        pictures=partial(pictures.of_pairs, drawn, site.catalogue.run, site.catalogue.reasons, t),
    )


def _said(item: views.Described, cell: Cell, t: Language) -> str:
    """An indicator's newest figures in few words; only its title where one is missing."""
    if cell.women is None or cell.men is None:
        return item.title
    women, men = (t.number(value, item.decimals) for value in (cell.women, cell.men))
    return t("{title}: kvinnor {women}, män {men}\u00a0{unit}", title=item.title, women=women, men=men, unit=item.short)


def _pairs(items: Sequence[Indicator]) -> list[tuple[Indicator, Indicator]]:
    """Prepared pairs: the first judged level of each theme with that of the next."""
    firsts: dict[str, Indicator] = {}
    for item in items:
        if item.polarity != "none" and item.period_type == "year":
            firsts.setdefault(item.theme, item)
    chosen = list(firsts.values())
    return list(pairwise(chosen))


def quality(site: Site) -> Page:
    """The auditor's entrance: what was checked, what failed, and where the traces lie."""
    t = site.t
    states: dict[str, int] = {}
    for item in site.catalogue.indicators:
        states[item.state] = states.get(item.state, 0) + 1
    inputs = {
        "run": site.catalogue.run,
        "checks": site.catalogue.checks,
        "states": states,
        "software": site.audit.software or {"git_commit": None, "dirty": None},
        "release": {"id": site.stamp.release_id, "page": PAGE} if site.stamp else None,
        "held": [
            {**_short(item), **reasons.of_indicator(item, t)}
            for item in site.catalogue.indicators
            if item.state != "published"
        ],
        "kept": states.get("held_back", 0),
        "example": next((_short(one) for one in site.catalogue.shown if _newest(site, one)), None),
        "example_period": next((cell.period for one in site.catalogue.shown if (cell := _newest(site, one))), None),
        "failed": [_failure(site, one) for one in site.figures.failed],
        "release_files": list(site.files.get("", ())),
        "place": site.place,
    }
    return Page(
        "kvalitet",
        "quality",
        t("Kvalitet"),
        t("Vad som har kontrollerats, och hur en siffra spåras till källan."),
        inputs,
        "kvalitet",
    )


def _newest(site: Site, item: Indicator) -> Cell | None:
    return views.latest(site.figures.cells.get(item.indicator, {}).get(site.home, ()))


def _failure(site: Site, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a check found, with the first of its cells in words."""
    region = site.figures.regions.get(row["region_code"] or "")
    sex = {"women": site.t("kvinnor"), "men": site.t("män"), "total": site.t("totalt")}.get(row["sex"] or "")
    period = period_name(row["period"], shaped(row["period"]), site.t) if row["period"] else None
    where = [region.name if region else row["region_code"], period, sex, row["category"]]
    titles = {item.indicator: item.title for item in site.catalogue.indicators}
    return {
        **row, "title": titles.get(row["subject"], row["subject"]), "cell": [one for one in where if one],
        "figure": failing_figure(site, row),
    }  # fmt: skip


def failing_figure(site: Site, row: Mapping[str, Any]) -> Cell | None:
    """The figure of an indicator that a failing cell is of; a rule tells group and series in one text."""
    category, *more = (row["category"] or "all").split(", ")
    wanted = (row["period"], category)
    series = site.traces.series if site.traces else {}
    for cell in site.figures.cells.get(row["subject"], {}).get(row["region_code"] or "", ()):
        if (cell.period, cell.category) == wanted and (not more or series.get(cell.series or "", cell.series) in more):
            return cell
    return None


def audit_pages(site: Site) -> Iterator[Page]:
    """What ran and what was fetched, and how the source has revised its figures."""
    t = site.t
    yield Page(
        "kvalitet/sparning",
        "run",
        t("Körningen och hämtningarna"),
        t("Koden, biblioteken och källans svar bakom siffrorna i körningen."),
        {**audit.run_inputs(site.audit, site.catalogue.run.origin), "run": site.catalogue.run},
        "kvalitet",
    )
    yield Page(
        "om/revideringar",
        "revisions",
        t("Revideringar"),
        t("Hur siffrorna har ändrats sedan de först publicerades, och när källan väntas publicera nästa gång."),
        audit.revision_inputs(site, site.audit),
        "om",
    )


def trace_pages(site: Site) -> Iterator[Page]:
    """How the figures of the home region and its kommuner came to be: a page per indicator and region, in Swedish."""
    found = site.traces
    if found is None or site.t.code != "sv":
        return
    near = [site.figures.regions[site.home], *site.figures.kommuner(site.home)]
    for item in site.catalogue.shown:
        regions = [one for one in near if found.has(item.indicator, one.code)]
        for region in regions:
            inputs = {
                "item": {**_short(item), "state": item.state, "run_id": item.run_id},
                "why": reasons.of_indicator(item, site.t) if item.state == "held_back" else None,
                "region": region,
                "decided": found.digest(item.indicator, region.code),
                "file_of": regions[0].code,
                "others": [one for one in regions if one != region],
                "most": traces.MOST_CELLS,
                "labels": site.figures.categories.get(item.indicator, {}),
            }
            keep = partial(traces.write_cells, site, item)
            yield Page(
                traces.folder(item.indicator, region.code),
                "trace",
                f"Så kom siffran till: {item.title}, {region.name}",
                f"Källans celler, hämtningar, formel och kontroller bakom varje siffra: {item.title}, {region.name}.",
                inputs,
                "indikatorer",
                more=partial(traces.shown, site, item, region.code),
                attach=keep if region is regions[0] and item.state != "held_back" else None,
                instead=f"indikatorer/{item.indicator}/index.html",
            )


def about(site: Site) -> Iterator[Page]:
    """How to read, the method, the glossary, open data, changes and the accessibility statement."""
    t, run = site.t, site.catalogue.run
    common: dict[str, Any] = {
        "run": {
            "organisation": run.organisation,
            "day": run.day,
            "origin_label": run.origin_label,
            "version": run.version,
        }
    }
    common |= {"symbols": site.catalogue.symbols, "reasons": site.catalogue.reasons, "place": site.place}
    for path, template, title, text in (
        ("om", "about", t("Så läser du"), t("Hur tabeller, bilder och bedömningar ska läsas.")),
        ("om/metod", "method", t("Metod"), t("Hur siffrorna räknas fram, i enkla ord.")),
        ("om/ordlista", "glossary", t("Ordlista"), t("Ord som används i rapporten.")),
        ("om/tillganglighet", "accessibility", t("Tillgänglighetsredogörelse"), t("Hur tillgänglig webbplatsen är.")),
    ):
        yield Page(path, template, title, text, common, "om")
    data = common | {"files_all": list(site.files.get("", ())), "items": [
        {**_short(item), "downloads": list(site.files.get(item.indicator, ()))} for item in site.catalogue.shown
    ]}  # fmt: skip
    yield Page("om/data", "data", t("Öppna data"), t("Filerna att ladda ner och hur de får användas."), data, "om")
    changes = common | {"news": news(site), "previous": bool(site.figures.changes)}
    yield Page(
        "om/andringar", "changes", t("Ändringar i data"), t("Vad som är nytt sedan förra körningen."), changes, "om"
    )


def search_page(site: Site) -> Page:
    """Search over titles, goals and terms; without scripts a list of everything."""
    t = site.t
    inputs = {
        "items": [_short(item) for item in site.catalogue.indicators],
        "kommuner": site.figures.kommuner(site.home),
    }
    return Page(
        "sok",
        "search",
        t("Sök"),
        t("Sök bland indikatorer, mål, kommuner och ord."),
        inputs,
        "sok",
        scripts=("swedish-stemmer.js", f"data/sok-{t.code}.js", "sok.js"),
    )
