"""What a person at the command line reads of a release, and the skeletons that a new file starts from."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import project, scaffold
from sources import declarations as source_declarations
from tests.integration.conftest import settle
from transforms import declarations

Jamstat = Any
"""The class of that name in conftest.py."""


def test_list_groups_by_theme_and_by_goal_with_a_status_for_each(jamstat: Jamstat) -> None:
    by_theme = jamstat("list").out
    assert re.search(r"^foretagande +2 published", by_theme, flags=re.MULTILINE)
    assert re.search(
        r"^  employment_rate +Sysselsättningsgrad .*percent +level +published", by_theme, flags=re.MULTILINE
    )
    by_goal = jamstat("list", "--by", "goal").out
    heading = re.search(r"^rus-2030.sysselsatta +1 published  (.+)$", by_goal, flags=re.MULTILINE)
    assert heading
    wordings = {goal["id"]: goal["name"] for goal in jamstat.manifest()["goals"]}
    assert heading[1].startswith(wordings["rus-2030.sysselsatta"])
    page = (jamstat.latest / "index.html").read_text(encoding="utf-8")
    shown = [name for name in wordings if wordings[name] in page]
    assert shown == [one for one in wordings if re.search(rf"^{re.escape(one)}  ", by_goal, flags=re.MULTILINE)]
    assert by_goal.count("  employment_rate ") == len(jamstat.indicators()["employment_rate"]["goals"])
    listed = json.loads(jamstat("list", "--json").out)
    assert {"id", "title", "theme", "goals", "unit", "measure", "polarity", "tables", "status", "origin"} == set(
        listed[0]
    )
    assert listed[0]["origin"] == "Syntetiska demodata – inte statistik"


def test_show_says_what_it_is_where_it_comes_from_and_what_it_is_now(jamstat: Jamstat) -> None:
    out = jamstat("show", "employment_rate").out
    for words in ("Sysselsatta i procent av befolkningen 20–64 år", "TAB3200", "Alder", "20-64", "Västmanlands län"):
        assert words in out
    assert jamstat.indicators()["employment_rate"]["sentence"] in out
    shown = json.loads(jamstat("show", "employment_rate", "--json").out)
    figure, to_65 = shown["figures"]
    assert (figure["category"], to_65["category"]) == ("all", "age:20-65")
    assert figure["gap"] == pytest.approx(float(figure["women"]) - float(figure["men"]), abs=1e-9)
    assert {code["variable"]: code["codes"] for code in shown["codes"]}["Alder"] == "20-64 20-65"


def test_a_share_is_shown_as_womens_and_never_as_parity(jamstat: Jamstat) -> None:
    out = jamstat("show", "women_share_entrepreneurs").out
    heads, line = out[out.index("Latest figures") :].splitlines()[1:3]
    assert re.split(r" {2,}", heads)[-2:] == ["women's share", "to 40–60"]
    shown = json.loads(jamstat("show", "women_share_entrepreneurs", "--json").out)["figures"][0]
    assert line.split()[-2:] == [f"{float(shown[name]):+.1f}".lstrip("+" * (name == "total")).replace(".", ",").replace(
        "-", "−") for name in ("total", "gap")]  # fmt: skip
    assert "women" not in shown
    assert "men" not in shown


def test_show_says_of_which_region_and_period_the_codes_are(jamstat: Jamstat) -> None:
    assert "SCB's codes of the cells behind Västmanlands län, " in jamstat("show", "employment_rate").out


def test_an_indicator_whose_file_is_gone_is_still_shown_and_says_so(jamstat: Jamstat, tmp_path: Path) -> None:
    shutil.copytree(jamstat.checkout, tmp_path / "gone")
    jamstat.checkout = tmp_path / "gone"
    (jamstat.checkout / "transforms" / "indicators" / "employment_rate.sql").unlink()
    out = jamstat("show", "employment_rate").out
    assert "Västmanlands län" in out
    assert "employment_rate is in the release, but its file is gone" in out
    traced = jamstat("trace", "employment_rate", "--region", "19", "--period", "2024")
    assert traced.code == 2
    assert "employment_rate is in the release, but its file is gone; bring " in traced.err
    unknown = jamstat("trace", "employment_rat", "--region", "19", "--period", "2024")
    assert "no indicator is called 'employment_rat'; closest: employment_rate" in unknown.err


def test_a_figure_that_its_formula_does_not_give_is_not_traced(jamstat: Jamstat) -> None:
    with duckdb.connect(str(jamstat.data / "warehouse.duckdb")) as con:
        con.execute("update indicators.employment_rate set value = value + 1 where region_code = '19'")
    traced = jamstat("trace", "employment_rate", "--region", "19", "--period", "2024")
    assert traced.code == 3
    assert "the database has been altered, or the formula since the run" in traced.err
    assert jamstat("trace", "employment_rate", "--region", "00", "--period", "2024").code == 0


def test_a_file_that_is_not_filled_in_stops_only_its_own_indicator(
    jamstat: Jamstat, tmp_path: Path, checkout: Path
) -> None:
    jamstat.checkout = tmp_path / "half"
    shutil.copytree(checkout, jamstat.checkout)
    scaffold.indicator(jamstat.checkout, "half_filled")
    assert jamstat("show", "employment_rate").code == 0
    assert jamstat("trace", "employment_rate", "--region", "19", "--period", "2024").code == 0
    own = jamstat("trace", "half_filled", "--region", "19", "--period", "2024")
    assert own.code == 2
    assert "half_filled.sql: title: is not filled in yet" in own.err


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--series", "BAS"), "employment_rate has no series; leave out --series"),
        (("--partner", "1980"), "employment_rate has no partner_code; leave out --partner"),
        (("--category", "age:1"), "closest: age:20-65"),
    ],
)
def test_a_part_of_the_key_that_an_indicator_lacks_is_named(
    jamstat: Jamstat, option: tuple[str, str], words: str
) -> None:
    done = jamstat("trace", "employment_rate", "--region", "19", "--period", "2024", *option)
    assert done.code == 2
    assert words in done.err


def test_relations_name_where_they_lead_with_the_largest_flows_first(full_demo: Path, jamstat: Jamstat) -> None:
    shutil.rmtree(jamstat.home)
    settle(full_demo, jamstat.home)
    jamstat.checkout = project.ROOT
    out = jamstat("show", "commuting_relation_matrix").out
    figures = json.loads(jamstat("show", "commuting_relation_matrix", "--json").out)["figures"]
    flows = [float(one["women"]) + float(one["men"]) for one in figures if {one["women"], one["men"]}.isdisjoint("..")]
    assert flows == sorted(flows, reverse=True)
    first = figures[0]
    assert f"{first['partner']} ({first['partner_code']})" in out[out.index("Latest figures") :].splitlines()[2]
    traced = jamstat("trace", "commuting_relation_matrix", "--region", "1980", "--period", "2024").out.splitlines()
    assert traced[2].split()[:3] == ["partner_code", "partner", "sex"]
    assert traced[3].split()[:3] == ["1980", "Västerås", "women"]
    by_age = jamstat("show", "entrepreneur_share_by_age").out
    assert "15–24 år (age:15-24)" in by_age
    why = jamstat("trace", "life_expectancy_at_birth", "--region", "19", "--period", "2024").err
    assert "has no figures: unconfirmed: " in why


def test_show_names_the_breaks_of_its_tables(jamstat: Jamstat) -> None:
    out = jamstat("show", "women_share_entrepreneurs").out
    assert "Breaks" in out
    assert re.search(r"TAB3205 +2024 ", out)


def test_show_without_its_warehouse_still_shows_the_figures(jamstat: Jamstat) -> None:
    (jamstat.data / "warehouse.duckdb").unlink()
    out = jamstat("show", "employment_rate").out
    assert "Västmanlands län" in out
    assert "not the warehouse of this release" in out


# Skeletons


@pytest.fixture
def root(tmp_path: Path, checkout: Path) -> Path:
    """A checkout to put new files in."""
    for folder in ("transforms/indicators", "transforms/staging", "sources/tables", "tests/unit"):
        (tmp_path / folder).mkdir(parents=True)
    for kind in ("transforms/indicators", "sources/tables"):
        for file in (checkout / kind).iterdir():
            if file.is_file():
                (tmp_path / kind / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_the_skeleton_of_an_indicator_says_field_by_field_what_to_fill_in(root: Path) -> None:
    sql, test = scaffold.indicator(root, "matched_share")
    goals = declarations.goal_ids(declarations.load_strategies(project.ROOT / "transforms" / "strategy"))
    answers = {
        "title": "Matchade", "phrase": "Andelen matchade", "theme": "arbete", "definition": "Andel matchade.",
        "unit": "percent", "measure": "level", "polarity": "higher", "goals": "[rus-2030.sysselsatta]",
        "period": "year",
    }  # fmt: skip
    for field, answer in answers.items():
        with pytest.raises(declarations.DeclarationError, match=rf"matched_share.sql: {field}: is not filled in"):
            declarations.load_indicators(sql.parent, goals)
        text = sql.read_text(encoding="utf-8")
        sql.write_text(re.sub(rf"^{field}: \S+", f"{field}: {answer}", text, flags=re.MULTILINE), encoding="utf-8")
    made = declarations.load_indicators(sql.parent, goals)["matched_share"]
    assert declarations.tables(made) == ("TABnnnn",)
    assert declarations.operand_names(made) == {"part", "whole"}
    text = test.read_text(encoding="utf-8")
    assert "pytest.fail(" in text
    compile(text, str(test), "exec")


def test_the_skeleton_of_a_table_says_what_to_fill_in_and_its_query_runs(root: Path) -> None:
    declared, staging, test = scaffold.table(root, "TAB4711")
    with pytest.raises(source_declarations.DeclarationError, match=r"TAB4711.yml: title: is not filled in"):
        source_declarations.load_tables(declared.parent)
    text = declared.read_text(encoding="utf-8")
    fixed = re.sub(r"^(cadence|additivity|certainty): \S+", lambda found: f"{found[1]}: " + {
        "cadence": "year", "additivity": "exact", "certainty": "V"}[found[1]], text, flags=re.MULTILINE)  # fmt: skip
    declared.write_text(fixed.replace("FYLL_I", "filled"), encoding="utf-8")
    table = source_declarations.load_tables(declared.parent)["TAB4711"]
    compile(test.read_text(encoding="utf-8"), str(test), "exec")
    with duckdb.connect() as con:
        con.execute((project.ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
        columns = ", ".join(f'"{name}" varchar' for name in table.variables)
        con.execute(f"create table raw.TAB4711 ({columns}, value double, status varchar, cell ubigint)")
        assert con.execute(staging.read_text(encoding="utf-8")).fetchall() == []


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (scaffold.indicator, "Andel män", "allowed: a-z, 0-9 and _, beginning with a letter; for example andel_man"),
        (scaffold.indicator, "1st", "beginning with a letter"),
        (scaffold.indicator, "../etc", "beginning with a letter"),
        (scaffold.indicator, "employment_rate", "transforms/indicators/employment_rate.sql: exists already"),
        (scaffold.table, "3200", "allowed: SCB's id, TAB and a number, such as TAB3200"),
        (scaffold.table, "TAB3200", "sources/tables/TAB3200.yml: exists already"),
    ],
)
def test_a_name_that_is_taken_or_not_allowed_writes_nothing(root: Path, make: Any, name: str, words: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(scaffold.CannotScaffold, match=re.escape(words)):
        make(root, name)
    assert sorted(root.rglob("*")) == before


def test_the_command_says_what_it_wrote_and_refuses_in_one_line(
    fresh: Jamstat, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "ROOT", root)
    done = fresh("new", "indicator", "matched_share")
    assert (done.code, done.out.splitlines()[0]) == (0, "wrote transforms/indicators/matched_share.sql")
    again = fresh("new", "indicator", "matched_share")
    assert again.code == 2
    assert again.err.count("\n") == 1
    assert "exists already" in again.err


# The guide


def test_the_guides_indicator_is_one_file_that_is_built_published_and_traced(
    fresh: Jamstat, tmp_path: Path, checkout: Path
) -> None:
    guide = (project.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n(/\*---.*?)```", guide, flags=re.DOTALL)
    fresh.checkout = tmp_path / "checkout"
    shutil.copytree(checkout, fresh.checkout)
    file = fresh.checkout / "transforms" / "indicators" / "worked_example.sql"
    file.write_text(block, encoding="utf-8")
    done = fresh("demo")
    assert done.code == 0, done.err
    assert fresh.indicators()["worked_example"]["state"] == "published"
    assert fresh.figures("worked_example").keys() >= {("19", "2024", "women", "all"), ("19", "2024", "men", "all")}
    worked, published = (
        float(fresh.figures(one)[("19", "2024", "women", "all")]) for one in ("worked_example", "employment_rate")
    )
    assert worked == pytest.approx(published, abs=0.1), "from counts with noise, and as SCB publishes it"
    traced = json.loads(
        fresh("trace", "worked_example", "--region", "19", "--period", "2024", "--sex", "women", "--json").out
    )
    assert {cell["operand"] for cell in traced["cells"]} == {"employed", "population"}
    assert all(cell["verified"] for cell in traced["cells"])
