"""Every indicator on synthetic figures: what is published is what it was, and each figure follows from SCB's cells.

The golden files in tests/golden/demo are written anew with

    JAMSTAT_GOLDEN=write .venv/bin/pytest tests/integration/test_every_figure.py

Read the difference before committing it: a figure that has changed is a formula that has.
"""

import difflib
import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from flows import project, tracing
from flows.tracing import Key
from reports import catalogue, sentences
from sources.raw_store import RawStore
from transforms import declarations

GOLDEN = project.ROOT / "tests" / "golden" / "demo"
DECLARED = project.load()
DRAWN = 4
"""Figures of each indicator that are recomputed."""
PLACES = ("00", "19", "1904")
PARTNERS = ("1904", "1980", "1983")


@pytest.fixture(scope="module")
def con(full_demo: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(full_demo / "data" / "demo" / "warehouse.duckdb"), read_only=True) as con:
        yield con


# --- The golden files

# The three latest periods; of a breakdown the first three groups; of relations those within the county.
SLICE = """
with
published as (from read_csv($file, all_varchar = true, header = true)),
latest as (
    select period from (select distinct p.period, p.sort from published join reference.period as p using (period))
    order by sort desc limit 3
),
groups as (select distinct category from published order by category != 'all', category limit 3)
select
    region_code, partner_code, period, sex, category, series, value, numerator, denominator, status, margin, reason,
    is_preliminary
from published
where region_code in (select unnest($places)) and (partner_code is null or partner_code in (select unnest($partners)))
    and period in (from latest) and category in (from groups)
"""


@pytest.mark.parametrize("indicator", DECLARED.indicators)
def test_published_figures_are_those_of_the_golden_file(
    con: duckdb.DuckDBPyConnection, full_demo: Path, indicator: str, tmp_path: Path
) -> None:
    file = full_demo / "build" / "latest" / "tables" / f"{indicator}.csv"
    if not_confirmed(con, indicator):
        assert not (GOLDEN / file.name).exists()
        return
    out = tmp_path / file.name
    given = {"file": str(file), "places": [*PLACES], "partners": [*PARTNERS]}
    with duckdb.connect() as own:
        own.execute("set threads = 1")
        own.execute("create schema reference")
        own.register(
            "periods", con.execute("select period, min(sort) as sort from reference.period group by 1").to_arrow_table()
        )
        own.execute("create table reference.period as from periods")
        own.register("slice", own.execute(SLICE, given).to_arrow_table())
        own.execute(f"copy (from slice) to '{out}' (format csv, header, nullstr '')")
    compare(out.read_text(encoding="utf-8"), GOLDEN / file.name)


def test_sentences_are_those_of_the_golden_file(con: duckdb.DuckDBPyConnection) -> None:
    known = catalogue.read(con)
    lines = [
        f"{indicator} {region}: {told.text or f'({told.reason})'}\n"
        for region in PLACES
        for indicator, told in sorted(sentences.of_region(con, known, region).items())
    ]
    compare("".join(lines), GOLDEN / "sentences.txt")


def test_no_figure_is_shown_with_a_decimal_that_scb_does_not_publish(con: duckdb.DuckDBPyConnection) -> None:
    # The counts that stand beside a published rate say nothing of its decimals.
    published = {
        (table, name): decimals
        for table, name, decimals in con.execute(
            """select table_id, name, decimals from reference.source_code
            where name is not null and decimals is not null and unit <> 'antal'"""
        ).fetchall()
    }
    shown = {item.indicator: item.decimals for item in catalogue.read(con).indicators}
    for name, indicator in DECLARED.indicators.items():
        if declarations.is_derived(indicator):
            continue
        offered = {key: decimals for key, decimals in published.items() if key[0] in declarations.tables(indicator)}
        operands = declarations.operand_names(indicator)
        # An operand is named after the contents that it is; where it has another name, any of the tables' may be it.
        own = [decimals for (_, contents), decimals in offered.items() if contents in operands] or [*offered.values()]
        assert shown[name] <= min(own, default=shown[name]), name


def test_no_golden_file_is_left_of_an_indicator_that_is_gone() -> None:
    assert {file.stem for file in GOLDEN.glob("*.csv")} <= set(DECLARED.indicators)


def compare(text: str, golden: Path) -> None:
    """Nothing when the text is that of the file; the difference as a failure; a new file when asked to write."""
    if os.environ.get("JAMSTAT_GOLDEN") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    before = golden.read_text(encoding="utf-8") if golden.exists() else ""
    changed = difflib.unified_diff(
        before.splitlines(), text.splitlines(), f"golden/{golden.name}", "now", lineterm="", n=0
    )
    difference = "\n".join(changed)
    if difference:
        pytest.fail(
            f"{difference}\n\nIf this is meant, write it anew: see the head of {Path(__file__).name}", pytrace=False
        )


# --- Every figure from its cells
#
# The formulas once more, in plain pandas, from what the definitions say and not from our SQL. `cells` has one row per
# cell of SCB's: operand, sex, value, and the code of each variable of its table.

Formula = Callable[[pd.DataFrame, dict[str, str]], float]


def total(cells: pd.DataFrame, operands: tuple[str, ...], sex: str | None = None) -> float:
    chosen = cells[cells["operand"].isin(operands)]
    return float((chosen if sex is None else chosen[chosen["sex"] == sex])["value"].sum(skipna=False))


def published(cells: pd.DataFrame, key: dict[str, str]) -> float:
    """The one cell; of a share of women the women's."""
    sex = "women" if key["sex"] == "total" and set(cells["sex"]) == {"women", "men"} else key["sex"]
    (value,) = cells.loc[cells["sex"] == sex, "value"]
    return float(value)


def published_beside(operand: str) -> Formula:
    """The one cell of the operand; the counts that stand beside the figure are other operands."""
    return lambda cells, key: published(cells[cells["operand"] == operand], key)


def rate(*part: str, of: tuple[str, ...], per: float = 100.0) -> Formula:
    return lambda cells, _: per * total(cells, part) / total(cells, of)


def women_among(*operands: str) -> Formula:
    return lambda cells, _: 100.0 * total(cells, operands, "women") / cells["value"].sum(skipna=False)


def duncan(variable: str) -> Formula:
    """Half the sum of the differences between women's and men's distribution over the codes of a variable."""

    def formula(cells: pd.DataFrame, _: dict[str, str]) -> float:
        persons = cells.pivot_table(index=variable, columns="sex", values="value", aggfunc="sum")
        parts = persons / persons.sum()
        return float(50.0 * (parts["women"] - parts["men"]).abs().sum())

    return formula


def kitagawa(part: str, whole: str, variables: list[str], scale: float) -> Formula:
    """The part of the gap that is difference within groups, or that is composition."""

    def formula(cells: pd.DataFrame, key: dict[str, str]) -> float:
        wide = cells.pivot_table(index=variables, columns=["operand", "sex"], values="value", aggfunc="sum")
        size, rates = wide[whole], wide[part] if scale == 1 else wide[part] / wide[whole]
        shares = size / size.sum()
        if key["category"] == "part:rate":
            terms = shares.mean(axis=1) * (rates["women"] - rates["men"])
        else:
            terms = rates.mean(axis=1) * (shares["women"] - shares["men"])
        return float(scale * terms.sum())

    return formula


def form_gap(cells: pd.DataFrame, key: dict[str, str]) -> float:
    form = (key["category"].removeprefix("form:"),)
    women, men = (total(cells, form, sex) / total(cells, ("total",), sex) for sex in ("women", "men"))
    return 100.0 * (women - men)


def net(cells: pd.DataFrame, _: dict[str, str]) -> float:
    return total(cells, ("in_commuters",)) - total(cells, ("out_commuters",))


def balanced(cells: pd.DataFrame, key: dict[str, str]) -> float:
    """Of one sex's employees, those in occupations where 40-60 per cent are women; here operand is the sex."""
    persons = cells.pivot_table(index="Yrke2012", columns="operand", values="value", aggfunc="sum")
    share = persons["women"] / (persons["women"] + persons["men"])
    own = persons[key["sex"]]
    return float(100.0 * own[share.between(0.4, 0.6)].sum() / own.sum())


def representation(cells: pd.DataFrame, _: dict[str, str]) -> float:
    """Women's share of the entrepreneurs through their share of the employed."""
    shares = [
        total(cells, operands, "women") / (total(cells, operands, "women") + total(cells, operands, "men"))
        for operands in (ENTREPRENEURS, ("total",))
    ]
    return shares[0] / shares[1]


ENTREPRENEURS = ("company_owners", "sole_proprietors")
EDUCATED = ("pre_secondary_short", "pre_secondary", "upper_secondary_short", "upper_secondary", "post_secondary_short",
            "post_secondary", "research", "unknown")  # fmt: skip


def educated(cells: pd.DataFrame, key: dict[str, str]) -> float:
    """Of all, those with more than upper secondary education, or those of the level that the category names."""
    level = key["category"].removeprefix("education:")
    chosen = ("post_secondary_short", "post_secondary", "research") if level == "all" else (level,)
    return 100.0 * total(cells, chosen) / total(cells, EDUCATED)


AS_PUBLISHED = (
    "commuting_relation_matrix", "disposable_income_single_adults", "elected_vs_electorate_gap",
    "employment_by_background", "employment_rate_monthly", "employment_rate_preliminary_year",
    "entrepreneur_share_by_background", "entrepreneur_share_long_series",
    "entrepreneur_survival_one_year", "higher_education_eligibility_share", "higher_education_within_3_years",
    "life_expectancy_at_birth", "long_term_unemployed_share", "managers_share_by_background",
    "managers_share_of_employed", "matching_rate", "mean_earned_income_20_64", "median_earned_income_20_64",
    "median_earned_income_65_plus", "median_net_income", "population_monthly",
    "remaining_life_expectancy_30_by_education", "unemployment_rate_monthly", "unemployment_rate_preliminary_year",
    "upper_secondary_eligibility_share", "voter_turnout", "women_share_elected_representatives",
)  # fmt: skip

FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(AS_PUBLISHED, published),
    "balanced_occupations_share": balanced,
    "benefit_full_year_equivalents_by_type": rate("full_year_equivalents", of=("population",)),
    "benefit_full_year_equivalents_share": rate("full_year_equivalents", of=("population",)),
    "commuting_destination_dissimilarity": duncan("Arbetsstallekommun"),
    "earned_income_gap_decomposition": kitagawa("mean_income", "earners", ["Alder"], 1.0),
    "entrepreneur_representation_ratio": representation,
    "entrepreneur_share_by_age": rate(*ENTREPRENEURS, of=("total",)),
    "industry_segregation_index_year": duncan("SNI2007"),
    "industry_women_share_year": women_among("employed"),
    "lfs_employment_rate": lambda cells, _: total(cells, ("percent",)),
    "net_migration": rate("net_migration", of=("population",), per=1000.0),
    "net_migration_20_29": rate("net_migration", of=("population",), per=1000.0),
    "women_share_ict_occupations": women_among("ict"),
    "women_share_municipal_council": women_among("members"),
    "women_share_parliament": women_among("members"),
    "women_share_regional_council": women_among("members"),
    "company_owner_share_of_employed": rate("company_owners", of=("total",)),
    "county_in_commuting_rate": rate("in_commuters", of=("workers_at_workplaces",)),
    "county_net_commuting": net,
    "county_out_commuting_rate": rate("out_commuters", of=("resident_workers",)),
    "employment_gap_decomposition": kitagawa("employed", "population", ["Alder", "Fodelseregion"], 100.0),
    "employment_rate": published_beside("employment_rate"),
    "employment_rate_by_age_and_birth_region": rate("employed", of=("population",)),
    "employment_rate_foreign_born": published_beside("employment_rate"),
    "entrepreneur_gap_by_form": form_gap,
    "entrepreneur_share_foreign_born": rate(*ENTREPRENEURS, of=("total",)),
    "entrepreneur_share_of_employed": rate(*ENTREPRENEURS, of=("total",)),
    "entrepreneurs_per_1000_inhabitants": rate(*ENTREPRENEURS, of=("population",), per=1000.0),
    "in_commuting_rate": rate("in_commuters", of=("in_commuters", "lives_and_works")),
    "incorporated_share_of_entrepreneurs": rate("company_owners", of=ENTREPRENEURS),
    "industry_known_share": rate("known", of=("all",)),
    "industry_segregation_index": duncan("SNI2007"),
    "industry_women_share": women_among("employed"),
    "jobs_to_resident_workers_ratio": rate(
        "lives_and_works", "in_commuters", of=("lives_and_works", "out_commuters"), per=1.0
    ),
    "labour_force_participation_rate": published_beside("participation_rate"),
    "live_and_work_same_municipality_share": rate("lives_and_works", of=("lives_and_works", "out_commuters")),
    "net_commuting": net,
    "occupation_known_share": rate("known", of=("known", "unknown")),
    "occupation_segregation_index": duncan("Yrke2012"),
    "occupation_women_share": women_among("employees"),
    "out_commuters_within_county_share": rate("works_in_county", of=("works_in_county", "works_outside")),
    "out_commuting_rate": rate("out_commuters", of=("lives_and_works", "out_commuters")),
    "population": lambda cells, _: total(cells, ("population",)),
    "post_secondary_education_share": educated,
    "public_sector_share": rate("public", of=("total",)),
    "relation_women_share": women_among("commuters"),
    "sick_share_of_population": rate("sick", of=("population",)),
    "sole_proprietor_share_of_employed": rate("sole_proprietors", of=("total",)),
    "tertiary_education_share": rate("post_secondary", "research", of=EDUCATED),
    "unemployment_rate": published_beside("unemployment_rate"),
    "women_share_company_owners": women_among("company_owners"),
    "women_share_entrepreneurs": women_among(*ENTREPRENEURS),
    "women_share_in_commuters": women_among("in_commuters"),
    "women_share_managers": women_among("managers"),
    "women_share_out_commuters": women_among("out_commuters"),
    "women_share_sole_proprietors": women_among("sole_proprietors"),
}


@pytest.fixture(scope="module")
def store(full_demo: Path) -> Iterator[RawStore]:
    """The kept answers; each is decoded once."""
    decoded = functools.cache(lambda store, fetch: kept(store, dict(fetch)))
    kept = tracing._stored
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(tracing, "_stored", lambda store, fetch: decoded(store, tuple(fetch.items())))
        yield RawStore(full_demo / "data" / "demo" / "raw")


def not_confirmed(con: duckdb.DuckDBPyConnection, indicator: str) -> bool:
    """Whether its source is not found, so that it is published by name and reason only."""
    found = con.execute("select state from provenance.indicator_state where indicator = ?", [indicator]).fetchall()
    return found == [("unconfirmed",)]


def drawn(file: Path) -> list[dict[str, Any]]:
    """Some published figures of a table: by chance, and the same in every run."""
    with duckdb.connect() as con:
        found = con.execute(
            "select region_code, period, sex, category, series, partner_code, value "
            "from read_csv(?, all_varchar = true, header = true) where value is not null "
            "order by md5(concat_ws('|', region_code, partner_code, period, sex, category, series)) limit ?",
            [str(file), DRAWN],
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("indicator", DECLARED.indicators)
def test_a_published_figure_follows_from_the_cells_that_trace_finds(
    con: duckdb.DuckDBPyConnection, store: RawStore, full_demo: Path, indicator: str
) -> None:
    assert indicator in FORMULAS, f"give the formula of {indicator} in plain pandas"
    file = full_demo / "build" / "latest" / "tables" / f"{indicator}.csv"
    if not_confirmed(con, indicator):
        assert not file.exists()
        return
    figures = drawn(file)
    assert len(figures) == DRAWN
    for figure in figures:
        value = float(figure.pop("value"))
        found = tracing.trace(con, store, DECLARED.indicators[indicator], Key(**figure))
        assert [one["value"] for one in found.figures] == [value]
        assert found.cells
        assert all(cell.verified for cell in found.cells)
        cells = pd.DataFrame(
            [{"operand": cell.operand, "sex": cell.sex, "value": cell.value, **cell.codes} for cell in found.cells]
        )
        assert FORMULAS[indicator](cells, figure) == pytest.approx(value, abs=1e-9, rel=1e-12), figure
