"""How challenges and editions stand on the pages of goals and in lists."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports.catalogue import Goal, name
from reports.followup import Challenge, Link, why
from reports.web.views import goal_path

if TYPE_CHECKING:
    from reports.web.pages import Site

FOLDER = "utmaningar"


def listed(site: "Site", challenges: Sequence[Challenge]) -> list[dict[str, Any]]:
    """Challenges as a list shows them, those whose figures have changed first."""
    return [
        {
            "title": one.title,
            "href": f"{FOLDER}/{one.slug}/index.html",
            "author": one.author,
            "day": one.day,
            "example": one.example,
            "changed": one.changed,
            "goal": goal_link(site, one.goal),
            "why": [f"{cell.title}, {cell.region_name}: {text}" for cell in one.cells for text in why(cell, site.t)],
        }
        for one in sorted(challenges, key=lambda one: not one.changed)
    ]


def editions(site: "Site", goal: Goal) -> list[dict[str, Any]]:
    """How a goal is linked to the edition before and the one after."""
    t = site.t
    after = {
        "same": t("Målet lever vidare i {strategy}:"),
        "reworded": t("Målet är omformulerat i {strategy}:"),
        "split": t("Målet är uppdelat i {strategy}:"),
        "ended": t("Målet avslutas i {strategy}. Sidan visar de senaste siffrorna.")
        if any(goal.goal_id in item.goals for item in site.catalogue.shown)
        else t("Målet avslutas i {strategy}."),
    }
    before = {
        "same": t("Samma mål i den tidigare utgåvan {strategy}:"),
        "reworded": t("Omformulerat från den tidigare utgåvan {strategy}:"),
        "split": t("En del av ett mål i den tidigare utgåvan {strategy}:"),
    }
    found = []
    for link in site.follow_up.links:
        if link.old == goal.goal_id:
            found.append(_edition(site, after[link.kind], link.strategy, link.new))
        elif link.new == goal.goal_id:
            found.append(_edition(site, before[link.kind], _strategy_of(site, link), link.old))
    return found


def beside(site: "Site", strategy_id: str) -> list[dict[str, Any]]:
    """The edition of a strategy before this one, and the one after."""
    t = site.t
    titles = {one.strategy_id: one.title for one in site.catalogue.strategies}
    found = [(t("Tidigare utgåva:"), old) for old, new in site.follow_up.editions if new == strategy_id]
    found += [(t("Nyare utgåva:"), new) for old, new in site.follow_up.editions if old == strategy_id]
    return [
        {"text": text, "title": titles[one], "href": f"mal/{one}/index.html"} for text, one in found if one in titles
    ]


def _edition(site: "Site", text: str, strategy_id: str, goal_id: str | None) -> dict[str, Any]:
    title = next((one.title for one in site.catalogue.strategies if one.strategy_id == strategy_id), strategy_id)
    return {"text": text.format(strategy=title), "goal": goal_link(site, goal_id) if goal_id else None}


def _strategy_of(site: "Site", link: Link) -> str:
    goals = (*site.catalogue.goals, *site.catalogue.areas)
    return next((one.strategy_id for one in goals if one.goal_id == link.old), link.old)


def goal_link(site: "Site", goal_id: str) -> dict[str, Any]:
    """What a goal is called and where its page is; the id alone of one that is not there."""
    goals = (*site.catalogue.goals, *site.catalogue.areas)
    found = next((one for one in goals if one.goal_id == goal_id), None)
    if found is None:
        return {"name": goal_id, "href": None}
    return {"name": name(found, site.t), "href": f"{goal_path(found)}/index.html"}
