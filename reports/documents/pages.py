"""Every document of the site as pages, and the page that lists them."""

from collections.abc import Iterator

from reports.documents import briefs, yearly
from reports.web.pages import BRIEFS, Page, Site, brief_path, yearly_path


def all_pages(site: Site) -> Iterator[Page]:
    """The list of documents, the yearly report of every strategy with goals, and the briefs."""
    yield _index(site)
    yield from yearly.of_strategies(site)
    yield from briefs.of_kommuner(site)


def _index(site: Site) -> Page:
    t = site.t
    kommuner = [one for one in site.regional.values() if one.level == "municipality"]
    inputs = {
        "yearly": [
            {"title": one.title, "href": f"{yearly_path(one.strategy_id)}/index.html"} for one in site.with_goals
        ],
        "kommuner": [{"name": one.name, "href": f"{brief_path(one.code)}/index.html"} for one in kommuner],
        "year": site.year,
        "place": site.place,
    }
    title = t("Underlag och årsuppföljning")
    about = t("Det som går att skriva ut: en sida om varje kommun och en årsuppföljning för varje strategi.")
    return Page(BRIEFS, "documents", title, about, inputs)
