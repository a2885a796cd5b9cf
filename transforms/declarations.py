"""Indicators and strategies as files declare them: read, checked, and refused in one line when wrong.

An indicator is one SQL file with YAML front matter; its file name is its id. A strategy is one YAML file. The SQL of an
indicator is parsed, never run, so that what it reads and publishes is known before anything is built.
"""

import csv
import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.tokenizer_core import TokenType

Unit = Literal["percent", "percentage_points", "persons", "sek_thousands", "per_1000", "years", "index", "ratio"]
Measure = Literal["level", "share", "segregation", "decomposition"]
Polarity = Literal["higher", "lower", "parity", "gap", "none"]
PeriodType = Literal["year", "quarter", "month", "election", "mandate", "school_year", "five_years"]
DimensionTable = Literal["sni", "ssyk"]
Prices = Literal["current", "fixed"]

REQUIRED_COLUMNS = ("region_code", "period", "sex", "category", "value", "numerator", "denominator", "status")
OPTIONAL_COLUMNS = ("partner_code", "series", "margin", "reason", "is_preliminary")
OPERAND_COLUMNS = ("region_code", "period", "sex", "operand", "value", "status", "cell")
REFERENCE = Path(__file__).parent / "reference"
JOINED = Path(__file__).parent / "staging" / "joined"

_PASS_THROUGH = (
    exp.Alias, exp.Paren, exp.Cast, exp.Max, exp.Min, exp.AnyValue, exp.First, exp.Filter, exp.IgnoreNulls,
)  # fmt: skip
NOT_ESTABLISHED = "ej fastställt"
NOT_FILLED_IN = "FYLL_I"
FOLLOW_UP_FILE = "followup.yml"  # lies beside the strategies (transforms.followup)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# What a sentence says the figures are: "Andelen som pendlar ut", before "var 26,0 procent för kvinnor".
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-ZÅÄÖ0-9].*[^.,:;!?\s]$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
DottedSlug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*\.[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
# A variable of a source table, whose labels those of the categories are: "TAB708.BakgrVar".
SourceVariable = Annotated[str, StringConstraints(pattern=r"^TAB\d+\.\w+$")]
_Model = TypeVar("_Model", bound=BaseModel)


class DeclarationError(ValueError):
    """A declaration that cannot be used; the message is one line: file, field, what is allowed, what to do."""


class Declared(BaseModel):
    """A declaration: unknown fields are refused, and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FrontMatter(Declared):
    """What an indicator file says of itself before its SQL."""

    title: Text
    phrase: Phrase | None = None
    theme: Text
    definition: Text
    unit: Unit
    decimals: int | None = Field(None, ge=0)  # of SCB's published figure, where they are fewer than the unit's
    prices: Prices | None = None  # of amounts: how their years are compared follows from it
    measure: Measure
    polarity: Polarity
    goals: tuple[str, ...] = Field(min_length=1)
    measures: tuple[str, ...] = ()  # those of the goals whose own measure it is: our judgement, as of FollowUp
    target: str | None = None  # the one of the goals whose numeric target this indicator measures
    period: PeriodType
    reference_month: int | None = Field(default=None, ge=1, le=12)  # the month that stands for its year
    dimensions: dict[str, dict[str, str] | DimensionTable | SourceVariable] = {}

    @model_validator(mode="after")
    def _month_of_months(self) -> Self:
        if self.reference_month is not None and self.period != "month":
            raise ValueError(f"reference_month: it is for period month, this is {self.period}; remove it")
        return self

    @field_validator("goals")
    @classmethod
    def _each_once(cls, goals: tuple[str, ...]) -> tuple[str, ...]:
        for goal in goals:
            if goals.count(goal) > 1:
                raise ValueError(f"{goal!r} stands twice; allowed: each goal once; remove one")
        return goals


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: `id` is the file's name, `sql` the query after the front matter."""

    id: str
    path: Path
    front: FrontMatter
    sql: str


class Source(Declared):
    """Where a wording stands: the address, and what page or edition lies there."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    page: Text


class Quote(Declared):
    """Words as they stand in the source; never edited."""

    text: Text
    source: Source


class Unknown(Declared):
    """Something that is not established, and what is known around it."""

    what: Text
    note: Text

    @model_validator(mode="after")
    def _says_so(self) -> Self:
        if NOT_ESTABLISHED not in self.note.casefold():
            raise ValueError(f"note: must contain the words '{NOT_ESTABLISHED}'; add them")
        return self


class FollowUp(Declared):
    """How the goal can be followed: an own judgement of this project, for the region to accept or change.

    K: SCB by sex measures the goal. N: SCB by sex as a proxy. A: another source. E: cannot be divided by sex.
    Null: not judged as a whole.
    """

    kind: Literal["K", "N", "A", "E"] | None
    text: Text


class _Worded(Declared):
    """Something with a verbatim wording: either the words and their source, or that they are not established."""

    id: DottedSlug
    wording: Text | None
    established: bool
    source: Source | None = None
    note: Text | None = None
    follow_up: FollowUp | None = None

    @model_validator(mode="after")
    def _wording_or_not_established(self) -> Self:
        if self.established and (self.wording is None or self.source is None):
            raise ValueError("an established wording needs both wording and source; otherwise write established: false")
        if not self.established and self.wording is not None:
            raise ValueError("a wording that is not established must be null; write null, never a guess")
        if not self.established and NOT_ESTABLISHED not in (self.note or "").casefold():
            raise ValueError(f"what is not established needs a note with the words '{NOT_ESTABLISHED}'; write one")
        return self


class Area(_Worded):
    """A målområde."""

    number: Text | None = None
    variants: tuple[Quote, ...] = ()


class Target(Declared):
    """A numeric target that a cited document states; `year` is null when the document does not give one.

    `measure` says what is to reach the value: the level of the sexes, or the gap between them.
    """

    value: float
    unit: Text
    year: int | None
    wording: Text
    source: Source
    by_sex: bool = False
    measure: Literal["level", "gap"] = "level"


class OwnMeasure(Declared):
    """How the owner of the goal measures it, and whether by sex."""

    text: Text
    by_sex: bool
    source: Source


class Goal(_Worded):
    """A delmål, a national goal, an axis or a global indicator that indicators can name.

    `kind` says which. `number` is the number in the source's own numbering, an attribute and never the identity.
    """

    area: DottedSlug | None = None
    kind: Literal["delmal", "mal", "axel", "indikator"]
    number: Text | None = None
    number_version: Literal["publicerad", "arbetsversion"] | None = None
    prioritised: Literal[True] | None = None
    explanation: Text | None = None
    target: Target | None = None
    measured_by: tuple[OwnMeasure, ...] = ()
    variants: tuple[Quote, ...] = ()
    quotes: tuple[Quote, ...] = ()


class TargetImage(_Worded):
    """A målbild: the strategy that it guides. Its words, once the region has them, stand in a file of their own."""

    wording: Text | None = None
    established: bool = False
    area: DottedSlug
    guides: Slug
    guides_title: Text
    decided_by: Text | None = None
    decided_on: date | None = None
    decision: Text | None = None


class GoalLink(Declared):
    """What became of a goal of the edition before: it is the same, reworded, split into several, or ended."""

    old: DottedSlug
    new: DottedSlug | None
    kind: Literal["same", "reworded", "split", "ended"]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if (self.new is None) != (self.kind == "ended"):
            raise ValueError("new is null where kind is ended, and only there; correct one")
        return self


class GoalCount(Declared):
    """How many goals the strategy is known to have, and how many of their wordings are established."""

    total: int
    established: int
    not_established: int
    text: Text
    source: Source


class Strategy(Declared):
    """A strategy, plan, policy or programme with its areas, goals and target images.

    Ids below it begin with `prefix` (by default the id), and never change once published.
    """

    id: Slug
    prefix: Slug | None = None
    title: Text
    kind: Literal["strategi", "program", "plan", "projekt", "nationell", "global"]
    role: Text
    start: int | None = None
    end: int | None = None
    adopted: Text | None = None
    source: Source | None = None
    vision: Quote | None = None
    purpose: Quote | None = None
    succeeds: Slug | None = None
    links: tuple[GoalLink, ...] = ()
    goal_count: GoalCount | None = None
    areas: tuple[Area, ...] = ()
    goals: tuple[Goal, ...] = ()
    target_images: tuple[TargetImage, ...] = ()
    quotes: tuple[Quote, ...] = ()
    not_established: tuple[Unknown, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _ids_belong_here(self) -> Self:
        prefix = self.prefix or self.id
        areas = [area.id for area in self.areas]
        for item in (*self.areas, *self.goals, *self.target_images):
            if not item.id.startswith(f"{prefix}."):
                raise ValueError(f"id {item.id!r} must begin with '{prefix}.'; rename it")
        for goal, area in [(part.id, part.area) for part in self.goals] + [
            (part.id, part.area) for part in self.target_images
        ]:
            if area is not None and area not in areas:
                raise ValueError(f"{goal}: unknown area {area!r}{_choices(area, areas)}; correct the id")
        count = self.goal_count
        if count is not None:
            known = sum(goal.established for goal in self.goals if goal.kind == "delmal")
            if known != count.established or count.established + count.not_established != count.total:
                raise ValueError(f"goal_count does not add up: {known} delmål with a wording are listed; correct it")
        return self


def load_indicators(
    folder: Path, goals: Collection[str], held: dict[str, str] | None = None
) -> dict[str, Indicator]:  # fmt: skip
    """Every indicator declared in a folder, by id, checked.

    Args:
        folder: where the `.sql` files lie; each is one indicator.
        goals: the ids that an indicator may name (`goal_ids`).
        held: gets the message of each indicator that names an unknown goal, which it then has lost; its figures are to
            be held back, and the others are built. Without it such a goal is refused.

    Raises:
        DeclarationError: on the first file that cannot be used, or a title used twice.
    """
    paths = sorted(folder.glob("*.sql"))
    if held is None:
        indicators = {path.stem: load_indicator(path, goals) for path in paths}
    else:
        indicators = {path.stem: _of_known_goals(load_indicator(path), goals, held) for path in paths}
    titles: dict[str, Path] = {}
    for one in indicators.values():
        # What differs in spaces or in the kind of dash only reads as the same title.
        other = titles.setdefault(
            re.sub(r"[\u2010-\u2015\u2212]", "-", _one_line(one.front.title)).casefold(), one.path
        )
        if other != one.path:
            raise DeclarationError(
                f"{one.path.name}: title: {one.front.title!r} is the title of {other.name} too; "
                "allowed: a title of its own; say what sets them apart"
            )
    return indicators


def _of_known_goals(indicator: Indicator, goals: Collection[str], held: dict[str, str]) -> Indicator:
    """The indicator without the goals that cannot be used, of which `held` is told."""
    front = indicator.front
    if not (faults := _goal_faults(indicator.path, front, goals)):
        return indicator
    held[indicator.id] = "; ".join(faults)
    known = tuple(goal for goal in front.goals if goal in goals)
    usable = {
        "goals": known,
        "measures": tuple(goal for goal in front.measures if goal in known),
        "target": front.target if front.target in known else None,
    }
    return replace(indicator, front=front.model_copy(update=usable))


def _goal_faults(path: Path, front: FrontMatter, goals: Collection[str]) -> list[str]:
    """What is wrong with the goals that an indicator names, a line each."""
    unknown = [
        f"{path.name}: goals: unknown goal {goal!r}{closest(goal, goals)}; "
        "allowed: the ids in transforms/strategy/*.yml; correct the id"
        for goal in front.goals
        if goal not in goals
    ]
    return unknown or [
        f"{path.name}: measures: {goal!r} is not one of its goals{_choices(goal, front.goals)}; add it there"
        for goal in front.measures
        if goal not in front.goals
    ]


def load_strategies(folder: Path, told: list[tuple[str, str]] | None = None) -> list[Strategy]:
    """Every strategy declared in a folder, in the order of the ids.

    Args:
        folder: where the `.yml` files lie; each is one strategy.
        told: gets file and message of each link and `succeeds` that cannot be used, which then are left out.

    Raises:
        DeclarationError: on the first file that cannot be used, or an id used twice.
    """
    strategies: list[Strategy] = []
    seen: dict[str, Path] = {}
    paths = sorted(path for path in folder.glob("*.yml") if path.name != FOLLOW_UP_FILE)
    for path in paths:
        strategy = read_yaml(Strategy, path) if told is None else _with_usable_links(path, told)
        if strategy.id != path.stem:
            raise DeclarationError(
                f"{path.name}: id: is {strategy.id!r}; allowed: the file's name, {path.stem!r}; rename one"
            )
        for item in (*strategy.areas, *strategy.goals, *strategy.target_images):
            if item.id in seen:
                raise DeclarationError(
                    f"{path.name}: id: {item.id!r} is used in {seen[item.id].name} too; give it its own slug"
                )
            seen[item.id] = path
        strategies.append(strategy)
    known = [strategy.id for strategy in strategies]
    for at, strategy in enumerate(strategies if told is not None else ()):
        if strategy.succeeds is not None and strategy.succeeds not in known:
            fault = f"succeeds: unknown strategy {strategy.succeeds!r}{_choices(strategy.succeeds, known)}"
            told.append((f"{strategy.id}.yml", f"{fault}; correct the slug"))  # type: ignore[union-attr]
            strategies[at] = strategy.model_copy(update={"succeeds": None, "links": ()})
    for strategy, path in zip(strategies, paths, strict=True):
        for other in (strategy.succeeds, *(image.guides for image in strategy.target_images)):
            if other is not None and other not in known:
                raise DeclarationError(
                    f"{path.name}: unknown strategy {other!r}{_choices(other, known)}; correct the slug"
                )
    return strategies


def _with_usable_links(path: Path, told: list[tuple[str, str]]) -> Strategy:
    """The strategy of a file, without the links between editions that have not their form."""
    content = _yaml(path, read_text(path), _TypedLoader)
    if isinstance(content, dict):
        content = dict(content)
        succeeds, links = content.pop("succeeds", None), content.pop("links", None)
        faults = []
        if succeeds is not None:
            if isinstance(succeeds, str) and re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", succeeds):
                content["succeeds"] = succeeds
            else:
                faults.append(f"succeeds: {succeeds!r} is no slug of a strategy; write one, such as rus-2030")
        if links is not None and not isinstance(links, list):
            faults.append("links: must be a list; write a line with - for each")
        content["links"] = []
        for at, link in enumerate(links if isinstance(links, list) else ()):
            try:
                content["links"].append(validated(GoalLink, link, path))
            except DeclarationError as error:
                faults.append(f"links.{at}: {str(error).removeprefix(f'{path.name}: ')}")
        told += [(path.name, fault) for fault in faults]
    return validated(Strategy, content, path)


def read_text(path: Path) -> str:
    """The text of a file that people write.

    Raises:
        DeclarationError: it is no text in UTF-8, or cannot be read; the message names the file.
    """
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors put a mark before the text
    except UnicodeDecodeError as error:
        raise DeclarationError(
            f"{path.name}: not UTF-8 (byte 0x{error.object[error.start]:02x} at position {error.start}); "
            "save it as UTF-8"
        ) from None
    except IsADirectoryError:
        raise DeclarationError(f"{path.name}: is a folder where a file is expected; move or rename it") from None
    except OSError as error:
        raise DeclarationError(f"{path.name}: cannot be read ({error.strerror}); mend it") from None


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """A block in which what is said of a query is said of its file."""
    try:
        yield
    except DeclarationError as error:
        raise DeclarationError(f"{path.name}: {error}") from None


def read_yaml(model: type[_Model], path: Path) -> _Model:
    """The model that a YAML file declares.

    Raises:
        DeclarationError: the file cannot be used; the message names file and field.
    """
    return validated(model, _yaml(path, read_text(path), _TypedLoader), path)


def goal_ids(strategies: Iterable[Strategy]) -> frozenset[str]:
    """The ids that an indicator may name under `goals`: goals, target images, and areas.

    An area may be named because some strategies are known by their areas only.
    """
    return frozenset(
        item.id for strategy in strategies for item in (*strategy.goals, *strategy.target_images, *strategy.areas)
    )


def check_targets(indicators: Iterable[Indicator], strategies: Iterable[Strategy]) -> None:
    """Nothing, when every target that an indicator says it measures is stated, in its unit, and judged by it.

    Raises:
        DeclarationError: on the first that is not.
    """
    goals = {goal.id: goal for strategy in strategies for goal in strategy.goals}
    stated = sorted(goal.id for goal in goals.values() if goal.target)
    for indicator in indicators:
        name, front = indicator.front.target, indicator.front
        if name is None:
            continue
        where = f"{indicator.path.name}: target"
        if name not in front.goals:
            raise DeclarationError(
                f"{where}: {name!r} is not one of its goals{_choices(name, front.goals)}; add it there"
            )
        target = goals[name].target if name in goals else None
        if target is None:
            raise DeclarationError(
                f"{where}: no document states a target for {name!r}; goals that have one: {', '.join(stated)}; "
                "remove it"
            )
        if target.unit != front.unit:
            raise DeclarationError(
                f"{where}: {name!r} is stated in {target.unit!r}, the indicator's unit is {front.unit!r}; "
                "an indicator measures a target in the target's own unit; remove it"
            )
        if target.year is None:
            raise DeclarationError(
                f"{where}: the target of {name!r} has no year, so no pace can be required; remove it, "
                "or give the year once a document states it"
            )
        if front.measure != "level" or (target.measure == "level" and front.polarity not in ("higher", "lower")):
            raise DeclarationError(
                f"{where}: a target needs measure level, and polarity higher or lower unless it is for the gap; "
                f"this is measure {front.measure}, polarity {front.polarity}; correct one"
            )


def reads_of(sql: str, schema: str) -> frozenset[str]:
    """The names of the tables of a schema that a query reads."""
    return frozenset(name for layer, name in _tables(sql) if layer == schema)


@cache
def _tables(sql: str) -> frozenset[tuple[str, str]]:
    """The schema and the name of every table that a query names."""
    return frozenset((table.db, table.name) for table in _query(sql).find_all(exp.Table))


def themes() -> tuple[str, ...]:
    """The slugs of the themes (reference/theme.csv) in the order in which they are shown.

    Raises:
        DeclarationError: the file names no theme.
    """
    rows = list(csv.DictReader(read_text(REFERENCE / "theme.csv").splitlines()))
    if not rows or not all((row.get("theme") or "") and (row.get("sort") or "").isdigit() for row in rows):
        raise DeclarationError(
            "theme.csv: names no theme; allowed: a first line theme,title,sort and a line per theme; restore the file"
        )
    return tuple(row["theme"] for row in sorted(rows, key=lambda row: int(row["sort"])))


def tables(indicator: Indicator) -> tuple[str, ...]:
    """The ids of the source tables that the indicator reads, through joined staging queries too, sorted."""
    return tuple(sorted(_sources(_operands(_query(indicator.sql)))))


def _sources(query: exp.Query) -> set[str]:
    """The source tables behind the staged.* relations of a query; a joined relation stands for those it reads."""
    found: set[str] = set()
    for table in query.find_all(exp.Table):
        joined = JOINED / f"{table.name}.sql"
        if table.db == "staged" and joined.exists():
            text = read_text(joined)
            with naming(joined):
                found |= _sources(_query(text))
        elif table.db == "staged":
            found.add(table.name)
    return found


def output_columns(indicator: Indicator) -> tuple[str, ...]:
    """The columns that the indicator's query publishes, in its own order."""
    return tuple(_query(indicator.sql).named_selects)


def operand_columns(indicator: Indicator) -> tuple[str, ...]:
    """The columns of the indicator's operands, in its own order."""
    return tuple(_operands(_query(indicator.sql)).named_selects)


def operand_names(indicator: Indicator) -> frozenset[str]:
    """The operands that the indicator needs: the texts that its formula compares with the column `operand`.

    Counted are `operand = 'a'`, `operand in ('a', 'b')` and `case operand when 'a'`. A formula that compares nothing
    takes what its operands offer: then it is the texts that `operands` itself writes in that column.
    """
    query = _query(indicator.sql)
    return frozenset(_compared(query)) or frozenset(_offered(_operands(query)) or ())


def measures(indicator: Indicator) -> frozenset[str]:
    """The contents of its tables that the indicator reads: the texts that its operands compare with `measure`."""
    return frozenset(_texts(_operands(_query(indicator.sql)).find_all(exp.EQ, exp.In, exp.Case), "measure"))


def offered(indicator: Indicator) -> frozenset[str]:
    """The texts that `operands` itself writes in the column `operand`; none where they are only known in the data."""
    return frozenset(_offered(_operands(_query(indicator.sql))) or ())


def is_derived(indicator: Indicator) -> bool:
    """True when the column `value` is computed by us, false when it is SCB's figure as published.

    As published means: from `operands` to the output, `value` passes only through columns, `max`, `min`, `any_value` or
    `first` (with `filter`), casts, parentheses, `case`, null and our macro `paired`, which hides but never computes.
    Any arithmetic, other aggregate, window or function, another macro too, makes it derived.
    """
    return _is_derived(indicator.sql)


@cache
def _is_derived(sql: str) -> bool:
    query = _query(sql).copy()
    # Lineage stops at the operands: what is above them is their selection of cells, which computes nothing.
    operands = _operands(query)
    stub = exp.select(*(exp.column(name, table="cells") for name in operands.named_selects)).from_("cells")
    operands.replace(stub)
    node = lineage("value", query, {}, dialect="duckdb")
    return not all(
        _as_published(step.expression) for step in node.walk() if not isinstance(step.expression, exp.Table | exp.Query)
    )


def operands_sql(indicator: Indicator) -> str:
    """The query of the first common table expression, `operands`, as written in the file."""
    tokens = sqlglot.tokenize(indicator.sql, dialect="duckdb")
    start = next(place for place, token in enumerate(tokens) if token.text.casefold() == "operands")
    opened = next(place for place in range(start, len(tokens)) if tokens[place].token_type is TokenType.L_PAREN)
    depth = 0
    for token in tokens[opened:]:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if depth == 0:
            return indicator.sql[tokens[opened].end + 1 : token.start].strip()
    raise DeclarationError(f"{indicator.path.name}: operands: a parenthesis is not closed; close it")


def load_indicator(path: Path, goals: Collection[str] | None = None) -> Indicator:
    """The indicator declared in one file, checked.

    Args:
        path: its `.sql` file.
        goals: the ids that it may name (`goal_ids`); any where there are none to compare with.

    Raises:
        DeclarationError: the file cannot be used.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        raise DeclarationError(
            f"{path.name}: file name: allowed: a-z, 0-9 and _, beginning with a letter; rename the file"
        )
    found = re.match(r"\s*/\*---[ \t]*\n(.*?)\n---\*/", read_text(path), flags=re.DOTALL)
    if found is None:
        raise DeclarationError(
            f"{path.name}: front matter: missing; begin the file with /*--- and end the block with ---*/"
        )
    written = _yaml(path, found[1], _TextLoader)
    for field, value in written.items() if isinstance(written, dict) else ():
        if NOT_FILLED_IN in str(value):
            raise DeclarationError(f"{path.name}: {field}: is not filled in yet; write it in place of {NOT_FILLED_IN}")
    front = validated(FrontMatter, written, path)
    if front.theme not in themes():
        raise DeclarationError(
            f"{path.name}: theme: unknown theme {front.theme!r}{_choices(front.theme, themes())}; correct it"
        )
    for fault in _goal_faults(path, front, goals) if goals is not None else ():
        raise DeclarationError(fault)
    if (front.prices is not None) != (front.unit == "sek_thousands"):
        raise DeclarationError(
            f"{path.name}: prices: {front.prices!r} for {front.unit}; allowed: {' or '.join(get_args(Prices))} for "
            "sek_thousands, where it is required, and only there; correct one"
        )
    sql = found.string[found.end() :].strip()
    with naming(path):
        _check_sql(sql, front)
    return Indicator(path.stem, path, front, sql)


def _check_sql(sql: str, front: FrontMatter) -> None:
    query = _query(sql)
    operands = _operands(query)
    _check_reads(query, operands)
    _check_operands(operands)
    names = query.named_selects
    if "*" in names or query.is_star:
        raise DeclarationError("columns: the last select has a *; name every column")
    for name in names:
        if name not in REQUIRED_COLUMNS + OPTIONAL_COLUMNS:
            raise DeclarationError(
                f"columns: {name!r} is no column of an indicator{_choices(name, REQUIRED_COLUMNS + OPTIONAL_COLUMNS)}; "
                "remove or rename it"
            )
        if names.count(name) > 1:
            raise DeclarationError(f"columns: {name!r} stands twice; keep one")
    for name in REQUIRED_COLUMNS:
        if name not in names:
            raise DeclarationError(f"columns: {name!r} is missing; required: {', '.join(REQUIRED_COLUMNS)}; add it")
    offered = _offered(operands)
    if offered is not None:
        for name in sorted(_compared(query)):
            if name not in offered:
                raise DeclarationError(
                    f"operand: the formula asks for {name!r}{_choices(name, offered)}; correct the name"
                )
    for dimension in front.dimensions:
        if not re.fullmatch(r"[a-z][a-z_]*", dimension):
            raise DeclarationError(f"dimensions: {dimension!r}: allowed: a-z and _; rename it")


def _check_reads(query: exp.Query, operands: exp.Query) -> None:
    inside = {id(table) for table in operands.find_all(exp.Table)}
    steps = {cte.alias for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        name = ".".join(part.name for part in table.parts)
        if isinstance(table.this, exp.Func):
            if not isinstance(table.this, exp.GenerateSeries):
                raise DeclarationError(f"reads: {table.sql('duckdb')} is not allowed; read staged.* inside operands")
        elif table.catalog or table.db not in {"", "staged", "reference"}:
            raise DeclarationError(f"reads: {name} is not allowed; allowed: staged.* inside operands, and reference.*")
        elif table.db == "staged" and id(table) not in inside:
            raise DeclarationError(
                f"reads: {name} is read outside operands; only the first step, operands, reads staged.*"
            )
        elif not table.db and name not in steps:
            raise DeclarationError(
                f"reads: {name!r} is no step of this file{closest(name, steps)}; "
                "allowed: staged.* inside operands, reference.*; correct the name"
            )
    if not any(table.db == "staged" for table in operands.find_all(exp.Table)):
        raise DeclarationError("operands: reads no staged.* table; an indicator takes its cells from staged.*")


def _check_operands(operands: exp.Query) -> None:
    for select in _branches(operands):
        if select.is_star:
            raise DeclarationError("operands: has a *; name every column")
        if any(_adds(part) for part in _rows_of(select)):
            raise DeclarationError(
                "operands: adds cells together, so they cannot be traced; keep one row per cell and add later"
            )
    for name in OPERAND_COLUMNS:
        if name not in operands.named_selects:
            raise DeclarationError(
                f"operands: column {name!r} is missing; required: {', '.join(OPERAND_COLUMNS)}; add it"
            )


def _rows_of(select: exp.Select) -> Iterator[exp.Select]:
    """The select and every select that its rows come from; conditions may count as they like."""
    yield select
    joined = [join.this for join in select.args.get("joins") or ()]
    from_ = select.args.get("from_") or select.args.get("from")
    for source in [*([from_.this] if from_ else []), *joined]:
        if isinstance(source, exp.Subquery):
            for branch in _branches(source):
                yield from _rows_of(branch)


def _adds(select: exp.Select) -> bool:
    return bool(select.args.get("group") or select.args.get("distinct") or any(_aggregates(select)))


def _aggregates(select: exp.Select) -> Iterator[exp.AggFunc]:
    for projection in select.expressions:
        yield from projection.find_all(exp.AggFunc)


@cache
def _query(sql: str) -> exp.Query:
    """The one select of an indicator's SQL, parsed; callers must not change it."""
    try:
        statements = [statement for statement in sqlglot.parse(sql, dialect="duckdb") if statement is not None]
    except SqlglotError as error:
        raise DeclarationError(f"sql: cannot be read: {_one_line(error)}; correct the SQL") from None
    if len(statements) != 1:
        raise DeclarationError(f"sql: {len(statements)} statements; allowed: exactly one select; remove the others")
    query = statements[0]
    if not isinstance(query, exp.Query):
        raise DeclarationError(
            f"sql: {query.key} is not allowed; allowed: exactly one select; an indicator never writes"
        )
    return query


def _operands(query: exp.Query) -> exp.Query:
    with_ = query.args.get("with_") or query.args.get("with")
    first = with_.expressions[0] if with_ is not None else None
    if first is None or first.alias != "operands":
        found = f", found {first.alias!r}" if first is not None else ""
        raise DeclarationError(
            f"operands: the first step must be named operands{found}; write: with operands as (select ...)"
        )
    if first.args["alias"].columns or not isinstance(first.this, exp.Query):
        raise DeclarationError("operands: must be a plain select; write: with operands as (select ...)")
    query_of_operands: exp.Query = first.this
    return query_of_operands


def _branches(query: exp.Expr) -> Iterator[exp.Select]:
    """The selects that a union stands for, the leftmost first."""
    if isinstance(query, exp.SetOperation):
        yield from _branches(query.left)
        yield from _branches(query.right)
    elif isinstance(query, exp.Subquery):
        yield from _branches(query.this)
    elif isinstance(query, exp.Select):
        yield query


def _offered(operands: exp.Query) -> frozenset[str] | None:
    """The texts written in the column `operand`, or None when one of them is only known in the data."""
    place = operands.named_selects.index("operand")
    names: set[str] = set()
    for select in _branches(operands):
        value = select.selects[place].unalias() if place < len(select.selects) else None
        texts = [value]
        if isinstance(value, exp.Case):
            texts = [branch.args["true"] for branch in value.args["ifs"]] + [value.args.get("default")]
        for text in texts:
            if not isinstance(text, exp.Literal) or not text.is_string:
                return None
            names.add(text.this)
    return frozenset(names)


def _compared(query: exp.Query) -> set[str]:
    """The texts that the formula, which is all but the operands, compares with the column `operand`."""
    inside = {id(node) for node in _operands(query).walk()}
    return _texts((node for node in query.find_all(exp.EQ, exp.In, exp.Case) if id(node) not in inside), "operand")


def _texts(nodes: Iterable[exp.Expr], column: str) -> set[str]:
    """The texts that these comparisons compare with a column."""

    def is_column(node: exp.Expr | None) -> bool:
        return isinstance(node, exp.Column) and node.name == column

    texts: list[exp.Expr] = []
    for node in nodes:
        if isinstance(node, exp.EQ):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if is_column(one):
                    texts.append(other)
        elif is_column(node.this):
            if isinstance(node, exp.In):
                texts.extend(node.expressions)
            else:
                texts.extend(branch.this for branch in node.args["ifs"])
    return {text.this for text in texts if isinstance(text, exp.Literal) and text.is_string}


def _as_published(node: exp.Expr | None) -> bool:
    if node is None or isinstance(node, exp.Column | exp.Null):
        return True
    if isinstance(node, exp.Case):
        return all(_as_published(branch.args["true"]) for branch in node.args["ifs"]) and _as_published(
            node.args.get("default")
        )
    if isinstance(node, exp.Anonymous):
        return node.name == "paired" and _as_published(node.expressions[0])
    return isinstance(node, _PASS_THROUGH) and _as_published(node.this)


def validated(model: type[_Model], content: object, path: Path) -> _Model:
    """The model that the content of a file declares.

    Raises:
        DeclarationError: the content cannot be used; the message names file and field.
    """
    if not isinstance(content, dict):
        raise DeclarationError(
            f"{path.name}: must be fields and values; allowed fields: {', '.join(model.model_fields)}; "
            "write field: value, a line for each"
        )
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # A misspelt field is also a missing one, and a list whose parts are wrong is also too short: they say less.
        ranks = {"missing": 1, "too_short": 2}
        first = min(error.errors(), key=lambda one: ranks.get(one["type"], 0) if one["input"] else 0)
        raise DeclarationError(f"{path.name}: {_explain(model, first)}") from None


_PATTERNS = {
    "slug": "a-z, 0-9 and -, beginning with a letter",
    "phrase": "a definite phrase that begins with a capital letter or a digit and ends without a sign",
    "url": "an address that begins with http:// or https://",
    "indicator": "a-z, 0-9 and _, beginning with a letter",
    "region": "SCB's code of two or four digits",
}
_EXPECTED = {
    "string_type": "a text; write it in quotes",
    "string_too_short": "a text, and it is empty; write it",
    "tuple_type": "a list; write [a, b], or a line with - for each",
    "dict_type": "names and values; write name: value, a line for each",
    "model_type": "fields and values; write field: value, a line for each",
    "model_attributes_type": "fields and values; write field: value, a line for each",
    "too_short": "not empty; write at least one",
    "int_type": "a whole number; correct it",
    "int_parsing": "a whole number; correct it",
    "int_from_float": "a whole number; correct it",
    "float_type": "a number; correct it",
    "float_parsing": "a number; correct it",
    "bool_type": "true or false; correct it",
    "bool_parsing": "true or false; correct it",
    "date_type": "a day, such as 2026-01-31; correct it",
    "date_from_datetime_parsing": "a day, such as 2026-01-31; correct it",
}
"""What must stand in a field, by what pydantic calls the mistake."""


def _explain(model: type[BaseModel], error: Any) -> str:
    """One line for the first thing that pydantic found wrong."""
    # Pydantic adds to the place which of several allowed types it tried.
    place = [part for part in error["loc"] if not re.match(r"(dict|literal|tuple|list|constrained)\W", str(part))]
    tried_several = len(place) < len(error["loc"])
    field = ".".join(str(part) for part in place) or "file"
    name = str(place[-1]) if place else ""
    kind = error["type"]
    if place[:1] == ["dimensions"] and len(place) == 2 and tried_several:
        return (
            f"{field}: {error['input']!r} is not allowed; allowed: {', '.join(get_args(DimensionTable))}, or codes "
            "with their labels, such as {20-64: 20–64 år}; correct it"
        )
    if kind == "extra_forbidden":
        allowed = _fields(model, error["loc"][:-1])
        return f"{field}: unknown field{_choices(name, allowed)}; remove or rename it"
    if kind == "missing":
        return f"{field}: missing; required; add it"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"]) or [error["ctx"]["expected"]]
        return f"{field}: {error['input']!r} is not allowed{_choices(str(error['input']), allowed)}; correct it"
    if kind == "value_error":
        # It says itself what to do, and of a whole file which field.
        return ": ".join(filter(None, (".".join(map(str, place)), _one_line(error["ctx"]["error"]))))
    if kind == "string_pattern_mismatch":
        must = _PATTERNS.get(name, "a-z, 0-9 and -, beginning with a letter; a dot between strategy and goal")
        return f"{field}: {error['input']!r} is not allowed; allowed: {must}; correct it"
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"at least {error['ctx']['ge']}" if "ge" in error["ctx"] else f"at most {error['ctx']['le']}"
        return f"{field}: {error['input']!r} is not allowed; allowed: {limit}; correct it"
    if kind == "string_type" and error["input"] is None:
        kind = "string_too_short"
    if kind in _EXPECTED:
        return f"{field}: must be {_EXPECTED[kind]}"
    return f"{field}: {_one_line(error['msg'])}; correct it"


def _fields(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The fields allowed at a place in a declaration, found by following the annotations."""
    current = model
    for part in place:
        if isinstance(part, str) and part in current.model_fields:
            current = next(iter(_models(current.model_fields[part].annotation)), current)
    return list(current.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


class _NoDuplicates:
    """A YAML loader that refuses a field given twice, which YAML itself lets pass."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"field {key.value!r} is given twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[misc,no-any-return]


class _TypedLoader(_NoDuplicates, yaml.CSafeLoader):
    """For strategies: numbers, truth values and nulls are read as such."""


class PlainLoader(_TypedLoader):
    """For the follow-up: as typed, but a day is text, so that one that does not exist can be told of by its field."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML has it
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


class _TextLoader(_NoDuplicates, yaml.CBaseLoader):
    """For front matter: everything is text, so that a code such as 020 or NO stays as written."""


def read_with(loader: type[_TypedLoader], path: Path) -> object:
    """The content of a YAML file, read by a loader.

    Raises:
        DeclarationError: it is no YAML, or cannot be read.
    """
    return _yaml(path, read_text(path), loader)


def _yaml(path: Path, text: str, loader: type[_TypedLoader | _TextLoader]) -> object:
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - both loaders build plain values only
    except yaml.YAMLError as error:
        raise DeclarationError(f"{path.name}: cannot be read as YAML: {_one_line(error)}; correct it") from None


def closest(word: str, allowed: Collection[str]) -> str:
    """The closest of the allowed words, as the part of a message; empty where nothing is allowed."""
    found = difflib.get_close_matches(word, sorted(allowed), n=1, cutoff=0.0)
    return f"; closest match: {found[0]}" if found else ""


def _choices(word: str, allowed: Collection[str]) -> str:
    return f"{closest(word, allowed)}; allowed: {', '.join(allowed)}"


def _one_line(error: object) -> str:
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", str(error)).split())
