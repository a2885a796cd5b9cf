"""Building the site: pages whose inputs have not changed are taken from the cache, the rest are made anew."""

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files as resources
from itertools import chain, count, zip_longest
from pathlib import Path
from typing import Any

import duckdb
import orjson

from reports import catalogue as catalogues
from reports import charts, followup, ics, sentences
from reports import quality as qualities
from reports.catalogue import Catalogue, rows, side_by_side
from reports.documents import pages as documents
from reports.documents import past, typeset
from reports.stamp import CITED, PLACE, Stamp
from reports.web import audit, edition, figures, follow_up, making, pages, quality, search, social, traces
from reports.web.content import Work, body, calls, environment
from reports.web.language import CODES, SWEDISH, Language
from reports.web.making import TOLD, Job, Made, Making
from reports.web.pages import Page, Site
from reports.web.views import COUNTRY

FOLDER = "site"
CONTENTS = "pages"
PNG = "png"
BODY = "body.html"
"""A page's own text, which does not stand beside it."""
DOCUMENTS = "documents"
"""Where a release keeps what its documents are set from, so that they can be set again when it is approved."""
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
    *,
    site_url: str = "",
    png: bool = False,
    year: str = "",
    stamp: Stamp | None = None,
    begun: tuple[Making, Path] | None = None,
) -> Plan:
    """What the site of a warehouse consists of; nothing is written yet.

    Args:
        con: the finished warehouse.
        catalogue: what it says of itself.
        release: the folder of the release, whose files the pages offer.
        site_url: where the site will lie, ending with `/`; without it nothing that needs an address of its own is said.
        png: whether the pictures are offered as PNG too.
        year: the year that the yearly reports are for; without it the last whole one before the run.
        stamp: the release that the site is of, where it is of one.
        begun: what begins to make a page as soon as it is known, if the folder of contents lacks it.
    """
    with side_by_side(con):
        found = figures.read(con, catalogue)
    lines = sentences.read(con, [COUNTRY, *(one.code for one in found.regional(catalogue.run))], wholes=True)
    since = past.read(con, year)
    behind, audited = traces.read(con, catalogue), audit.read(con, catalogue.run.home_region)
    home, report = catalogue.run.home_region, qualities.read(con)
    links = {f"data/{path.relative_to(release).as_posix()}": path for path in _published(release)}
    offered = _offered(links, catalogue)
    not_assessed = {row["reason"]: row["text"] for row in rows(con, "from reference.not_assessed")}
    sites = []
    for code in CODES:
        t = Language(code)
        spoken = catalogue if code == "sv" else catalogues.read(con, t)
        told = {**sentences.of_wholes(lines, spoken, t), home: sentences.of_region(con, spoken, home, t)}
        sites.append(
            Site(
                spoken,
                figures.worded(found, t),
                offered,
                {reason: t(text) for reason, text in not_assessed.items()},
                told,
                followup.read(con, t),
                report,
                t,
                since,
                site_url,
                behind,
                audited,
                stamp,
            )
        )
    works: dict[str, list[Work]] = {}
    for pages_ in zip_longest(*map(_pages, sites)):
        for site, page in zip(sites, pages_, strict=True):
            if page is not None:
                same = works.setdefault(page.file, [])
                same.append(Work(page, site, _key(page, site.t.code, png=png), png))
                if begun and len(same) == len(sites):
                    _begin(*begun, same)
    files = {}
    for site in sites:
        made = [work.page for same in works.values() for work in same if work.site is site]
        files[f"assets/data/sok-{site.t.code}.js"] = search.index(made, site.t)
        files[f"assets/data/jamfor-{site.t.code}.js"] = search.comparison(site)
    if entries := followup.read(con).calendar:  # a calendar without events is none
        files[ics.NAME] = ics.render(entries, catalogue.run)
    hashes = [(path, hashlib.sha256(content).hexdigest()) for path, content in files.items()]
    shell = orjson.dumps([_frame(catalogue), site_url, sorted(links), hashes])
    digest = hashlib.sha256(shell + code_fingerprint().encode())
    whole = tuple(chain.from_iterable(works.values()))
    for work in whole:
        digest.update(f"{work.path} {work.key}\n".encode())
    return Plan(whole, files, links, digest.hexdigest(), site_url)


def _pages(site: Site) -> Iterator[Page]:
    """Every page of the site in its language."""
    for page in pages.all_pages(site):
        yield _graded(page, site)
    yield from follow_up.all_pages(site)
    yield from quality.all_pages(site)
    yield from documents.all_pages(site)
    yield from edition.all_pages(site)


def _begin(begun: Making, contents: Path, works: Iterable[Work]) -> None:
    """Nothing; what takes long to make of a page is begun for those languages in which the folder lacks it."""
    jobs = {work.key: job for work in works if (job := _job(work)) and not (contents / work.key).is_dir()}
    if jobs:
        begun.begin(next(iter(works)).page.file, jobs)


def _graded(page: Page, site: Site) -> Page:
    """The page with what the quality report says on it: all of it at its entrance, a box on an indicator's page."""
    if page.template == "quality":
        return replace(page, inputs={**page.inputs, "report": quality.overview(site)})
    if page.template == "indicator":
        return replace(page, inputs={**page.inputs, "box": quality.box(site, page.inputs["indicator"])})
    return page


@_seldom_collected()
def write(todo: Plan, folder: Path, cache_folder: Path, begun: Making, progress: Progress | None = None) -> int:
    """How many pages were made anew; the whole site stands in the folder.

    Args:
        todo: the plan.
        folder: where to write; must not exist.
        cache_folder: contents of pages by key; what this site does not use is removed from it.
        begun: what the plan has begun; the rest is begun now.
        progress: told of each page, when its content is made and when it is written.
    """
    contents = contents_of(cache_folder)
    contents.mkdir(parents=True, exist_ok=True)
    waiting = [work for work in todo.works if (contents / work.key).is_dir()]
    stale = _by_file(todo.works, {work.key for work in waiting})
    for file, works in stale.items():
        if file not in begun:
            _begin(begun, contents, works)
    made_anew = sum(map(len, stale.values()))
    steps, done = made_anew + len(todo.works), count(1)
    folder.mkdir(parents=True)

    def tell(work: Work) -> None:
        if progress:
            progress(next(done), steps, work.path)

    def finish(work: Work) -> None:
        _finish(work, contents / work.key, folder, todo.site_url)
        tell(work)

    for work, made in ((work, made) for file, made in begun.made(stale) for work in stale[file]):
        _keep(contents, work, made.get(work.key) or _made(work))
        tell(work)
        if work.png:
            waiting.append(work)
        else:
            finish(work)
    _rasterise([contents / work.key for work in todo.works if work.png], cache_folder / PNG, progress)
    for work in waiting:
        finish(work)
    _write_files(todo, folder, cache_folder)
    (folder / FINGERPRINT).write_text(todo.fingerprint + "\n", encoding="utf-8")
    _tidy(contents, {work.key for work in todo.works})
    return made_anew


def _by_file(works: Iterable[Work], but: AbstractSet[str]) -> dict[str, list[Work]]:
    """The pages, but for those of some keys, by file: the languages of one together."""
    found: dict[str, list[Work]] = {}
    for work in works:
        if work.key not in but:
            found.setdefault(work.page.file, []).append(work)
    return found


def _tidy(contents: Path, used: AbstractSet[str]) -> None:
    for old in contents.iterdir():
        if old.name not in used:
            shutil.rmtree(old)


def contents_of(cache_folder: Path) -> Path:
    """Where the cache has the contents of pages, by key."""
    return cache_folder / CONTENTS


def _finish(work: Work, content: Path, folder: Path, site_url: str) -> None:
    """Nothing; the page stands in the site's folder with all that belongs to it."""
    path = folder / work.path
    path.parent.mkdir(parents=True, exist_ok=True)
    for kept in content.iterdir():
        if kept.name not in (BODY, TOLD):
            same_file(kept, path.parent / kept.name)
    if work.site.stamp and (content / TOLD).exists():
        _name_release(work, work.site.stamp, content, path.parent, folder.parent / DOCUMENTS)
    html = (content / BODY).read_text(encoding="utf-8")
    path.write_text(_whole(work, html, site_url), encoding="utf-8", newline="\n")


def _job(work: Work) -> Job | None:
    """What other processes make for a page that has pictures; a document's files are in Swedish alone."""
    if work.page.pictures is None:
        return None
    document = work.page.document if work.site.t.code == "sv" else None
    return Job(work.page.pictures, document, work.site.site_url)


def _made(work: Work) -> Made:
    """What a page needs, where it was not begun: it has no pictures, or its content was there and is gone."""
    job = _job(work)
    return making.do(job) if job else Made()


def _keep(contents: Path, work: Work, made: Made) -> None:
    """Nothing; the content of the page, its pictures to download and its document's files stand in the cache.

    They do whole or not at all.
    """
    html = body(work, made.pictures)
    beside = contents / f".{work.key}.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    (beside / BODY).write_text(html, encoding="utf-8", newline="\n")
    for name, content in made.files.items():
        (beside / name).write_bytes(content)
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


def _whole(work: Work, html: str, site_url: str) -> str:
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
    whole = environment().get_template("web/base.html.j2").render(
        {**calls(work), "page": work.page, "site": frame, "menu": menu, "other": other,
         "body": html, "scripts": work.page.all_scripts}
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
