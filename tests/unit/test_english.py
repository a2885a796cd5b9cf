"""The English pages: every Swedish text has an English one, only quotations stay Swedish, and they are marked."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from reports import quality as qualities
from reports import sentences, wording
from reports.documents import changes
from reports.release import publish
from reports.web import audit, content, edition, follow_up, language, pages, quality, views
from reports.web.language import ONE, Language, Swedish, translations
from sources import declarations as sources
from tests import warehouses
from transforms import build as transforms
from transforms import declarations

ROOT = Path(__file__).resolve().parents[2]

# What readers meet of the declarations, in words of ours.
TEXTS = {
    "reference.indicator": ("title", "definition"),
    "reference.indicator_phrase": ("phrase",),
    "reference.indicator_dimension": ("label",),
    "reference.series": ("title",),
    "reference.theme": ("title",),
    "reference.unit": ("text",),
    "reference.reason": ("rtrim(text, '.')",),
    "reference.symbol": ("text",),
    "reference.not_assessed": ("text",),
    "reference.verdict": ("text",),
    "reference.moved": ("text",),
    "reference.goal_status": ("text",),
    "reference.strategy": ("role", "note", "goal_count"),
    "reference.area": ("note",),
    "reference.goal": ("note", "follow_up"),
    "reference.target_image": ("note", "follow_up"),
    "reference.not_established": ("what", "note"),
    "(from reference.region where type != 'municipality')": ("name",),
}
# What is quoted unless it has an English text: where a wording stands and what explains a goal.
QUOTED = {"reference.goal": ("explanation", "source_page"), "reference.area": ("source_page",),
          "reference.target_image": ("source_page",)}  # fmt: skip
# What the warehouse alone has of the tables of the source and of the analyses.
MADE = {"reference.source_table": ("title",), "reference.source_break": ("what",), "analysis.quality": ("text",)}


def texts(con: duckdb.DuckDBPyConnection, columns: dict[str, tuple[str, ...]]) -> set[str]:
    """The texts of some columns of a warehouse."""
    return {
        text
        for table, names in columns.items()
        for name in names
        for (text,) in con.execute(f"select distinct {name} from {table}").fetchall()
        if text
    }


@pytest.fixture(scope="module")
def declared() -> duckdb.DuckDBPyConnection:
    """The reference tables of everything that is declared, without any figures."""
    con = duckdb.connect()
    con.execute((ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
    transforms.load_reference(con)
    strategies = declarations.load_strategies(ROOT / "transforms" / "strategy")
    transforms.load_strategies(con, strategies)
    indicators = declarations.load_indicators(ROOT / "transforms" / "indicators", declarations.goal_ids(strategies))
    transforms.load_indicators(con, indicators)
    return con


def of_declarations(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Every Swedish text of the declarations that a page shows in English."""
    found = texts(con, TEXTS)
    for table in sources.load_tables(ROOT / "sources" / "tables").values():
        found |= {table.title, *(one.what for one in table.breaks)}
    quality = (ROOT / "transforms" / "analysis" / "quality.sql").read_text(encoding="utf-8")
    return found | set(re.findall(r"(?:then|else) '([A-ZÅÄÖ][^']+)'", quality))


def given(code: str) -> Iterator[str]:
    """The texts that Python code gives to a language: `t("...")`, also through the helpers of the sentences."""
    at = {"t": 0, "_t": 0, "told": 0, "_led": 1}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in at and len(node.args) > at[name]:
                argument = node.args[at[name]]
                either = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                yield from (one.value for one in either if isinstance(one, ast.Constant) and isinstance(one.value, str))


def of_code() -> set[str]:
    """Every Swedish text of the code and the templates that is given to a language."""
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    asked: set[str | None] = set()
    for file in (ROOT / "reports" / "templates" / "web").glob("*.j2"):
        for _, _, message in extract_from_ast(environment.parse(file.read_text(encoding="utf-8")), ("t",)):
            asked.add(message[0] if isinstance(message, tuple) else message)
    for file in (found for name in (".", "web", "documents") for found in (ROOT / "reports" / name).glob("*.py")):
        asked |= set(given(file.read_text(encoding="utf-8")))
    for unit in (*sentences.UNITS.values(), sentences.Unit(), *wording.HEADS.values(), *sentences.TOTALS.values()):
        asked |= set(vars(unit).values())
    for words in (
        wording.ABSENT, wording.BANDS, wording.STATES, wording.STRATEGIES, wording.UNKNOWN, wording.PERIODS,
        wording.KINDS, wording.PROGRESS,
        sentences.BANDS, sentences.BELOW, sentences.NOT_JUDGED, content.STANDINGS, views.SHORT, pages.LACKING,
        follow_up.CITED, follow_up.LOGIC, qualities.PROTECTS, qualities.ADDITIVITY, qualities.CADENCE,
        qualities.DRIFT, qualities.FRESH, qualities.GONE, qualities.OUTCOMES, qualities.SEXES, quality.ACCURACY,
        qualities.CORRECTION, audit.OWN_SERVER,
        quality.LEVELS, quality.HEADS,
        edition.CLASSES, edition.FIELDS, edition.SEXES, changes.FIELDS, *changes.CODES.values(),
    ):  # fmt: skip
        asked |= set(words.values())
    asked |= {*wording.MONTHS, *wording.QUARTERS, *warehouses.LABELS.values(), sentences.NO_FIGURE, "Målområde"}
    asked |= {sentences.BELOW_YEARS, *qualities.NOT_COVERED}
    return {text for text in asked if text}


def test_every_text_of_the_code_has_an_english_one() -> None:
    assert sorted(of_code() - set(translations()) - {"SCB"}) == []


def test_every_text_of_the_declarations_has_an_english_one(declared: duckdb.DuckDBPyConnection) -> None:
    assert sorted(of_declarations(declared) - set(translations())) == []


def test_no_english_text_stands_unused(declared: duckdb.DuckDBPyConnection) -> None:
    used = (
        {f"{ONE}{text}" for text in ("Mål", "Delmål")} | of_code() | of_declarations(declared) | texts(declared, QUOTED)
    )
    assert sorted(set(translations()) - used) == []


def test_an_english_text_has_the_parts_and_the_numbers_of_the_swedish_one() -> None:
    for swedish, english in translations().items():
        assert set(re.findall(r"{\w*}", swedish)) == set(re.findall(r"{\w*}", english)), swedish
        numbers = [
            sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[,\u00a0 ](?=\d{3}\b)", "", one))) for one in (swedish, english)
        ]
        assert numbers[0] == numbers[1], swedish


def test_wordings_of_goals_have_no_english_of_ours(declared: duckdb.DuckDBPyConnection) -> None:
    wordings = texts(declared, {"reference.goal": ("wording",), "reference.area": ("wording",)})
    assert wordings & set(translations()) <= {"Utbildning"}


def test_a_text_without_english_is_marked_as_swedish() -> None:
    english = Language("en")
    assert isinstance(english("Ett ord som ingen har översatt"), Swedish)
    assert not isinstance(english("Kvinnor"), Swedish)
    assert isinstance(english.quoted("Kvinnor"), Swedish)
    assert not isinstance(Language("sv").quoted("Kvinnor"), Swedish)


def test_what_an_english_text_quotes_is_marked_as_swedish_and_nothing_in_it_does_anything() -> None:
    assert content.quotes('SCB writes: "under <b>utredning</b>".') == (
        'SCB writes: <q lang="sv">under &lt;b&gt;utredning&lt;/b&gt;</q>.'
    )
    assert content.quotes(Swedish('Ordet "En"')) == "Ordet &#34;En&#34;"


# --- The pages, read through


class Spoken(HTMLParser):
    """The texts of an English page that are not marked as Swedish, and those that are."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})
    ATTRIBUTES = ("aria-label", "alt", "title", "content", "data-none", "data-found", "data-women", "data-men",
                  "data-place", "data-missing")  # fmt: skip

    def __init__(self, text: str) -> None:
        super().__init__()
        self.english: list[str] = []
        self.swedish: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        lang = named.get("lang") or (self._open[-1][1] if self._open else "")
        for name in self.ATTRIBUTES:
            if named.get(name):
                (self.english if lang == "en" else self.swedish).append(str(named[name]))
        if tag not in self.VOID and not str(self.get_starttag_text()).endswith("/>"):
            self._open.append((tag, lang))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            (self.english if self._open[-1][1] == "en" else self.swedish).append(data.strip())


SWEDISH_WORD = re.compile(
    r"[åäöÅÄÖ]|\b(och|för|med|som|av|är|inte|från|eller|efter|kvinnor|till|hos|vid|ett|på|mot|andel\w*|skillnad\w*|"
    r"riket|saknas|tabell|indikator|hämtad|procent|procentenheter)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], set[str], set[str]]]:
    """The English pages of the small warehouse, the names in it, and its wordings of goals.

    The texts that only the tests have are given an English one, so that all Swedish that is left comes from code that
    does not ask the language.
    """
    con = warehouses.small("demo")
    known = dict(translations())
    for text in sorted(texts(con, TEXTS | MADE)):
        known.setdefault(text, f"text {len(known)}")
    names = texts(con, {"reference.region": ("name",), "reference.strategy": ("title",),
                        "reference.target_image": ("guides_title",), "provenance.run": ("organisation",),
                        "reference.goal": ("goal_id", "source_url", "source_page"),
                        "reference.target_image ": ("target_image_id",), "reference.audience": ("name",)})  # fmt: skip
    names |= {known[name].removesuffix(" county") for name in names if name in known}
    wordings = texts(con, {"reference.goal": ("wording",), "reference.area": ("wording",),
                           "reference.target_image": ("wording",),
                           "reference.challenge": ("title",)})  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "translations", lambda: known)
        site = publish(con, tmp_path_factory.mktemp("build")).path / "site" / "en"
        yield (
            {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")},
            names,
            wordings,
        )


def test_no_swedish_stands_unmarked_on_an_english_page(english: tuple[dict[str, str], set[str], set[str]]) -> None:
    pages, names, wordings = english
    known = re.compile("|".join(re.escape(name) for name in sorted(names | {"På svenska"}, key=len, reverse=True)))
    wording_in_head = re.compile("|".join(map(re.escape, sorted(wordings, key=len, reverse=True))))
    found = set()
    for address, text in pages.items():
        head, body = text.split("</head>", 1)
        spoken = Spoken(wording_in_head.sub("", head) + "</head>" + body)
        found |= {
            (address, one)
            for one in spoken.english
            if SWEDISH_WORD.search(re.sub(r"https?://\S+", "", known.sub("", one)))
        }
    assert sorted(found) == []
    assert len(pages) > 40


def test_a_wording_of_a_goal_stands_as_adopted_and_marked(english: tuple[dict[str, str], set[str], set[str]]) -> None:
    pages, _, wordings = english
    shown = [one for text in pages.values() for one in Spoken(text).swedish]
    assert len([one for one in wordings if one in shown]) > 5
    assert any("quoted in Swedish and not translated" in text for text in pages.values())
