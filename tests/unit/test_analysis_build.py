"""From staged cells through the indicators to the analyses, and the targets that indicators may say they measure."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from transforms import declarations
from transforms.build import build_indicator, load_indicators, observe
from transforms.declarations import (
    JOINED,
    DeclarationError,
    Goal,
    Indicator,
    Source,
    Strategy,
    Target,
    check_targets,
    goal_ids,
    load_strategies,
)
from transforms.declarations import load_indicators as declared_in

ROOT = Path(__file__).parents[2]
STRATEGIES = load_strategies(ROOT / "transforms" / "strategy")
INDICATORS = declared_in(ROOT / "transforms" / "indicators", goal_ids(STRATEGIES))
AGES = ("20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64")


def built(case: Any, *names: str) -> None:
    """The named indicators stand in the warehouse, made of the staged tables, with what describes them."""
    case.con.execute("drop table indicators.observation")
    load_indicators(case.con, {name: INDICATORS[name] for name in names})
    for name in names:
        assert build_indicator(case.con, INDICATORS[name]).lacking is None
    observe(case.con, names)


def test_segregation_is_the_published_index_and_covers_the_known_occupations(case: Any) -> None:
    case.con.execute(
        """
        create table staged.TAB4434 as
        select region_code, '2024' as period, sex, occupation, 'employees' as measure, value, null as status,
            cast(row_number() over () as ubigint) as cell
        from (values ('19'), ('00')) as r (region_code)
        cross join (
            values ('111', 'women', 60.0), ('111', 'men', 20.0), ('121', 'women', 25.0), ('121', 'men', 30.0),
                ('211', 'women', 10.0), ('211', 'men', 60.0), ('221', 'women', 5.0), ('221', 'men', 90.0),
                ('311', 'women', 0.0), ('311', 'men', 0.0), ('unknown', 'women', 2.0), ('unknown', 'men', 1.0)
        ) as v (occupation, sex, value)
        """
    )
    for older in ("TAB4396", "TAB3119"):
        case.con.execute(f"create table staged.{older} as select * from staged.TAB4434 where false")
    case.con.execute("delete from staged.TAB4434 where region_code = '00' and occupation = '221' and sex = 'men'")
    case.con.execute(f"create view staged.occupations as {(JOINED / 'occupations.sql').read_text(encoding='utf-8')}")
    built(case, "occupation_women_share", "occupation_segregation_index")
    missing, row = case.run("segregation")
    assert (row["region_code"], row["categories"], row["series"]) == ("19", 4, "BAS")
    assert row["coverage"] == pytest.approx(100 * 300 / 303)
    ((index,),) = case.con.execute(
        "select value from indicators.occupation_segregation_index where region_code = '19'"
    ).fetchall()
    assert 100 * row["duncan"] == pytest.approx(index, abs=1e-12) == pytest.approx(60)
    assert row["theil_between"] + row["theil_within"] == pytest.approx(row["theil_m"])
    assert (missing["region_code"], missing["duncan"], missing["reason"]) == ("00", None, "saknas_i_kallan")


def test_the_decomposition_is_the_published_one_group_by_group(case: Any) -> None:
    rows = [
        (age, born, sex, measure, float(base // 2 + at if measure == "employed" else base), at)
        for at, age in enumerate(AGES)
        for born, size in (("in", 400), ("ut", 90))
        for sex, more in (("women", 0), ("men", 13 * at))
        for measure in ("employed", "population")
        for base in (size + more,)
    ]
    case.con.execute(
        "create table staged.TAB3200 (region_code varchar, period varchar, sex varchar, age varchar, "
        "birth_region varchar, measure varchar, value double, status varchar, cell ubigint)"
    )
    case.con.executemany(
        "insert into staged.TAB3200 values ('19', '2024', ?, ?, ?, ?, ?, null, ?)",
        [(sex, age, born, measure, value, cell) for age, born, sex, measure, value, cell in rows],
    )
    built(case, "employment_rate_by_age_and_birth_region", "employment_gap_decomposition")
    (row,) = case.run("kitagawa")
    published = dict(case.con.execute("select category, value from indicators.employment_gap_decomposition").fetchall())
    assert row["rate_part"] == pytest.approx(published["part:rate"], abs=1e-12)
    assert row["composition_part"] == pytest.approx(published["part:composition"], abs=1e-12)
    assert row["rate_part"] + row["composition_part"] == pytest.approx(row["diff"], abs=1e-12)
    assert (row["groups"], row["expected"]) == (18, 18)
    labels = case.con.execute("select count(*) from analysis.kitagawa_group").fetchone()
    assert labels == (18,)


@pytest.mark.parametrize("table", ["segregation", "decomposition"])
def test_what_is_measured_by_category_is_an_indicator_with_that_dimension(case: Any, table: str) -> None:
    rows = case.con.execute(f"select indicator, dimension from reference.{table}").fetchall()
    assert rows
    assert all(dimension in INDICATORS[indicator].front.dimensions for indicator, dimension in rows)
    if table == "segregation":
        indices = case.con.execute("select index_indicator from reference.segregation").fetchall()
        assert {INDICATORS[index].front.measure for (index,) in indices} == {"segregation"}


def test_every_measure_of_segregation_says_where_its_coverage_is_known_from(case: Any) -> None:
    indices = {index for (index,) in case.con.execute("select index_indicator from reference.segregation").fetchall()}
    covered = case.con.execute("select * from reference.covered").fetchall()
    assert {name for name, one in INDICATORS.items() if one.front.measure == "segregation"} <= (
        indices | {indicator for indicator, *_ in covered}
    )
    distributions = case.con.execute("select indicator from reference.segregation").fetchall()
    for indicator, distribution, relations, whole, table in covered:
        assert indicator in INDICATORS
        assert (distribution,) in distributions if relations is None else distribution is None
        if relations is not None:
            assert relations in INDICATORS
            assert table in declarations.tables(INDICATORS[whole])


def stated(value: float = 80, unit: str = "percent", year: int | None = 2030, measure: Any = "level") -> Strategy:
    source = Source(url="https://example.org/plan", page="plan")
    target = Target(value=value, unit=unit, year=year, wording="ska nå", source=source, measure=measure)
    goals = (
        Goal(id="plan.arbete", wording="Öka", established=True, source=source, kind="delmal", target=target),
        Goal(id="plan.annat", wording="Mer", established=True, source=source, kind="delmal"),
    )
    return Strategy(id="plan", title="Plan", kind="plan", role="mål", goals=goals)


def measuring(target: str | None, **front: Any) -> Indicator:
    one = INDICATORS["employment_rate"]
    goals = ("plan.arbete", "plan.annat")
    return replace(one, front=one.front.model_copy(update={"goals": goals, "target": target, **front}))


def test_an_indicator_may_measure_a_stated_target_of_its_goals() -> None:
    check_targets([measuring("plan.arbete"), measuring(None)], [stated()])
    check_targets([measuring("plan.arbete", polarity="gap")], [stated(0, measure="gap")])


@pytest.mark.parametrize(
    ("indicator", "strategy", "parts"),
    [
        (measuring("plan.arbetet"), stated(), ["employment_rate.sql: target", "closest match: plan.arbete", "goals"]),
        (measuring("plan.annat"), stated(), ["no document states a target", "plan.arbete", "remove it"]),
        (measuring("plan.arbete", unit="persons"), stated(), ["'percent'", "'persons'", "remove it"]),
        (measuring("plan.arbete"), stated(year=None), ["has no year", "give the year"]),
        (measuring("plan.arbete", polarity="none"), stated(), ["polarity higher or lower", "polarity none"]),
        (measuring("plan.arbete", measure="share"), stated(), ["measure level", "measure share"]),
    ],
)
def test_a_target_that_cannot_be_measured_is_refused_in_one_line(
    indicator: Indicator, strategy: Strategy, parts: list[str]
) -> None:
    with pytest.raises(DeclarationError) as error:
        check_targets([indicator], [strategy])
    assert all(part in str(error.value) for part in parts)
    assert "\n" not in str(error.value)


def test_the_stated_targets_are_loaded_with_their_source(case: Any) -> None:
    rows = case.con.execute(
        "select goal_id, value, unit, year, by_sex, measure from reference.goal_target order by goal_id"
    ).fetchall()
    assert rows == [
        ("rus-2030.bredband", 98, "percent", 2025, False, "level"),
        ("rus-2030.kollektivtrafik", 30, "percent", None, False, "level"),
    ]
    assert case.con.execute("select count(source_url) from reference.goal_target").fetchone() == (2,)
