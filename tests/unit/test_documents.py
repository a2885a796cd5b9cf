"""Briefs and yearly reports as readers meet them: one page, tagged, marked when made up, equal when made twice."""

import io
import re
from itertools import pairwise
from pathlib import Path

import docx
import duckdb
import orjson
import pypdf
import pytest
from docx.oxml.ns import qn

from reports.documents import typeset, word
from reports.documents.model import Document, Paragraph
from reports.release import publish, rebuild
from tests import documents, warehouses
from transforms.written import UNSHOWN

WATERMARK = "Syntetiska demodata – inte statistik"
YEARLY = "arsuppfoljning/rus-2030/arsuppfoljning"
BRIEF = "underlag/kommun/1980/underlag.pdf"


@pytest.fixture(scope="module")
def built(small_release: Path) -> Path:
    """The site of the small warehouse."""
    return small_release / "site"


@pytest.fixture(scope="module")
def pdfs(built: Path) -> list[Path]:
    return sorted(built.rglob("*.pdf"))


def page_of(file: Path) -> str:
    return (file.parent / "index.html").read_text("utf-8")


def size(page: pypdf.PageObject) -> tuple[int, int]:
    return round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)


# --- What is there


def test_every_kommun_and_audience_has_a_brief_and_every_strategy_with_goals_a_report(built: Path) -> None:
    con = warehouses.small("demo")
    kommuner = con.execute(
        "select region_code from reference.region where county_code = '19' and type = 'municipality'"
    )
    for (code,) in kommuner.fetchall():
        assert (built / f"underlag/kommun/{code}/underlag.pdf").is_file()
    for (slug,) in con.execute("select slug from reference.audience").fetchall():
        assert (built / f"underlag/{slug}/underlag.pdf").is_file()
    for (strategy,) in con.execute("select distinct strategy_id from reference.goal").fetchall():
        for ending in ("pdf", "docx"):
            assert (built / f"arsuppfoljning/{strategy}/arsuppfoljning.{ending}").is_file()
    assert (built / "underlag/index.html").is_file()


def test_a_brief_is_one_page_of_a4(pdfs: list[Path]) -> None:
    briefs = [path for path in pdfs if path.name == "underlag.pdf"]
    for path in briefs:
        pages = pypdf.PdfReader(path).pages
        assert len(pages) == 1, path
        assert size(pages[0]) == (210, 297)
    assert len(briefs) > 3


def test_the_text_of_a_brief_is_never_below_8_points(built: Path) -> None:
    sizes: set[float] = set()

    def read(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(cm[0] * tm[0]), 1))

    pypdf.PdfReader(built / BRIEF).pages[0].extract_text(visitor_text=read)
    assert min(sizes) >= 8


def test_a_brief_has_findings_a_picture_a_table_what_is_new_and_where_to_read_more(built: Path) -> None:
    page = page_of(built / BRIEF)
    findings = re.findall(r'<h3><a href="[^"]*indikatorer/', page)
    assert 0 < len(findings) <= 3
    assert page.count("<table") == 1
    assert "Nytt sedan förra körningen" in page
    assert "Läs mer på webbplatsen" in page
    assert 'href="../../../kommuner/1980/index.html"' in page


def test_a_report_says_how_each_goal_is_followed_and_why_not(built: Path) -> None:
    text = documents.text_of_docx(built / f"{YEARLY}.docx")
    goal = text.split("\nÖka tryggheten\n")[-1].split("\n")
    assert goal[:2] == ["Följs inte upp", "Ingen indikator pekar på målet ännu."]
    assert "Följs upp delvis\nNågon av indikatorerna saknar siffror." in text
    for part in ("Ändringar i data och definitioner", "Bilaga: källor och kvalitet", "Utmaningar"):
        assert part in text


def test_a_goal_has_as_many_indicators_on_every_page_and_those_without_figures_are_told(built: Path) -> None:
    lacking = "varav 1 som inte gick att bygga och 1 med obekräftad källa"
    row = page_of(built / f"{YEARLY}.pdf").split('id="status"')[1].split("/mal/rus-2030.sysselsatta/")[1]
    assert re.sub(r"<[^>]+>", "", row.split("</tr>")[0]).endswith(f"siffror.3 {lacking}")
    for page in ("mal", "mal/rus-2030"):
        goal = (built / page / "index.html").read_text("utf-8").split("/mal/rus-2030.sysselsatta/")[1]
        assert f"<dd>3 indikatorer, {lacking}</dd>" in goal
    english = (built / "en/mal/index.html").read_text("utf-8").split("/mal/rus-2030.sysselsatta/")[1]
    assert "<dd>3 indicators, of which 1 that could not be built and 1 with an unconfirmed source</dd>" in english


def test_goals_that_can_be_followed_are_counted_alike_on_every_page(tmp_path: Path, drawn_once: None) -> None:
    con = warehouses.small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code like '19%'")
    warehouses.analyse(con)
    release = publish(con, tmp_path).path
    ((followed, goals),) = con.execute("""
        select count(*) filter (where status <> 'not'), count(*)
        from analysis.goal_status join reference.goal using (goal_id)
    """).fetchall()
    for page in ("index.html", "site/index.html", "site/mal/index.html"):
        assert f">{followed} av {goals} mål går att följa" in (release / page).read_text("utf-8"), page


def test_a_report_shows_each_indicator_with_its_verdicts(built: Path) -> None:
    page = page_of(built / f"{YEARLY}.pdf")
    table = next(one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if "employment_rate" in one)
    assert re.findall(r'<th scope="col"[^>]*>([^ <]+)', table) == [
        "Indikator", "Kvinnor", "Män", "Skillnad", "Kvinnor", "Män", "Skillnad",
    ]  # fmt: skip
    row = table.split("indikatorer/employment_rate/")[1].split("</tr>")[0]
    assert [re.sub(r"<[^>]+>", "", one).split()[0] for one in re.findall(r"<td.*?</td>", row)[:3]] == [
        "78,5", "82,9", "−4,5",
    ]  # fmt: skip


def test_a_challenge_stands_in_its_authors_words_with_its_figures_then_and_now(built: Path) -> None:
    con = warehouses.small("demo")
    ((text, author, goal),) = con.execute(
        "select text, author, goal_id from reference.challenge order by sort limit 1"
    ).fetchall()
    page = page_of(built / f"arsuppfoljning/{goal.partition('.')[0]}/arsuppfoljning.pdf")
    assert text in page
    assert author in page
    assert "när texten skrevs och nu" in page


def test_the_year_is_the_last_whole_one_before_the_run_unless_it_is_set(
    built: Path, tmp_path: Path, drawn_once: None
) -> None:
    page = page_of(built / f"{YEARLY}.pdf")
    assert "<title>Årsuppföljning 2025: " in page
    assert "Lägesbild" in page.split('id="aktiviteter"')[1].split("<h2")[0]
    site = publish(warehouses.small(), tmp_path, year="2023").path / "site"
    page = page_of(site / f"{YEARLY}.pdf")
    assert "<title>Årsuppföljning 2023: " in page
    assert "Inga utvärderingar eller rapporter i planen har en dag under 2023." in page


def test_a_report_of_a_year_shows_no_later_figure_and_no_verdict_that_rests_on_one(
    built: Path, tmp_path: Path, drawn_once: None
) -> None:
    def rows(page: str) -> list[str]:
        table = next(one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if "employment_rate" in one)
        row = table.split("indikatorer/employment_rate/")[1].split("</tr>")[0]
        return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<td.*?</td>", row, re.DOTALL)]

    site = publish(warehouses.small(), tmp_path, year="2023").path / "site"
    now, then = (rows(page_of(one / f"{YEARLY}.pdf")) for one in (built, site))
    assert now[0] == "78,5"
    assert (then[0], then[3]) == ("78,0", "Ej bedömd Bedömningen gäller perioder efter 2023.")
    goal = page_of(site / f"{YEARLY}.pdf").split('id="rus-2030.sysselsatta"')[1].split("<h3 id")[0]
    assert "2024" not in goal


def test_an_activity_that_is_done_says_its_day(built: Path) -> None:
    section = page_of(built / f"{YEARLY}.pdf").split('id="aktiviteter"')[1].split("<h2")[0]
    row = next(one for one in re.findall(r"<tr>.*?</tr>", section, re.DOTALL) if "Lägesbild" in one)
    assert re.sub(r"<[^>]+>", " ", row).split() == [
        "Lägesbild", "Rapport", "2025-09-01", "klart", "2025-09-03", "ej", "fastställd"
    ]  # fmt: skip


def test_a_strategy_without_goals_says_that_it_has_no_report(built: Path) -> None:
    con = warehouses.small("demo")
    without = con.execute("""
        select strategy_id from reference.strategy where strategy_id not in (select strategy_id from reference.goal)
    """).fetchall()
    listed = (built / "underlag/index.html").read_text("utf-8").split("ingen årsuppföljning")[1]
    assert without
    for (strategy,) in without:
        assert f"mal/{strategy}/index.html" in listed
        page = (built / f"mal/{strategy}/index.html").read_text("utf-8")
        assert "Det finns ingen årsuppföljning, eftersom inga mål är inlagda" in page


def test_a_report_in_english_has_the_same_parts(built: Path) -> None:
    page = page_of(built / f"{YEARLY}.pdf")
    english = (built / "en" / YEARLY).parent / "index.html"
    text = english.read_text("utf-8")
    assert re.findall(r'<h[234] id="([^"]+)"', text) == re.findall(r'<h[234] id="([^"]+)"', page)
    assert "Activities in 2025" in text
    assert "Changes in data and definitions in 2025" in text


def two_measures(*own: str) -> duckdb.DuckDBPyConnection:
    """Two levels of a goal, of which the second is nearer to equal; `own` measure the goal itself."""
    con = warehouses.two_levels()
    con.execute("delete from reference.indicator_own_goal")
    con.execute("insert into reference.indicator_goal values ('unemployment_rate', 'rus-2030.sysselsatta')")
    for one in own:
        con.execute("insert into reference.indicator_own_goal values (?, 'rus-2030.sysselsatta')", [one])
    warehouses.analyse(con)
    return con


def test_what_measures_the_goal_itself_is_the_first_finding(tmp_path: Path, drawn_once: None) -> None:
    def first(con: duckdb.DuckDBPyConnection, name: str) -> str:
        page = page_of(publish(con, tmp_path / name).path / "site/underlag/naringsliv/underlag.pdf")
        return re.findall(r'<h3><a href="[^"]*indikatorer/([a-z_]+)/', page)[0]

    widest = first(two_measures(), "widest")
    other = ({"employment_rate", "unemployment_rate"} - {widest}).pop()
    assert first(two_measures(other), "own") == other


def test_a_finding_whose_verdict_is_another_says_so_and_why(tmp_path: Path, drawn_once: None) -> None:
    con = warehouses.small()

    def brief(name: str, verdict: str, text: str) -> str:
        con.execute(
            "update analysis.trend set verdict = ?, text = ?, reason = null, first_period = '2020', "
            "last_period = '2024' where subject = 'gap' and category = 'all'",
            [verdict, text],
        )
        return page_of(publish(con, tmp_path / name).path / "site/underlag/naringsliv/underlag.pdf")

    con.execute("update analysis.moved set code = 'gapet_minskar', closing = 1 where reason is null")
    told = "Bedömningen, som väger in alla perioder från 2020 till 2024, är en annan: försämras."
    assert told in brief("other", "forsamras", "Försämras")
    assert "är en annan" not in brief("same", "forbattras", "Förbättras")


# --- For those who listen


def test_every_pdf_is_tagged_in_swedish_with_its_headings_table_heads_and_text_alternatives(pdfs: list[Path]) -> None:
    for path in pdfs:
        reader = pypdf.PdfReader(path)
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"], path  # type: ignore[index]
        assert root["/Lang"] == "sv-SE"  # type: ignore[index]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
        assert reader.metadata is not None
        assert reader.metadata.title
        assert all(page["/Tabs"] == "/S" for page in reader.pages), path
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()  # type: ignore[index]
        found = list(documents.structure(reader).all())
        levels = [int(one.role[2:]) for one in found if re.fullmatch(r"/H\d", one.role)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for table in (one for one in found if one.role == "/Table"):
            heads = [one for one in table.all() if one.role == "/TH"]
            assert heads, path
            assert {one.scope for one in heads} == {"/Column"}
        labels = re.findall(r'<svg class="chart-wide" role="img" aria-label="([^"]+)"', page_of(path))
        assert [one.alt for one in found if one.role == "/Figure"] == labels


def test_a_docx_has_real_headings_table_heads_text_alternatives_and_its_language(built: Path) -> None:
    file = built / f"{YEARLY}.docx"
    made = docx.Document(io.BytesIO(file.read_bytes()))
    styles = [one.style.name for one in made.paragraphs]
    places = {one.get(qn("w:name")) for one in made.element.body.iter(qn("w:bookmarkStart"))}
    linked = [one.get(qn("w:anchor")) for one in made.element.body.iter(qn("w:hyperlink")) if one.get(qn("w:anchor"))]
    headings = [one.text for one in made.paragraphs if one.style.name in ("Heading 2", "Heading 3")]
    assert [one.text for one in made.paragraphs if one.style.name.startswith("toc ")] == headings
    assert len(set(linked)) == len(headings)
    assert set(linked) == places
    assert [one.get(qn("w:fldCharType")) for one in made.element.body.iter(qn("w:fldChar"))] == [
        "begin", "separate", "end",
    ]  # fmt: skip
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") > 3
    assert made.core_properties.language == "sv-SE"
    language = made.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    assert language.get(qn("w:val")) == "sv-SE"
    for table in made.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
    labels = re.findall(r'<svg class="chart-wide" role="img" aria-label="([^"]+)"', page_of(file))
    assert [one._inline.docPr.get("descr") for one in made.inline_shapes] == labels
    assert labels


def test_a_docx_has_places_to_write_between_its_parts_and_nothing_else_of_ours(built: Path) -> None:
    made = docx.Document(io.BytesIO((built / f"{YEARLY}.docx").read_bytes()))
    places = list(made.element.body.iter(qn("w:sdt")))
    assert len(places) > 3
    for place in places:
        assert place.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
        assert "".join(text.text or "" for text in place.iter(qn("w:t"))) == "Skriv här"
    assert "Skriv här" not in documents.text_of_pdf(built / f"{YEARLY}.pdf")


# --- Made up figures


def test_made_up_figures_are_marked_on_every_page_and_in_the_properties(built: Path, pdfs: list[Path]) -> None:
    for path in pdfs:
        reader = pypdf.PdfReader(path)
        assert reader.metadata is not None
        assert str(reader.metadata.title).startswith(WATERMARK)
        for page in reader.pages:
            assert page.extract_text().count(WATERMARK) >= 2
    for path in built.rglob("*.docx"):
        made = docx.Document(io.BytesIO(path.read_bytes()))
        assert made.core_properties.title.startswith(WATERMARK)
        for section in made.sections:
            assert section.header.paragraphs[0].text == section.footer.paragraphs[0].text == WATERMARK


def test_figures_of_the_source_carry_no_such_mark(tmp_path: Path, drawn_once: None) -> None:
    site = publish(warehouses.small(), tmp_path).path / "site"
    assert "Syntetiska" not in pypdf.PdfReader(site / BRIEF).pages[0].extract_text()
    assert "Syntetiska" not in documents.text_of_docx(site / f"{YEARLY}.docx")


# --- Links


def links_of(path: Path) -> set[str]:
    return {
        str(one.get_object()["/A"]["/URI"])
        for page in pypdf.PdfReader(path).pages
        for one in page.get("/Annots", [])
        if one.get_object()["/Subtype"] == "/Link"
    }


def test_a_document_links_to_the_site_where_its_address_is_known(built: Path, tmp_path: Path, drawn_once: None) -> None:
    address = "https://statistik.example.se/"
    site = publish(warehouses.small(), tmp_path, site_url=address).path / "site"
    found = links_of(site / BRIEF)
    assert f"{address}underlag/kommun/1980/" in found
    for link in found:
        file = site / link.removeprefix(address)
        assert (file / "index.html" if link.endswith("/") else file).is_file()
    assert links_of(built / BRIEF) == set()


# --- What is made anew


@pytest.fixture
def set_(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the PDF files that are made."""
    made: list[str] = []
    real = typeset.printed

    def printed(content: bytes) -> bytes:
        made.append(orjson.loads(content)["title"])
        return real(content)

    monkeypatch.setattr(typeset, "printed", printed)
    return made


def test_only_documents_whose_figures_changed_are_made_anew(tmp_path: Path, set_: list[str]) -> None:
    con = warehouses.small()
    publish(con, tmp_path)
    assert len(set_) > 5
    set_.clear()
    con.execute("update provenance.run set organisation = organisation, run_id = 'run-0001'")
    rebuild(con, tmp_path)
    assert set_ == []
    con.execute(
        "update indicators.observation set value = 79.4 "
        "where indicator = 'employment_rate' and region_code = '1980' and period = '2024' and sex = 'women'"
    )
    warehouses.analyse(con)
    rebuild(con, tmp_path)
    assert set_ == ["Kvinnor och män i Västerås"]


def test_another_run_of_equal_figures_makes_equal_documents(tmp_path: Path) -> None:
    one, two = (publish(warehouses.small(run_id=run), tmp_path / run).path / "site" for run in ("run-0001", "run-0002"))
    files = [path for path in one.rglob("*") if path.suffix in (".pdf", ".docx")]
    assert files
    for path in files:
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path


def test_cites_stand_apart_by_category_and_by_their_author_s_figure(
    built: Path, drawn_once: None, tmp_path: Path
) -> None:
    con = warehouses.small("demo")
    con.execute("delete from reference.challenge_cite")
    con.execute("""
        insert into reference.challenge_cite values
        ('arbete', 0, 'employment_rate', '19', '2023', 'all', 'women', 'value', 12.3, null, null),
        ('arbete', 1, 'employment_rate', '19', '2023', 'all', 'women', 'value', 45.6, null, null),
        ('arbete', 2, 'employment_rate', '19', '2023', 'all', 'men', 'value', null, null, null)
    """)
    warehouses.analyse(con)
    page = page_of(publish(con, tmp_path).path / "site" / f"{YEARLY}.pdf")
    table = next(one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if "12,3" in one)
    rows = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]]
    assert len(rows) == 6
    assert ["reviderad" in row for row in rows] == [False, True, False, True, False, False]
    assert rows[0].split()[-3:] == ["–", "–", "–"]  # men, the difference and what has changed


def test_a_report_counts_the_goals_whose_words_are_not_established(built: Path) -> None:
    assert "Mål i strategin: 20. 4 delmål saknar belagd lydelse." in documents.text_of_docx(built / f"{YEARLY}.docx")


# --- Bad input


@pytest.mark.parametrize(
    "label",
    [
        "Sysselsättningsgrad" * 30,
        '#panic("x") $x$ *fet* _kursiv_ `kod` @hej <etikett> \\ // slut',
        "<w:p>Andel</w:p> \"kvinnor\" & 'män'",
        "Andel \u202e\u200f kvinnor",
    ],
    ids=["long", "typst", "markup", "right to left"],
)
def test_a_hostile_label_is_text_and_a_brief_stays_one_page(tmp_path: Path, label: str, drawn_once: None) -> None:
    con = warehouses.small()
    con.execute("update reference.indicator set title = ? where indicator = 'employment_rate'", [label])
    con.execute("update reference.region set name = ? where region_code = '1980'", [label])
    con.execute("update reference.goal set wording = ? where goal_id = 'rus-2030.sysselsatta'", [label])
    con.execute("update reference.audience set name = ?", [label])
    warehouses.analyse(con)
    site = publish(con, tmp_path).path / "site"
    for path in site.rglob("underlag.pdf"):
        assert len(pypdf.PdfReader(path).pages) == 1
    assert label in documents.text_of_docx(site / f"{YEARLY}.docx")


@pytest.mark.parametrize("sign", ["\N{PARTY POPPER}", "\N{ARABIC LETTER ALEF}", "\x08", "\ufffe"])
def test_a_character_that_the_font_lacks_stops_no_document(sign: str) -> None:
    words = Paragraph(f"Före {sign} efter")
    made = Document("brief", "Underlag", f"Prov {sign}", "Prov", (words,), "underlag", watermark=None, address=None)
    assert "efter" in pypdf.PdfReader(io.BytesIO(typeset.printed(typeset.told(made, {})))).pages[0].extract_text()
    assert "efter" in "\n".join(one.text for one in docx.Document(io.BytesIO(word.docx(made, {}))).paragraphs)


def test_every_character_that_is_let_in_can_be_set() -> None:
    letters = "".join(sign for code in range(0x20, 0xFFFF) if not UNSHOWN.match(sign := chr(code)) and sign.strip())
    made = Document("yearly", "U", "P", "O", (Paragraph(" ".join(letters)),), "u", watermark=None, address=None)
    text = pypdf.PdfReader(io.BytesIO(typeset.printed(typeset.told(made, {})))).pages[0].extract_text()
    assert "?" not in text.replace("?", "", 1)


def test_an_id_and_a_day_are_copied_with_true_hyphens_after_divided_words() -> None:
    long = "Sysselsättningsgrad för förvärvsarbetande jämställdhetsstrateger " * 5
    words = Paragraph(f"{long} rv-2026-1 2026-11-26"), Paragraph(f"{long} rv-2026-2 2026-11-27", role="status")
    made = Document("yearly", "Rapport", "Prov", "Prov", words, "rapport", watermark=None, address=None)
    text = pypdf.PdfReader(io.BytesIO(typeset.printed(typeset.told(made, {})))).pages[0].extract_text()
    assert "-\n" in text
    assert "\u00ad" not in text
    assert {"rv-2026-1", "2026-11-26", "rv-2026-2", "2026-11-27"} <= set(text.split())


def test_that_nothing_earlier_is_kept_is_said(built: Path) -> None:
    text = documents.text_of_docx(built / f"{YEARLY}.docx")
    assert "Inget är sparat från före den här körningen" in text
    assert "Inga nya perioder" not in text
    assert "är oförändrade" not in text
    assert "Det här är den första körningen" in page_of(built / BRIEF)


def after_a_year() -> duckdb.DuckDBPyConnection:
    """The small warehouse after a year with another figure of women's employment, a new period, other definitions."""
    con = warehouses.small()
    con.execute("""
        insert into previous.vintage
        select '20241201T080000000Z', indicator, region_code, partner_code, period, sex, category, series,
            if(value = 78 and sex = 'women', 77.5, value), status, reason, is_preliminary
        from indicators.observation
        where period < '2024' and region_code = '19' and partner_code is null
        union all
        select '20250601T080000000Z', indicator, region_code, partner_code, period, sex, category, series, value,
            status, reason, is_preliminary
        from indicators.observation
        where region_code = '19' and partner_code is null and (period = '2024' or value = 78 and sex = 'women')
    """)
    con.execute("""
        insert into previous.definition values
        ('20250101T080000000Z', 'indicator', 'employment_rate', 'unit', null, 'index'),
        ('20250101T080000000Z', 'table', 'TAB3200', 'discontinued', null, 'false'),
        ('20250601T080000000Z', 'indicator', 'employment_rate', 'unit', null, 'percent'),
        ('20250601T080000000Z', 'table', 'TAB3200', 'discontinued', null, 'true'),
        ('20260101T080000000Z', 'table', 'TAB3200', 'note', 'abc', 'Efter året')
    """)
    warehouses.analyse(con)
    return con


def test_what_the_year_changed_is_told_with_what_it_is_compared_with(tmp_path: Path, drawn_once: None) -> None:
    text = documents.text_of_docx(publish(after_a_year(), tmp_path).path / f"site/{YEARLY}.docx")
    figures, definitions = (
        text.split(f"\n{head}\n")[-1] for head in ("Nya perioder och ändrade siffror", "Ändrade definitioner")
    )
    assert figures.startswith("Läget 2025-12-31 jämfört med läget 2024-12-31.")
    assert "Sysselsättningsgrad\n2023\n2024\n" in figures
    assert "Sysselsättningsgrad\n1\n2023\n+0,5\nprocent\n" in figures
    assert definitions.startswith(
        "Inget är sparat från före 2025. Det äldsta är från 2025-01-01. Läget 2025-12-31 är jämfört med det."
    )
    assert "Sysselsättningsgrad\nenhet\nindex (0–100)\nprocent\n" in definitions
    assert "TAB3200\nnedlagd\nnej\nja\n" in definitions
    assert "Efter året" not in definitions


def test_only_breaks_in_what_the_indicator_uses_are_told_among_the_breaks(tmp_path: Path, drawn_once: None) -> None:
    con = warehouses.small()
    con.execute("insert into reference.indicator_measure values ('employment_rate', 'employed')")
    for at, parts in enumerate((["employed"], ["entrepreneurs"], [])):
        con.execute(
            "insert into reference.source_break values ('TAB3200', ?, '2024', ?, false, ?)",
            [f"P{at}", f"Prov {at}", parts],
        )
    warehouses.analyse(con)
    site = publish(con, tmp_path).path / "site"
    part = page_of(site / f"{YEARLY}.pdf").split('id="brott"')[1].split("<h2")[0]
    newest = re.findall(r"<tr>.*?</tr>", part, re.DOTALL)[-1]
    assert re.sub(r"<[^>]+>", " ", newest).split() == ["Sysselsättningsgrad", "2024", "brott:", "Prov", "0"]
    assert part.count("Prov ") == 1
    assert "Prov 1" in (site / "indikatorer/employment_rate/index.html").read_text("utf-8")
