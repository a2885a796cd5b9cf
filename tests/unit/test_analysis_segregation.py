"""Segregation and decomposition: reference/method.md sections 6 and 7, and the same in exact fractions."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PLACES = ["1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984"]


@pytest.fixture
def occupations(case: Any) -> Any:
    """A distribution over categories, 0 being the unknown one."""
    case.declare(measure="share", polarity="parity")
    case.con.execute("insert into reference.segregation values ('x', 'occupation', '0', 'index', '1')")
    return case


def spread(case: Any, women: Sequence[float | None], men: Sequence[float | None], **more: Any) -> None:
    """One category per pair: `women` of `women + men`, as an indicator of women's share has them."""
    for at, (f, m) in enumerate(zip(women, men, strict=True)):
        category = more.get("category", f"occupation:{1 + at // 2}{at}")
        known = f is not None and m is not None
        persons = f + m if known else None  # type: ignore[operator]
        case.put("total", 100 * f / persons if persons else None, **{
            "numerator": f if persons else None, "denominator": persons or None,
            "reason": None if persons else "namnare_noll" if known else "saknas_i_kallan",
        } | more | {"category": category})  # fmt: skip


NAMES = ("duncan", "karmel_maclachlan", "size_standardised", "theil_m", "theil_e", "theil_h", "gini", "balanced_share")


@pytest.mark.parametrize(
    ("women", "men", "share", "measures"),
    [
        pytest.param((40, 30, 20, 10), (10, 20, 30, 40), 0.5,
                     (0.4, 0.2, 0.4, 0.106440, 0.693147, 0.153561, 0.5, 50), id="E6a"),
        pytest.param((60, 25, 10, 5), (20, 30, 60, 90), 0.333333,
                     (0.6, 0.266667, 0.554421, 0.199252, 0.636514, 0.313036, 0.695, 18.333333), id="E6b"),
        pytest.param((10, 20, 30), (20, 40, 60), 0.333333, (0, 0, 0, 0, 0.636514, 0, 0, 0), id="E6c"),
        pytest.param((10, 0), (0, 30), 0.25, (1, 0.375, 1, 0.562335, 0.562335, 1, 1, 0), id="E6d"),
    ],
)  # fmt: skip
def test_the_worked_examples(
    occupations: Any, women: tuple[int, ...], men: tuple[int, ...], share: float, measures: tuple[float, ...]
) -> None:
    spread(occupations, women, men)
    spread(occupations, [0], [0], category="occupation:0")
    (row,) = occupations.run("segregation")
    assert row["women_share"] == pytest.approx(share, abs=1e-6)
    assert [row[name] for name in NAMES] == pytest.approx(measures, abs=1e-6)
    assert (row["categories"], row["women"], row["men"]) == (len(women), sum(women), sum(men))
    assert (row["coverage"], row["low_coverage"], row["reason"]) == (100, False, None)


def test_theil_splits_exactly_between_and_within_super_groups(occupations: Any) -> None:
    spread(occupations, (60, 25, 10, 5), (20, 30, 60, 90))
    (row,) = occupations.run("segregation")
    assert row["theil_between"] == pytest.approx(0.172346, abs=1e-6)
    assert row["theil_within"] == pytest.approx(0.026906, abs=1e-6)
    assert row["theil_between"] + row["theil_within"] == pytest.approx(row["theil_m"], abs=1e-12)


def test_the_categories_add_up_to_the_measures(occupations: Any) -> None:
    spread(occupations, (60, 25, 10, 5), (20, 30, 60, 90))
    (row,) = occupations.run("segregation")
    parts = occupations.run("segregation_category")
    for part, whole in (
        ("duncan", "duncan"), ("karmel_maclachlan", "karmel_maclachlan"), ("size_standardised", "size_standardised"),
        ("theil", "theil_m"),
    ):  # fmt: skip
        assert sum(one[part] for one in parts) == pytest.approx(row[whole], abs=1e-12)
    assert [one["is_balanced"] for one in parts] == [False, True, False, False]


def test_the_unknown_category_takes_no_part_and_lowers_the_coverage(occupations: Any) -> None:
    spread(occupations, (60, 25, 10, 5), (20, 30, 60, 90))
    spread(occupations, [10], [10], category="occupation:0")
    (row,) = occupations.run("segregation")
    assert row["duncan"] == pytest.approx(0.6)
    assert row["coverage"] == pytest.approx(100 * 300 / 320)
    assert row["low_coverage"] is True


def test_without_the_unknown_category_the_coverage_is_not_known(occupations: Any) -> None:
    spread(occupations, (60, 25, 10, 5), (20, 30, 60, 90))
    (row,) = occupations.run("segregation")
    assert row["duncan"] == pytest.approx(0.6)
    assert (row["coverage"], row["low_coverage"]) == (None, None)


def test_a_category_without_a_value_makes_the_measures_null_and_never_smaller(occupations: Any) -> None:
    spread(occupations, (60, 25, None, 5), (20, 30, 60, 90))
    (row,) = occupations.run("segregation")
    assert [row[name] for name in NAMES] == [None] * 8
    assert (row["women"], row["men"], row["coverage"], row["reason"]) == (None, None, None, "saknas_i_kallan")
    assert row["low_coverage"] is None
    assert [one["duncan"] for one in occupations.run("segregation_category")] == [None] * 4


def test_a_place_without_men_has_no_measure(occupations: Any) -> None:
    spread(occupations, (60, 25), (0, 0))
    (row,) = occupations.run("segregation")
    assert [row[name] for name in NAMES[:7]] == [None] * 7
    assert row["reason"] == "namnare_noll"


COVERAGES = [(5, "forbattras", None), (40, "ej_bedomd", "lag_tackning"), (None, "ej_bedomd", "okand_tackning")]


@pytest.mark.parametrize(("unknown", "verdict", "reason"), COVERAGES)
def test_low_or_unknown_coverage_bars_trend_verdict_and_rank(
    case: Any, unknown: int | None, verdict: str, reason: str | None
) -> None:
    case.declare(measure="share", polarity="parity")
    case.declare("index", "index", "segregation", "lower")
    case.con.execute("insert into reference.segregation values ('x', 'occupation', '0', 'index', null)")
    for at in range(5):
        women, men = (60 - 2 * at, 25, 10, 5), (20, 30, 60, 90)
        spread(case, women, men, period=str(2020 + at))
        if unknown is not None:
            spread(case, [unknown], [1], period=str(2020 + at), category="occupation:0")
        case.put("total", 60.0 - at, str(2020 + at), indicator="index")
    (row,) = [row for row in case.run("trend") if row["indicator"] == "index"]
    assert (row["subject"], row["verdict"], row["reason"]) == ("total", verdict, reason)
    (row,) = [row for row in case.run("moved") if row["indicator"] == "index" and row["span"] == "previous"]
    assert (row["code"] == "ej_bedombar", row["reason"]) == (reason is not None, reason)
    ranks = {row["total_rank"] for row in case.run("compare") if row["indicator"] == "index"}
    assert ranks == ({1} if reason is None else {None})


@pytest.mark.parametrize(("unknown", "verdict", "reason"), COVERAGES)
def test_the_share_in_balanced_occupations_has_the_coverage_of_the_occupations(
    case: Any, unknown: int | None, verdict: str, reason: str | None
) -> None:
    case.declare("occupation_women_share", measure="share", polarity="parity")
    case.declare("balanced_occupations_share")
    for at in range(5):
        occupations = {"indicator": "occupation_women_share", "period": str(2020 + at)}
        spread(case, (60, 25, 10, 5), (20, 30, 60, 90), **occupations)
        if unknown is not None:
            spread(case, [unknown], [1], category="occupation:0002", **occupations)
        case.pair(20 + at, 30, str(2020 + at), indicator="balanced_occupations_share")
    rows = [row for row in case.run("trend") if row["indicator"] == "balanced_occupations_share"]
    assert {row["subject"]: (row["verdict"], row["reason"]) for row in rows}["women"] == (verdict, reason)
    ranks = {row["women_rank"] for row in case.run("compare") if row["indicator"] == "balanced_occupations_share"}
    assert ranks == ({1} if reason is None else {None})


def commuting(case: Any, loaded: bool) -> None:
    """Two places: Norberg with two destinations, and the published number of those who leave it."""
    case.declare("commuting_destination_dissimilarity", "index", "segregation", "none")
    case.declare("commuting_relation_matrix", "persons", polarity="none")
    case.declare("out_commuting_rate", polarity="none", series=("BAS",))
    if loaded:
        case.con.execute("insert into reference.source_table (table_id, state) values ('TAB1828', 'loaded')")
    for partner, women, men in (("1962", 700, 600), ("1980", 30, 40), ("1982", 20, 8), ("1904", 0, 0)):
        case.pair(women, men, indicator="commuting_relation_matrix", region_code="1962", partner_code=partner)
    case.put("total", 17.0, indicator="commuting_destination_dissimilarity", region_code="1962", numerator=50,
             denominator=48)  # fmt: skip
    for sex, out in (("women", 51), ("men", 49)):
        case.put(sex, 7.0, indicator="out_commuting_rate", region_code="1962", series="BAS", numerator=out,
                 denominator=750)  # fmt: skip


@pytest.mark.parametrize(("loaded", "coverage"), [(True, 98), (False, None)])
def test_relations_are_held_against_the_published_number_of_those_who_leave(
    case: Any, loaded: bool, coverage: float | None
) -> None:
    commuting(case, loaded)
    (row,) = case.run("segregation_coverage")
    assert (row["indicator"], row["region_code"]) == ("commuting_destination_dissimilarity", "1962")
    assert (row["categories"], row["coverage"]) == (2, coverage)
    (trend,) = [row for row in case.run("trend") if row["indicator"] == "commuting_destination_dissimilarity"]
    assert trend["reason"] == ("for_fa_punkter" if loaded else "okand_tackning")


COUNTS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=8)


def exact_indices(pairs: Sequence[tuple[int, int]]) -> dict[str, Fraction]:
    pairs = [(f, m) for f, m in pairs if f + m]
    women, men = sum(f for f, _ in pairs), sum(m for _, m in pairs)
    persons = women + men
    a = Fraction(women, persons)
    duncan = sum(abs(Fraction(f, women) - Fraction(m, men)) for f, m in pairs) / 2
    shares = [(Fraction(f, f + m), Fraction(m, f + m)) for f, m in pairs]
    all_f, all_m = sum(f for f, _ in shares), sum(m for _, m in shares)
    gini, below = Fraction(1), Fraction(0)
    for f, m in sorted(pairs, key=lambda one: (one[1] == 0, Fraction(one[0], one[1] or 1))):
        gini -= (2 * below + Fraction(f, women)) * Fraction(m, men)
        below += Fraction(f, women)
    return {
        "duncan": duncan,
        "karmel_maclachlan": sum(abs((1 - a) * f - a * m) for f, m in pairs) / persons,
        "size_standardised": sum(abs(f / all_f - m / all_m) for f, m in shares) / 2,
        "gini": gini,
        "balanced_share": Fraction(
            100 * sum(f + m for f, m in pairs if 40 * (f + m) <= 100 * f <= 60 * (f + m)), persons
        ),
    }


def entropy(pairs: Sequence[tuple[int, int]]) -> float:
    women, men = sum(f for f, _ in pairs), sum(m for _, m in pairs)
    persons = women + men
    terms = [
        count / persons * math.log(count * persons / (sum(pair) * of))
        for pair in pairs
        for count, of in zip(pair, (women, men), strict=True)
        if count
    ]
    return math.fsum(terms)


@given(distributions=st.lists(COUNTS, min_size=5, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_indices_are_those_of_exact_fractions(occupations: Any, distributions: list[list[tuple[int, int]]]) -> None:
    occupations.empty()
    for place, pairs in zip(PLACES[:5], distributions, strict=True):
        spread(occupations, *zip(*pairs, strict=True), region_code=place)
        # The sexes swapped, and the categories in the other order with an empty one added.
        other = [(m, f) for f, m in reversed(pairs)]
        spread(occupations, *zip(*other, (0, 0), strict=True), region_code=PLACES[5 + PLACES.index(place)])
    found = {row["region_code"]: row for row in occupations.run("segregation")}
    for place, pairs in zip(PLACES[:5], distributions, strict=True):
        row, swapped = found.get(place), found.get(PLACES[5 + PLACES.index(place)])
        if not sum(f for f, _ in pairs) or not sum(m for _, m in pairs):
            assert row is None or row["duncan"] is None
            continue
        assert row is not None
        assert swapped is not None
        exact = exact_indices(pairs)
        for name, value in exact.items():
            assert row[name] == pytest.approx(float(value), abs=1e-9), name
            assert swapped[name] == pytest.approx(float(value), abs=1e-9), name
        a = Fraction(int(row["women"]), int(row["women"] + row["men"]))
        assert exact["karmel_maclachlan"] == 2 * a * (1 - a) * exact["duncan"]
        assert row["theil_m"] == pytest.approx(entropy(pairs), abs=1e-9)
        assert swapped["theil_h"] == pytest.approx(row["theil_h"], abs=1e-9)
        assert 0 <= row["theil_h"] <= 1 + 1e-9


@pytest.fixture
def groups(case: Any) -> Any:
    """A rate by three groups that together are everybody."""
    case.declare()
    case.con.execute("insert into reference.decomposition values ('x', 'group')")
    for code in "123":
        case.con.execute("insert into reference.indicator_dimension values ('x', 'group', ?, ?, 0)", [code, code])
    return case


def rates(case: Any, women: Sequence[tuple[int, int]], men: Sequence[tuple[int, int]], **more: Any) -> None:
    """Numerator and denominator per group, for women and men."""
    for sex, counts in (("women", women), ("men", men)):
        for code, (part, base) in zip("123", counts, strict=False):
            given_ = base > 0
            case.put(sex, 100 * part / base if given_ else None, category=f"group:{code}",
                     numerator=part if given_ else None, denominator=base if given_ else None,
                     reason=None if given_ else "namnare_noll", **more)  # fmt: skip


def test_the_worked_example_of_kitagawa(groups: Any) -> None:
    rates(groups, [(120, 200), (400, 500), (210, 300)], [(195, 300), (430, 500), (144, 200)])
    (row,) = groups.run("kitagawa")
    assert (row["women_rate"], row["men_rate"]) == pytest.approx((73.0, 76.9), abs=1e-9)
    assert (row["rate_part"], row["composition_part"], row["diff"]) == pytest.approx((-4.75, 0.85, -3.9), abs=1e-9)
    parts = groups.run("kitagawa_group")
    assert [one["rate_part"] for one in parts] == pytest.approx([-1.25, -3.0, -0.5], abs=1e-9)
    assert [one["composition_part"] for one in parts] == pytest.approx([-6.25, 0, 7.1], abs=1e-9)
    assert [one["women_part"] for one in parts] == pytest.approx([0.2, 0.5, 0.3])
    assert (row["groups"], row["expected"], row["reason"], row["rate_share"]) == (3, 3, None, None)


def test_a_group_empty_for_one_sex_or_missing_leaves_the_gap_whole(groups: Any) -> None:
    rates(groups, [(120, 200), (0, 0), (210, 300)], [(195, 300), (430, 500), (144, 200)])
    rates(groups, [(120, 200), (1, 3)], [(195, 300), (430, 500)], region_code="01")
    empty, missing = groups.run("kitagawa")[1], groups.run("kitagawa")[0]
    for row in (empty, missing):
        assert [row[name] for name in ("women_rate", "men_rate", "diff", "rate_part", "composition_part")] == [None] * 5
        assert row["groups"] == 2
    assert (empty["region_code"], empty["reason"]) == ("19", "namnare_noll")
    assert (missing["region_code"], missing["reason"]) == ("01", "saknas_i_kallan")


BASE = st.integers(1, 5000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
RATES = st.lists(BASE, min_size=3, max_size=3)


def exact_parts(women: list[tuple[int, int]], men: list[tuple[int, int]]) -> tuple[Fraction, Fraction, Fraction]:
    all_w, all_m = sum(base for _, base in women), sum(base for _, base in men)
    rate = composition = Fraction(0)
    for (nw, bw), (nm, bm) in zip(women, men, strict=True):
        cw, cm, rw, rm = Fraction(bw, all_w), Fraction(bm, all_m), Fraction(nw, bw), Fraction(nm, bm)
        rate += (cw + cm) * (rw - rm) / 2
        composition += (rw + rm) * (cw - cm) / 2
    gap = Fraction(sum(n for n, _ in women), all_w) - Fraction(sum(n for n, _ in men), all_m)
    return 100 * rate, 100 * composition, 100 * gap


@given(examples=st.lists(st.tuples(RATES, RATES), min_size=5, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_parts_add_up_to_the_gap_exactly_and_swapping_the_sexes_flips_their_signs(
    groups: Any, examples: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]
) -> None:
    groups.empty()
    for at, (women, men) in enumerate(examples):
        rates(groups, women, men, region_code=PLACES[at])
        rates(groups, men, women, region_code=PLACES[5 + at])
    found = {row["region_code"]: row for row in groups.run("kitagawa")}
    for at, (women, men) in enumerate(examples):
        row, swapped = found[PLACES[at]], found[PLACES[5 + at]]
        rate, composition, gap = exact_parts(women, men)
        assert rate + composition == gap
        assert row["rate_part"] == pytest.approx(float(rate), abs=1e-9)
        assert row["composition_part"] == pytest.approx(float(composition), abs=1e-9)
        assert row["diff"] == pytest.approx(float(gap), abs=1e-9)
        for name in ("rate_part", "composition_part", "diff"):
            assert swapped[name] == pytest.approx(-row[name], abs=1e-12)
