"""The web report in a real browser: from disk and from a server, with and without scripts, wide and narrow.

Screenshots of every page type are left in `build/screenshots`, for a person to look at.
"""

import functools
import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
WATERMARK = "Syntetiska demodata – inte statistik"
TYPES = {
    "start": "", "mal": "mal/", "strategi": "mal/rus-2030/", "delmal": "mal/rus-2030.sysselsatta/",
    "omrade": "mal/rus-2030.valmaende/", "malbilder": "malbilder/",
    "malbild": "malbilder/jrt.lanstransportplan-2018-2029/", "teman": "teman/", "tema": "teman/arbete/",
    "indikatorer": "indikatorer/", "indikator": "indikatorer/employment_rate/",
    "index": "indikatorer/occupation_segregation_index/", "andel": "indikatorer/women_share_regional_council/",
    "utan": "indikatorer/transition_rate/", "kommuner": "kommuner/", "kommun": "kommuner/1980/",
    "pendling": "pendling/", "jamfor": "jamfor/", "kvalitet": "kvalitet/", "om": "om/", "metod": "om/metod/",
    "ordlista": "om/ordlista/", "tillganglighet": "om/tillganglighet/", "data": "om/data/",
    "andringar": "om/andringar/", "sok": "sok/", "dokument": "underlag/",
    "underlag": "underlag/kommun/1980/", "arsuppfoljning": "arsuppfoljning/rus-2030/",
    "engelska": "en/indikatorer/employment_rate/",
    "utmaningar": "utmaningar/", "utmaning": "utmaningar/arbete/", "uppfoljning": "uppfoljning/",
    "larande": "uppfoljning/larande/", "kommunikation": "uppfoljning/kommunikation/",
    "challenge": "en/utmaningar/arbete/", "kontroll": "kvalitet/kontroller/additivity/",
    "kalla": "kvalitet/tabeller/TAB3200/", "tackning": "kvalitet/tackning/",
    "tackning-indikator": "kvalitet/tackning/employment_rate/", "quality": "en/kvalitet/",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(small_release: Path) -> Path:
    return small_release / "site"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of the site on a web server of this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def opened(
    browser: Browser, site: Path, path: str, width: int = 1280, theme: str = "light", scripts: bool = True
) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=scripts)
    page.goto((site / path / "index.html").as_uri())
    return page


@pytest.mark.parametrize(("name", "path"), TYPES.items(), ids=list(TYPES))
def test_no_accessibility_fault_and_nothing_sideways_on_any_page_type(
    browser: Browser, site: Path, name: str, path: str
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width, theme in ((1280, "light"), (360, "dark"), (320, "light")):
        page = opened(browser, site, path, width, theme)
        if width > 320:
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{theme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width > 320:
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        page.close()


@pytest.mark.parametrize("path", ["", "indikatorer/employment_rate/", "jamfor/", "sok/"])
@pytest.mark.parametrize("way", ["disk", "server"])
def test_nothing_is_asked_of_other_places_and_nothing_breaks_the_policy(
    browser: Browser, site: Path, served: str, path: str, way: str
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    base = site.as_uri() + "/" if way == "disk" else served
    page.goto(f"{base}{path}index.html")
    page.wait_for_load_state("networkidle")
    assert len(asked) > 1
    assert [url for url in asked if not url.startswith(base)] == []
    assert faults == []
    page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_everything_is_read_without_scripts(browser: Browser, site: Path, width: int) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/", width, scripts=False)
    box = page.get_by_text(WATERMARK).first.bounding_box()
    assert box is not None
    assert box["y"] < 60
    assert page.get_by_role("cell", name="78,5").first.is_visible()
    assert page.locator("figure svg:visible").count() > 0
    assert page.locator("table").count() >= 3
    page.goto((site / "sok" / "index.html").as_uri())
    assert page.get_by_role("link", name="Sysselsättningsgrad").first.is_visible()
    page.goto((site / "jamfor" / "index.html").as_uri())
    assert not page.locator("#fritt").is_visible()
    page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_one_rendering_of_each_picture_is_shown_with_one_text_alternative(
    browser: Browser, site: Path, width: int
) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/", width)
    for figure in page.locator("figure").all():
        assert figure.locator("svg:visible").count() == 1
        assert figure.get_by_role("img").count() == 1
    page.close()


@pytest.mark.parametrize("way", ["disk", "server"])
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("sysselsättning", "Sysselsättningsgrad"),
        ("sysselsatta", "Öka andelen sysselsatta"),
        ("jobb", "Sysselsättningsgrad"),
        ("arbetslösa", "Arbetslöshet"),
        ("Västerås", "Västerås"),
        ("pendlare", "Pendling"),
        ("employment", "Sysselsättningsgrad"),
        ("kvinnor som är sysselsatta", "Sysselsättningsgrad"),
        ("sysselsätningsgrad", "Sysselsättningsgrad"),
    ],
)
def test_search_finds_inflections_and_synonyms_from_disk_and_server(
    browser: Browser, site: Path, served: str, way: str, question: str, answer: str
) -> None:
    page = browser.new_page()
    page.goto((site.as_uri() + "/" if way == "disk" else served) + "sok/index.html")
    page.get_by_role("searchbox").fill(question)
    assert page.locator("#traffar").get_by_text(answer).count() > 0
    link = page.locator("#traffar a").first
    link.click()
    assert page.locator("h1").count() == 1
    assert page.title()
    page.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("jobb", "Arbete"), ("arbete", "Arbete"), ("Västerås", "Västerås"), ("pendla", "Pendling"),
        ("tågpendling", "Pendling"), ("kvinnors sysselsättningsgrad", "Sysselsättningsgrad"), ("delmål", "Mål"),
    ],
)  # fmt: skip
def test_what_a_person_expects_stands_first(browser: Browser, site: Path, question: str, first: str) -> None:
    page = opened(browser, site, "sok/")
    page.get_by_role("searchbox").fill(question)
    assert page.locator("#traffar a").first.inner_text() == first
    page.close()


def test_search_in_english_needs_no_swedish_letters_and_says_when_it_guesses(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "en" / "sok" / "index.html").as_uri())
    for question, answer, guessed in (("Vasteras", "Västerås", False), ("employmnt", "Employment rate", True)):
        page.get_by_role("searchbox").fill(question)
        assert page.locator("#traffar").get_by_text(answer).count() > 0
        assert ("What is nearest" in page.locator("#antal").inner_text()) is guessed
    page.get_by_role("searchbox").fill("xyzzyq")
    assert page.locator("#traffar a").count() == 0
    page.close()


def test_a_table_in_blocks_on_a_phone_is_still_a_table_to_those_who_listen(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "indikatorer/", 360)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Sysselsättningsgrad"))
    assert [text.split()[0] for text in row.get_by_role("cell").all_inner_texts()[:3]] == ["78,5", "82,9", "−4,5"]
    page.close()


def test_the_picture_is_explored_when_asked_for(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/")
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.get_by_role("button", name="Utforska diagrammet").first.click()
    page.locator(".chart-live svg").first.wait_for()
    assert faults == []
    page.close()


def test_a_search_without_answer_says_so_aloud(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "sok/")
    page.get_by_role("searchbox").fill("xyzzy")
    assert page.get_by_role("status").inner_text() == "Inget hittades. Pröva ett annat ord."
    page.close()


def test_the_language_switch_leads_to_the_same_page_and_back(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/")
    page.get_by_role("link", name="In English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "en/indikatorer/employment_rate/" in page.url
    assert page.get_by_role("heading", name="How certain the figures are").count() == 1
    page.get_by_role("link", name="På svenska").click()
    assert page.evaluate("document.documentElement.lang") == "sv"
    page.close()


def test_two_indicators_can_be_chosen_freely(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "jamfor/")
    if page.evaluate("window.jamstatCompare.indicators.length") < 2:
        assert not page.locator("#fritt").is_visible()
    else:
        page.get_by_label("Andra indikatorn").select_option(index=1)
        assert page.locator("#svar table").count() == 1
    page.close()


def test_files_are_downloaded(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("indicator,region_code,region,")
    page.close()


def test_the_keyboard_starts_with_the_way_past_the_menu_and_sees_every_stop(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    for _ in range(30):
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Tab")
    page.close()


def test_the_menu_of_a_phone_opens_without_scripts(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "", 360, scripts=False)
    assert not page.get_by_role("link", name="Kommuner", exact=True).first.is_visible()
    page.get_by_text("Meny", exact=True).click()
    page.locator(".menu").get_by_role("link", name="Kommuner", exact=True).click()
    assert page.url.endswith("kommuner/index.html")
    page.close()


def test_a_printed_page_is_light_and_keeps_its_warning_and_pictures(browser: Browser, site: Path) -> None:
    page = opened(browser, site, "indikatorer/employment_rate/", theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.get_by_text(WATERMARK).first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("figure svg:visible").count() > 0
    assert not page.locator(".nav").is_visible()
    assert len(page.pdf()) > 10_000
    page.close()


def test_an_indicator_page_is_light(site: Path) -> None:
    assert max(path.stat().st_size for path in site.glob("indikatorer/*/index.html")) < 250_000


@pytest.mark.parametrize("path", ["underlag/kommun/1980/", "underlag/naringsliv/", "en/underlag/kommun/1980/"])
def test_a_brief_prints_on_one_sheet_with_nothing_smaller_than_8_points(
    browser: Browser, site: Path, path: str
) -> None:
    page = opened(browser, site, path)
    (sheet,) = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    sizes: set[float] = set()

    def read(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(cm[0] * tm[0]), 1))

    text = sheet.extract_text(visitor_text=read)
    assert (round(sheet.mediabox.width / 72 * 25.4), round(sheet.mediabox.height / 72 * 25.4)) == (210, 297)
    assert min(sizes) >= 8
    assert ("The statistics show what" if path.startswith("en") else "Statistiken visar hur") in text
    assert "Tillgänglighetsredogörelse" not in text
