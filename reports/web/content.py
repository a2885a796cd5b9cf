"""The content of a page: what stands between its header and footer, made from its inputs by its template."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.web import traces
from reports.web.figures import Cell, Flow, Key
from reports.web.language import Swedish
from reports.web.pages import Page, Site
from reports.wording import BANDS, period_name, shaped

BLANK = {"headline": None}
"""What a template may ask for though its page has none."""
CHARTS = ("time", "gap", "regions", "map", "flows", "multiples", "pairs", "figures")
"""The pictures that a template may ask for."""


@dataclass(frozen=True)
class Work:
    """One page in one language, and the name of its content in the cache."""

    page: Page
    site: Site
    key: str
    png: bool = False

    @property
    def path(self) -> str:
        """The page's file below the site."""
        return f"en/{self.page.file}" if self.site.t.code == "en" else self.page.file

    @property
    def home(self) -> str:
        """The way from the page to the root of its language."""
        return "../" * self.page.file.count("/")

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.path.count("/")


def body(work: Work, pictures: Mapping[str, Any]) -> str:
    """The content of a page: all that stands between its header and footer."""
    files_at = "" if work.site.t.code == "sv" else f"{work.root}{work.page.path}/"
    own = {"files_at": files_at, "charts": dict.fromkeys(CHARTS) | dict(pictures), "png": work.png}
    more = work.page.more() if work.page.more else {}
    context = {**calls(work), **BLANK, **work.page.inputs, **more, **own}
    return environment().get_template(f"web/{work.page.template}.html.j2").render(context)


@cache
def environment() -> Environment:
    """The templates, each compiled once."""
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def calls(work: Work) -> dict[str, Any]:
    """What every template can call."""
    t, behind, reasons = work.site.t, work.site.traces, work.site.catalogue.reasons
    tones = {
        "better": t("Förbättras, eller skillnaden minskar"),
        "same": t("Ingen tydlig förändring"),
        "worse": t("Försämras, eller skillnaden ökar"),
        "open": t("Bedöms inte"),
    }
    subjects = {
        "women": t("Kvinnors nivå"),
        "men": t("Mäns nivå"),
        "total": t("Indexets nivå"),
        "gap": t("Skillnaden"),
    }

    def gone(missing: str | None) -> str:
        """What stands where a value is missing: the source's symbol, our reason in words, or that it is missing."""
        if not missing:
            return t("saknas")
        return ", ".join(reasons.get(part, part) for part in missing.split())

    def value(number: float | None, missing: str | None, decimals: int, signed: bool = False) -> Markup:
        """One value: the number, or why there is none."""
        if number is None:
            return Markup('<span class="none">{}</span>').format(gone(missing))
        return Markup(t.number(number, decimals, signed=signed))  # noqa: S704  digits and signs

    def sized(number: float | None, missing: str | None, decimals: int, unit: str, signed: bool = False) -> Markup:
        """A value in large figures with its unit; a reason has none."""
        shown = f'<span class="figure">{value(number, missing, decimals, signed)}</span>'
        beside = f' <span class="unit">{escape(unit)}</span>' if number is not None else ""
        return Markup(shown + beside)  # noqa: S704  all is escaped

    only = _TO_SWEDISH if t.code == "en" else ""

    def leads(shown: str, indicator: str, region: str, place: str) -> str:
        path, own = traces.folder(indicator, region), f"indikatorer/{indicator}"
        way = path.removeprefix(f"{own}/") if work.path == f"{own}/index.html" else work.root + path
        address = f"{escape(way)}/index.html#{quote(place, safe=':-_')}"
        return Markup(f'<a href="{address}"{only}>{escape(shown)}</a>')  # noqa: S704  all is escaped

    def traced(shown: str, cell: Cell | Key | None, subject: str) -> str:
        """What is shown of a cell, leading to how it came to be where there is a page of that."""
        if cell is None or behind is None or not behind.has(cell.indicator, cell.region):
            return shown
        return leads(shown, cell.indicator, cell.region, behind.place(cell, subject))

    def traced_flow(shown: str, flow: Flow, subject: str) -> str:
        """The same of a flow between two places: it stands with the place where people live."""
        if behind is None or not behind.has(flow.indicator, flow.home):
            return shown
        return leads(shown, flow.indicator, flow.home, traces.anchor(flow.period, subject, partner=flow.work))

    def standing_of(name: str) -> str:
        """What became of an indicator or a table."""
        return t(STANDINGS.get(name, name))

    return {
        "t": t,
        "root": work.root,
        "home": work.home,
        "quotes": (lambda text: text) if t.code == "sv" else quotes,
        "per": lambda code: period_name(code, shaped(code), t),
        "own": lambda text: _SWEDISH if isinstance(text, Swedish) else "",
        "value": value,
        "sized": sized,
        "traced": traced,
        "traced_flow": traced_flow,
        "key": Key,
        "num": lambda value, decimals, signed=False: t.number(value, decimals, signed=signed),
        "size": lambda count: t.size(count) if count is not None else "",
        "gone": gone,
        "band": lambda band: t(BANDS[band]) if band else t("saknas"),
        "tone": tones.__getitem__,
        "subject": subjects.__getitem__,
        "standing_of": standing_of,
    }


_SWEDISH = Markup(' lang="sv"')
_TO_SWEDISH = Markup(' hreflang="sv"')
_QUOTE = re.compile("&#34;(.+?)&#34;")


def quotes(text: str) -> Markup:
    """An English text of ours in which what stands in quotation marks, always quoted from the source, is Swedish."""
    if isinstance(text, Swedish):
        return escape(text)
    return Markup(_QUOTE.sub(r'<q lang="sv">\1</q>', str(escape(text))))  # noqa: S704  the text is escaped


STANDINGS = {
    "published": "publicerade",
    "held_back": "kvarhållna",
    "not_built": "inte byggda",
    "unconfirmed": "med obekräftad källa",
    "loaded": "hämtad",
    "not_recorded": "ej inspelad",
    "unresolved": "ej bekräftad",
    "failed": "gick inte att hämta",
}
