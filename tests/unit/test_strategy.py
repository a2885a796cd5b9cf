"""The strategy catalogue quotes what is established, says what is not, and keeps its ids."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from transforms.declarations import (
    Area,
    DeclarationError,
    Goal,
    Strategy,
    TargetImage,
    goal_ids,
    load_strategies,
)

FOLDER = Path(__file__).parents[2] / "transforms" / "strategy"
STRATEGIES = load_strategies(FOLDER)
BY_ID = {strategy.id: strategy for strategy in STRATEGIES}


def items(strategy: Strategy) -> list[Area | Goal | TargetImage]:
    return [*strategy.areas, *strategy.goals, *strategy.target_images]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.id)
def test_everything_has_a_wording_with_its_source_or_says_that_it_is_not_established(strategy: Strategy) -> None:
    for item in items(strategy):
        if item.established:
            assert item.wording is not None
            assert item.source is not None
        else:
            assert item.wording is None
            assert "ej fastställt" in (item.note or "").casefold()
    assert strategy.source is not None
    assert items(strategy) or any("astställt" in unknown.note for unknown in strategy.not_established)


def test_ids_are_unique_and_never_a_number() -> None:
    counted = Counter(item.id for strategy in STRATEGIES for item in items(strategy))
    assert [name for name, count in counted.items() if count > 1] == []
    assert [name for name in counted if not re.fullmatch(r"[a-z0-9-]+\.[a-z][a-z0-9-]*", name)] == []
    assert goal_ids(STRATEGIES) == frozenset(counted)


def test_rus_2030_has_sixteen_worded_goals_of_twenty_and_says_so() -> None:
    rus = BY_ID["rus-2030"]
    assert [area.wording for area in rus.areas] == [
        "Ett välmående Västmanland",
        "Ett tillgängligt Västmanland",
        "Ett nyskapande Västmanland genom hållbar tillväxt",
    ]
    assert len(rus.goals) == 16
    assert rus.goal_count is not None
    assert (rus.goal_count.total, rus.goal_count.not_established) == (20, 4)
    assert rus.goal_count.text == "4 delmål saknar belagd lydelse"
    assert Counter(goal.area for goal in rus.goals) == {
        "rus-2030.valmaende": 5,
        "rus-2030.tillgangligt": 5,
        "rus-2030.nyskapande": 6,
    }
    assert {goal.id for goal in rus.goals if goal.prioritised} == {
        "rus-2030.bostadsmarknad-balans",
        "rus-2030.kollektivtrafik",
        "rus-2030.bredband",
        "rus-2030.fornyelseformaga",
    }
    assert [goal.id for goal in rus.goals if goal.follow_up and goal.follow_up.kind == "K"] == ["rus-2030.sysselsatta"]


def test_the_six_target_images_guide_known_strategies_and_have_no_invented_text() -> None:
    images = BY_ID["jrt-2016-2018"].target_images
    assert len(images) == 6
    assert {image.wording for image in images} == {None}
    assert {BY_ID[image.guides].title == image.guides_title for image in images} == {True}


def test_the_national_goals_are_six() -> None:
    assert [goal.wording for goal in BY_ID["jamstalldhetspolitiken"].goals] == [
        "En jämn fördelning av makt och inflytande",
        "Ekonomisk jämställdhet",
        "Jämställd utbildning",
        "En jämn fördelning av det obetalda hem- och omsorgsarbetet",
        "Jämställd hälsa",
        "Mäns våld mot kvinnor ska upphöra",
    ]


def test_the_national_goals_of_the_axes_and_the_global_ones_are_there() -> None:
    assert {
        "tillvaxtverket-jrt.inflytande",
        "tillvaxtverket-jrt.tillvaxtresurser",
        "agenda-2030-mal-5.valda",
    } <= goal_ids(STRATEGIES)
    assert len(STRATEGIES) == 18


def test_wordings_and_quotes_stand_word_for_word_in_the_reference(shared: Path) -> None:
    reference = words((shared / "reference" / "strategy.md").read_text(encoding="utf-8"))
    quoted: list[str] = []
    addresses: set[str] = set()
    for strategy in STRATEGIES:
        content = strategy.model_dump(mode="json")
        quoted += [strategy.title] if not strategy.prefix else []
        quoted += [item.wording for item in items(strategy) if item.wording]
        quoted += [quote.text for quote in (strategy.vision, strategy.purpose, *strategy.quotes) if quote]
        for goal in strategy.goals:
            quoted += [quote.text for quote in (*goal.variants, *goal.quotes)]
            quoted += [goal.target.wording] if goal.target else []
        addresses |= set(re.findall(r"https?://[^\s'\"\\)]+", str(content)))
    own_titles = {"Västmanlands regionala utvecklingsstrategi 2030 (RUS 2030)", "Kompetensplan Västmanland"}
    assert [text for text in quoted if words(text) not in reference and text not in own_titles] == []
    assert [address for address in addresses if address not in reference] == []


def write(folder: Path, **change: object) -> Path:
    content = {
        "id": "plan",
        "title": "Plan",
        "kind": "plan",
        "role": "Prov",
        "source": {"url": "https://example.org/plan", "page": "Plan"},
        "areas": [{"id": "plan.arbete", "wording": None, "established": False, "note": "Ej fastställt."}],
        "goals": [
            {
                "id": "plan.jobb",
                "area": "plan.arbete",
                "kind": "mal",
                "wording": "Fler jobb",
                "established": True,
                "source": {"url": "https://example.org/plan", "page": "Plan"},
            }
        ],
    }
    content |= change
    (folder / "plan.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def goal(**change: object) -> list[dict[str, object]]:
    base: dict[str, object] = {
        "id": "plan.jobb",
        "kind": "mal",
        "wording": "Fler jobb",
        "established": True,
        "source": {"url": "https://example.org/plan", "page": "Plan"},
    }
    return [base | change]


def test_a_small_strategy_loads(tmp_path: Path) -> None:
    (strategy,) = load_strategies(write(tmp_path))
    assert goal_ids([strategy]) == {"plan.jobb", "plan.arbete"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"titel": "x"}, "titel: unknown field; closest match: title"),
        ({"kind": "planer"}, "closest match: plan;"),
        ({"id": "annan"}, "must begin with 'annan.'"),
        ({"goals": goal(source=None)}, "needs both wording and source"),
        ({"goals": goal(established=False)}, "must be null"),
        ({"goals": goal(established=False, wording=None)}, "ej fastställt"),
        ({"goals": goal(area="plan.arbeten")}, "closest match: plan.arbete"),
        ({"goals": goal(wordings="x")}, "goals.0.wordings: unknown field; closest match: wording;"),
        ({"goals": goal(id="plan.16")}, "goals.0.id"),
        ({"goals": goal(target={"value": 30, "unit": "procent"})}, "goals.0.target.year: missing"),
        ({"goals": goal() + goal()}, "used in plan.yml too"),
        ({"succeeds": "plam"}, "unknown strategy 'plam'; closest match: plan"),
    ],
)
def test_a_wrong_strategy_file_is_refused_in_one_line(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        load_strategies(write(tmp_path, **change))
    assert message in str(caught.value)
    assert str(caught.value).startswith("plan.yml: ")
    assert "\n" not in str(caught.value)
