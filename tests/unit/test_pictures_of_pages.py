"""Pictures as the pages offer them: two indicators against each other, PNG files on request, the card of a link."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from reports.release import publish, rebuild
from reports.web import social
from tests import warehouses

URL = "https://statistik.example.se/jamstalldhet/"


def built(con: duckdb.DuckDBPyConnection, folder: Path, site_url: str = "") -> Path:
    warehouses.analyse(con)
    return publish(con, folder, site_url=site_url).path / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(warehouses.two_levels(), tmp_path_factory.mktemp("build"))


def compare(site: Path, language: str = "") -> str:
    return (site / language / "jamfor" / "index.html").read_text(encoding="utf-8")


# --- Two indicators against each other


def test_a_pair_has_a_finding_a_picture_and_a_table_of_every_place(site: Path) -> None:
    page = compare(site)
    assert (
        "Sysselsättningsgrad: kvinnor 78,5, män 82,9\u00a0procent. Arbetslöshet: kvinnor 21,5, män 17,1\u00a0procent"
        in page
    )
    (figure,) = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert figure.count('role="img"') == 2
    assert 'class="chart-spec"' in figure
    assert "Syntetiska demodata" in figure
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    names = [re.findall(r'<th scope="row">([^<]+)', table) for table in tables]
    assert names == [["Västmanlands län", "Riket", "Arboga", "Norberg", "Västerås"], ["Uppsala län"]]
    assert 'href="#employment_rate-unemployment_rate"' in page


def test_the_picture_of_a_pair_can_be_downloaded_with_its_words_burned_in(site: Path) -> None:
    svg = (site / "jamfor" / "employment_rate-unemployment_rate.svg").read_text(encoding="utf-8")
    assert 'href="employment_rate-unemployment_rate.svg"' in compare(site)
    for words in ("Syntetiska demodata", "hämtad 2026-02-02", "visar inte orsak", "Arbetslöshet: kvinnor 21,5"):
        assert words in re.sub(r"</text><text[^>]*>", " ", svg), words


def test_a_pair_in_english_has_english_words_around_it(site: Path) -> None:
    page = compare(site, "en")
    assert "To the right: " in page
    assert "That two things vary together does not show cause." in page
    assert "Two scatter plots, women and men" in page


def test_a_pair_with_one_place_has_a_sentence_in_the_place_of_the_picture(tmp_path: Path) -> None:
    con = warehouses.two_levels()
    con.execute("delete from indicators.observation where indicator = 'unemployment_rate' and region_code != '19'")
    site = built(con, tmp_path)
    assert "Diagrammet ritas inte: färre än två områden har uppgift om båda indikatorerna." in compare(site)
    assert "<figure" not in compare(site)
    assert not list((site / "jamfor").glob("*.svg"))


def test_hostile_labels_break_no_pair(tmp_path: Path) -> None:
    label = "</script><script>alert('\u202e\"')</script>" + "Långt" * 80
    con = warehouses.two_levels()
    con.execute("update reference.indicator set title = ? where indicator = 'unemployment_rate'", [label])
    con.execute("update reference.region set name = ? where region_code = '1984'", [label])
    page = compare(built(con, tmp_path))
    assert "<script>alert" not in page
    assert "<figure" in page


def test_the_free_choice_has_the_places_in_order_and_says_which_is_riket(site: Path) -> None:
    text = (site / "assets" / "data" / "jamfor-sv.js").read_text(encoding="utf-8")
    data = json.loads(text.removeprefix("window.jamstatCompare = ").rstrip().removesuffix(";"))
    assert data["places"] == ["Västmanlands län", "Riket", "Arboga", "Norberg", "Västerås", "Uppsala län"]
    assert (data["country"], data["near"]) == (1, 5)
    rate = next(one for one in data["indicators"] if one["id"] == "employment_rate")
    assert rate["values"][:2] == [["78,5", "82,9"], ["80,1", "83,5"]]
    assert rate["values"][3] == [None, "81,3"]


# --- PNG files


def test_png_files_lie_beside_every_svg_only_when_asked_for(tmp_path: Path) -> None:
    con = warehouses.two_levels()
    plain = built(con, tmp_path)
    svgs = sorted(path.relative_to(plain) for path in plain.rglob("*.svg") if path.parent.name != "assets")
    assert len(svgs) > 4
    assert not list(plain.rglob("*.png"))
    assert "PNG" not in compare(plain)
    told: list[str] = []
    site = rebuild(con, tmp_path, lambda done, total, what: told.append(what), png=True).path / "site"
    for svg in svgs:
        png = site / svg.with_suffix(".png")
        assert png.read_bytes().startswith(b"\x89PNG"), svg
        page = (png.parent / "index.html").read_text(encoding="utf-8")
        assert f'href="{png.name}"' in page
    assert sum(name.endswith(".png") for name in told) == len({(site / svg).read_bytes() for svg in svgs})
    assert rebuild(con, tmp_path, png=True).made == 0


def test_png_files_are_kept_for_the_next_time_and_gone_when_not_asked_for(tmp_path: Path) -> None:
    con = warehouses.two_levels()
    built(con, tmp_path)
    rebuild(con, tmp_path, png=True)
    assert not list((rebuild(con, tmp_path).path / "site").rglob("*.png"))
    told: list[str] = []
    again = rebuild(con, tmp_path, lambda done, total, what: told.append(what), png=True)
    assert list((again.path / "site").rglob("*.png"))
    assert not [name for name in told if name.endswith(".png")]


# --- The card of a link


def meta(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page))


def test_a_link_shows_the_card_where_the_address_of_the_site_is_known(tmp_path: Path) -> None:
    site = built(warehouses.small("demo"), tmp_path, URL)
    for language, prefix in (("sv", ""), ("en", "en/")):
        said = meta((site / prefix / "indikatorer/employment_rate/index.html").read_text(encoding="utf-8"))
        assert said["og:image"] == f"{URL}assets/kort-{language}.png"
        assert said["og:url"] == f"{URL}{prefix}indikatorer/employment_rate/"
        assert said["twitter:card"] == "summary_large_image"
        assert said["og:title"].startswith({"sv": "Sysselsättningsgrad", "en": "Employment rate"}[language])
        assert {"sv": "Syntetiska demodata", "en": "Synthetic demo data"}[language] in said["og:title"]
        assert said["og:description"]
        content = (site / "assets" / f"kort-{language}.png").read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert [int.from_bytes(content[at : at + 4]) for at in (16, 20)] == [1200, 630]
    turtle = (site / "data" / "datasets" / "dcat.ttl").read_text(encoding="utf-8")
    assert f"<{URL}data/tables/employment_rate.csv>" in turtle
    assert (site / "data" / "tables" / "employment_rate.csv").exists()


def test_without_a_known_address_no_card_is_claimed(site: Path) -> None:
    said = meta((site / "index.html").read_text(encoding="utf-8"))
    assert "og:image" not in said
    assert "og:url" not in said
    assert said["twitter:card"] == "summary"
    assert {"og:title", "og:description"} <= set(said)


def test_the_card_says_when_figures_are_made_up_and_only_then() -> None:
    assert "Syntetiska demodata" in social.card(
        "Kvinnor och män i Ö", "Region Ö", "Syntetiska demodata – inte statistik"
    )
    assert "Syntetiska" not in social.card("Kvinnor och män i Ö", "Region Ö", None)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202e\"Ö' & co", "Långt" * 90, "långa ord " * 60, ""])
def test_any_name_gives_a_card(name: str) -> None:
    svg = social.card(name, name, name)
    assert "<script" not in svg
    assert social.png(svg).startswith(b"\x89PNG")


def test_the_favicon_has_colours_for_light_and_dark(site: Path) -> None:
    mark = (site / "assets" / "mark.svg").read_text(encoding="utf-8")
    assert "prefers-color-scheme:dark" in mark
    assert 'rel="icon" href="../assets/mark.svg"' in compare(site)
