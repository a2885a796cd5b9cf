"""The revision triangle: what a figure was when first published, and what it became."""

from typing import Any

from tests.unit.conftest import Case


def vintage(case: Case, run: str, sex: str, value: float | None, period: str = "2024", **more: Any) -> None:
    row = {
        "history_run": run, "indicator": "x", "region_code": "19", "partner_code": None, "period": period, "sex": sex,
        "category": "all", "series": None, "value": value, "status": None, "reason": None, "is_preliminary": None,
    } | more  # fmt: skip
    case.con.execute(f"insert into previous.vintage values ({', '.join('?' * len(row))})", [*row.values()])


def of(rows: list[dict[str, Any]], subject: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["subject"] == subject]


def twice(case: Case) -> None:
    """2024 is revised in the second run, where the gap turns; 2023 is not; 2025 is new in the second run."""
    for run, women, men in (("r1", 50.0, 52.0), ("r2", 53.0, 52.0)):
        vintage(case, run, "women", women, is_preliminary=run == "r1")
        if run == "r1":
            vintage(case, run, "men", men)
    for period, run in (("2023", "r1"), ("2025", "r2")):
        vintage(case, run, "women", 40.0, period)
        vintage(case, run, "men", 41.0, period)
    case.con.execute("update provenance.run set run_id = 'r2'")


def test_a_figure_has_a_row_for_every_run_that_changed_it_or_its_other_sex(case: Case) -> None:
    twice(case)
    rows = [row for row in case.run("revision") if row["period"] == "2024"]
    assert [(row["vintage"], row["value"], row["revision"], row["is_preliminary"]) for row in of(rows, "women")] == [
        (1, 50.0, None, True), (2, 53.0, 3.0, False),
    ]  # fmt: skip
    assert [(row["history_run"], row["value"], row["revision"]) for row in of(rows, "men")] == [
        ("r1", 52.0, None), ("r2", 52.0, 0.0),
    ]  # fmt: skip
    assert [row["is_latest"] for row in of(rows, "women")] == [False, True]


def test_the_gap_has_its_own_revision_and_says_when_it_turns(case: Case) -> None:
    twice(case)
    gap = of([row for row in case.run("revision") if row["period"] == "2024"], "gap")
    assert [(row["value"], row["revision"], row["sign_changed"]) for row in gap] == [
        (-2.0, None, None), (1.0, 3.0, True),
    ]  # fmt: skip


def test_a_value_that_goes_missing_is_no_revision_of_some_size(case: Case) -> None:
    vintage(case, "r1", "women", 50.0)
    vintage(case, "r2", "women", None, status="..")
    case.con.execute("update provenance.run set run_id = 'r3'")
    women = of(case.run("revision"), "women")
    assert (women[-1]["value"], women[-1]["status"]) == (None, "..")
    assert case.run("revision_summary") == []


def test_the_summary_counts_what_could_be_revised_and_not_what_is_new(case: Case) -> None:
    twice(case)
    women = of(case.run("revision_summary"), "women")[0]
    assert (women["figures"], women["revised"], women["largest"], women["runs"]) == (2, 1, 3.0, 2)
    assert women["mean_revision"] == women["mean_absolute_revision"] == 1.5
    gap = of(case.run("revision_summary"), "gap")[0]
    assert (gap["mean_revision"], gap["sign_changes"]) == (1.5, 1)


def test_only_the_home_regions_figures_are_summed_up_but_every_changed_figure_is_in_the_triangle(case: Case) -> None:
    for run, value in (("r1", 1.0), ("r2", 2.0)):
        vintage(case, run, "women", value, region_code="1980")
    case.con.execute("update provenance.run set run_id = 'r2'")
    assert {row["region_code"] for row in case.run("revision")} == {"1980"}
    assert case.run("revision_summary") == []
