"""Sentences from figures: what a reader is told, in which words, every number of which stands in the warehouse."""

import re
from typing import Any

import pytest

from reports import catalogue
from reports.sentences import Sentence, of_region
from reports.wording import in_period, in_place, swedish
from tests.unit.conftest import Case

NBSP = "\u00a0"


def tell(case: Case, region: str = "19", indicator: str = "x") -> Sentence:
    """The indicator's sentence, all its numbers read again from the warehouse."""
    for name in ("gap", "moved"):
        case.run(name)
    case.con.execute("delete from provenance.indicator_state")
    case.con.execute(
        "insert into provenance.indicator_state select indicator, 'published', null, 'r', null from reference.indicator"
    )
    case.con.execute("delete from provenance.run")
    case.con.execute(
        "insert into provenance.run values ('r', 'scb', 'SCB', 'Regionen', 'home', '19', ['00'], timestamptz "
        "'2026-01-01 00:00:00+00', timestamptz '2026-01-01 00:00:00+00', '0', 'https://example.invalid/')"
    )
    told = of_region(case.con, catalogue.read(case.con), region)[indicator]
    for cell in told.cells:
        where = " and ".join(f"{name} is not distinct from ?" for name in cell.key)
        query = f"select {cell.column} from {cell.relation} where {where}"
        found = case.con.execute(query, [*cell.key.values()]).fetchall()
        assert found == [(cell.value,)], cell
        assert told.text is not None
        assert cell.text.lstrip("+\N{MINUS SIGN}") in told.text
    if told.text:
        assert unexplained(told) == []
        assert "effekt" not in told.text.lower()
        assert "därav" not in told.text.lower()
        assert "  " not in told.text
        assert told.text.endswith(".")
        if "kvinn" in told.text and re.search(r"\bmän\b", told.text):
            assert told.text.index("kvinn") < re.search(r"\bmän\b", told.text).start()  # type: ignore[union-attr]
    return told


def unexplained(told: Sentence) -> list[str]:
    """The numbers of a sentence that are neither cited nor part of a period, an age or the name of a unit."""
    assert told.text is not None
    text = told.text.replace(f"under 50{NBSP}procent", "")
    text = text.replace(f"1{NBSP}000 kvinnor", "").replace(f"1{NBSP}000 män", "").replace(f"per 1{NBSP}000", "")
    numbers = re.findall(rf"[\N{{MINUS SIGN}}+]?\d[\d,{NBSP}]*\d|\d", re.sub(r"\d+–\d+ år", "", text))
    cited = {cell.text for cell in told.cells}
    return [number for number in numbers if number not in cited and not re.fullmatch(r"(19|20)\d\d", number)]


def phrase(case: Case, words: str) -> None:
    case.con.execute("insert or replace into reference.indicator_phrase values ('x', ?)", [words])


def test_women_men_the_gap_rikets_gap_and_the_development_in_two_sentences(case: Case) -> None:
    case.declare()
    phrase(case, "Sysselsättningsgraden")
    case.pair(70, 80, "2023")
    case.pair(76, 81.44, "2024")
    case.pair(75, 79, "2024", region_code="00")
    case.pair(75, 79, "2023", region_code="00")
    assert tell(case).text == (
        f"Sysselsättningsgraden var 76,0{NBSP}procent för kvinnor och 81,4{NBSP}procent för män i Västmanlands län "
        f"2024, en skillnad på 5,4{NBSP}procentenheter (i riket 4,0). "
        f"Utvecklingen sedan 2023, då skillnaden var 10,0{NBSP}procentenheter: båda förbättras, gapet minskar."
    )


def test_without_a_phrase_the_title_stands_before_the_figures(case: Case) -> None:
    case.declare()
    case.pair(76, 81)
    assert tell(case).text == (
        f"x, i Västmanlands län 2024: 76,0{NBSP}procent för kvinnor och 81,0{NBSP}procent för män, "
        f"en skillnad på 5,0{NBSP}procentenheter."
    )


def test_the_difference_is_that_of_the_unrounded_values(case: Case) -> None:
    case.declare()
    case.pair(78.44, 81.96)
    told = tell(case).text or ""
    assert f"78,4{NBSP}procent" in told
    assert f"82,0{NBSP}procent" in told
    assert f"skillnad på 3,5{NBSP}procentenheter" in told


def test_equal_values_are_said_once_and_nearly_equal_ones_have_no_difference(case: Case) -> None:
    case.declare()
    phrase(case, "Graden")
    case.pair(75, 75)
    assert tell(case).text == f"Graden var 75,0{NBSP}procent för både kvinnor och män i Västmanlands län 2024."
    case.empty()
    case.pair(75, 75.1)
    assert (tell(case).text or "").endswith("i Västmanlands län 2024, alltså ungefär lika.")


def test_a_missing_sex_leaves_no_sentence_but_the_reason(case: Case) -> None:
    case.declare()
    case.put("women", None, status="..")
    case.put("men", 80.0)
    told = tell(case)
    assert (told.text, told.cells) == (None, ())
    assert "sekretess" in (told.reason or "")


def test_a_place_without_figures_has_no_sentence(case: Case) -> None:
    case.declare()
    case.pair(70, 80, region_code="1980")
    told = tell(case)
    assert told.text is None
    assert told.reason == "ingen samlad siffra för Västmanlands län"


def test_an_indicator_that_could_not_be_built_says_why(case: Case) -> None:
    case.declare()
    case.declare("y")
    case.pair(70, 80)
    tell(case)
    case.con.execute("update provenance.indicator_state set state = 'unconfirmed' where indicator = 'y'")
    told = of_region(case.con, catalogue.read(case.con), "19")["y"]
    assert told.text is None
    assert told.reason


def test_one_period_says_nothing_of_a_development(case: Case) -> None:
    case.declare()
    case.pair(70, 80)
    assert "tveckling" not in (tell(case).text or "")


def test_across_a_break_nothing_is_compared_and_the_reader_is_told(case: Case) -> None:
    case.declare(breaks=("2024",))
    case.pair(70, 80, "2023")
    case.pair(76, 81, "2024")
    told = tell(case).text or ""
    assert told.endswith("Tidigare perioder går inte att jämföra med den senaste.")
    assert "70,0" not in told


def test_overlapping_windows_are_not_compared(case: Case) -> None:
    case.declare(unit="years", period_type="five_years")
    phrase(case, "Medellivslängden")
    case.pair(84.0, 81.0, "2018-2022")
    case.pair(84.2, 81.1, "2019-2023")
    assert tell(case).text == (
        f"Medellivslängden var 84,2{NBSP}år för kvinnor och 81,1{NBSP}år för män i Västmanlands län "
        f"perioden 2019–2023, en skillnad på 3,1{NBSP}år. Perioderna överlappar varandra, så utvecklingen bedöms inte."
    )


@pytest.mark.parametrize("measure", ["level", "share"])
def test_a_percentage_of_too_few_persons_is_not_told(case: Case, measure: str) -> None:
    case.declare(measure=measure, polarity="parity")
    if measure == "level":
        case.put("women", 50, numerator=5, denominator=10)
        case.put("men", 40, numerator=400, denominator=1000)
    else:
        case.put("total", 50, numerator=10, denominator=20)
    told = tell(case)
    assert told.text is None
    assert told.reason == "Underlaget är litet"


def test_a_preliminary_figure_is_called_that(case: Case) -> None:
    case.declare(period_type="month")
    case.pair(5.5, 6.5, "2025M11", is_preliminary=True)
    assert "i november 2025 enligt preliminära uppgifter" in (tell(case).text or "")
    case.empty()
    case.pair(5.5, 6.5, "2025M11", is_preliminary=False)
    assert "prelimin" not in (tell(case).text or "")


@pytest.mark.parametrize(
    ("women", "men", "words"),
    [
        (40, 60, "40,0{}procent i Västmanlands län 2024, en jämn könsfördelning."),
        (60, 40, "60,0{}procent i Västmanlands län 2024, en jämn könsfördelning."),
        (399, 601, "39,9{}procent i Västmanlands län 2024, en mansdominerad grupp."),
        (601, 399, "60,1{}procent i Västmanlands län 2024, en kvinnodominerad grupp."),
    ],
)
def test_a_share_is_told_with_the_word_of_its_band(case: Case, women: int, men: int, words: str) -> None:
    case.declare(measure="share", polarity="parity")
    phrase(case, "Andelen kvinnor")
    case.put("total", 100 * women / (women + men), numerator=women, denominator=women + men)
    assert tell(case).text == f"Andelen kvinnor var {words.format(NBSP)}"


def test_a_share_tells_where_it_came_from(case: Case) -> None:
    case.declare(measure="share", polarity="parity")
    case.put("total", 30, "2023", numerator=30, denominator=100)
    case.put("total", 35, "2024", numerator=35, denominator=100)
    assert (tell(case).text or "").endswith(f"Utvecklingen sedan 2023: andelen har ökat från 30,0{NBSP}procent.")


def test_counts_are_women_and_men_and_negative_ones_are_for_them(case: Case) -> None:
    case.declare(unit="persons", polarity="none")
    phrase(case, "Nettopendlingen")
    case.pair(1204, 1950)
    assert tell(case).text == (
        f"Nettopendlingen var 1{NBSP}204 kvinnor och 1{NBSP}950 män i Västmanlands län 2024, en skillnad på 746."
    )
    case.empty()
    case.pair(-1204, 1950)
    assert tell(case).text == (
        f"Nettopendlingen var \N{MINUS SIGN}1{NBSP}204 för kvinnor och 1{NBSP}950 för män i Västmanlands län 2024, "
        f"en skillnad på 3{NBSP}154."
    )
    case.empty()
    case.pair(1, 1000)
    assert f"var 1 kvinna och 1{NBSP}000 män" in (tell(case).text or "")


def test_incomes_are_compared_in_per_cent_of_mens(case: Case) -> None:
    case.declare(unit="sek_thousands")
    phrase(case, "Medelinkomsten")
    case.pair(254.8, 336.3)
    case.pair(271.2, 348.8, region_code="00")
    assert tell(case).text == (
        f"Medelinkomsten var 254,8{NBSP}tkr för kvinnor och 336,3{NBSP}tkr för män i Västmanlands län 2024, "
        f"alltså 24,2{NBSP}procent lägre för kvinnor än för män (i riket 22,2)."
    )


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("per_1000", f"var 26,9 per 1{NBSP}000 kvinnor och 70,3 per 1{NBSP}000 män i"),
        ("ratio", "var 26,90 för kvinnor och 70,30 för män i"),
        ("index", "var 26,9 för kvinnor och 70,3 för män i"),
        ("percentage_points", f"var 26,9{NBSP}procentenheter för kvinnor och 70,3{NBSP}procentenheter för män i"),
    ],
)
def test_each_unit_has_its_words(case: Case, unit: str, words: str) -> None:
    case.declare(unit=unit)
    phrase(case, "Måttet")
    case.pair(26.9, 70.3)
    assert f"Måttet {words} Västmanlands län 2024" in (tell(case).text or "")


def test_a_gap_within_its_margin_of_error_is_not_called_a_difference_of_that_size(case: Case) -> None:
    case.declare()
    for women, margin, words in ((62.1, 1.8, "en skillnad på 4,4"), (65.1, 1.8, "inte är statistiskt säkerställd.")):
        case.empty()
        case.put("women", women, margin=margin)
        case.put("men", 66.5, margin=1.6)
        assert words in (tell(case).text or "")


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((43, 44, 46), f"ökat från 44,0{NBSP}procent; den har varit under 50{NBSP}procent 3 av 3 jämförbara år."),
        ((52, 53, 53.1), f"i stort sett densamma; den har varit under 50{NBSP}procent 0 av 3 jämförbara år."),
        ((43, 53, 46), f"andelen har minskat från 53,0{NBSP}procent."),
        ((30, 31, 32), f"andelen har ökat från 31,0{NBSP}procent."),
    ],
)
def test_an_even_share_that_is_always_on_one_side_is_told_as_that(
    case: Case, shares: tuple[float, ...], words: str
) -> None:
    case.declare(measure="share", polarity="parity")
    for at, share in enumerate(shares):
        case.put("total", share, str(2022 + at))
    assert words in (tell(case).text or "")


def test_a_figure_is_written_with_the_decimals_that_it_is_published_with(case: Case) -> None:
    case.declare(measure="share", polarity="parity", decimals=0)
    case.put("total", 43)
    assert f"x, i Västmanlands län 2024: 43{NBSP}procent," in (tell(case).text or "")


def test_a_gap_within_its_margin_of_error_is_not_called_equal_either(case: Case) -> None:
    case.declare(additivity="sample")
    case.pair(66.4, 66.5, margin=4.2)
    assert (tell(case).text or "").endswith("en skillnad som inte är statistiskt säkerställd.")


def test_rikets_gap_the_other_way_round_is_not_taken_for_the_same(case: Case) -> None:
    case.declare()
    case.pair(70, 80)
    case.pair(82, 80, region_code="00")
    assert "(i riket 2,0 åt andra hållet)" in (tell(case).text or "")


def test_of_groups_the_one_with_the_largest_gap_is_told(case: Case) -> None:
    case.declare()
    phrase(case, "Graden")
    case.con.execute("delete from reference.indicator_dimension")
    case.con.executemany(
        "insert into reference.indicator_dimension values ('x', 'g', ?, ?, ?)",
        [("a", "inrikes födda", 1), ("b", "utrikes födda", 2), ("c", "okänd", 3)],
    )
    for group, women in (("a", 78), ("b", 65), ("c", 10)):
        case.pair(women, 80, category=f"g:{group}")
    assert (tell(case).text or "").startswith(
        f"Graden skilde sig mest mellan kvinnor och män för utrikes födda: 65,0{NBSP}procent för kvinnor och "
        f"80,0{NBSP}procent för män i Västmanlands län 2024"
    )


def test_a_gap_in_parts_tells_every_part_with_its_sign(case: Case) -> None:
    case.declare(unit="percentage_points", measure="decomposition", polarity="none")
    phrase(case, "Könsgapet")
    case.con.execute("delete from reference.indicator_dimension")
    case.con.executemany(
        "insert into reference.indicator_dimension values ('x', 'part', ?, ?, ?)",
        [("rate", "skillnad inom samma grupp", 1), ("composition", "sammansättning", 2)],
    )
    case.put("total", -4.75, category="part:rate", numerator=-4.75, denominator=1)
    case.put("total", 0.85, category="part:composition", numerator=0.85, denominator=1)
    assert tell(case).text == (
        f"Könsgapet i Västmanlands län 2024 kan delas upp så: skillnad inom samma grupp \N{MINUS SIGN}4,8{NBSP}"
        f"procentenheter och sammansättning +0,9{NBSP}procentenheter. "
        "Minus betyder att kvinnors värde är lägre än mäns."
    )


def test_of_relations_the_largest_flow_out_is_told_and_only_where_all_flows_are_known(case: Case) -> None:
    case.declare(unit="persons", polarity="none")
    case.pair(9000, 9000, region_code="1980", partner_code="1980")
    case.pair(1, 2, region_code="1980", partner_code="0484")
    case.pair(120, 190, region_code="1980", partner_code="1984")
    case.pair(3, 4, region_code="0380", partner_code="1980")
    assert (
        tell(case, "1980").text
        == "Den största pendlingen från Västerås gick till Arboga 2024: 120 kvinnor och 190 män."
    )
    assert "från Västerås till Arboga 2024: 120 kvinnor och 190 män" in (tell(case).text or "")
    assert tell(case, "0380").text is None


def test_places_and_periods_are_said_as_one_says_them() -> None:
    assert [in_place(name) for name in ("Gotland", "Gotlands län", "Norberg")] == [
        "på Gotland",
        "i Gotlands län",
        "i Norberg",
    ]
    said = [
        ("2024", "year"),
        ("2024M06", "month"),
        ("2020K4", "quarter"),
        ("2023-2026", "mandate"),
        ("2022", "election"),
    ]
    assert [in_period(*one) for one in said] == [
        "2024",
        "i juni 2024",
        "fjärde kvartalet 2020",
        "mandatperioden 2023–2026",
        "i valet 2022",
    ]


def test_numbers_are_swedish() -> None:
    cases: list[tuple[float, int, dict[str, Any], str]] = [
        (-1234.25, 1, {}, f"\N{MINUS SIGN}1{NBSP}234,3"),
        (2.345, 2, {}, "2,35"),
        (0.85, 1, {"signed": True}, "+0,9"),
    ]
    for value, decimals, more, text in cases:
        assert swedish(value, decimals, **more) == text
