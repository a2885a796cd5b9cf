"""The index page in a real browser: wide and narrow, light and dark, with and without scripts.

Screenshots are left in the folder that `JAMSTAT_SCREENSHOTS` names, for a person to look at.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
WATERMARK = "Syntetiska demodata – inte statistik"
WIDTHS = [1280, 360, 320]
THEMES = ["light", "dark"]


@pytest.fixture(scope="module")
def release(small_release: Path) -> Path:
    """A published demo release: the most that a page has to show."""
    return small_release


def opened(browser: Browser, release: Path, width: int, theme: str = "light", scripts: bool = True) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=scripts)
    page.goto((release / "index.html").as_uri())
    return page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_accessibility_fault_and_nothing_sideways(browser: Browser, release: Path, width: int, theme: str) -> None:
    page = opened(browser, release, width, theme)
    if folder := os.environ.get("JAMSTAT_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"index-{width}-{theme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()


def test_the_page_asks_nothing_of_other_places(browser: Browser, release: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((release / "index.html").as_uri())
    page.wait_for_load_state("networkidle")
    assert asked
    assert {url for url in asked if not url.startswith(release.as_uri())} == set()
    assert failed == []
    page.close()


def test_every_link_leads_to_something(browser: Browser, release: Path) -> None:
    page = opened(browser, release, 1280)
    links = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "jamstat.xlsx" in links
    assert "tables/employment_rate.csv" in links
    assert "tables/employment_rate.parquet" in links
    for link in links:
        if link.startswith("#"):
            assert page.locator(link).count() == 1, link
        else:
            assert (release / link).is_file(), link
    page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_warning_and_the_figures_are_seen_without_scripts(browser: Browser, release: Path, width: int) -> None:
    page = opened(browser, release, width, scripts=False)
    warning = page.get_by_text(WATERMARK).first
    box = warning.bounding_box()
    assert box is not None
    assert box["y"] < 40
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Sysselsättningsgrad")).first
    assert row.get_by_role("cell").all_inner_texts()[0].split() == ["78,5", "%", "av", "kvinnorna"]
    assert row.get_by_role("cell").nth(2).is_visible()
    page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_women_stand_before_men_on_every_width(browser: Browser, release: Path, width: int) -> None:
    page = opened(browser, release, width)
    row = page.get_by_role("row").filter(has_text="78,5").first
    women, men, gap = (row.get_by_text(text, exact=True).bounding_box() for text in ("78,5", "82,9", "−4,5"))
    assert women is not None
    assert men is not None
    assert gap is not None
    assert women["x"] < men["x"] < gap["x"]
    assert women["y"] == men["y"] == gap["y"]
    page.close()


def test_the_keyboard_reaches_every_link_and_shows_where_it_is(browser: Browser, release: Path) -> None:
    page = opened(browser, release, 1280)
    count = page.locator("a, summary").count()
    for _ in range(count):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.close()


def test_the_page_prints_with_its_warning(browser: Browser, release: Path) -> None:
    page = opened(browser, release, 1280, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.get_by_text(WATERMARK).first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    page.close()
