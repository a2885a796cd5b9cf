"""Whether a goal is followed up: declared and named indicators in, the status and its reason out."""

import pytest

from tests.unit.conftest import Case

GOAL = "jamstalldhetspolitiken.makt-inflytande"


@pytest.mark.parametrize(
    ("kind", "named", "with_figures", "status", "reason"),
    [
        ("K", 1, 1, "followed", None),
        ("K", 2, 1, "partly", "some_missing"),
        ("K", 1, 0, "not", "no_figures"),
        ("N", 1, 1, "partly", "proxy"),
        ("N", 0, 0, "not", "proxy"),
        ("A", 0, 0, "not", "other_source"),
        ("A", 1, 1, "partly", "context"),
        ("E", 0, 0, "not", "not_by_sex"),
        (None, 0, 0, "not", "no_indicator"),
        (None, 1, 1, "partly", "not_classed"),
    ],
)
def test_a_goal_is_followed_partly_followed_or_not(
    case: Case, kind: str | None, named: int, with_figures: int, status: str, reason: str | None
) -> None:
    case.clear()
    case.con.execute("update reference.goal set follow_up_kind = ? where goal_id = ?", [kind, GOAL])
    for at in range(named):
        case.declare(f"x{at}", goals=(GOAL,))
        if at < with_figures:
            case.pair(40, 60, indicator=f"x{at}")
        else:
            case.pair(None, None, indicator=f"x{at}", status="..")
            case.pair(40, 60, indicator=f"x{at}", region_code="00")
    found = next(row for row in case.run("goal_status") if row["goal_id"] == GOAL)
    assert (found["status"], found["reason"]) == (status, reason)
    assert (found["indicators"], found["with_figures"]) == (named, with_figures)


def test_every_status_and_reason_has_words(case: Case) -> None:
    codes = {code for (code,) in case.con.execute("select code from reference.goal_status").fetchall()}
    used = {one for row in case.run("goal_status") for one in (row["status"], row["reason"]) if one}
    assert used <= codes
