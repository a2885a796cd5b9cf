"""The auditor's way: from a published cell to the page that tells how it came to be, and to the bytes received."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import duckdb
import orjson
import pyarrow as pa
import pytest

from reports.web import traces
from warehouse import database

LINK = re.compile(r'<a href="([^"#]*sparning/[^"#]+)#([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
ROW = re.compile(
    r'<tr id="([^"]+)">(?:<th[^>]*>.*?</th>)?<td class="words">([^<]+)</td><td>([^<]*)</td>'
    r'<td class="words">(.*?)</td></tr>',
    re.DOTALL,
)
PART = re.compile(r'([a-z_0-9]+)(?:, (kvinnor|män|totalt))? <b>([^<]+)</b> <span class="at">(\d+):(\d+)</span>')
OWNERS = ("company_owners", "sole_proprietors")
FETCH = re.compile(r"<dt>(\d+)\. (\w+)</dt><dd>.*?SHA-256 <code>([0-9a-f]{64})</code>", re.DOTALL)


@pytest.fixture(scope="module")
def site(full_demo: Path) -> Path:
    return full_demo / "build" / "latest" / "site"


@pytest.fixture(scope="module")
def con(full_demo: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with database.connect(full_demo / "data" / "demo" / "warehouse.duckdb") as opened:
        yield opened


def text(shown: str) -> str:
    return re.sub(r"<[^>]+>", "", shown).strip()


def of_number(shown: str) -> float:
    return float(shown.replace("\u00a0", "").replace("\u2212", "-").replace(",", "."))


def test_every_value_cell_leads_to_a_place_that_is_there(site: Path) -> None:
    wanted: dict[Path, set[str]] = defaultdict(set)
    for page in site.rglob("*.html"):
        if "sparning" not in page.parts:
            for href, place, _ in LINK.findall(page.read_text(encoding="utf-8")):
                wanted[(page.parent / href).resolve()].add(unquote(place))
    assert len(wanted) > 600
    for target, places in wanted.items():
        there = set(re.findall(r' id="([^"]+)"', target.read_text(encoding="utf-8")))
        assert places <= there, (target, sorted(places - there)[:3])


def test_the_values_of_the_home_region_and_its_kommuner_are_all_linked(site: Path) -> None:
    page = (site / "indikatorer" / "employment_rate" / "index.html").read_text(encoding="utf-8")
    for heading in ("utveckling", "kommuner"):
        section = page.partition(f'aria-labelledby="{heading}"')[2].partition("</section>")[0]
        table = section.partition("<tbody>")[2].partition("</tbody>")[0]
        cells = re.findall(r"<td>(.*?)</td>", table, re.DOTALL)
        assert cells
        assert all(LINK.search(cell) for cell in cells)


@pytest.mark.parametrize(
    ("pattern", "head", "links"),
    [
        ("index.html", "Vad har hänt</th>", {2, 4}),
        ("kommuner/1980/index.html", "Vad har hänt</th>", {2, 4}),
        ("indikatorer/employment_rate/index.html", "Vad har hänt</th>", {4}),
        ("indikatorer/employment_rate/index.html", "Länet minus riket</th>", {1}),
        ("indikatorer/occupation_segregation_index/index.html", "Bidrag</th>", {3}),
        ("mal/rus-2030.sysselsatta/index.html", "Paritet</th>", {1, 2}),
        ("utmaningar/*/index.html", "När</th>", {1, 3}),
    ],
)
def test_the_rows_of_other_tables_are_linked_too(site: Path, pattern: str, head: str, links: set[int]) -> None:
    pages = [page for page in site.glob(pattern) if head in page.read_text(encoding="utf-8")]
    assert pages
    for page in pages:
        body = page.read_text(encoding="utf-8").partition(head)[2].partition("<tbody>")[2].partition("</tbody>")[0]
        assert {len(LINK.findall(row)) for row in body.split("</tr>")[:-1]} <= links


def test_a_place_shows_the_value_that_led_to_it(site: Path) -> None:
    for name in ("employment_rate", "population", "women_share_managers", "occupation_segregation_index"):
        page = site / "indikatorer" / name / "index.html"
        seen = 0
        for href, place, shown in LINK.findall(page.read_text(encoding="utf-8")):
            subject = unquote(place).split("-")[1]
            value = text(re.sub(r'<span class="unit">.*?</span>', "", shown))
            target = (page.parent / href).read_text(encoding="utf-8")
            row = next((one for one in ROW.findall(target) if one[0] == unquote(place)), None)
            if row is None or subject == "gap":
                continue
            told = {row[2], *re.findall(r"(?:täljare|nämnare|män) ([^,<]+)", row[3])}
            assert value in told, (place, value, told)
            seen += 1
        assert seen > 5


@pytest.mark.parametrize(
    ("indicator", "formula"),
    [
        ("employment_rate", lambda of: of["employment_rate"]),
        (
            "women_share_entrepreneurs",
            lambda of: 100 * sum(of[f"{kind} kvinnor"] for kind in OWNERS) / sum(of.values()),
        ),
        (
            "live_and_work_same_municipality_share",
            lambda of: 100 * of["lives_and_works"] / (of["lives_and_works"] + of["out_commuters"]),
        ),
        (
            "entrepreneurs_per_1000_inhabitants",
            lambda of: 1000 * sum(of[kind] for kind in OWNERS) / of["population"],
        ),
        ("mean_earned_income_20_64", lambda of: of["mean_income"]),
    ],
)
def test_an_auditor_recomputes_a_published_cell_from_the_bytes(
    full_demo: Path, site: Path, indicator: str, formula: Callable[[dict[str, float]], float]
) -> None:
    """Page, place, cells, bytes: with no code of ours but the file names of the store."""
    page = (site / "indikatorer" / indicator / "sparning" / "1980" / "index.html").read_text(encoding="utf-8")
    fetches = {number: sha for number, _, sha in FETCH.findall(page)}
    raw = full_demo / "data" / "demo" / "raw" / "objects"
    checked = 0
    for _, _, value, cells in ROW.findall(page):
        of: dict[str, float] = {}
        for operand, sex, shown, number, at in PART.findall(cells):
            sha = fetches[number]
            with pa.input_stream(str(raw / sha[:2] / f"{sha}.zst"), compression="zstd") as stream:
                body = orjson.loads(stream.read())
            values = body["value"]
            found = values[int(at)] if isinstance(values, list) else values[at]
            assert found == of_number(shown)
            of[f"{operand} {sex}".strip()] = found
        assert of
        assert formula(of) == pytest.approx(of_number(value), abs=0.051)
        checked += 1
        if checked == 4:
            break
    assert checked == 4


def test_a_page_that_gives_only_numbers_of_cells_offers_them_all_in_a_file(
    site: Path, con: duckdb.DuckDBPyConnection
) -> None:
    folder = site / "indikatorer" / "occupation_segregation_index" / "sparning"
    page = (folder / "1980" / "index.html").read_text(encoding="utf-8")
    told = re.search(r'<tr id="(\d{4})-total-BAS">.*?employees, kvinnor: (\d+) celler', page, re.DOTALL)
    assert told is not None
    href = re.search(r'href="(\.\./\w+/celler\.parquet)"', page)
    assert href is not None
    file = (folder / "1980" / href[1]).resolve()
    count = con.execute(
        f"select count(*) from '{file}' where region_code = '1980' and period = ? and sex = 'women'", [told[1]]
    ).fetchall()[0][0]
    assert count == int(told[2])


def test_the_english_tables_lead_to_the_swedish_page_and_it_back(site: Path) -> None:
    english = (site / "en" / "indikatorer" / "employment_rate" / "index.html").read_text(encoding="utf-8")
    assert 'href="../../../indikatorer/employment_rate/sparning/19/index.html#2024-women" hreflang="sv"' in english
    assert not (site / "en" / "indikatorer" / "employment_rate" / "sparning").exists()
    swedish = site / "indikatorer" / "employment_rate" / "sparning" / "19"
    other = re.search(r'href="([^"]+)" hreflang="en"', (swedish / "index.html").read_text(encoding="utf-8"))
    assert other is not None
    assert (swedish / other[1]).resolve() == site.resolve() / "en" / "indikatorer" / "employment_rate" / "index.html"


def test_every_fetch_of_a_page_is_told_of_on_the_page_of_the_run(site: Path) -> None:
    run = (site / "kvalitet" / "sparning" / "index.html").read_text(encoding="utf-8")
    there = set(re.findall(r'id="(h-[0-9a-f]+)"', run))
    for page in site.glob("indikatorer/*/sparning/19/index.html"):
        assert set(re.findall(r"#(h-[0-9a-f]+)", page.read_text(encoding="utf-8"))) <= there


def test_a_question_to_an_embedded_server_is_told_without_its_port(site: Path) -> None:
    for language, said in (("", "Demoservern på den egna datorn"), ("en/", "The demo server on this machine")):
        page = (site / language / "kvalitet" / "sparning" / "index.html").read_text(encoding="utf-8")
        assert f"{said}, " in page
        assert "<code>/api/v2/tables/TAB3200/data?" in page
        assert "127.0.0.1" not in page


def test_what_decides_a_page_changes_with_the_answers_the_formula_and_the_checks(full_demo: Path) -> None:
    from reports import catalogue

    with duckdb.connect(config={"threads": 1}) as opened:  # as warehouse.database opens one to read
        file = full_demo / "data" / "demo" / "warehouse.duckdb"
        opened.execute(f"attach '{file}' as kept (read_only)")
        opened.execute("attach ':memory:' as mine")
        opened.execute("copy from database kept to mine")
        opened.execute("use mine")
        read = catalogue.read(opened)
        digest = traces.read(opened, read).digest("employment_rate", "19")
        assert traces.read(opened, read).digest("employment_rate", "19") == digest
        for change in (
            "update provenance.fetch set fetch_id = 'x' where table_id = 'TAB3200'",
            "update provenance.query set sha256 = 'x' where output = 'staged.TAB3200'",
            "update checks.result set success = not success where subject = 'employment_rate'",
        ):
            opened.execute(change)
            changed = traces.read(opened, read).digest("employment_rate", "19")
            assert changed != digest, change
            digest = changed
