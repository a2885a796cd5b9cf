"""The pictures in a real browser: still without scripts, alive under a policy that forbids evaluating code."""

import shutil
from dataclasses import replace
from html import escape
from importlib.resources import files
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from reports import charts
from reports.charts import Chart, Flow, Measure, Place, Point
from reports.release import publish
from tests import warehouses

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'"
WORK = Measure("Sysselsättningsgrad 20–64 år", "percent", 1, "Källa: SCB", "Egen beräkning")


def made() -> list[Chart]:
    points = [
        Point(region, str(2014 + at), sex, 70.0 + at / 2 + 5 * (sex == "men"))
        for region in ("Ö", "Riket", "Å", "Ä")
        for sex in ("women", "men")
        for at in range(11)
    ]
    kommuner = [Place(code, f"K{code}", "municipality", 70.0, 75.0, -5.0 + at) for at, code in
                enumerate(("1904", "1960", "1980", "1984"))]  # fmt: skip
    return [
        charts.over_time(WORK, points[:22]),
        charts.over_time(WORK, points),
        charts.gap_over_time(WORK, [Point("Ö", str(2014 + at), "gap", -5.0 + at) for at in range(11)]),
        charts.compare_regions(WORK, kommuner, own="1980", period="2024"),
        charts.kommun_map(WORK, kommuner, period="2024"),
        charts.flows(WORK, [Flow("Köping", "Västerås", 12.0, 20.0)], period="2024"),
        charts.two_measures(
            (WORK, WORK),
            [(one, replace(one, women=(one.women or 0) + at)) for at, one in enumerate(kommuner)],
            own="1980",
            periods=("2024", "2023"),
        ),
    ]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "vega.js").write_text(charts.bundle(), encoding="utf-8")
    (folder / "charts.js").write_bytes((files("reports") / "assets" / "charts.js").read_bytes())
    (folder / "site.css").write_text(
        ":root{--women:#EADCFA} .chart-narrow{display:none} @media(max-width:45em)"
        "{.chart-narrow{display:block}.chart-wide{display:none}} svg{max-width:100%}",
        encoding="utf-8",
    )
    figures = "".join(
        f'<figure class="chart" data-bundle="vega.js"><div class="chart-picture">{chart.svg}{chart.narrow}</div>'
        f'<script type="application/json" class="chart-spec">{chart.picture().spec}</script>'
        '<details class="chart-table"><summary>Tabell</summary><table><tr><td>1</td></tr></table></details></figure>'
        for chart in made()
    )
    path = folder / "sida.html"
    path.write_text(
        f'<!doctype html><html lang="sv"><meta charset="utf-8"><title>Diagram</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}"><link rel="stylesheet" href="site.css">'
        f'<body>{figures}<script src="charts.js"></script></body></html>',
        encoding="utf-8",
    )
    return path


def opened(browser: Browser, file: Path, width: int = 1000, scripts: bool = True) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    return page, said


@pytest.mark.parametrize("width", [1000, 360])
def test_pictures_are_there_without_scripts(browser: Browser, page_file: Path, width: int) -> None:
    page, said = opened(browser, page_file, width, scripts=False)
    name = "wide" if width > 720 else "narrow"
    assert page.locator(f".chart-{name}:visible").count() == len(made())
    assert page.locator("figure svg:visible").count() == len(made())
    assert page.locator("button").count() == 0
    assert said == []
    page.close()


def test_every_kind_comes_alive_from_disk_under_the_policy(browser: Browser, page_file: Path) -> None:
    page, said = opened(browser, page_file)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    buttons = page.get_by_role("button", name="Utforska diagrammet")
    for figure in range(len(made())):
        page.locator("figure").nth(figure).get_by_role("button", name="Utforska diagrammet").click()
    page.locator(".chart-live svg").nth(len(made()) - 1).wait_for(timeout=20_000)
    assert page.locator(".chart-live svg").count() == len(made())
    assert buttons.count() == 0
    assert said == []
    assert [Path(request).name for request in requests] == ["vega.js"]
    first = page.locator("figure").nth(0)
    assert first.locator(".chart-live").get_attribute("aria-label") == made()[0].alt
    # The live picture takes the colours of the page.
    assert first.locator('.chart-live path[stroke="#EADCFA"]').count() > 0
    first.locator('.chart-live path[stroke="#C77700"][fill="#C77700"]').nth(3).hover(force=True)
    assert first.get_by_role("status").inner_text() == "Män 2017: 76,5"
    first.get_by_role("button", name="Visa stillbilden").click()
    assert first.locator(".chart-live").count() == 0
    assert first.locator(".chart-wide").is_visible()
    page.close()


def test_the_table_takes_the_place_of_the_picture_by_keyboard(browser: Browser, page_file: Path) -> None:
    page, _ = opened(browser, page_file, 360)
    first = page.locator("figure").nth(0)
    # Where there is little room the still picture stays: it is made for it.
    assert first.get_by_role("button").all_inner_texts() == ["Visa som tabell"]
    button = first.get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    assert first.locator("table").is_visible()
    assert first.locator(".chart-narrow").is_hidden()
    assert first.get_by_role("button").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Enter")
    assert first.locator("table").is_hidden()
    assert first.locator(".chart-narrow").is_visible()
    page.close()


def test_a_bundle_that_is_not_there_leaves_picture_and_words(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    for file in page_file.parent.iterdir():
        if file.name != "vega.js":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    page, _ = opened(browser, tmp_path / page_file.name)
    first = page.locator("figure").nth(0)
    first.get_by_role("button", name="Utforska diagrammet").click()
    first.get_by_text("gick inte att visa").wait_for()
    assert first.locator(".chart-wide").is_visible()
    page.close()


# --- The free choice of two indicators


@pytest.fixture(scope="module")
def compare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that compares two indicators."""
    return publish(warehouses.two_levels(), tmp_path_factory.mktemp("build")).path / "site" / "jamfor" / "index.html"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_free_choice_draws_table_and_pictures_and_says_so(browser: Browser, compare: Path, width: int) -> None:
    page, said = opened(browser, compare, width)
    live = page.locator("#svar .chart-live")
    live.locator("svg").wait_for()
    # Women beside men, on a telephone above them, on the same scales.
    assert live.locator("svg .mark-symbol.role-mark").count() == 2
    heads = [live.get_by_text(sex, exact=True).bounding_box() for sex in ("Kvinnor", "Män")]
    assert heads[0] is not None
    assert heads[1] is not None
    assert (heads[0]["x"] < heads[1]["x"]) if width > 720 else (heads[0]["y"] < heads[1]["y"])
    assert live.get_attribute("aria-label") == (
        "Två spridningsdiagram, kvinnor och män: Sysselsättningsgrad mot Arbetslöshet. Tabell följer."
    )
    assert page.locator("#svar tbody tr").first.inner_text().split("\t") == [
        "Västmanlands län", "78,5", "82,9", "21,5", "17,1",
    ]  # fmt: skip
    assert page.locator("#besked").inner_text() == ""
    page.get_by_label("Första indikatorn").select_option(label="Arbetslöshet")
    assert page.locator("#besked").inner_text() == "Nu visas Arbetslöshet och Arbetslöshet för kvinnor och män."
    assert page.locator("#besked").get_attribute("role") == "status"
    page.locator("#svar .chart-live[role=img] svg").wait_for()
    assert page.locator("#svar .chart-live").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()


def test_a_free_choice_in_english_has_english_numbers(browser: Browser, compare: Path) -> None:
    page, said = opened(browser, compare.parents[1] / "en" / "jamfor" / "index.html")
    assert "78.5" in page.locator("#svar tbody tr").first.inner_text()
    page.locator("#svar .chart-live[role=img] svg").wait_for()
    assert page.locator("#svar .chart-live").get_by_text("Women", exact=True).count() == 1
    assert said == []
    page.close()


def test_prepared_pairs_are_there_without_scripts_and_the_free_choice_is_not(browser: Browser, compare: Path) -> None:
    page, _ = opened(browser, compare, scripts=False)
    assert page.locator("figure svg:visible").count() == 1
    assert page.locator("table:visible").count() == 1
    assert not page.locator("#fritt").is_visible()
    page.get_by_text("Visa andra län i tabell").last.click()
    assert page.get_by_role("rowheader", name="Uppsala län").is_visible()
    page.close()


def test_a_free_choice_without_the_bundle_keeps_its_table(browser: Browser, compare: Path, tmp_path: Path) -> None:
    shutil.copytree(compare.parents[1], tmp_path / "site")
    (tmp_path / "site" / "assets" / "vega.js").unlink()
    page, _ = opened(browser, tmp_path / "site" / "jamfor" / "index.html")
    page.get_by_text("Diagrammet gick inte att rita. Tabellen har allt.").wait_for()
    assert page.locator("#svar table").first.is_visible()
    page.close()
