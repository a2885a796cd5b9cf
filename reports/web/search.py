"""What the search and the free comparison read: classic scripts that assign a global, so that they work from disk."""

import csv
import re
from collections.abc import Iterable
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

import orjson

from reports.web import views
from reports.web.language import Language, Swedish

if TYPE_CHECKING:
    from reports.web.figures import Region
    from reports.web.pages import Page, Site

_WORD = re.compile(r"\w{2,}")


def index(pages: Iterable["Page"], t: Language) -> bytes:
    """The script that assigns `jamstatSearch`: every page with its words, and the words that mean the same.

    The words are stemmed in the browser, index and question alike, by the one stemmer that lies beside.
    """
    found = [
        {
            "title": page.title,
            "swedish": isinstance(page.title, Swedish),
            "path": page.file,
            "kind": _kind(page, t),
            "words": sorted(set(_words(_texts(page)))),
        }
        for page in pages
        if page.template not in ("search", "start", "trace", "check", "coverage_one")
    ]
    return _script("jamstatSearch", {"pages": found, "synonyms": synonyms()})


def synonyms() -> list[list[str]]:
    """Groups of words of which any finds the others; English words find the Swedish titles."""
    text = (resources("reports") / "web" / "synonyms.csv").read_text(encoding="utf-8")
    return [[word for word in row if word] for row in csv.reader(text.splitlines())]


def comparison(site: "Site") -> bytes:
    """The script that assigns `jamstatCompare`: the newest women's and men's value of each level, by place."""
    places = compared(site)
    items = []
    for item in site.catalogue.shown:
        everywhere = site.figures.cells.get(item.indicator, {})
        newest = views.latest(everywhere.get(site.home, ()))
        if item.measure != "level" or newest is None:
            continue
        at = views.at(everywhere, newest.period)
        items.append(
            {
                "id": item.indicator,
                "title": item.title,
                "unit": item.unit_text,
                "period": newest.period,
                "source": item.source,
                "counts": item.unit == "persons",
                "from": [site.traces is not None and site.traces.has(item.indicator, place.code) for place in places],
                "at": [site.traces.place(newest, sex) for sex in ("women", "men")] if site.traces else None,
                "values": [
                    [_shown(cell.women, item.decimals, site), _shown(cell.men, item.decimals, site)] if cell else None
                    for cell in (at.get(place.code) for place in places)
                ],
            }
        )
    country = next((at for at, one in enumerate(places) if one.level == "country"), None)
    near = sum(one.level != "county" or one.code == site.home for one in places)
    names, codes = [one.name for one in places], [one.code for one in places]
    return _script(
        "jamstatCompare", {"places": names, "codes": codes, "near": near, "country": country, "indicators": items}
    )


def compared(site: "Site") -> list["Region"]:
    """The places of a comparison: the home region, riket, its kommuner, and the other counties."""
    home = site.figures.regions[site.home]
    riket = [one for one in site.figures.regions.values() if one.level == "country"]
    counties = [one for one in site.figures.regions.values() if one.level == "county" and one.code != site.home]
    return [home, *riket, *site.figures.kommuner(site.home), *counties]


def _shown(value: float | None, decimals: int, site: "Site") -> str | None:
    return None if value is None else site.t.number(value, decimals)


def _script(name: str, value: Any) -> bytes:
    # No label can end the script element that a browser's tools might put this in.
    return f"window.{name} = ".encode() + orjson.dumps(value).replace(b"<", b"\\u003c") + b";\n"


def _words(texts: Iterable[str]) -> list[str]:
    return [word.lower() for text in texts for word in _WORD.findall(text)]


def _texts(page: "Page") -> list[str]:
    """The words by which a page is found: its title and description, and an indicator's definition and theme."""
    item = page.inputs.get("item")
    more = [item.definition, item.theme_title, item.indicator.replace("_", " ")] if item else []
    return [
        page.title,
        page.description,
        *more,
        *(str(page.inputs.get(one) or "") for one in ("follow_up", "terms", "text")),
    ]


def _kind(page: "Page", t: Language) -> str:
    names = {
        "indicator": t("Indikator"), "goal": t.one("Mål"), "strategy": t("Strategi"), "kommun": t("Kommun"),
        "theme": t("Tema"), "challenge": t("Utmaning"),
    }  # fmt: skip
    return names.get(page.template, t("Sida"))
