"""The web report as its readers meet it: addresses, figures, words, missing values, hostile labels."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from icalendar import Calendar

from reports import catalogue as catalogues
from reports import wording
from reports.release import publish
from reports.web.language import Language, translations
from tests import documents, warehouses

pytestmark = pytest.mark.usefixtures("drawn_once")

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "link", "input", "br", "img", "hr"}
NUMBER = re.compile(r"[+\N{MINUS SIGN}]?\d+(?:[\u00a0,.]\d+)*")
SEXES = re.compile(r"kvinn.*\bm(än|ans|äns)|wom[ea]n.*\bm[ea]n", re.IGNORECASE | re.DOTALL)


class Read(HTMLParser):
    """A page taken apart: its links, tables, texts and whatever is not well formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tables: list[str] = []
        self.labels: list[str] = []
        self.faults: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []
        self.tags: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"never closed: {tag}" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        if len(named) != len(attrs):
            self.faults.append(f"an attribute twice: {tag}")
        self.links += [str(named[name]) for name in ("href", "src") if named.get(name) and tag != "use"]
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if named.get("aria-label"):
            self.labels.append(str(named["aria-label"]))
        if named.get("style") or any(name.startswith("on") for name in named):
            self.faults.append(f"inline style or script: {tag}")
        if tag == "table":
            self.tables.append("")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID and not (self._in("svg") and self.get_starttag_text().endswith("/>")):  # type: ignore[union-attr]
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"closed out of order: {tag}")

    def handle_data(self, data: str) -> None:
        if self._in("svg") or self._in("script"):
            return
        self.text.append(data)
        if self._in("table"):
            self.tables[-1] += f" {data}"

    def _in(self, tag: str) -> bool:
        return tag in self._open


@pytest.fixture(scope="module")
def built(small_release: Path) -> Path:
    """The site of the small warehouse."""
    return small_release / "site"


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, str]:
    """Every page of the site by its address."""
    return {path.relative_to(built).as_posix(): path.read_text(encoding="utf-8") for path in built.rglob("*.html")}


def site_of(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    warehouses.analyse(con)
    return publish(con, folder).path / "site"


def main_of(text: str) -> str:
    return text.split("<main", 1)[1].split("</main>", 1)[0]


# --- What is there


def test_every_kind_of_page_has_a_stable_address_in_both_languages(pages: dict[str, str]) -> None:
    for address in (
        "", "mal/", "mal/rus-2030/", "mal/rus-2030.sysselsatta/", "mal/rus-2030.valmaende/", "malbilder/",
        "malbilder/jrt.lanstransportplan-2018-2029/", "teman/", "teman/arbete/", "indikatorer/",
        "indikatorer/employment_rate/", "kommuner/", "kommuner/1980/", "pendling/", "jamfor/", "kvalitet/", "om/",
        "om/metod/", "om/ordlista/", "om/tillganglighet/", "om/data/", "om/andringar/", "sok/", "utmaningar/",
        "utmaningar/arbete/", "uppfoljning/", "uppfoljning/larande/", "uppfoljning/kommunikation/",
    ):  # fmt: skip
        assert f"{address}index.html" in pages
        assert f"en/{address}index.html" in pages


def test_every_indicator_and_goal_has_a_page_whatever_its_state(pages: dict[str, str]) -> None:
    catalogue = catalogues.read(warehouses.small("demo"))
    for item in catalogue.indicators:
        assert f"indikatorer/{item.indicator}/index.html" in pages
    for goal in (*catalogue.goals, *catalogue.areas):
        folder = "malbilder" if goal.kind == "malbild" else "mal"
        assert f"{folder}/{goal.goal_id}/index.html" in pages


def test_a_goal_without_indicator_is_shown_with_its_reason(pages: dict[str, str]) -> None:
    assert "Målet följs inte upp av någon indikator ännu" in pages["mal/rus-2030.trygghet/index.html"]
    assert "Nationella trygghetsundersökningen" in pages["mal/rus-2030.trygghet/index.html"]
    assert "Ingen indikator ännu." in pages["mal/index.html"]


def test_a_target_image_without_text_says_that_the_region_fills_it_in(pages: dict[str, str]) -> None:
    assert "Ej fastställt – fylls i av regionen." in pages["malbilder/index.html"]
    assert "fylls i av regionen" in pages["malbilder/jrt.lanstransportplan-2018-2029/index.html"]


def test_an_indicator_that_was_not_built_says_why(pages: dict[str, str]) -> None:
    assert "Inte byggd (ej inspelat: TAB9999)" in pages["indikatorer/transition_rate/index.html"]
    assert "Källa ej bekräftad" in pages["indikatorer/unemployment_rate/index.html"]


# --- Well formed, whole, and nothing from elsewhere


def test_every_page_is_well_formed_with_one_h1_and_no_level_skipped(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        read = Read(text)
        assert read.faults == [], address
        assert len(read.ids) == len(set(read.ids)), address
        assert read.headings.count(1) == 1, address
        assert all(after - before <= 1 for before, after in zip(read.headings, read.headings[1:], strict=False)), (
            address
        )


def test_the_nu_validator_finds_no_fault_on_any_page(built: Path) -> None:
    jar = ROOT / "build" / "tools" / "package" / "build" / "dist" / "vnu.jar"
    if shutil.which("java") is None or not jar.exists():
        reason = "no Java or no Nu validator here; run: make validator"
        pytest.skip(reason)
    found = subprocess.run(
        ["java", "-jar", jar, "--errors-only", "--skip-non-html", built], capture_output=True, text=True, check=False
    )
    assert found.stderr == ""


def test_no_link_is_dead_and_none_loads_anything_from_elsewhere(built: Path, pages: dict[str, str]) -> None:
    ids = {address: set(Read(text).ids) for address, text in pages.items()}
    for address, text in pages.items():
        for link in Read(text).links:
            parts = urlsplit(link)
            assert not parts.scheme, f"{address}: {link}"
            assert not parts.netloc, f"{address}: {link}"
            target = (built / address).parent / unquote(parts.path) if parts.path else built / address
            assert target.resolve().is_file(), f"{address}: {link}"
            if parts.fragment:
                assert parts.fragment in ids[target.resolve().relative_to(built.resolve()).as_posix()], link


def test_every_page_is_reached_by_links_from_the_start(built: Path, pages: dict[str, str]) -> None:
    seen, wanted = set(), ["index.html"]
    while wanted:
        address = wanted.pop()
        if address in seen:
            continue
        seen.add(address)
        for link in Read(pages[address]).links:
            target = ((built / address).parent / unquote(urlsplit(link).path)).resolve()
            if target.suffix == ".html":
                wanted.append(target.relative_to(built.resolve()).as_posix())
    assert seen == set(pages)


def test_a_unit_stands_only_beside_a_number(pages: dict[str, str]) -> None:
    for text in pages.values():
        assert not re.search(r'<span class="figure"><span class="none">[^<]*</span></span> <span class="unit">', text)


def test_goals_of_one_wording_are_told_apart_and_none_stands_without_a_word(pages: dict[str, str]) -> None:
    table = re.search(r'<table class="heat">.*?</table>', pages["index.html"], re.DOTALL)
    assert table is not None
    names = re.findall(r'<th scope="row">(.*?)</th>', table[0], re.DOTALL)
    said = [re.sub(r"<[^>]*>", "", one) for one in names]
    assert len(said) == len(set(said)) > 0
    for row in re.findall(r"<tr>.*?</tr>", table[0], re.DOTALL)[1:]:
        assert re.sub(r'<span class="none">–</span>|<td[^>]*>|</td>|</tr>|<th.*</th>|<tr>|\s', "", row)


def test_every_page_has_a_strict_policy_and_its_language(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        assert "default-src 'none'" in text
        assert "unsafe" not in text
        assert f'<html lang="{"en" if address.startswith("en/") else "sv"}">' in text


# --- Women and men


def test_women_and_men_stand_in_every_table_and_no_one_is_a_part_of_the_other(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        assert "därav" not in text
        for table in Read(text).tables:
            assert SEXES.search(table), f"{address}: {table[:200]}"


def test_every_table_has_a_caption_and_its_headers_a_scope(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
            assert "<caption" in table, address
            assert "<th>" not in table, address
            for header in re.findall(r"<th\b[^>]*>", table):
                assert "scope=" in header, f"{address}: {header}"


# --- No figure typed by hand


def written(con: duckdb.DuckDBPyConnection, t: Language) -> set[str]:
    """Every number that the warehouse holds, as a reader may see it, and every number in a text of it."""
    found: set[str] = set()
    for schema in ("analysis", "indicators", "checks"):
        for (table,) in con.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall():
            for column, kind, *_ in con.execute(f"describe {schema}.{table}").fetchall():
                if kind in ("DOUBLE", "BIGINT", "INTEGER", "DECIMAL(38,0)", "HUGEINT"):
                    query = f"select distinct cast({column} as double) from {schema}.{table} where {column} is not null"
                    for (value,) in con.execute(query).fetchall():
                        if abs(value) < 1e15:
                            for decimals in (0, 1, 2, 3):
                                text = t.number(value, decimals, signed=True)
                                found |= {text, text.lstrip("+\N{MINUS SIGN}"), text.lstrip("+")}
    texts = [
        str(cell)
        for schema in ("reference", "provenance", "checks")
        for (table,) in con.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall()
        for row in con.execute(f"from {schema}.{table}").fetchall()
        for cell in row
        if isinstance(cell, str)
    ]
    catalogue = catalogues.read(con)
    texts += [item.source for item in catalogue.indicators] + [item.gap_source for item in catalogue.indicators]
    texts += [catalogue.run.finished_at, catalogue.run.day, catalogue.run.version]
    return found | {number for text in texts for number in NUMBER.findall(text)}


def typed(t: Language) -> set[str]:
    """The numbers that stand in our own words, which are no figures: ages, bands, laws."""
    texts = [t(text) for text in translations()] + list(translations())
    return {number for text in texts for number in NUMBER.findall(text)}


def counts_of(con: duckdb.DuckDBPyConnection) -> set[str]:
    """How many there are of what the pages count, each counted here from the warehouse by the words of the page."""
    counted = [
        # Indicators by what became of them, by theme, by goal; goals by strategy and by what they are followed by.
        "select count(*) from provenance.indicator_state group by state",
        "select count(*) from reference.indicator",
        "select count(*) from reference.indicator group by theme",
        "select count(*) from reference.indicator_goal group by goal_id",
        "select count(*) from reference.goal",
        "select count(distinct goal_id) from reference.goal join reference.indicator_goal using (goal_id)",
        # The judged, and their verdicts on women, men and the difference: of all, and of each goal.
        "select count(*) from judged",
        "select count(*) from toned where subject = turn group by tone",
        "select (select count(*) from judged) - count(*) from toned where subject = turn and tone <> 'open'",
        "select count(*) from toned join reference.indicator_goal using (indicator) group by goal_id, subject, tone",
        # Goals by how they are followed, in each strategy.
        *(
            f"select count(*) filter (where status = '{status}') from analysis.goal_status "
            "join reference.goal using (goal_id, strategy_id) group by strategy_id"
            for status in ("followed", "partly", "not")
        ),
        "select count(*) from reference.goal group by strategy_id",
        "select indicators from analysis.goal_status",
        # Checks, by what came out of them; tables; rows of the last release.
        "select count(*) from checks.result",
        "select count(*) from checks.result group by severity, success",
        "select count(*) from checks.result group by rule",
        "select count(*) from reference.source_table",
        "select count(*) from reference.source_table group by state",
        # What is late, and the challenges whose figures have changed.
        "select count(*) from analysis.follow_up where state = 'late'",
        "select count(distinct challenge) from analysis.challenge where changed",
    ]
    with_verdicts = """
        with judged as (
            select indicator, case measure when 'segregation' then 'total' else 'gap' end as turn
            from reference.indicator join provenance.indicator_state using (indicator)
            where polarity <> 'none' and state in ('published', 'held_back')
        ),
        toned as (
            select
                t.indicator, t.subject, j.turn,
                case
                    when verdict in ('forbattras', 'gapet_minskar', 'malet_natt', 'i_takt') then 'better'
                    when verdict in ('forsamras', 'gapet_okar', 'for_langsamt', 'at_fel_hall') then 'worse'
                    when verdict in ('ej_bedomd', 'okar', 'minskar') then 'open'
                    else 'same'
                end as tone
            from analysis.trend as t
            left join judged as j using (indicator)
            where region_code = (select home_region from provenance.run) and category = 'all'
        )
    """
    return {str(count) for query in counted for (count,) in con.execute(f"{with_verdicts} {query}").fetchall()}


PAGES_OF_FIGURES = re.compile(
    r"(en/)?((indikatorer|kommuner|teman|pendling|mal|malbilder|kvalitet|utmaningar|uppfoljning|underlag|"
    r"arsuppfoljning)/.*)?index\.html"
)


@pytest.mark.parametrize("code", ["sv", "en"])
def test_every_number_on_a_page_of_figures_is_in_the_warehouse(pages: dict[str, str], code: str) -> None:
    con = warehouses.small("demo")
    known = {lang: written(con, Language(lang)) for lang in ("sv", "en")}
    # A Swedish sentence stands on an English page with its Swedish numbers.
    allowed = known["sv"] | known[code] | typed(Language(code)) | typed(Language("sv"))  # type: ignore[arg-type]
    allowed |= counts_of(con)
    faults = []
    checked = 0
    for address, text in pages.items():
        if address.startswith("en/") != (code == "en") or not PAGES_OF_FIGURES.fullmatch(address):
            continue
        body = re.sub(r'<ul class="acts files".*?</ul>|<code>.*?</code>', "", main_of(text), flags=re.DOTALL)
        body = re.sub(r"(Axeln börjar på|The axis starts at) [^.<]+", "", body)  # a place on the scale, no figure
        read = Read(body)
        alt = [label for label in read.labels if "Tabell följer" in label or "table follows" in label]
        for number in NUMBER.findall(" ".join(read.text + alt)):
            bare = number.lstrip("+\N{MINUS SIGN}")
            if number not in allowed and bare not in allowed:
                faults.append(f"{address}: {number}")
            checked += 1
    assert faults == []
    assert checked > 200


def test_every_number_in_a_document_is_in_the_warehouse(built: Path) -> None:
    con = warehouses.small("demo")
    t = Language("sv")
    allowed = written(con, t) | typed(t) | counts_of(con)
    faults, checked = [], 0
    files = sorted(path for path in built.rglob("*") if path.suffix in (".pdf", ".docx"))
    for path in files:
        text = documents.text_of_pdf(path) if path.suffix == ".pdf" else documents.text_of_docx(path)
        for number in NUMBER.findall(re.sub(r"Axeln börjar på [^.]+", "", text)):
            if number not in allowed and number.lstrip("+\N{MINUS SIGN}") not in allowed:
                faults.append(f"{path.relative_to(built)}: {number}")
            checked += 1
    assert faults == []
    assert {path.suffix for path in files} == {".pdf", ".docx"}
    assert checked > 400


def test_every_number_of_the_calendar_is_in_the_warehouse(built: Path) -> None:
    con = warehouses.small("demo")
    known = written(con, Language("sv"))
    calendar = Calendar.from_ical((built / "uppfoljning.ics").read_bytes())
    told = con.execute("select uid, due, sequence from analysis.calendar order by uid").fetchall()
    events = sorted(calendar.walk("VEVENT"), key=lambda event: str(event["uid"]))
    assert [(str(one["uid"]), str(one["dtstart"].dt), one["sequence"]) for one in events] == told
    texts = [str(one.get(name, "")) for one in events for name in ("summary", "description")]
    assert [number for text in texts for number in NUMBER.findall(text) if number not in known] == []
    assert any(NUMBER.search(text) for text in texts)


def test_a_wrong_figure_would_be_noticed() -> None:
    known = written(warehouses.small("demo"), Language("sv"))
    assert "78,5" in known
    assert "−4,5" in known
    assert "78,7" not in known


def test_the_figures_of_a_table_are_those_of_their_row(pages: dict[str, str]) -> None:
    con = warehouses.small("demo")
    text = pages["indikatorer/employment_rate/index.html"]
    table = next(one for one in re.findall(r"<table.*?</table>", text, re.DOTALL) if "efter län" in one)
    rows = {
        cells[0]: cells[1:]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        if (
            cells := [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        )
    }
    for name, women, men, diff in con.execute("""
        select r.name, g.women, g.men, g.diff from analysis.gap as g join reference.region as r using (region_code)
        where g.indicator = 'employment_rate' and g.period = '2024' and g.category = 'all' and r.type != 'municipality'
    """).fetchall():
        assert rows[name][:3] == [
            wording.swedish(women, 1), wording.swedish(men, 1), wording.swedish(diff, 1, signed=True)
        ]  # fmt: skip


# --- What the headings say


def heading_of(text: str, level: int = 1) -> list[str]:
    return re.findall(rf"<h{level}\b[^>]*>(.*?)</h{level}>", main_of(text), re.DOTALL)


def test_an_indicator_page_is_headed_by_its_finding_and_keeps_its_title_beside(pages: dict[str, str]) -> None:
    text = pages["indikatorer/employment_rate/index.html"]
    assert heading_of(text)[0].endswith("4,5\u00a0procentenheter lägre för kvinnor än för män")
    assert "<title>Sysselsättningsgrad" in text
    assert re.search(r'class="eyebrow">[^/]*Sysselsättningsgrad', text)


def test_an_indicator_without_figures_at_home_is_headed_by_its_title_alone(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code = '19'")
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    (title,) = con.execute("select title from reference.indicator where indicator = 'employment_rate'").fetchall()[0]
    assert heading_of(page) == [title]


def test_what_only_the_kommuner_have_heads_the_page_of_an_indicator(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code = '19'")
    con.execute("""
        update indicators.observation set value = 60, numerator = 900, denominator = 1500, status = null, reason = null
        where indicator = 'employment_rate' and region_code = '1962' and sex = 'women' and category = 'all'
    """)
    warehouses.analyse(con)
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    (heading,) = heading_of(page)
    assert heading.startswith("Skillnaden mellan kvinnor och män är störst i Norberg (−")
    assert re.search(r'class="lead">Sysselsättningsgraden var 60,0\u00a0procent för kvinnor.* i Norberg 2024', page)
    assert "Kommunernas siffror visas." in page
    assert heading not in heading_of(page, 2)


def test_sections_are_headed_by_what_their_table_holds(pages: dict[str, str]) -> None:
    found = heading_of(pages["indikatorer/employment_rate/index.html"], 2)
    assert any(re.fullmatch(r"Skillnaden är −\d+,\d procentenheter i Västmanlands län och −\d+,\d i riket", one)
               for one in found)  # fmt: skip


def test_a_difference_in_current_prices_is_not_told_over_time(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("update reference.indicator set unit = 'sek_thousands' where indicator = 'employment_rate'")
    found = heading_of((site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8"), 2)
    assert any(re.fullmatch(r"Skillnaden är −\d+,\d tkr 2024", one) for one in found)


def test_a_kommun_page_is_headed_by_its_largest_relative_difference(pages: dict[str, str]) -> None:
    con = warehouses.small("demo")
    text = pages["kommuner/1980/index.html"]
    assert heading_of(text)[0].startswith("Västerås: ")
    first = re.search(r'id="langst".*?indikatorer/(\w+)/', text, re.DOTALL)
    widest = con.execute("""
        select indicator, max(abs(g.mgap)) from analysis.gap as g join reference.indicator using (indicator)
        join analysis.timeline as t using (indicator, period)
        where g.region_code = '1980' and g.category = 'all' and g.partner_code is null and polarity <> 'none'
            and measure = 'level' and t.region_type = 'municipality' and t.back = 0
        group by indicator order by 2 desc
    """).fetchall()
    assert first is not None
    assert first[1] == widest[0][0]


def test_a_percentage_of_too_few_persons_is_not_what_a_kommun_is_known_by(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("update indicators.observation set denominator = 10, numerator = value / 10 where region_code = '1980'")
    page = (site_of(con, tmp_path) / "kommuner/1980/index.html").read_text("utf-8")
    assert heading_of(page) == ["Kvinnor och män i Västerås"]


@pytest.mark.parametrize("least", ["1", "3"])
def test_a_goal_shows_its_parity_with_components_or_why_there_is_none(tmp_path: Path, least: str) -> None:
    con = warehouses.small()
    con.execute("update reference.goal set follow_up_kind = 'K'")
    con.execute("update reference.analysis_rule set value = ? where rule = 'least_components'", [least])
    site = site_of(con, tmp_path)
    goals = con.execute(
        "select goal_id, summary, drop_one_low from analysis.parity where region_code = '19'"
    ).fetchall()
    assert goals
    for goal, summary, low in goals:
        text = (site / f"mal/{goal}/index.html").read_text("utf-8")
        parts = con.execute(
            "select indicator, parity from analysis.parity_component where goal_id = ? and region_code = '19'", [goal]
        ).fetchall()
        table = next(one for one in re.findall(r"<table.*?</table>", text, re.DOTALL) if "Paritet mellan" in one)
        for indicator, parity in parts:
            assert f"indikatorer/{indicator}/" in table
            assert f"<td>{wording.swedish(parity, 2)}</td>" in table
        if summary is None:
            assert "Färre än tre indikatorer har värden." in text
        else:
            assert f"indikatorer är {wording.swedish(summary, 2)}." in text
            assert ("Utan en indikator i taget" in text) == (low is not None)


# --- The follow-up


def test_a_challenge_shows_women_and_men_then_and_now_and_what_has_changed(pages: dict[str, str]) -> None:
    text = pages["utmaningar/arbete/index.html"]
    table = next(one for one in re.findall(r"<table.*?</table>", text, re.DOTALL) if "Västmanlands län" in one)
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)[1:]]
    assert cells == [["77,9", "82,7", "−4,8"], ["78,5", "82,9", "−4,5"]]
    assert "Siffrorna har ändrats sedan texten skrevs." in text
    assert "reviderad för 2023: −4,8\u00a0→\u00a0−4,7" in text
    assert "mansdominerad\u00a0→\u00a0jämn könsfördelning" in text


def test_a_challenge_has_its_author_s_heading_and_whole_text(pages: dict[str, str]) -> None:
    text = pages["utmaningar/arbete/index.html"]
    assert "<h1>Fler i arbete</h1>" in text
    assert '<p class="lead">Fler kvinnor och män ska ha arbete.</p>' in text
    assert "Fler i arbete</a>" in pages["utmaningar/index.html"]


def test_the_plan_says_what_is_done_and_what_the_source_has_discontinued(tmp_path: Path) -> None:
    con = warehouses.small("demo")
    con.execute("insert into reference.source_word values ('TAB3200', 'discontinued', null, null, 'true')")
    site = site_of(con, tmp_path)
    for code, done, ended in (("", "Klart 2025-09-03.", "Nedlagd av källan."), ("en/", "Done 2025-09-03.", "")):
        page = (site / f"{code}uppfoljning/index.html").read_text("utf-8")
        assert done in page
        assert ended in page
    late = (site / "uppfoljning/index.html").read_text("utf-8").split('id="forsenat"')[1].split("</dl>")[0]
    assert "TAB3200" not in late
    assert "TAB3200" not in (site / "uppfoljning.ics").read_text("utf-8")


def test_a_challenge_is_reached_from_its_goal_and_its_target_image(pages: dict[str, str]) -> None:
    assert "utmaningar/arbete/" in pages["mal/rus-2030.sysselsatta/index.html"]
    assert "utmaningar/exempel/" in pages["malbilder/jrt.lanstransportplan-2018-2029/index.html"]
    assert "Exempel – ändra." in pages["utmaningar/exempel/index.html"]
    assert "Siffrorna har ändrats" not in pages["utmaningar/exempel/index.html"]


def test_what_is_late_stands_first_in_the_plan_the_longest_ago_before_the_rest(pages: dict[str, str]) -> None:
    text = pages["uppfoljning/index.html"]
    assert heading_of(text) == ["3 saker i planen är försenade"]
    assert heading_of(text, 2)[0] == "Det här skulle ha varit klart"
    first = text.split('id="forsenat"', 1)[1].split("</dl>", 1)[0]
    assert re.findall(r"Försenat sedan ([\d-]+)\.", first) == ["2026-01-15", "2026-01-20", "2026-01-31"]
    assert "Dag: ej fastställd. Tabell TAB708." in re.sub(r"\s+", " ", text)


def test_what_the_region_has_not_worded_says_so(pages: dict[str, str]) -> None:
    text = pages["uppfoljning/larande/index.html"]
    assert text.count("Ej fastställt – fylls i av regionen.") == 3
    assert "indikatorer/employment_rate/" in text


def test_the_day_on_which_a_page_is_built_decides_nothing(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("update provenance.run set started_at = timestamptz '2026-12-24 08:00:00+00'")
    page = (site_of(con, tmp_path) / "uppfoljning/index.html").read_text("utf-8")
    assert heading_of(page) == ["6 saker i planen är försenade"]
    assert "före 2026-12-24." in page


def test_a_plan_without_days_has_no_calendar_and_says_so(tmp_path: Path) -> None:
    con = warehouses.small()
    for table in ("activity", "audience_item"):
        con.execute(f"update reference.{table} set due = null")
    con.execute("update reference.source_table set expected = null")
    site = site_of(con, tmp_path)
    assert not (site / "uppfoljning.ics").exists()
    assert "ingen kalender" in (site / "uppfoljning/index.html").read_text("utf-8")


def test_a_site_without_any_follow_up_says_so(tmp_path: Path) -> None:
    con = warehouses.small()
    for table in ("challenge", "challenge_cite", "activity", "audience", "audience_item", "learning"):
        con.execute(f"delete from reference.{table}")
    site = site_of(con, tmp_path)
    assert heading_of((site / "utmaningar/index.html").read_text("utf-8")) == ["Inga utmaningar är inlagda"]
    assert "Inga lärandefrågor är inlagda." in (site / "uppfoljning/larande/index.html").read_text("utf-8")
    assert "Inga målgrupper är inlagda." in (site / "uppfoljning/kommunikation/index.html").read_text("utf-8")


def test_goals_of_two_editions_lead_to_each_other_and_an_ended_goal_keeps_its_figures(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("""
        insert into reference.strategy by name select 'ny' as strategy_id, 'Ny strategi' as title, 'strategi' as kind,
            'Prov' as role, 9 as sort, 'rus-2030' as succeeds
    """)
    con.execute("""
        insert into reference.goal (goal_id, strategy_id, kind, wording, established, sort)
        values ('ny.trygghet', 'ny', 'mal', 'Alla är trygga', true, 9)
    """)
    con.execute("""
        insert into reference.goal_link values
            ('rus-2030.trygghet', 'ny.trygghet', 'reworded', 'ny', 0), ('rus-2030.sysselsatta', null, 'ended', 'ny', 1),
            ('rus-2030.valmaende', null, 'ended', 'ny', 2)
    """)
    con.execute("insert into reference.indicator_goal values ('employment_rate', 'ny.trygghet')")
    site = site_of(con, tmp_path)
    old, new, ended = (
        (site / f"mal/{goal}/index.html").read_text("utf-8")
        for goal in ("rus-2030.trygghet", "ny.trygghet", "rus-2030.sysselsatta")
    )
    assert "Målet är omformulerat i Ny strategi:" in old
    assert "mal/ny.trygghet/" in old
    assert "Omformulerat från den tidigare utgåvan Västmanlands regionala utvecklingsstrategi 2030 (RUS 2030):" in new
    assert "mal/rus-2030.trygghet/" in new
    assert "Målet avslutas i Ny strategi. Sidan visar de senaste siffrorna." in ended
    without = (site / "mal/rus-2030.valmaende/index.html").read_text("utf-8")
    assert "Målet avslutas i Ny strategi.</p>" in without
    editions = [(site / f"mal/{one}/index.html").read_text("utf-8") for one in ("rus-2030", "ny")]
    assert 'Nyare utgåva: <a href="../../mal/ny/index.html">Ny strategi</a>' in editions[0]
    assert 'Tidigare utgåva: <a href="../../mal/rus-2030/index.html">' in editions[1]
    for page in (new, ended):
        assert "indikatorer/employment_rate/" in page
        assert "78,5" in page


def test_what_could_not_be_used_stands_on_the_page_with_its_file(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("insert into reference.follow_up_problem values ('challenges/fel.yml', 'text: has markup <b>', 0)")
    page = (site_of(con, tmp_path) / "utmaningar/index.html").read_text("utf-8")
    assert "<code>challenges/fel.yml</code>" in page
    assert '<span lang="en">text: has markup &lt;b&gt;</span>' in page


# --- Words


def test_english_pages_have_english_numbers_and_say_where_swedish_stands(pages: dict[str, str]) -> None:
    text = pages["en/indikatorer/employment_rate/index.html"]
    assert ">78.5" in text
    assert '<h1 class="finding">' in text
    goal = pages["en/mal/rus-2030.sysselsatta/index.html"]
    assert '<h1 lang="sv">Öka andelen sysselsatta</h1>' in goal
    assert "quoted in Swedish and not translated" in goal
    assert '<th scope="col">Women' in text


# --- Bad input


def hostile() -> Iterator[tuple[str, str]]:
    yield "script", "<script>alert(1)</script>"
    yield "quotes", "Andel \"kvinnor\" & 'män' <b>"
    yield "long", "Sysselsättningsgrad" * 30
    yield "right to left", "Andel \u202e\u200f kvinnor"
    yield "braces", "{{ 7 * 7 }} {place} {0}"


@pytest.mark.parametrize(("name", "label"), list(hostile()), ids=[name for name, _ in hostile()])
def test_a_hostile_label_is_shown_as_it_stands_and_does_nothing(tmp_path: Path, name: str, label: str) -> None:
    con = warehouses.small()
    con.execute("update reference.indicator set title = ? where indicator = 'employment_rate'", [label])
    con.execute("update reference.region set name = ? where region_code = '1984'", [label])
    con.execute("update reference.goal set wording = ? where goal_id = 'rus-2030.sysselsatta'", [label])
    con.execute("update reference.challenge set text = ?, author = ?", [label, label])
    con.execute("update reference.audience_item set what = ?, form = ?", [label, label])
    con.execute("update reference.learning set question = ?, effects = ?", [label, label])
    site = site_of(con, tmp_path)
    for path in (
        "indikatorer/employment_rate", "kommuner/1984", "mal/rus-2030.sysselsatta", "jamfor", "sok", "", "utmaningar",
        "utmaningar/arbete", "uppfoljning", "uppfoljning/larande", "uppfoljning/kommunikation",
    ):  # fmt: skip
        read = Read((site / path / "index.html").read_text(encoding="utf-8"))
        assert read.faults == []
        scripts = sum(tag == "script" for tag in read.tags) - read.tags.count("figure")
        assert scripts <= 4, path
    page = (site / "indikatorer" / "employment_rate" / "index.html").read_text(encoding="utf-8")
    assert label in "".join(Read(page).text)
    assert "<script>alert" not in "".join(path.read_text("utf-8") for path in site.rglob("*.html"))
    assert b"<script" not in (site / "assets" / "data" / "sok-sv.js").read_bytes()


def test_an_indicator_without_figures_for_the_home_region_says_so(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code = '19'")
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert "Uppgift saknas för Västmanlands län." in page
    assert "Uppsala län" in page


def test_figures_without_a_home_region_are_offered_as_files(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code = '19'")
    site = site_of(con, tmp_path)
    page = (site / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert page.count('<ul class="acts files"') == 1
    assert "../../data/tables/employment_rate.csv" in page


def test_an_indicator_without_fetched_figures_claims_nothing_of_them(pages: dict[str, str]) -> None:
    page = pages["indikatorer/unemployment_rate/index.html"]
    assert "Inga siffror är hämtade, så inget går att säga." in page
    for claim in ("Totalräknad", "Inga kända brott", "Värdet är publicerat som det är", "Hänvisa så här"):
        assert claim not in page


def test_a_share_of_women_stands_with_the_women_and_the_men_behind_it(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute(
        "update indicators.observation set value = 40, numerator = 31, denominator = 78 "
        "where indicator = 'women_share_regional_council' and sex = 'total'"
    )
    page = (site_of(con, tmp_path) / "indikatorer/women_share_regional_council/index.html").read_text("utf-8")
    assert re.search(r"<td>40,0</td>\s*<td>31</td>\s*<td>47</td>", page)


def test_a_note_of_the_source_that_cuts_no_series_is_not_called_a_break(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute(
        "update analysis.timeline set break_what = 'Ny metod', break_line = true, regime = 1 "
        "where indicator = 'employment_rate' and period = '2024'"
    )
    con.execute("update analysis.timeline set regime = 1 where indicator = 'employment_rate' and regime is not null")
    page = (publish(con, tmp_path).path / "site/indikatorer/employment_rate/index.html").read_text("utf-8")
    assert "anmärkning: Ny metod" in page
    assert "brott: Ny metod" not in page


def test_what_the_checks_found_is_listed_with_rule_subject_and_first_cell(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("""
        insert into checks.result
        values (
            'share_above_whole', 'warning', 'indicator', 'employment_rate', false, '2 celler', '0 celler', 'För stor'
        )
    """)
    con.execute(
        "insert into checks.failing_cell (rule, subject, region_code, period, sex) "
        "values ('share_above_whole', 'employment_rate', '1980', '2024', 'women')"
    )
    page = (site_of(con, tmp_path) / "kvalitet/index.html").read_text("utf-8")
    row = page.split("<code>share_above_whole</code>", 1)[1].split("</tr>", 1)[0]
    for part in ("För stor", "indikatorer/employment_rate/", "2 celler", "Västerås · 2024 · kvinnor"):
        assert part in row
    assert "--period …" not in page


def test_a_note_of_the_source_is_text_and_stands_once(tmp_path: Path) -> None:
    con = warehouses.small()
    for table in ("TAB3200", "TAB9999"):
        con.execute("insert into reference.source_note (table_id, note, mandatory) values (?, ?, true)",
                    [table, "Se [deklarationen](https://www.scb.se/AM0210)\r\n på webben."])  # fmt: skip
        con.execute("insert into reference.indicator_table values ('employment_rate', ?)", [table])
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert page.count("Se deklarationen (https://www.scb.se/AM0210) på webben.") == 1


def test_low_coverage_at_home_is_said_at_the_top(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("""
        insert into analysis.segregation by name
        select 'occupation_women_share' as indicator, '19' as region_code, '2024' as period, 82.5 as coverage,
               true as low_coverage
    """)
    page = (publish(con, tmp_path).path / "site/indikatorer/occupation_segregation_index/index.html").read_text("utf-8")
    assert "Täckningen är låg: 82,5 procent av kvinnor och män har känd grupp (2024)." in page


def test_what_only_riket_has_is_shown_for_riket(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code <> '00'")
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert "Uppgift finns bara för riket, inte för Västmanlands län." in page
    assert "Utvecklingen i riket" in page
    assert "--region 00" in page


def test_a_kommun_with_figures_by_group_alone_is_not_said_to_have_none(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute(
        "update indicators.observation set category = 'age:20-24' "
        "where indicator = 'employment_rate' and region_code = '1980' and category = 'all'"
    )
    page = (site_of(con, tmp_path) / "kommuner/1980/index.html").read_text("utf-8")
    assert "Uppdelad på grupper, ingen samlad siffra: se filerna på indikatorns sida." in page


def test_an_indicator_with_one_sex_only_shows_no_difference(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute(
        "update indicators.observation set value = null, status = '..' "
        "where indicator = 'employment_rate' and sex = 'men'"
    )
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert "Ingen period har uppgift om både kvinnor och män" in page
    assert ".. Uppgiften är för osäker eller skyddad." in page
    assert Read(page).faults == []


def test_an_indicator_that_is_wholly_suppressed_shows_the_symbol_and_its_meaning(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("update indicators.observation set value = null, status = '..' where indicator = 'employment_rate'")
    site = site_of(con, tmp_path)
    page = (site / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert ">..</span>" in page
    assert "för osäker eller skyddad" in page
    assert (site / "kommuner/1980/index.html").exists()


def test_an_indicator_with_one_period_says_that_no_development_can_be_shown(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and period != '2024'")
    page = (site_of(con, tmp_path) / "indikatorer/employment_rate/index.html").read_text("utf-8")
    assert "Bara en period finns" in page


def test_no_commuting_at_all_is_said(tmp_path: Path) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'commuting_relations'")
    page = (site_of(con, tmp_path) / "pendling/index.html").read_text("utf-8")
    assert "Pendlingen mellan kommuner saknas" in page
