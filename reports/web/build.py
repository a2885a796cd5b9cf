"""Building the site: pages whose inputs have not changed are taken from the cache, the rest are made anew."""

import gc
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files as resources
from itertools import chain, count
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import catalogue as catalogues
from reports import charts, followup, ics, sentences
from reports import quality as qualities
from reports.catalogue import Catalogue, rows
from reports.charts import Chart
from reports.documents import pages as documents
from reports.documents import past, typeset, word
from reports.stamp import CITED, PLACE, Stamp
from reports.web import audit, edition, figures, follow_up, pages, quality, search, social, traces
from reports.web.figures import Cell, Flow, Key
from reports.web.language import CODES, SWEDISH, Language, Swedish
from reports.web.pages import Page, Site
from reports.web.views import COUNTRY
from reports.wording import BANDS, period_name, shaped

FOLDER = "site"
CONTENTS = "pages"
DRAWN = "charts"
PNG = "png"
BODY, TOLD = "body.html", "document.json"
"""What of a page's content does not stand beside it: its own text, and what its document is set from."""
DOCUMENTS = "documents"
"""Where a release keeps what its documents are set from, so that they can be set again when it is approved."""
PICTURE_NAMES = {"time": "utveckling", "gap": "skillnad", "regions": "lan", "map": "kommuner", "flows": "floden"}
FINGERPRINT = "fingerprint.txt"
ASSETS = (
    "site.css",
    "mark.svg",
    "charts.js",
    "sok.js",
    "jamfor.js",
    "swedish-stemmer.js",
    "swedish-stemmer.LICENSE.txt",
)
KINDS = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON-stat", "parquet": "Parquet", "csv-metadata.json": "CSVW"}
"""The files of an indicator by ending, in the order in which a page offers them."""

Progress = Callable[[int, int, str], None]


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
        return "../" * (self.page.file.count("/"))

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.path.count("/")


@dataclass(frozen=True)
class Plan:
    """Everything to be written: the pages, the other files, and a hash of it all."""

    works: tuple[Work, ...]
    files: Mapping[str, bytes]
    links: Mapping[str, Path]
    fingerprint: str
    site_url: str = ""


@contextmanager
def _uncollected() -> Iterator[None]:
    """A block whose objects the garbage collector never goes through: plain values, in great numbers."""
    if gc.get_freeze_count():  # those of a site that this process has built before
        gc.unfreeze()
        gc.collect()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A block in which the garbage collector looks only at what is new."""
    before = gc.get_threshold()
    gc.set_threshold(10_000, 20, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_uncollected()
def plan(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    release: Path,
    cache_folder: Path,
    *,
    site_url: str = "",
    png: bool = False,
    year: str = "",
    stamp: Stamp | None = None,
) -> Plan:
    """What the site of a warehouse consists of; nothing is drawn or written yet.

    Args:
        con: the finished warehouse.
        catalogue: what it says of itself.
        release: the folder of the release, whose files the pages offer.
        cache_folder: where contents of pages and pictures are kept from one build to the next.
        site_url: where the site will lie, ending with `/`; without it nothing that needs an address of its own is said.
        png: whether the pictures are offered as PNG too.
        year: the year that the yearly reports are for; without it the last whole one before the run.
        stamp: the release that the site is of, where it is of one.
    """
    found = figures.read(con, catalogue)
    lines = sentences.read(con, [COUNTRY, *(one.code for one in found.regional(catalogue.run))], wholes=True)
    since = past.read(con, year)
    behind, audited = traces.read(con, catalogue), audit.read(con, catalogue.run.home_region)
    home, report = catalogue.run.home_region, qualities.read(con)
    links = {f"data/{path.relative_to(release).as_posix()}": path for path in _published(release)}
    offered = _offered(links, catalogue)
    not_assessed = {row["reason"]: row["text"] for row in rows(con, "from reference.not_assessed")}
    works, files = [], {}
    for code in CODES:
        t = Language(code)
        spoken = catalogue if code == "sv" else catalogues.read(con, t)
        told = {**sentences.of_wholes(lines, spoken, t), home: sentences.of_region(con, spoken, home, t)}
        site = Site(
            spoken,
            figures.worded(found, t),
            offered,
            {reason: t(text) for reason, text in not_assessed.items()},
            told,
            followup.read(con, t),
            report,
            t,
            cache_folder / DRAWN,
            since,
            site_url,
            behind,
            audited,
            stamp,
        )
        made = [_graded(page, site) for page in pages.all_pages(site)]
        made += [*follow_up.all_pages(site), *quality.all_pages(site), *documents.all_pages(site)]
        made += edition.all_pages(site)
        works += [Work(page, site, _key(page, code, png=png), png) for page in made]
        files[f"assets/data/sok-{code}.js"] = search.index(made, site.t)
        files[f"assets/data/jamfor-{code}.js"] = search.comparison(site)
    if entries := followup.read(con).calendar:  # a calendar without events is none
        files[ics.NAME] = ics.render(entries, catalogue.run)
    hashes = [(path, hashlib.sha256(content).hexdigest()) for path, content in files.items()]
    shell = orjson.dumps([_frame(catalogue), site_url, sorted(links), hashes])
    digest = hashlib.sha256(shell + code_fingerprint().encode())
    for work in works:
        digest.update(f"{work.path} {work.key}\n".encode())
    return Plan(tuple(works), files, links, digest.hexdigest(), site_url)


def _graded(page: Page, site: Site) -> Page:
    """The page with what the quality report says on it: all of it at its entrance, a box on an indicator's page."""
    if page.template == "quality":
        return replace(page, inputs={**page.inputs, "report": quality.overview(site)})
    if page.template == "indicator":
        return replace(page, inputs={**page.inputs, "box": quality.box(site, page.inputs["indicator"])})
    return page


@_seldom_collected()
def write(todo: Plan, folder: Path, cache_folder: Path, progress: Progress | None = None) -> int:
    """How many pages were made anew; the whole site stands in the folder.

    Args:
        todo: the plan.
        folder: where to write; must not exist.
        cache_folder: contents of pages by key; what this site does not use is removed from it.
        progress: told of each page, when its content is made and when it is written.
    """
    contents = cache_folder / CONTENTS
    contents.mkdir(parents=True, exist_ok=True)
    (cache_folder / DRAWN).mkdir(exist_ok=True)
    stale = [work for work in todo.works if not (contents / work.key).is_dir()]
    missing = {work.key for work in stale}
    waiting = [work for work in todo.works if work.key not in missing]
    environment = _environment()
    steps, done = len(stale) + len(todo.works), count(1)
    folder.mkdir(parents=True)

    def tell(work: Work) -> None:
        if progress:
            progress(next(done), steps, work.path)

    def finish(work: Work) -> None:
        _finish(environment, work, contents / work.key, folder, todo.site_url)
        tell(work)

    shown = ([(work, work.page.charts()) for work in works] for works in _in_turn(stale))
    drawn = charts.rendered((some, [chart for _, found in some for chart in _each(found)]) for some in shown)
    setter = ThreadPoolExecutor(1)  # typst sets a document while the next pages are made
    try:
        documents = []
        for work, found in chain.from_iterable(drawn):
            body = _body(environment, work, found)
            if work.page.document is None:
                _keep(contents, work, body, found)
            else:
                documents.append(setter.submit(_keep, contents, work, body, found))
            tell(work)
            if work.page.document is None and not work.png:
                finish(work)
            else:
                waiting.append(work)
        for one in documents:
            one.result()
    finally:
        setter.shutdown(cancel_futures=True)
    _rasterise([contents / work.key for work in todo.works if work.png], cache_folder / PNG, progress)
    for work in waiting:
        finish(work)
    _write_files(todo, folder, cache_folder)
    (folder / FINGERPRINT).write_text(todo.fingerprint + "\n", encoding="utf-8")
    used = {work.key for work in todo.works}
    for old in contents.iterdir():
        if old.name not in used:
            shutil.rmtree(old)
    return len(stale)


def _in_turn(stale: Sequence[Work]) -> list[list[Work]]:
    """The pages in the order in which they are made, both languages of a page at a time, for their pictures share much.

    Documents come first, for their setting goes on beside all else. Pages with pictures, which other processes draw,
    and pages without are spread evenly.
    """
    both: dict[str, list[Work]] = {}
    for work in stale:
        both.setdefault(work.page.file, []).append(work)
    documents: list[list[Work]] = []
    drawn: list[list[Work]] = []
    written: list[list[Work]] = []
    for works in both.values():
        page = works[0].page
        (documents if page.document else drawn if page.pictures else written).append(works)
    spread = sorted(
        ((at / len(some), works) for some in (drawn, written) for at, works in enumerate(some)), key=itemgetter(0)
    )
    return [*documents, *(works for _, works in spread)]


def _finish(environment: Environment, work: Work, content: Path, folder: Path, site_url: str) -> None:
    """Nothing; the page stands in the site's folder with all that belongs to it."""
    path = folder / work.path
    path.parent.mkdir(parents=True, exist_ok=True)
    for kept in content.iterdir():
        if kept.name not in (BODY, TOLD):
            same_file(kept, path.parent / kept.name)
    if work.site.stamp and (content / TOLD).exists():
        _name_release(work, work.site.stamp, content, path.parent, folder.parent / DOCUMENTS)
    body = (content / BODY).read_text(encoding="utf-8")
    path.write_text(_whole(environment, work, body, site_url), encoding="utf-8", newline="\n")


def _each(found: Mapping[str, Any]) -> Iterator[Chart]:
    """The charts of a page, those in lists and by name too."""
    for one in found.values():
        if isinstance(one, Mapping):
            yield from one.values()
        elif isinstance(one, list):
            yield from one
        elif one is not None:
            yield one


def _files(found: Mapping[str, Any]) -> Iterator[tuple[str, Chart]]:
    """The pictures of a page that can be downloaded, by the name of their file without ending."""
    for name, file in PICTURE_NAMES.items():
        if found.get(name) is not None:
            yield file, found[name]
    for name, chart in (found.get("pairs") or {}).items():
        if chart.missing is None:
            yield name, chart


def _keep(contents: Path, work: Work, body: str, found: Mapping[str, Any]) -> None:
    """Nothing; the content of the page and its pictures to download stand in the cache, whole or not at all."""
    beside = contents / f".{work.key}.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    (beside / BODY).write_text(body, encoding="utf-8", newline="\n")
    for name, chart in _files(found):
        (beside / f"{name}.svg").write_text(chart.download(), encoding="utf-8", newline="\n")
    if work.page.document is not None and work.site.t.code == "sv":
        document, drawn = work.page.document, found["figures"] or {}
        (beside / f"{document.file}.pdf").write_bytes(typeset.pdf(document, drawn, work.site.site_url))
        (beside / TOLD).write_bytes(typeset.told(document, drawn, work.site.site_url))
        if document.word:
            (beside / f"{document.file}.docx").write_bytes(word.docx(document, drawn, work.site.site_url))
    if work.page.attach is not None:
        work.page.attach(beside)
    beside.rename(contents / work.key)


def _name_release(work: Work, stamp: Stamp, content: Path, folder: Path, documents: Path) -> None:
    """Nothing; the document's files in the folder name the release, and what they are set from lies in `documents`."""
    document, run = work.page.document, work.site.catalogue.run
    assert document is not None
    facts = stamp.facts(run.organisation, run.day, f"{document.name}.")
    told = typeset.of_release((content / TOLD).read_bytes(), stamp.standing, facts)
    kept = documents / f"{work.page.path}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(told)
    for name in document.files:
        file = folder / name
        before = file.read_bytes()
        file.unlink()  # it is the same file as the one that is kept for later builds
        file.write_bytes(typeset.printed(told) if name.endswith(".pdf") else stamp.on_docx(before, facts))


def _write_files(todo: Plan, folder: Path, cache_folder: Path) -> None:
    for asset in ASSETS:
        path = folder / "assets" / asset
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((resources("reports") / "assets" / asset).read_bytes())
    bundle = folder / "assets" / "vega.js"
    bundle.write_text(charts.bundle(cache_folder), encoding="utf-8", newline="\n")
    for name, content in todo.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, source in todo.links.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        same_file(source, path)
    if todo.site_url:
        for work in todo.works:
            if not work.page.path:
                frame = _frame(work.site.catalogue)
                watermark = frame["origin_label"] if frame["synthetic"] else None
                card = social.card(_site_name(work.site), frame["organisation"], watermark)
                (folder / _card_path(work)).write_bytes(social.png(card))


def same_file(source: Path | str, path: Path | str) -> None:
    """Nothing; the file stands under the other name too, or as a copy where the disk knows no hard links."""
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)


def _rasterise(contents: Sequence[Path], folder: Path, progress: Progress | None) -> None:
    """Nothing; beside every SVG of the contents lies its PNG, kept by what it shows from one build to the next."""
    svgs = [svg for content in contents for svg in sorted(content.glob("*.svg"))]
    if not svgs:
        return
    wanted = {svg: folder / f"{hashlib.sha256(svg.read_bytes()).hexdigest()}.png" for svg in svgs}
    missing = {png: svg for svg, png in wanted.items() if not png.exists()}
    folder.mkdir(exist_ok=True)
    for done, name in enumerate(charts.rasterise(missing), 1):
        if progress:
            progress(done, len(missing), name)
    for svg, png in wanted.items():
        if not svg.with_suffix(".png").exists():
            same_file(png, svg.with_suffix(".png"))
    for old in set(folder.iterdir()) - set(wanted.values()):
        old.unlink()


def _card_path(work: Work) -> str:
    return f"assets/kort-{work.site.t.code}.png"


def _site_name(site: Site) -> str:
    return site.t("Kvinnor och män i {place}", place=site.place)


def _published(release: Path) -> Iterator[Path]:
    """The files of the release that the site offers, at the same places below `data/`."""
    for folder in (release / "tables", release / "datasets"):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
    if (changes := release / "changes.csv").exists():
        yield changes
    yield from sorted(path for path in release.iterdir() if path.suffix in {".xlsx", ".json"} and path.is_file())


def _offered(links: Mapping[str, Path], catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """The files by indicator; under an empty name those of the whole release."""
    offered: dict[str, list[dict[str, Any]]] = {}
    names = {item.indicator for item in catalogue.indicators}
    for path, source in links.items():
        stem, _, suffix = source.name.partition(".")
        owner = stem if stem in names and source.parent.name == "tables" else ""
        kind = KINDS.get(suffix, source.name) if owner else source.name
        # What names the run has another size in each; a page must not change for that.
        size = source.stat().st_size if owner or suffix == "xlsx" else None
        if owner and suffix == "xlsx":
            size = round(size or 0, -3)  # its name of the run is compressed with the rest
        offered.setdefault(owner, []).append({"path": path, "kind": kind, "bytes": size})
    order = list(KINDS.values())
    return {
        owner: sorted(found, key=lambda one: order.index(one["kind"])) if owner else found
        for owner, found in offered.items()
    }


def _key(page: Page, code: str, *, png: bool) -> str:
    """The name of a page's content: equal inputs, templates, code and kinds of pictures have an equal name."""
    told = [code, page.path, page.template, page.title, page.inputs, png and page.pictures is not None]
    inputs = orjson.dumps(told, default=list, option=orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(inputs + code_fingerprint().encode()).hexdigest()


@cache
def code_fingerprint() -> str:
    """A hash of our code, templates, words and assets."""
    digest = hashlib.sha256()
    root = Path(str(resources("reports")))
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _frame(catalogue: Catalogue, t: Language = SWEDISH) -> dict[str, Any]:
    run = catalogue.run
    return {
        "name": t("Kvinnor och män i {place}", place=run.home_name),
        "place": run.home_name,
        "organisation": run.organisation,
        "origin_label": run.origin_label,
        "synthetic": run.synthetic,
        "run_id": run.run_id,
        "day": run.day,
        "address": None,
        "card": None,
    }


def _common(work: Work) -> dict[str, Any]:
    """What every template can call."""
    t = work.site.t
    catalogue = work.site.catalogue
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
        return ", ".join(catalogue.reasons.get(part, part) for part in missing.split())

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

    behind = work.site.traces
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
        indicator, period = work.site.figures.flow_indicator, work.site.figures.flow_period
        if indicator is None or period is None or behind is None or not behind.has(indicator, flow.home):
            return shown
        return leads(shown, indicator, flow.home, traces.anchor(period, subject, partner=flow.work))

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


def _body(environment: Environment, work: Work, found: Mapping[str, Any]) -> str:
    """The content of a page: all that stands between header and footer."""
    names = {id(chart): f"{name}.svg" for name, chart in _files(found)}
    files_at = "" if work.site.t.code == "sv" else f"{work.root}{work.page.path}/"
    own = {"files_at": files_at, "charts": found, "picture_file": lambda chart: names.get(id(chart)), "png": work.png}
    more = work.page.more() if work.page.more else {}
    context = {**_common(work), **pages.blank(), **work.page.inputs, **more, **own}
    return environment.get_template(f"web/{work.page.template}.html.j2").render(context)


def _whole(environment: Environment, work: Work, body: str, site_url: str) -> str:
    """The page with header, menu and footer around its content."""
    t = work.site.t
    other_code = "sv" if t.code == "en" else "en"
    here = work.page.file
    other = {
        "code": other_code,
        "text": "In English" if other_code == "en" else "På svenska",
        "href": work.root + (f"en/{work.page.instead or here}" if other_code == "en" else here),
        "same": work.page.instead is None,
    }
    frame = _frame(work.site.catalogue, t) | {"name": _site_name(work.site)}
    if site_url:
        frame |= {"address": site_url + work.path.removesuffix("index.html"), "card": site_url + _card_path(work)}
    menu = [
        {"text": text, "href": f"{path}/index.html", "current": _current(work.page, path)} for path, text in _menu(t)
    ]
    whole = environment.get_template("web/base.html.j2").render(
        {**_common(work), "page": work.page, "site": frame, "menu": menu, "other": other,
         "body": body, "scripts": work.page.all_scripts}
    )  # fmt: skip
    stamp = work.site.stamp
    # Put in afterwards, so that a release and its run share the contents of their pages.
    line, citation = (stamp.line(work.home, t), stamp.citation(t)) if stamp else ("", "")
    return whole.replace(PLACE, line).replace(CITED, citation)


def _menu(t: Language) -> Sequence[tuple[str, str]]:
    return (
        ("mal", t("Mål")), ("teman", t("Teman")), ("indikatorer", t("Indikatorer")), ("kommuner", t("Kommuner")),
        ("pendling", t("Pendling")), ("jamfor", t("Jämför")), ("uppfoljning", t("Uppföljning")),
        ("kvalitet", t("Kvalitet")), ("om", t("Om")), ("sok", t("Sök")),
    )  # fmt: skip


def _current(page: Page, path: str) -> str | None:
    if page.path == path:
        return "page"
    return "true" if page.menu == path else None
