"""The pictures: what they show, in which order and colours, what they say in words, and what they survive."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
import vl_convert

from reports import boundaries, charts, drawing
from reports.charts import Break, Chart, Flow, Measure, Place, Point
from reports.drawing import HATCH_INK, HATCH_PAPER, INK, PAPER, TINT, TOTAL
from reports.scales import apart, level_steps, meet, number, steps, text_width
from reports.subjects import WORDS

WORK = Measure(
    "Sysselsättningsgrad 20–64 år",
    "percent",
    1,
    "Källa: SCB, tabell TAB3200, hämtad 2026-01-02",
    "Egen beräkning (Region Ö) på underlag från SCB, tabell TAB3200, hämtad 2026-01-02",
)
SHARE = replace(WORK, title="Andel kvinnor bland chefer", share_of_women=True)
KOMMUNER = ("1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984")


def both(region: str = "Västmanlands län", years: range = range(2012, 2025), **more: Any) -> list[Point]:
    """Men are given before women, as SCB gives them."""
    men = [Point(region, str(year), "men", 80 + at * 0.25, **more) for at, year in enumerate(years)]
    women = [Point(region, str(year), "women", 74.04 + at * 0.31, **more) for at, year in enumerate(years)]
    return men + women


def places() -> list[Place]:
    names = ("Riket", "Örebro län", "Ängelholms län", "Västmanlands län")
    return [
        Place(f"{at:02}", name, "county" if at else "country", 75.0 + at, 80.0 + at / 2, -5.0 + at / 2)
        for at, name in enumerate(names)
    ]


def kommuner(**more: Any) -> list[Place]:
    return [
        Place(code, f"Kommun {chr(65 + at)}", "municipality", 74.0 + at, 80.0 + at / 3, -6.0 + at * 2 / 3, **more)
        for at, code in enumerate(KOMMUNER)
    ]


def layer(chart: Chart, name: str) -> list[dict[str, Any]]:
    return list(chart.spec["datasets"].get(name, []))


def encoding(chart: Chart, name: str) -> dict[str, Any]:
    found = [one for one in chart.spec["layer"] if one["data"]["name"] == name]
    return dict(found[0]["encoding"])


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"[−+]?\d[\d\u00a0]*(?:,\d+)?", text))


def test_women_are_first_solid_purple_with_circles_and_men_dashed_ochre_with_triangles() -> None:
    chart = charts.over_time(WORK, both())
    assert list(dict.fromkeys(row["sex"] for row in layer(chart, "lines"))) == ["women", "men"]
    color, dash = encoding(chart, "lines")["color"]["scale"], encoding(chart, "lines")["strokeDash"]["scale"]
    shape = encoding(chart, "points")["shape"]["scale"]
    looks = {sex: (color["range"][at], dash["range"][at], shape["range"][at]) for at, sex in enumerate(color["domain"])}
    assert looks["women"] == ("#4A1A6B", [1, 0], "circle")
    assert looks["men"] == ("#C77700", [8, 4], "triangle-up")
    assert {"Kvinnor", "Män"} <= set(texts(chart.svg)) & set(texts(chart.narrow))


def test_the_table_twin_has_women_before_men_and_every_figure() -> None:
    chart = charts.over_time(WORK, both())
    assert len(chart.rows) == 13
    assert list(chart.rows[0])[3:7] == ["women", "men", "total", "gap"]
    assert chart.rows[-1]["women"] == pytest.approx(74.04 + 12 * 0.31)


def test_a_break_is_a_gap_in_the_line_with_words_and_a_tinted_zone() -> None:
    chart = charts.over_time(WORK, both(), breaks=[Break("2020", "BAS ersätter RAMS")])
    women = [row for row in layer(chart, "lines") if row["sex"] == "women"]
    before, after = ({row["part"] for row in women if (row["x"] >= 2020) is late} for late in (False, True))
    assert before.isdisjoint(after)
    assert [row["fill"] for row in layer(chart, "zones")] == [TINT]
    assert "Brott 2020: jämför inte över bandet" in texts(chart.svg)
    assert "Brott 2020: BAS ersätter RAMS." in chart.notes
    assert "Brott i tidsserien 2020." in chart.alt


def test_a_break_that_a_line_may_cross_is_only_a_note() -> None:
    chart = charts.over_time(WORK, both(), breaks=[Break("2020", "Ny definition", line=True)])
    assert len({row["part"] for row in layer(chart, "lines")}) == 2
    assert not layer(chart, "zones")
    assert "Brott 2020: Ny definition." in chart.notes


def test_an_election_is_joined_to_the_one_before_and_to_no_other() -> None:
    elected = replace(SHARE, period_type="election")
    points = [Point("Riket", str(year), "total", 40.0) for year in (1988, 1991, 1994, 1998, 2006)]
    joined: dict[str, list[float]] = {}
    for row in layer(charts.over_time(elected, points), "lines"):
        joined.setdefault(row["part"], []).append(row["x"])
    assert list(joined.values()) == [[1988, 1991, 1994, 1998], [2006]]


def test_lines_never_join_two_series_nor_pass_over_a_missing_period() -> None:
    series = both(years=range(2014, 2019), series="RAMS") + both(years=range(2020, 2025), series="BAS")
    chart = charts.over_time(WORK, series)
    assert len({row["part"] for row in layer(chart, "lines")}) == 4
    hole = [replace(point, value=None) if point.period == "2016" else point for point in both()]
    assert len({row["part"] for row in layer(charts.over_time(WORK, hole), "lines")}) == 4


def test_a_preliminary_point_is_hollow_and_says_so_everywhere() -> None:
    points = [replace(point, preliminary=point.period == "2024") for point in both()]
    chart = charts.over_time(WORK, points)
    hollow = [row for row in layer(chart, "points") if row["fill"] == PAPER]
    assert [(row["x"], row["sex"]) for row in hollow] == [(2024, "women"), (2024, "men")]
    assert any(text.endswith("prel.") for text in texts(chart.svg))
    assert "preliminärt" in chart.alt
    assert "Ofyllt tecken: preliminärt." in chart.notes


def test_at_most_two_sexes_and_three_regions_share_a_picture() -> None:
    three = [point for region in ("Ö", "Riket", "Å") for point in both(region)]
    chart = charts.over_time(WORK, three)
    assert len({row["part"] for row in layer(chart, "lines")}) == 6
    four = [*three, *both("Ä")]
    many = charts.over_time(WORK, four)
    panels = many.drawings[0].panels
    assert len(panels) == 4
    for _, _, panel in panels:
        assert len({row["part"] for row in panel.layers["lines"]}) == 2
    assert len({panel.y for _, _, panel in panels}) == 1
    assert "Samma skala i alla bilder." in many.notes
    assert {"Ö", "Riket", "Å", "Ä"} <= set(texts(many.svg))


def test_every_number_of_the_text_alternative_is_in_the_data() -> None:
    gaps = [Point("Västmanlands län", str(year), "gap", -5.96 + at * 0.06) for at, year in enumerate(range(2012, 2025))]
    made = [
        charts.over_time(WORK, both() + gaps),
        charts.gap_over_time(WORK, gaps),
        charts.compare_regions(WORK, places(), own="03", period="2024"),
        charts.distribution(WORK, places(), own="03", period="2024"),
        charts.kommun_map(WORK, kommuner(), period="2024"),
        charts.kommun_map(WORK, kommuner(), period="2024", of="sexes"),
    ]
    for chart in made:
        figures = {
            number(value, 1, "sv", signed=signed)
            for row in chart.rows
            for value in row.values()
            if isinstance(value, float)
            for signed in (False, True)
        }
        words = chart.alt.replace("20–64 år", "").replace("2012–2024", "").replace("2024", "").replace("2012", "")
        assert numbers(words) - figures == set(), chart.alt
        assert len(chart.alt) <= 350
        assert chart.alt.endswith("Tabell följer.")
        for svg in (chart.svg, chart.narrow):
            assert ET.fromstring(svg).get("aria-label") == chart.alt


def test_bars_stand_on_zero_and_lines_need_not() -> None:
    gaps = [Point("Ö", str(year), "gap", -6.0 + at) for at, year in enumerate(range(2019, 2025))]
    gaps[-1] = replace(gaps[-1], preliminary=True)
    chart = charts.gap_over_time(WORK, gaps, breaks=[Break("2021", "Ny källa")])
    assert {row["y"] for row in layer(chart, "bars")} == {0}
    fills = [row["fill"] for row in sorted(layer(chart, "bars"), key=lambda row: row["x"])]
    assert fills == [TOTAL, TOTAL, INK, INK, INK, HATCH_INK]
    assert "Noll: kvinnors och mäns värden är lika" in texts(chart.svg)
    assert chart.source == WORK.gap_source
    flows = charts.flows(WORK, [Flow("Köping", "Västerås", 12.0, 20.0)], period="2024")
    assert {row["x"] for row in layer(flows, "bars")} == {0}
    lines = charts.over_time(WORK, both())
    assert "Axeln börjar på 70 procent." in lines.notes


def test_a_share_is_drawn_on_the_whole_scale_with_the_band_named() -> None:
    points = [Point("Ö", str(year), "total", 38.0 + year - 2020) for year in range(2020, 2025)]
    for chart in (charts.over_time(SHARE, points), charts.gap_over_time(SHARE, points)):
        assert chart.drawings[0].y == (0, 100)
        assert {(row["y"], row["y2"]) for row in layer(chart, "zones")} == {(40, 60)}
        assert "40–60 procent: jämn könsfördelning" in texts(chart.svg)
        assert chart.notes == ()
    shares = [replace(place, women=None, men=None, diff=None, total=40.0 + at) for at, place in enumerate(places())]
    strip = charts.distribution(SHARE, shares, own="03", period="2024")
    assert (strip.drawings[0].x, len(layer(strip, "zones"))) == ((0, 100), 1)


def test_regions_stand_with_riket_first_then_by_gap_and_missing_ones_last() -> None:
    more = [*places(), Place("09", "Öland", "county", missing="osäker eller skyddad")]
    chart = charts.compare_regions(WORK, more, own="03", period="2024")
    assert [row["region"] for row in chart.rows] == [
        "Riket",
        "Västmanlands län",
        "Ängelholms län",
        "Örebro län",
        "Öland",
    ]
    assert "Uppgift saknas för Öland: osäker eller skyddad." in chart.notes
    assert ".." in texts(chart.svg)


def test_flows_show_the_eight_largest_women_above_men() -> None:
    flows = [Flow(f"Från {at}", f"Till {at}", 100.0 - at, None if at == 2 else 120.0 - at) for at in range(12)]
    chart = charts.flows(replace(WORK, unit="persons", decimals=0), flows, period="2024")
    shown = texts(chart.svg)
    assert shown.count("Kvinnor") == shown.count("Män") == 8
    assert shown.index("Kvinnor") < shown.index("Män")
    assert "Uppgift saknas" in shown
    assert "Från 8 → Till 8" not in shown
    assert len(chart.rows) == 12
    assert "Bilden visar de största flödena." in chart.notes


def test_the_map_writes_every_value_and_has_at_most_five_classes() -> None:
    chart = charts.kommun_map(WORK, kommuner(), period="2024")
    fills = {feature["properties"]["fill"] for feature in layer(chart, "areas")}
    assert 2 <= len(fills) <= 5
    words = " ".join(texts(chart.svg))
    for place in kommuner():
        assert place.diff is not None
        assert number(place.diff, 1, "sv", signed=True) in words
        assert place.name in words


def test_a_place_without_boundary_or_value_is_still_there_and_said() -> None:
    odd = [replace(place) for place in kommuner()]
    odd[0] = replace(odd[0], code="1999", name="Nybildad")
    odd[1] = replace(odd[1], women=None, men=None, diff=None, missing="skyddad")
    chart = charts.kommun_map(WORK, odd, period="2024")
    assert "Saknar gräns i kartan: Nybildad." in chart.notes
    assert "Nybildad" in texts(chart.svg)
    assert HATCH_PAPER in {feature["properties"]["fill"] for feature in layer(chart, "areas")}
    assert "Uppgift saknas för Kommun B: skyddad." in chart.notes
    nowhere = charts.kommun_map(WORK, [replace(place, code=f"x{place.code}") for place in odd], period="2024")
    assert "Nybildad" in texts(nowhere.svg)


def test_every_kommun_of_every_county_has_an_area_with_its_label_inside() -> None:
    import shapely

    assert len(boundaries.codes()) == 290
    for county in sorted({code[:2] for code in boundaries.codes()}):
        codes = sorted(code for code in boundaries.codes() if code.startswith(county))
        areas, width, height = boundaries.layout(codes, 596, 480)
        assert sorted(areas) == codes
        assert 0 < width <= 596.5
        assert 0 < height <= 480.5
        for area in areas.values():
            assert area.shape.contains(shapely.Point(area.label))


def test_numbers_of_persons_are_not_mapped() -> None:
    chart = charts.kommun_map(replace(WORK, unit="persons"), kommuner(), period="2024")
    assert chart.missing is not None
    assert "Antal visas inte på karta" in chart.missing


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([], id="no data at all"),
        pytest.param([Point("Ö", "2024", "women", None, missing="skyddad")], id="all suppressed"),
    ],
)
def test_without_values_there_is_no_picture_but_the_reason(points: list[Point]) -> None:
    for chart in (charts.over_time(WORK, points), charts.gap_over_time(WORK, points)):
        assert chart.svg == chart.narrow == chart.download() == ""
        assert chart.missing is not None
        assert chart.missing.startswith("Uppgift saknas")
        assert chart.png() == b""
        assert chart.spec == {}


def test_one_sex_alone_is_shown_and_the_other_said_to_be_missing() -> None:
    points = [point if point.sex == "women" else replace(point, value=None, missing="skyddad") for point in both()]
    chart = charts.over_time(WORK, points)
    assert {row["sex"] for row in layer(chart, "lines")} == {"women"}
    assert "Uppgift saknas för män: skyddad." in chart.notes
    assert "uppgift saknas för män" in chart.alt


def test_one_period_is_a_point() -> None:
    chart = charts.over_time(WORK, both(years=range(2024, 2025)))
    assert [row["sex"] for row in layer(chart, "points")] == ["women", "men"]
    assert "2024" in texts(chart.svg)
    assert charts.gap_over_time(WORK, [Point("Ö", "2024", "gap", 0.0)]).svg


@pytest.mark.parametrize("codes", [("2024M01", "2024M06"), ("2020K1", "2020K4"), ("2018-2022", "2022-2026")])
def test_every_kind_of_period_has_an_axis(codes: tuple[str, str]) -> None:
    points = [Point("Ö", code, sex, 50.0 + at) for sex in ("women", "men") for at, code in enumerate(codes)]
    assert charts.over_time(WORK, points).svg


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "A \"citat\" & 'fnutt'",
        "Åäö",
        "\u202eÖdnal",
        "Ett mycket " + "långt " * 60 + "namn",
        "=",
    ],
)
def test_any_name_gives_a_well_formed_picture(name: str) -> None:
    odd = replace(WORK, title=name, source=name)
    made = [
        charts.over_time(odd, both(name)),
        charts.over_time(odd, [point for at in range(5) for point in both(f"{name}{at}")]),
        charts.compare_regions(odd, [replace(place, name=name) for place in places()], own="03", period="2024"),
        charts.distribution(odd, [replace(place, name=name) for place in places()], own="03", period="2024"),
        charts.flows(odd, [Flow(name, name, 1.0, 2.0)], period="2024"),
        charts.kommun_map(odd, [replace(place, name=name) for place in kommuner()], period="2024"),
        charts.two_measures(
            (odd, odd),
            [(replace(one, name=name), replace(other, name=name)) for one, other in pairs()],
            own="19",
            periods=("2024", "2023"),
        ),
    ]
    for chart in made:
        for svg in (chart.svg, chart.narrow, chart.download()):
            ET.fromstring(svg)
            assert "<script" not in svg
        assert "<" not in chart.picture().spec
        assert len(chart.alt) <= 350


def test_english_has_english_words_and_numbers() -> None:
    points = [replace(point, value=(point.value or 0) * 20) for point in both()]
    chart = charts.over_time(replace(WORK, title="Employment", unit="persons"), points, language="en")
    shown = texts(chart.svg)
    assert {"Women", "Men"} <= set(shown)
    assert "1,555.2" in " ".join(shown)
    assert chart.alt.startswith("Line chart: Employment")


# --- Two measures against each other

INCOME = Measure("Medelinkomst", "sek_thousands", 1, "Källa: SCB, tabell TAB1", "Egen beräkning")


def pairs(count: int = 10, **more: Any) -> list[tuple[Place, Place]]:
    """The own county, riket, another county and so many kommuner."""
    regions = [("19", "Västmanlands län", "county"), ("00", "Riket", "country"), ("03", "Uppsala län", "county")]
    regions += [(code, f"Kommun {chr(65 + at)}", "municipality") for at, code in enumerate(KOMMUNER[:count])]
    return [
        (
            Place(code, name, level, 70.0 + at, 75.0 + at, **more),  # type: ignore[arg-type]
            Place(code, name, level, 280.0 + 7 * at, 350.0 - 3 * at),  # type: ignore[arg-type]
        )
        for at, (code, name, level) in enumerate(regions)
    ]


def compared(places: list[tuple[Place, Place]], **more: Any) -> Chart:
    return charts.two_measures((WORK, INCOME), places, own="19", periods=("2024", "2023"), **more)


def test_two_measures_stand_in_one_picture_for_women_and_one_for_men_on_the_same_scales() -> None:
    chart = compared(pairs())
    for drawn in chart.drawings:
        (_, _, women), (_, _, men) = drawn.panels
        assert (women.x, women.y) == (men.x, men.y)
        for panel, sex in ((women, "women"), (men, "men")):
            signs = [row for row in panel.layers["points"] if row["tip"]]
            assert len(signs) == 13
            assert sorted(row["sex"] for row in signs) == sorted([sex] * 12 + ["total"])
    wide, narrow = ([(x, y) for x, y, _ in drawn.panels] for drawn in chart.drawings)
    assert wide[0][1] == wide[1][1] < 1  # beside each other
    assert narrow[0][0] == narrow[1][0]  # women above men
    assert narrow[0][1] < narrow[1][1]
    assert texts(chart.svg).index("Kvinnor") < texts(chart.svg).index("Män")


def test_the_own_county_and_riket_are_always_named_and_never_over_another_sign() -> None:
    crowded = [
        (replace(one, women=70.0 + at / 50, men=75.0 + at / 50), replace(other, women=300.0, men=301.0))
        for at, (one, other) in enumerate(pairs())
    ]
    for places in (pairs(), crowded):
        for svg in (compared(places).svg, compared(places).narrow):
            assert texts(svg).count("Västmanlands län") == 2
            assert texts(svg).count("Riket") == 2


def test_a_picture_of_two_measures_says_what_they_are_and_nothing_of_cause() -> None:
    chart = compared(pairs())
    assert "Att två saker varierar tillsammans visar inte orsak." in chart.notes
    assert "Axlarna börjar inte på noll." in chart.notes
    assert chart.subtitle == (
        "Västmanlands län. Åt höger: Sysselsättningsgrad 20–64 år (2024), procent. Uppåt: Medelinkomst (2023), tkr."
    )
    assert chart.source == f"{WORK.source}. {INCOME.source}"
    words = chart.alt + " ".join(chart.notes) + chart.subtitle
    assert not re.search("samband|korrelation|beror|leder till|effekt", words)
    assert "Västmanlands län, Medelinkomst: 280,0 för kvinnor och 350,0 för män, tkr." in chart.alt
    assert {name.rpartition("_")[0] for name in chart.spec["datasets"]} == {
        "rules",
        "points",
        "texts",
    }  # no fitted line


def test_every_number_in_a_picture_of_two_measures_is_given_or_a_step_of_its_axes() -> None:
    places = pairs()
    chart = compared(places)
    figures = {
        number(value, 1, "sv")
        for pair in places
        for place in pair
        for value in (place.women, place.men)
        if value is not None
    }
    words = chart.alt.replace("20–64 år", "").replace("(2024)", "").replace("(2023)", "")
    assert numbers(words) - figures == set()
    for _, _, panel in chart.drawings[0].panels:
        for row in panel.layers["points"]:
            found = numbers(row["tip"].replace("20–64 år", ""))
            assert found <= figures, row["tip"]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_places_with_both_measures_give_no_picture_but_a_sentence(count: int) -> None:
    alone = [
        (one, other if at < count else replace(other, women=None, men=None)) for at, (one, other) in enumerate(pairs())
    ]
    for chart in (compared(alone), compared(pairs()[:count])):
        assert chart.missing == "Diagrammet ritas inte: färre än två områden har uppgift om båda indikatorerna."
        assert chart.svg == chart.narrow == chart.download() == ""
        assert chart.spec == {}


def test_one_sex_alone_has_one_picture_and_the_other_is_said_to_be_missing() -> None:
    chart = compared([(one, replace(other, men=None)) for one, other in pairs()])
    assert len(chart.drawings[0].panels) == 1
    assert "Uppgift saknas för män." in chart.notes


def test_a_place_without_one_of_the_measures_is_named_in_words() -> None:
    places = pairs()
    places[4] = (places[4][0], replace(places[4][1], women=None))
    chart = compared(places)
    assert "Uppgift saknas för kvinnor: Kommun B." in chart.notes
    assert not [note for note in chart.notes if "för män" in note]


def test_numbers_of_persons_leave_riket_out_and_say_so() -> None:
    people = replace(INCOME, title="Befolkning", unit="persons")
    chart = charts.two_measures((WORK, people), pairs(), own="19", periods=("2024", "2024"))
    assert "Riket" not in texts(chart.svg)
    assert any("Riket får inte plats på samma skala." in note for note in chart.notes)


def test_a_preliminary_place_is_hollow_in_a_picture_of_two_measures() -> None:
    chart = compared(pairs(preliminary=True))
    (_, _, panel), _ = chart.drawings[0].panels
    assert {row["fill"] for row in panel.layers["points"] if row["tip"]} == {PAPER}
    assert "Ofyllt tecken: preliminärt." in chart.notes


def test_png_files_are_written_once_for_each_svg_file(tmp_path: Any) -> None:
    jobs = {}
    for at in range(9):
        svg = tmp_path / f"{at}.svg"
        svg.write_text(charts.over_time(WORK, both(years=range(2012, 2016 + at))).download(), encoding="utf-8")
        jobs[tmp_path / f"{at}.png"] = svg
    assert list(charts.rasterise(jobs, processes=2)) == [f"{at}.png" for at in range(9)]
    for path, svg in jobs.items():
        assert path.read_bytes().startswith(b"\x89PNG")
        again = {path.with_suffix(".again.png"): svg}
        assert len(list(charts.rasterise(again))) == 1
        assert path.with_suffix(".again.png").read_bytes() == path.read_bytes()
    assert sorted(path.suffix for path in tmp_path.iterdir()).count(".png") == 18


def test_the_download_has_title_measure_notes_source_and_plain_colours() -> None:
    chart = charts.over_time(
        replace(WORK, watermark="Syntetiska demodata – inte statistik"), both(), title="Kvinnor och män närmar sig"
    )
    svg = chart.download()
    words = texts(svg)
    assert words[0] == "Syntetiska demodata – inte statistik"
    assert {"Kvinnor och män närmar sig", WORK.source, "Axeln börjar på 70 procent."} <= set(words)
    assert "var(" not in svg
    root = ET.fromstring(svg)
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert chart.png().startswith(b"\x89PNG")


def test_inline_pictures_use_the_tokens_of_the_site_and_nothing_outside() -> None:
    svg = charts.over_time(WORK, both()).svg
    assert "var(--women,#4A1A6B)" in svg
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "style=" not in svg
    assert "http" not in charts.over_time(WORK, both()).picture().spec


def test_pictures_are_small() -> None:
    made = [
        charts.over_time(WORK, both(years=range(1990, 2025))),
        charts.kommun_map(WORK, kommuner(), period="2024"),
        charts.compare_regions(WORK, [replace(places()[1], code=f"{at}") for at in range(22)], own="3", period="2024"),
    ]
    assert max(len(one.svg.encode()) for one in made) < 25_000


def test_texts_put_in_afterwards_stand_where_vega_would_put_them() -> None:
    chart = charts.over_time(WORK, both(), breaks=[Break("2020", "Ny källa")])
    plain = vl_convert.vegalite_to_svg(chart.spec)
    by_vega = [
        (text, round(float(x)), round(float(y)))
        for x, y, text in re.findall(r'<text [^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<]*)<', plain)
    ]
    ours = [
        (element.text, round(float(element.get("x", ""))), round(float(element.get("y", ""))))
        for element in ET.fromstring(chart.svg).iter()
        if element.tag.endswith("text")
    ]
    assert len(by_vega) > 10
    assert ours == by_vega


def of_all_kinds() -> list[Chart]:
    preliminary = [replace(point, preliminary=point.period == "2024") for point in both()]
    gaps = [Point("Västmanlands län", str(year), "gap", -6.0 + year % 5) for year in range(2012, 2025)]
    regions = [point for at in range(5) for point in both(f"Region {at}")]
    return [
        charts.over_time(WORK, preliminary, breaks=[Break("2020", "Ny källa")]),
        charts.gap_over_time(WORK, gaps),
        charts.over_time(WORK, regions),
        charts.compare_regions(WORK, places(), own="03", period="2024"),
        charts.distribution(WORK, places(), own="03", period="2024"),
        charts.flows(WORK, [Flow("Köping", "Västerås", 12.0, 20.0)], period="2024"),
        charts.kommun_map(WORK, kommuner(), period="2024"),
        charts.kommun_map(WORK, kommuner(), period="2024", of="sexes"),
        compared(pairs()),
    ]


def test_pictures_drawn_together_are_the_same_as_drawn_one_by_one() -> None:
    together = of_all_kinds()
    charts.draw(together)
    for one, alone in zip(together, of_all_kinds(), strict=True):
        assert one.svgs == [drawing.draw([picture])[0] for picture in alone.drawings]
        assert one.svgs


def test_a_chart_without_figures_has_no_picture_among_others_either() -> None:
    empty = charts.over_time(WORK, [replace(point, value=None) for point in both()])
    full = charts.over_time(WORK, both())
    charts.draw([empty, full])
    assert empty.missing
    assert empty.picture().narrow == empty.download() == ""
    assert "Kvinnor" in full.svg


def test_what_differs_in_words_alone_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    real = drawing._shapes
    monkeypatch.setattr(drawing, "_shapes", lambda pictures: drawn.append(len(pictures)) or real(pictures))
    swedish, english = (charts.over_time(WORK, both(), language=language) for language in ("sv", "en"))
    charts.draw([swedish, english])
    assert drawn == [2]
    assert "Kvinnor" in swedish.svg
    assert "Women" in english.svg
    assert "Kvinnor" not in english.svg


def test_steps_are_round_and_cover_the_values() -> None:
    assert steps(-6.3, 0, 5) == [-8, -6, -4, -2, 0]
    assert level_steps([3.0, 9.4], 5)[0] == 0
    assert level_steps([76.3, 83.7], 5)[0] > 0
    assert level_steps([5.0, 5.0], 5)[-1] >= 5
    moved = apart([10, 11, 12], 20, 0, 100)
    assert sorted(moved) == moved
    assert moved[1] - moved[0] >= 20
    assert moved[2] - moved[1] >= 20


def covered(svg: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    """What every text of a picture covers, in pixels."""
    found = []
    for element in ET.fromstring(svg).iter():
        if element.tag.endswith("text"):
            words, size = element.text or "", float(element.attrib["font-size"])
            width = text_width(words, size) * 0.9
            x, y = float(element.attrib["x"]), float(element.attrib["y"])
            x -= {"end": width, "middle": width / 2}.get(element.attrib.get("text-anchor", ""), 0)
            found.append((words, (x, y - size * 0.7, x + width, y)))
    return found


def crossing(svg: str) -> list[tuple[str, str]]:
    found = covered(svg)
    return [
        (one, other) for at, (one, box) in enumerate(found) for other, second in found[at + 1 :] if meet(box, second)
    ]


def test_what_a_map_means_has_room_on_a_telephone_too() -> None:
    odd = [*kommuner()]
    odd[0] = replace(odd[0], diff=5.2)
    odd[1] = replace(odd[1], women=None, men=None, diff=None, missing="..")
    for language in ("sv", "en"):
        chart = charts.kommun_map(WORK, odd, period="2024", language=language)
        words = " ".join(text for text, _ in covered(chart.narrow))
        assert WORDS[language]["missing_hatch"].lower() in words
        assert WORDS[language]["women_higher"] in words
        assert max(right for _, (_, _, right, _) in covered(chart.narrow)) <= 288
    long = replace(SHARE, title="Skillnad mellan kvinnors och mäns pendlingsmål efter kommun", share_of_women=False)
    shares = [replace(place, women=None, men=None, diff=None, total=40.0 + at) for at, place in enumerate(kommuner())]
    narrow = charts.kommun_map(long, shares, period="2024", of="total").narrow
    assert max(right for _, (_, _, right, _) in covered(narrow)) <= 288


def test_no_words_in_a_picture_stand_on_others_where_breaks_are_close() -> None:
    breaks = [Break(str(year), "Ny källa") for year in (2014, 2015, 2016, 2023, 2024)]
    near = [Point("Västmanlands län", str(year), sex, -2800 - at * 40 - (sex == "men") * 60)
            for at, year in enumerate(range(2012, 2025)) for sex in ("women", "men")]  # fmt: skip
    for points in (near, both()):
        chart = charts.over_time(replace(WORK, unit="persons", decimals=0), points, breaks=breaks)
        for svg in (chart.svg, chart.narrow):
            assert crossing(svg) == []
    share = [Point("Västmanlands län", str(1973 + 3 * at), "total", 14.5 + at, f"s{at}") for at in range(12)]
    chart = charts.over_time(SHARE, share)
    assert crossing(chart.svg) == crossing(chart.narrow) == []


def test_the_value_of_a_bar_that_reaches_the_end_of_the_axis_has_room_above_the_years() -> None:
    points = [Point("Västmanlands län", str(year), "gap", -0.6) for year in range(2020, 2025)]
    chart = charts.gap_over_time(WORK, points)
    for svg in (chart.svg, chart.narrow):
        assert crossing(svg) == []
        boxes = covered(svg)
        lowest = max(box[3] for words, box in boxes if words == "\N{MINUS SIGN}0,6" and box[0] > 60)
        assert lowest < min(box[1] for words, box in boxes if words == "2024")


def test_one_line_of_neither_sex_is_called_by_the_measure_and_regions_have_its_value() -> None:
    ratio = replace(WORK, title="Kvinnors representation bland företagare", unit="ratio", decimals=2)
    chart = charts.over_time(ratio, [Point("Västmanlands län", str(year), "total", 0.57) for year in (2023, 2024)])
    assert "Kvinnors representation" in " ".join(texts(chart.svg))
    assert not {"Totalt", "Kvinnor", "Män"} & set(texts(chart.svg))
    assert "totalt" not in chart.alt
    one = [Place(code, name, "county", total=value, diff=value - 1)
           for code, name, value in (("19", "Västmanlands län", 0.57), ("18", "Örebro län", 0.6))]  # fmt: skip
    regions = charts.compare_regions(ratio, one, own="19", period="2024")
    assert {"Värde", "0,57", "0,60"} <= set(texts(regions.svg))
    assert not any(words.startswith(("+", "\N{MINUS SIGN}")) for words in texts(regions.svg))


def test_axes_go_in_ones_twos_and_fives() -> None:
    for low, high in ((48.9, 51.2), (72.6, 84.9), (0.561, 0.574), (0, 9), (-7, 1)):
        step = steps(low, high, 5)[1] - steps(low, high, 5)[0]
        assert f"{step:.0e}"[0] in "125"
        assert step == pytest.approx(float(f"{step:.0e}"))
