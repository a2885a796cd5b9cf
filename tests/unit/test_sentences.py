"""Sentences from figures: what a reader is told, in which words, every number of which stands in the warehouse."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from reports import catalogue
from reports.sentences import LONGEST_HEADLINE, Cited, Sentence, of_region
from reports.web.language import Language
from reports.wording import in_period, in_place, swedish
from tests.unit.conftest import Case

NBSP = "\u00a0"


def tell(case: Case, region: str = "19", indicator: str = "x") -> Sentence:
    """The indicator's sentence, all its numbers read again from the warehouse."""
    for name in ("gap", "moved", "trend", "stop"):
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
    read_again(case, told.cells, told.text)
    if told.text:
        assert told.headline is not None
        read_again(case, told.headline.cells, told.headline.text)
        read_again(case, told.cells, told.headline.lead)
        plain(told.text, told.cells)
        plain(told.headline.text + ".", told.headline.cells)
        plain(told.headline.lead, told.cells)
    else:
        assert told.headline is None
    in_english(case, region, indicator, told)
    return told


def in_english(case: Case, region: str, indicator: str, swedish: Sentence) -> Sentence:
    """The indicator's English sentence, which rests on the same cells by the same rules as the Swedish one."""
    english = Language("en")
    told = of_region(case.con, catalogue.read(case.con, english), region, english)[indicator]
    assert [(one.relation, one.key, one.column, one.value) for one in told.cells] == [
        (one.relation, one.key, one.column, one.value) for one in swedish.cells
    ]
    assert (told.text is None, told.headline is None) == (swedish.text is None, swedish.headline is None)
    if told.text is None or told.headline is None:
        return told
    for cell in told.cells:
        assert cell.text.lstrip("+\N{MINUS SIGN}") in told.text
    for cell in told.headline.cells:
        assert cell.text.lstrip("+\N{MINUS SIGN}") in told.headline.text
    for text in (told.text, told.headline.text, told.headline.lead):
        assert SWEDISH_WORDS.search(text) is None, text
        assert "effect" not in text
        assert "  " not in text
        women, men = re.search(r"\bwom[ea]n\b", text), re.search(r"\bm[ea]n\b", text)
        if women and men:
            assert women.start() < men.start()
    return told


# Words and numbers of Swedish sentences that are not in the phrases and labels of these tests.
SWEDISH_WORDS = re.compile(
    r"\b(och|för (kvinnor|män)|var|procent\w*|tkr|skillnad\w*|riket|lägre|högre)\b|\d,\d(?!\d\d)|\d\u00a0\d"
)


def read_again(case: Case, cells: Sequence[Cited], text: str | None) -> None:
    """Nothing; every number of the text stands in the warehouse as it is cited."""
    for cell in cells:
        where = " and ".join(f"{name} is not distinct from ?" for name in cell.key)
        query = f"select {cell.column} from {cell.relation} where {where}"
        found = case.con.execute(query, [*cell.key.values()]).fetchall()
        assert found == [(cell.value,)], cell
        assert text is not None
        assert cell.text.lstrip("+\N{MINUS SIGN}") in text


def plain(text: str, cells: Sequence[Cited]) -> None:
    """Nothing; the words are those of a sentence of ours: women first, no cause, no number from elsewhere."""
    assert unexplained(text, cells) == []
    assert "effekt" not in text.lower()
    assert "därav" not in text.lower()
    assert "  " not in text
    assert text.endswith(".")
    if "kvinn" in text and re.search(r"\bmän\b", text):
        assert text.index("kvinn") < re.search(r"\bmän\b", text).start()  # type: ignore[union-attr]


def unexplained(text: str, cells: Sequence[Cited]) -> list[str]:
    """The numbers of a sentence that are neither cited nor part of a period, an age, a unit's name or a scale."""
    text = text.replace(f"under 50{NBSP}procent", "")
    text = text.replace(f"1{NBSP}000 kvinnor", "").replace(f"1{NBSP}000 män", "").replace(f"per 1{NBSP}000", "")
    text = text.replace("där 1 är lika", "").replace("där 0 är lika och 100 helt åtskilda", "")
    numbers = re.findall(rf"[\N{{MINUS SIGN}}+]?\d[\d,{NBSP}]*\d|\d", re.sub(r"\d+–\d+ år", "", text))
    cited = {cell.text for cell in cells}
    return [number for number in numbers if number not in cited and not re.fullmatch(r"(19|20)\d\d", number)]


def heading(case: Case, indicator: str = "x") -> str:
    """The headline of an indicator."""
    told = tell(case, indicator=indicator)
    return told.headline.text if told.headline else ""


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
        (
            (43, 44, 46),
            f"ökat från 44,0{NBSP}procent; den har varit under 50{NBSP}procent i 3 av 3 jämförbara år, sedan 2022.",
        ),
        (
            (52, 53, 53.1),
            f"i stort sett densamma; den har varit under 50{NBSP}procent i 0 av 3 jämförbara år, sedan 2022.",
        ),
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
    assert heading(case) == (
        f"Den största delen av könsgapet kommer från skillnad inom samma grupp: \N{MINUS SIGN}4,8{NBSP}procentenheter"
    )
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


# --- The heading


@pytest.mark.parametrize(
    ("unit", "women", "men", "words"),
    [
        ("percent", 78.44, 83.31, f"Måttet är 4,9{NBSP}procentenheter lägre för kvinnor än för män"),
        ("percent", 78.4, 70.0, f"Måttet är 8,4{NBSP}procentenheter högre för kvinnor än för män"),
        ("years", 84.2, 81.1, f"Måttet är 3,1{NBSP}år längre för kvinnor än för män"),
        ("sek_thousands", 254.8, 336.3, f"Måttet är 24,2{NBSP}procent lägre för kvinnor än för män"),
        ("per_1000", 26.9, 70.3, f"Måttet är 26,9 per 1{NBSP}000 kvinnor och 70,3 per 1{NBSP}000 män"),
        ("persons", 1204, 1950, f"Måttet är 1{NBSP}204 kvinnor och 1{NBSP}950 män"),
        ("persons", -1204, 1950, f"Måttet är \N{MINUS SIGN}1{NBSP}204 för kvinnor och 1{NBSP}950 för män"),
        ("ratio", 0.95, 0.55, "Måttet är 0,95 för kvinnor och 0,55 för män"),
        ("index", 26.9, 70.3, "Måttet är 26,9 för kvinnor och 70,3 för män"),
    ],
)
def test_a_heading_states_how_women_stand_to_men_in_the_words_of_the_unit(
    case: Case, unit: str, women: float, men: float, words: str
) -> None:
    case.declare(unit=unit, polarity="none" if unit == "persons" else "higher")
    phrase(case, "Måttet (som det heter)")
    case.pair(women, men)
    assert heading(case) == words


def test_the_lead_does_not_say_again_of_what_the_heading_speaks(case: Case) -> None:
    case.declare()
    phrase(case, "Graden")
    case.pair(70, 80, "2023")
    case.pair(76, 81.44, "2024")
    told = tell(case)
    assert told.headline is not None
    assert told.headline.text == f"Graden är 5,4{NBSP}procentenheter lägre för kvinnor än för män"
    assert told.headline.lead == (
        f"I Västmanlands län 2024: 76,0{NBSP}procent för kvinnor och 81,4{NBSP}procent för män, en skillnad på "
        f"5,4{NBSP}procentenheter. Utvecklingen sedan 2023, då skillnaden var 10,0{NBSP}procentenheter: båda "
        "förbättras, gapet minskar."
    )


@pytest.mark.parametrize(
    ("what", "men", "words"),
    [
        ("Graden", 75.0, "Graden är lika hög för kvinnor och män"),
        ("Graden", 75.1, "Graden är ungefär lika hög för kvinnor och män"),
        ("Valdeltagandet", 75.1, "Valdeltagandet är ungefär lika högt för kvinnor och män"),
    ],
)
def test_equal_values_are_called_equal_and_nearly_equal_ones_nearly(
    case: Case, what: str, men: float, words: str
) -> None:
    case.declare()
    phrase(case, what)
    case.pair(75.0, men)
    assert heading(case) == words


def test_a_heading_says_that_a_difference_is_not_certain_rather_than_how_large(case: Case) -> None:
    case.declare()
    phrase(case, "Graden")
    case.put("women", 65.1, margin=1.8)
    case.put("men", 66.5, margin=1.6)
    assert heading(case) == "Graden: skillnaden mellan kvinnor och män är inte statistiskt säkerställd"


def series(case: Case, women: Sequence[float], men: Sequence[float]) -> None:
    for year, (one, other) in enumerate(zip(women, men, strict=True), 2020):
        case.pair(one, other, str(year))


def test_a_heading_says_that_the_difference_shrinks_or_grows_only_when_the_trend_does(case: Case) -> None:
    case.declare()
    phrase(case, "Graden")
    series(case, (70.0, 71.1, 72.0, 73.1, 74.0), (80.0, 80.1, 80.2, 80.3, 80.4))
    assert heading(case).endswith("än för män, och skillnaden minskar")
    case.empty()
    series(case, (70.0, 70.1, 70.2, 70.3, 70.4), (80.0, 81.1, 82.0, 83.1, 84.0))
    assert heading(case).endswith("än för män, och skillnaden ökar")
    case.empty()
    series(case, (70.0, 75.0, 69.0, 74.0, 72.0), (80.0, 80.1, 80.2, 80.3, 80.4))
    assert heading(case).endswith("än för män")


def test_a_difference_that_shrinks_because_men_fall_is_not_told_as_only_shrinking(case: Case) -> None:
    case.declare()
    phrase(case, "Graden")
    series(case, (70.0, 70.0, 70.0, 70.0, 70.0), (80.0, 79.1, 78.0, 77.1, 76.0))
    assert heading(case).endswith("och skillnaden minskar för att mäns nivå försämras")
    phrase(case, "Graden bland alla dem som räknas hit i åldern")
    assert heading(case).endswith("än för män")


def test_a_share_an_index_and_a_ratio_have_their_scale_beside_them(case: Case) -> None:
    case.declare(measure="share", polarity="parity")
    phrase(case, "Andelen kvinnor i styrelser")
    case.put("total", 43.3, numerator=433, denominator=1000)
    assert heading(case) == f"Andelen kvinnor i styrelser är 43,3{NBSP}procent, en jämn könsfördelning"
    case.declare("i", measure="segregation", unit="index", polarity="lower")
    case.put("total", 49.4, indicator="i")
    assert heading(case, "i") == "i är 49,4, där 0 är lika och 100 helt åtskilda"
    case.declare("r", measure="share", unit="ratio", polarity="gap")
    case.put("total", 0.57, indicator="r", numerator=570, denominator=1000)
    assert heading(case, "r") == "r är 0,57, där 1 är lika"


def test_a_heading_of_groups_names_the_group_and_is_kept_within_four_lines(case: Case) -> None:
    case.declare()
    case.con.execute("delete from reference.indicator_dimension")
    case.con.execute("insert into reference.indicator_dimension values ('x', 'g', 'a', 'Utrikes födda', 1)")
    case.pair(65, 80, category="g:a")
    end = f"15,0{NBSP}procentenheter lägre för kvinnor än för män"
    for what, words in (
        ("Graden", f"Graden skiljer sig mest för utrikes födda: {end}"),
        (
            "Graden bland alla som är i åldern 20–64 år",
            f"Graden bland alla som är i åldern 20–64 år, utrikes födda: {end}",
        ),
        ("Graden " + "bland alla " * 6, "Graden " + "bland alla " * 6 + "skiljer sig mest för utrikes födda"),
        ("Graden " + "bland alla " * 8, f"Störst skillnad för utrikes födda: {end}"),
    ):
        phrase(case, what.strip())
        assert heading(case) == words
        assert len(words) <= LONGEST_HEADLINE


def test_a_heading_too_long_for_its_number_leaves_it_to_the_lead(case: Case) -> None:
    case.declare()
    what = "Andelen sysselsatta " + "bland alla dem " * 3 + "som räknas"
    phrase(case, what)
    case.pair(65, 80)
    assert heading(case) == f"{what} är lägre för kvinnor än för män"


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


# --- In English


def spoken(case: Case) -> Sentence:
    """The English sentence, once the Swedish one is told."""
    return in_english(case, "19", "x", tell(case))


def test_an_english_sentence_has_the_structure_and_the_figures_of_the_swedish_one(case: Case) -> None:
    case.declare()
    phrase(case, "Sysselsättningsgraden i åldern 20–64 år")
    case.pair(70, 80, "2023")
    case.pair(76, 81.44, "2024")
    case.pair(75, 79, "2024", region_code="00")
    case.pair(75, 79, "2023", region_code="00")
    told = spoken(case)
    assert told.text == (
        f"The employment rate at ages 20–64 years was 76.0{NBSP}per cent for women and 81.4{NBSP}per cent for men in "
        f"Västmanland county in 2024, a difference of 5.4{NBSP}percentage points (4.0 in Sweden). The development "
        f"since 2023, when the difference was 10.0{NBSP}percentage points: both improve, the gap narrows."
    )
    assert told.headline is not None
    assert told.headline.text == (
        f"The employment rate at ages 20–64 years is 5.4{NBSP}percentage points lower for women than for men"
    )
    assert told.headline.lead.startswith(f"In Västmanland county in 2024: 76.0{NBSP}per cent for women and 81.4")


@pytest.mark.parametrize(
    ("unit", "women", "men", "words"),
    [
        ("persons", 1204, 1950, "was 1,204 women and 1,950 men in Västmanland county in 2024, a difference of 746."),
        ("persons", 1, 1000, "was 1 woman and 1,000 men in"),
        ("persons", -1204, 1950, "was \N{MINUS SIGN}1,204 for women and 1,950 for men in"),
        ("per_1000", 26.9, 70.3, "was 26.9 per 1,000 women and 70.3 per 1,000 men in"),
        ("ratio", 0.95, 0.55, "was 0.95 for women and 0.55 for men in"),
        (
            "sek_thousands",
            254.8,
            336.3,
            f"for men in Västmanland county in 2024, thus 24.2{NBSP}per cent lower for women than for men.",
        ),
        ("percent", 75, 75, f"was 75.0{NBSP}per cent for both women and men in Västmanland county in 2024."),
        ("percent", 75, 75.1, "in Västmanland county in 2024, thus about equal."),
    ],
)
def test_each_unit_has_its_english_words(case: Case, unit: str, women: float, men: float, words: str) -> None:
    case.declare(unit=unit, polarity="none" if unit == "persons" else "higher")
    phrase(case, "Matchningsgraden")
    case.pair(women, men)
    assert words in (spoken(case).text or "").removeprefix("The matching rate ")


@pytest.mark.parametrize(
    ("women", "words"),
    [
        (43.3, "a balanced gender distribution"),
        (39.9, "a male-dominated group"),
        (60.1, "a female-dominated group"),
    ],
)
def test_a_share_is_told_with_the_english_word_of_its_band(case: Case, women: float, words: str) -> None:
    case.declare(measure="share", polarity="parity")
    phrase(case, "Andelen kvinnor bland chefer")
    case.put("total", women, numerator=10 * women, denominator=1000)
    told = spoken(case)
    assert told.text == (
        f"The share of women among managers was {women}{NBSP}per cent in Västmanland county in 2024, {words}."
    )
    assert told.headline is not None
    assert told.headline.text == f"The share of women among managers is {women}{NBSP}per cent, {words}"


def test_english_places_and_periods_are_said_as_one_says_them() -> None:
    t = Language("en")
    assert [in_place(t(name), t) for name in ("Gotland", "Gotlands län", "riket")] == [
        "on Gotland",
        "in Gotland county",
        "in Sweden",
    ]
    said = [("2024", "year"), ("2024M06", "month"), ("2020K4", "quarter"), ("2023-2026", "mandate"),
            ("2022", "election"), ("2019-2023", "five_years")]  # fmt: skip
    assert [in_period(*one, t) for one in said] == [
        "in 2024",
        "in June 2024",
        "in the fourth quarter of 2020",
        "in the term of office 2023–2026",
        "in the 2022 election",
        "in the period 2019–2023",
    ]


def test_what_is_not_told_has_an_english_reason(case: Case) -> None:
    case.declare()
    case.put("women", None, status="..")
    case.put("men", 80.0)
    assert spoken(case).reason == "The figure is too uncertain or may not be shown for confidentiality"
    case.empty()
    case.pair(70, 80, region_code="1980")
    assert spoken(case).reason == "no overall figure for Västmanland county"


def test_english_says_that_nothing_is_compared_across_a_break(case: Case) -> None:
    case.declare(breaks=("2024",))
    case.pair(70, 80, "2023")
    case.pair(76, 81, "2024")
    assert (spoken(case).text or "").endswith("Earlier periods cannot be compared with the latest one.")


def test_an_english_heading_says_whose_level_falls(case: Case) -> None:
    case.declare()
    phrase(case, "Matchningsgraden")
    series(case, (70.0, 70.0, 70.0, 70.0, 70.0), (80.0, 79.1, 78.0, 77.1, 76.0))
    told = spoken(case)
    assert told.headline is not None
    assert told.headline.text == (
        f"The matching rate is 6.0{NBSP}percentage points lower for women than for men, and the gap narrows because "
        "men's level worsens"
    )


def test_the_largest_english_flow_is_told(case: Case) -> None:
    case.declare(unit="persons", polarity="none")
    case.pair(120, 190, region_code="1980", partner_code="1984")
    told = in_english(case, "1980", "x", tell(case, "1980"))
    assert told.text == "The largest commuting flow from Västerås was to Arboga in 2024: 120 women and 190 men."


def test_numbers_are_swedish() -> None:
    cases: list[tuple[float, int, dict[str, Any], str]] = [
        (-1234.25, 1, {}, f"\N{MINUS SIGN}1{NBSP}234,3"),
        (2.345, 2, {}, "2,35"),
        (0.85, 1, {"signed": True}, "+0,9"),
    ]
    for value, decimals, more, text in cases:
        assert swedish(value, decimals, **more) == text
