"""Every document of the site as pages, and the page that lists them."""

from collections.abc import Iterator

from reports.documents import briefs, yearly
from reports.web.pages import BRIEFS, MENU, Page, Site, audience_path, brief_path, yearly_path


def all_pages(site: Site) -> Iterator[Page]:
    """The list of documents, the yearly report of every strategy with goals, and the briefs."""
    yield _index(site)
    yield from yearly.of_strategies(site)
    yield from briefs.of_audiences(site)
    yield from briefs.of_kommuner(site)


def _index(site: Site) -> Page:
    t = site.t
    kommuner = [one for one in site.regional.values() if one.level == "municipality"]
    inputs = {
        "yearly": [
            {"title": one.title, "href": f"{yearly_path(one.strategy_id)}/index.html"} for one in site.with_goals
        ],
        "without": [
            {"title": one.title, "href": f"mal/{one.strategy_id}/index.html"}
            for one in site.catalogue.strategies
            if one not in site.with_goals
        ],
        "audiences": [
            {"name": one.name, "href": f"{audience_path(one.slug)}/index.html"} for one in site.follow_up.audiences()
        ],
        "kommuner": [{"name": one.name, "href": f"{brief_path(one.code)}/index.html"} for one in kommuner],
        "year": site.year,
        "place": site.place,
    }
    title = t("Underlag och årsuppföljning")
    about = t("Att skriva ut: en sida för varje målgrupp, en om varje kommun och en årsuppföljning för varje strategi.")
    return Page(BRIEFS, "documents", title, about, inputs, MENU)
