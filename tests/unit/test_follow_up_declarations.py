"""Challenges, target images, the plan and links of editions: what is wrong is told by file and field, and left out."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from transforms import declarations, followup
from transforms.declarations import GoalLink, Strategy
from transforms.followup import FollowUp

ROOT = Path(__file__).parents[2]
STRATEGIES = declarations.load_strategies(ROOT / "transforms" / "strategy")
INDICATORS: Any = {"employment_rate": None, "women_share_entrepreneurs": None}
CITE = {"indicator": "employment_rate", "region": "19", "measure": "diff"}
CHALLENGE = {
    "title": "Fler i arbete", "text": "Fler ska ha arbete", "goal": "rus-2030.sysselsatta", "by": "Utredare",
    "date": "2026-01-31", "cites": [CITE],
}  # fmt: skip
ACTIVITY = {"slug": "rapport", "kind": "report", "title": "Rapport", "due": "2026-06-30", "role": None}
AUDIENCE = {"slug": "alla", "name": "Alla", "goals": ["rus-2030.sysselsatta"], "items": []}
ITEM = {"slug": "underlag", "kind": "brief", "what": "Underlag", "form": None, "when": None}
LEARNING = {
    "slug": "fraga", "goal": "rus-2030.sysselsatta", "question": None, "indicators": ["employment_rate"],
    "logic": {"resources": None, "activities": None, "results": None, "effects": None},
}  # fmt: skip


def written(value: object) -> str:
    """The value as people write it: days without quotes."""
    return re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", yaml.safe_dump(value, allow_unicode=True))


def loaded(folder: Path, strategies: list[Strategy] = STRATEGIES) -> tuple[list[Strategy], FollowUp]:
    return followup.load(folder, strategies, INDICATORS, ["00", "19", "1980"], today=date(2026, 11, 26))


def says_what_to_do(message: str) -> bool:
    """Whether the message is one line that ends with the one thing to do."""
    verbs = "add|correct|fill|give|keep|move|remove|rename|write"
    to_do = [part for part in message.split("; ") if re.match(rf"({verbs}) ", part)]
    return "\n" not in message and len(to_do) == 1 and message.endswith(f"; {to_do[0]}")


def challenge(folder: Path, **change: object) -> FollowUp:
    (folder / "challenges").mkdir()
    (folder / "challenges" / "arbete.yml").write_text(written(CHALLENGE | change), encoding="utf-8")
    return loaded(folder)[1]


def plan(folder: Path, **parts: object) -> FollowUp:
    (folder / "followup.yml").write_text(written(parts), encoding="utf-8")
    return loaded(folder)[1]


def test_what_is_shipped_can_be_used_and_is_marked_as_an_example() -> None:
    _, found = followup.load(
        ROOT / "transforms" / "strategy", STRATEGIES,
        {path.stem: None for path in (ROOT / "transforms" / "indicators").glob("*.sql")}, ["19"],  # type: ignore[misc]
    )  # fmt: skip
    assert found.problems == ()
    for one in (*found.challenges.values(), *found.activities, *found.learning, *found.audiences):
        assert one.example
        assert "exempel – ändra" in str(one).casefold()


def test_a_challenge_loads_with_the_figures_of_its_author(tmp_path: Path) -> None:
    cites = [CITE | {"then": -4.5, "then_period": "2023"}, CITE | {"period": "2024", "measure": "band", "then": "jämn"}]
    found = challenge(tmp_path, cites=cites)
    assert found.problems == ()
    assert [(one.period, one.then, one.then_period) for one in found.challenges["arbete"].cites] == [
        ("latest", -4.5, "2023"), ("2024", "jämn", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"goal": "rus-2030.sysselsata"},
            "goal: unknown goal 'rus-2030.sysselsata'; closest match: rus-2030.sysselsatta",
        ),
        ({"text": "Fler <b>ska</b>"}, "text: has markup ('<b>'); allowed: plain text; remove it"),
        ({"text": "Se [sidan](https://example.org)"}, "text: has markup ('[sidan](https://example.org)')"),
        ({"text": "FYLL_I"}, "text: is not filled in yet"),
        ({"title": "FYLL_I"}, "title: is not filled in yet"),
        ({"title": "ord " * 31}, "title: has 123 characters; allowed: 120"),
        ({"text": "Fler *ska*"}, "text: has markup ('*ska*')"),
        ({"text": "Fler _ska_ ha"}, "text: has markup ('_ska_')"),
        ({"text": "Rubrik\n======\nFler"}, "text: has markup"),
        ({"text": "Så här:\n- fler\n- flest"}, "text: has markup"),
        ({"text": "a\n> citat"}, "text: has markup"),
        ({"text": "| a | b |"}, "text: has markup"),
        ({"text": "Fler <script src=x"}, "text: has markup ('<script')"),
        ({"text": "Fler <!-- dolt --> arbeten"}, "text: has markup ('<!--')"),
        ({"text": "Fler ~~ska~~"}, "text: has markup ('~~')"),
        ({"date": "2026-02-31"}, "date: '2026-02-31' is no day of the calendar"),
        ({"date": 20260131}, "date: 20260131 is no day"),
        ({"txt": "x"}, "txt: unknown field; closest match: text"),
        ({"cites": []}, "cites: must be not empty"),
        ({"cites": [CITE | {"indicator": "employment_rat"}]}, "cites.0.indicator: unknown indicator 'employment_rat'"),
        ({"cites": [CITE | {"region": "1981"}]}, "cites.0.region: '1981' is no region of today; closest match: 1980"),
        ({"cites": [CITE | {"region": 19}]}, "cites.0.region: must be a text; write it in quotes"),
        ({"cites": [CITE | {"region": "län"}]}, "'län' is not allowed; allowed: SCB's code of two or four digits"),
        ({"cites": [CITE | {"indicator": "a-b"}]}, "'a-b' is not allowed; allowed: a-z, 0-9 and _, beginning with"),
        ({"cites": [CITE | {"sex": "women"}]}, "sex goes with measure value"),
        ({"cites": [CITE | {"then": "jämn", "then_period": "2023"}]}, "then: 'jämn' does not go with measure diff"),
        ({"cites": [CITE | {"then": 4.5}]}, "then_period is the period of then"),
        ({"cites": [CITE, CITE]}, "cites.1: stands twice"),
        ({"text": "Fler ska ha arbete \N{PARTY POPPER}"}, "text: has a character that documents cannot show (U+1F389)"),
        ({"by": "\N{ARABIC LETTER ALEF}"}, "by: has a character that documents cannot show (U+0627)"),
        ({"text": "a\x1fb\x85c\x08"}, "text: has a character that documents cannot show (U+0008)"),
        ({"cites": [CITE | {"period": "2024", "then": float("nan")}]}, "cites.0.then: is no figure"),
        ({"cites": [CITE | {"period": "2024", "then": float("-inf")}]}, "cites.0.then: is no figure"),
        ({"cites": [CITE | {"period": "2024", "then": 1e300}]}, "cites.0.then: is no figure"),
        ({"cites": [CITE | {"then": 4.5, "then_period": "senaste"}]}, "cites.0.then_period: 'senaste' is no period"),
        ({"cites": [CITE | {"period": "senaste"}]}, "cites.0.period: 'senaste' is no period"),
        ({"date": "2099-01-31"}, "date: 2099-01-31 is more than a year ahead; allowed: up to 2027-11-27"),
        ({"text": None}, "text: must be a text, and it is empty; write it"),
        ({"example": False}, "example: False is not allowed; allowed: true; write true, or remove the line"),
        ({"cites": [{"indicator": "employment_rate"}]}, "cites.0.region: missing; required; add it"),
        ({"cites": [CITE | {"period": "2024", "then": "4,5"}]}, "cites.0.then: is no figure; allowed: a number"),
        ({"cites": [CITE | {"measure": "value"}]}, "measure value needs a sex; write women, men or total"),
    ],
)
def test_a_wrong_challenge_is_left_out_in_one_line(tmp_path: Path, change: dict[str, object], message: str) -> None:
    found = challenge(tmp_path, **change)
    assert found.challenges == {}
    assert str(found.problems[0]).startswith("challenges/arbete.yml: ")
    assert message in str(found.problems[0])
    assert says_what_to_do(str(found.problems[0]))


@pytest.mark.parametrize(
    ("part", "entry", "message"),
    [
        ("activities", ACTIVITY | {"due": "2026-02-30"}, "due: '2026-02-30' is no day of the calendar"),
        ("activities", ACTIVITY | {"due": "2126-01-31"}, "due: '2126-01-31' is no day"),
        ("activities", ACTIVITY | {"kind": "rapport"}, "kind: 'rapport' is not allowed; closest match: report"),
        ("audiences", AUDIENCE | {"goals": []}, "goals: must be not empty"),
        ("audiences", AUDIENCE | {"goals": ["rus-2030.sysselsata"]}, "goals.0: unknown goal"),
        ("audiences", AUDIENCE | {"goals": AUDIENCE["goals"] * 2}, "goals: 'rus-2030.sysselsatta' stands twice"),
        ("activities", ACTIVITY | {"goals": ["rus-2030.halsa"] * 2}, "goals: 'rus-2030.halsa' stands twice"),
        ("learning", LEARNING | {"indicators": ["employment_rate"] * 2}, "indicators: 'employment_rate' stands twice"),
        ("audiences", AUDIENCE | {"name": "<i>Alla</i>"}, "name: has markup ('<i>')"),
        ("activities", ACTIVITY | {"done": "2026-12-01"}, "done: 2026-12-01 has not come yet"),
        ("audiences", AUDIENCE | {"items": [ITEM | {"due": "2026-13-01"}]}, "items.0: due: '2026-13-01' is no day"),
        ("learning", LEARNING | {"indicators": ["employment"]}, "indicators.0: unknown indicator 'employment'"),
        ("learning", LEARNING | {"goal": "rus-2030.sysselsata"}, "goal: unknown goal"),
    ],
)
def test_a_wrong_entry_of_the_plan_is_left_out_and_the_others_stay(
    tmp_path: Path, part: str, entry: dict[str, object], message: str
) -> None:
    whole = {"activities": [ACTIVITY], "audiences": [AUDIENCE], "learning": [LEARNING]}
    found = plan(tmp_path, **whole | {part: [entry | {"slug": "fel"}, *whole[part]]})
    (problem,) = found.problems
    assert str(problem).startswith(f"followup.yml: {part}.0 (fel): ")
    assert message in str(problem)
    assert says_what_to_do(str(problem))
    left = int("items" in message)  # an audience stays without its wrong item
    assert (len(found.activities), len(found.audiences), len(found.learning)) == (1, 1 + left, 1)


def test_a_wrong_item_leaves_the_others_of_its_audience(tmp_path: Path) -> None:
    items = [ITEM, ITEM | {"slug": "sent", "done": "2027-01-01"}, ITEM]
    found = plan(tmp_path, audiences=[AUDIENCE | {"items": items}])
    assert [item.slug for item in found.audiences[0].items] == ["underlag"]
    assert [one.message.partition(": ")[2][:14] for one in found.problems] == ["items.1: done:", "items.2: slug:"]


@pytest.mark.parametrize(
    ("cite", "message"),
    [
        ({"indicator": "employment_rate", "measure": "band"}, "cites.0.measure: employment_rate has no band"),
        ({"indicator": "women_share_parliament", "sex": "women"}, "cites.0.sex: 'women' has no value of its own"),
    ],
)
def test_a_cite_that_can_never_have_a_value_is_told(tmp_path: Path, cite: dict[str, str], message: str) -> None:
    indicators = declarations.load_indicators(ROOT / "transforms" / "indicators", declarations.goal_ids(STRATEGIES))
    (tmp_path / "challenges").mkdir()
    text = written(CHALLENGE | {"cites": [{"region": "19"} | cite]})
    (tmp_path / "challenges" / "arbete.yml").write_text(text, encoding="utf-8")
    found = followup.load(tmp_path, STRATEGIES, indicators, ["19"], today=date(2026, 11, 26))[1]
    assert message in str(found.problems[0])


def test_a_slug_names_one_thing_of_the_plan(tmp_path: Path) -> None:
    found = plan(tmp_path, activities=[ACTIVITY, ACTIVITY])
    assert "slug: 'rapport' stands twice" in str(found.problems[0])
    assert len(found.activities) == 1


@pytest.mark.parametrize(
    "text",
    ["Det gäller t.ex. och bl.a. kl. 8, d.v.s. 1. och 2., m.m.", "Kvinnor* och män*", "a < b, 3 > 2", "snake_case_ord"],
)
def test_plain_text_is_no_markup(tmp_path: Path, text: str) -> None:
    found = challenge(tmp_path, text=text)
    assert found.problems == ()
    assert found.challenges["arbete"].text == text


def test_a_file_that_nobody_reads_is_told(tmp_path: Path) -> None:
    for name in ("challenges/arbete.yaml", "target_images/ny-rus.yml.txt", "followup.yaml", "utmaningar/a.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "challenges" / ".DS_Store").write_text("", encoding="utf-8")
    assert sorted(str(one).partition("; ")[0] for one in loaded(tmp_path)[1].problems) == [
        "challenges/arbete.yaml: file name: is not read",
        "followup.yaml: file name: is not read",
        "target_images/ny-rus.yml.txt: file name: is not read",
        "utmaningar: folder: is not read",
    ]


def test_a_plan_that_is_no_plan_is_told_and_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "followup.yml").write_text("activities: [", encoding="utf-8")
    found = loaded(tmp_path)[1]
    assert "cannot be read as YAML" in str(found.problems[0])
    assert plan(tmp_path, aktiviteter=[]).problems[0].message.startswith("aktiviteter: unknown field")


def image(folder: Path, **change: object) -> tuple[list[Strategy], FollowUp]:
    (folder / "target_images").mkdir()
    content = {
        "id": "jrt.ny-rus", "text": "Alla har samma makt", "decided_by": "Nämnden", "decided_on": "2026-01-31",
        "source": "Protokoll",
    } | change  # fmt: skip
    (folder / "target_images" / "ny-rus.yml").write_text(written(content), encoding="utf-8")
    return loaded(folder)


def words_of(strategies: list[Strategy]) -> dict[str, str | None]:
    return {one.id: one.wording for strategy in strategies for one in strategy.target_images}


def test_a_target_image_has_the_text_of_its_file(tmp_path: Path) -> None:
    strategies, found = image(tmp_path)
    assert found.problems == ()
    assert words_of(strategies)["jrt.ny-rus"] == "Alla har samma makt"
    assert {text for name, text in words_of(strategies).items() if name != "jrt.ny-rus"} == {None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "jrt.ny-rux"}, "id: unknown target image 'jrt.ny-rux'; closest match: jrt.ny-rus"),
        ({"decided_on": None}, "a text needs its decision; decided_on is null"),
        ({"text": None}, "text: is null, though its decision is given; write it, or null for all"),
        ({"text": "**Alla**"}, "text: has markup ('**')"),
    ],
)
def test_a_wrong_text_of_a_target_image_is_not_shown(tmp_path: Path, change: dict[str, object], message: str) -> None:
    strategies, found = image(tmp_path, **change)
    assert message in str(found.problems[0])
    assert says_what_to_do(str(found.problems[0]))
    assert set(words_of(strategies).values()) == {None}


# --- Editions


def editions(*links: dict[str, object], **change: object) -> list[Strategy]:
    """Two editions of a strategy: `ny` succeeds `gammal`, whose goals are `a` and `b`."""

    def goal(name: str) -> dict[str, object]:
        source = {"url": "https://example.org/", "page": "Prov"}
        return {"id": name, "kind": "mal", "wording": name, "established": True, "source": source}

    base = {"title": "Prov", "kind": "strategi", "role": "Prov"}
    old = base | {"id": "gammal", "start": 2010, "end": 2030, "goals": [goal("gammal.a"), goal("gammal.b")]}
    new = base | {
        "id": "ny", "start": 2020, "end": 2030, "succeeds": "gammal", "goals": [goal("ny.a"), goal("ny.b")],
        "links": links,
    }  # fmt: skip
    return [Strategy.model_validate(old), Strategy.model_validate(new | change)]


def link(old: str, new: str | None, kind: str) -> dict[str, object]:
    return {"old": old, "new": new, "kind": kind}


def kept(folder: Path, strategies: list[Strategy]) -> tuple[list[GoalLink], list[str]]:
    found, follow = loaded(folder, strategies)
    return [one for strategy in found for one in strategy.links], [str(one) for one in follow.problems]


def test_goals_of_two_editions_are_linked_and_a_split_goal_has_several(tmp_path: Path) -> None:
    split = [link("gammal.a", new, "split") for new in ("ny.a", "ny.b")]
    links, problems = kept(tmp_path, editions(*split, link("gammal.b", None, "ended")))
    assert problems == []
    assert [(one.old, one.new, one.kind) for one in links] == [
        ("gammal.a", "ny.a", "split"), ("gammal.a", "ny.b", "split"), ("gammal.b", None, "ended")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("links", "change", "message"),
    [
        ([link("gammal.c", "ny.a", "same")], {}, "ny.yml: links.0: old: unknown goal 'gammal.c'"),
        ([link("gammal.a", "gammal.b", "same")], {}, "links.0: new: 'gammal.b' is no goal of ny"),
        ([link("ny.b", "ny.a", "same")], {}, "links.0: old: 'ny.b' is a goal of ny, and ny succeeds gammal"),
        (
            [link("gammal.a", "ny.a", "same"), link("gammal.a", None, "ended")],
            {},
            "links.1: old: 'gammal.a' is same already",
        ),
        ([link("gammal.a", "ny.a", "same")], {"start": 2005}, "ny.yml: start: 2005 is before 2010"),
        ([link("gammal.a", "ny.a", "same")], {"succeeds": "ny"}, "ny.yml: succeeds: ny -> ny"),
    ],
)
def test_editions_that_overlap_lose_the_link_and_say_why(
    tmp_path: Path, links: list[dict[str, object]], change: dict[str, object], message: str
) -> None:
    found, problems = kept(tmp_path, editions(*links, **change))
    assert len(problems) == 1
    assert message in problems[0]
    assert says_what_to_do(problems[0])
    assert len(found) == len(links) - 1


def test_years_that_end_before_they_begin_are_told_and_left_out(tmp_path: Path) -> None:
    found, follow = loaded(tmp_path, editions(end=2019))
    assert "ny.yml: start: 2020 is after end, 2019" in str(follow.problems[0])
    assert (found[1].start, found[1].end) == (None, None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("links: [{old: a.b, new: null, kind: slut}]", "links.0: kind: 'slut' is not allowed"),
        ("succeeds: rus-2003", "succeeds: unknown strategy 'rus-2003'; closest match: rus-2030"),
        ("succeeds: [rus-2030]", "succeeds: ['rus-2030'] is no slug"),
    ],
)
def test_wrong_links_of_a_strategy_are_left_out_and_the_rest_stays(tmp_path: Path, line: str, message: str) -> None:
    for path in (ROOT / "transforms" / "strategy").glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    file = tmp_path / "affarsplan-2030.yml"
    kept = "\n".join(one for one in file.read_text("utf-8").split("\n") if not one.startswith("succeeds:"))
    file.write_text(f"{kept}\n{line}\n", encoding="utf-8")
    told: list[tuple[str, str]] = []
    assert len(declarations.load_strategies(tmp_path, told)) == len(STRATEGIES)
    assert [one[0] for one in told] == ["affarsplan-2030.yml"]
    assert message in told[0][1]


def test_markup_in_a_strategy_is_told_and_the_strategy_stays(tmp_path: Path) -> None:
    found, follow = loaded(tmp_path, editions(role="<b>Prov</b>"))
    assert [str(one) for one in follow.problems] == [
        "ny.yml: role: has markup ('<b>'), which is shown as written; remove it"
    ]
    assert found[1].role == "<b>Prov</b>"


def test_two_editions_that_follow_the_same_one_are_told(tmp_path: Path) -> None:
    old, new = editions(link("gammal.a", "ny.a", "same"))
    other = new.model_copy(
        update={"id": "annan", "goals": (), "links": (GoalLink(old="gammal.b", new=None, kind="ended"),)}
    )
    found, problems = kept(tmp_path, [old, new, other])
    assert found == []
    assert any("'gammal' is succeeded by annan too; editions overlap" in one for one in problems)


def test_no_link_between_the_region_s_editions_is_invented() -> None:
    assert [one.links for one in STRATEGIES if one.links] == []
