"""What we ask of each SCB table: one YAML file per table, read into frozen models.

A file states the table, its variables and their roles, names for the codes that our SQL uses, and the cells to
fetch. A code that is not established carries the label to find it by instead; nothing here is a guess at a code.
"""

from collections.abc import Hashable, Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

Certainty = Literal["V", "S", "I", "unknown"]
Level = Literal["country", "county", "municipality"]
Role = Literal["region", "partner", "sex", "dimension", "contents", "period"]
SelectionValue = Literal["scope", "home", "all", "named"] | tuple[str, ...]

NOT_FILLED_IN = "FYLL_I"
_LEVELS: dict[str, Level] = {"00": "country"}
KEYWORDS = ("scope", "home", "all", "named")


class DeclarationError(ValueError):
    """A declaration that cannot be used; the message names the file, the field and what is allowed."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RegionVariable(_Model):
    """Regions: `region` is the only region of a table or where people live, `partner` the other end."""

    role: Literal["region", "partner"]
    levels: tuple[Level, ...] = Field(min_length=1)


def _as_codes(value: Any) -> Any:
    """One code or a list of them, as a list."""
    codes = value if isinstance(value, list) else [value]
    if not codes or not all(isinstance(code, str) for code in codes):
        raise PydanticCustomError("declaration", f"{value!r} is not text; write it in quotes")
    return codes


Codes = Annotated[tuple[str, ...], BeforeValidator(_as_codes)]


class SexVariable(_Model):
    """The variable that tells sex, with its codes; `total` is null where the table publishes none.

    Several codes have one sex where the variable tells more than sex, such as a type of household.
    """

    role: Literal["sex"]
    women: Codes
    men: Codes
    total: Codes | None = None
    certainty: Certainty = "V"


class PlainVariable(_Model):
    """A variable that needs no more than its role."""

    role: Literal["dimension", "contents", "period"]


Variable = Annotated[RegionVariable | SexVariable | PlainVariable, Field(discriminator="role")]


class Code(_Model):
    """A named code: beside `code` the label confirms it; `label` alone is what the code is found by."""

    code: str | None = None
    label: str | None = None
    unit: str | None = None
    decimals: int | None = Field(default=None, ge=0)
    certainty: Certainty = "V"

    @model_validator(mode="after")
    def _has_code_or_label(self) -> Self:
        if self.code is None and self.label is None:
            raise PydanticCustomError("declaration", "give code, or label where the code is not established")
        if self.code is None and self.certainty == "V":
            raise PydanticCustomError("declaration", "certainty V needs a code; allowed without one: S, I, unknown")
        return self


class Break(_Model):
    """A break in a series: `period` is the first of the new regime, `line` says whether a line may cross it.

    `parts` says whose periods it parts: all contents, none, or those that are named. For the others it is a flag:
    shown, and periods on both sides are compared.
    """

    id: str
    period: str
    what: str
    line: bool
    parts: Literal["all", "none"] | tuple[str, ...] = "all"

    @field_validator("parts", mode="before")
    @classmethod
    def _contents(cls, parts: Any) -> Any:
        if parts in ("all", "none") or (
            parts and isinstance(parts, list) and all(isinstance(one, str) for one in parts)
        ):
            return parts
        raise PydanticCustomError("declaration", f"{parts!r} is not allowed; allowed: all, none, or names of contents")

    def parted(self) -> list[str] | None:
        """The contents whose periods it parts; null where it parts those of all."""
        return {"all": None, "none": []}[self.parts] if isinstance(self.parts, str) else [*self.parts]


class Find(_Model):
    """What a table is found by where its id is not established: exactly one of the catalogue must have it all.

    `variables` are SCB's labels of variables, `title_contains` words of the title.
    """

    folder: str
    variables: tuple[str, ...] = Field(min_length=1)
    time_unit: Literal["Annual", "Quarterly", "Monthly", "Weekly", "Other"]
    first_period: str
    title_contains: tuple[str, ...] = Field(min_length=1)


class TableDeclaration(_Model):
    """One SCB table as we use it.

    `id` is SCB's, or a name of our own (`lfs_quarter`) for a table that is found by `find`. `region` is the region
    that a table without a variable of regions is about. `expected` is the day on which the agency has said that it
    will publish next; null where that is not known.
    """

    id: str = Field(pattern=r"^(TAB\d+|[a-z][a-z0-9_]*)$")
    find: Find | None = None
    region: Literal["00"] | None = None
    v1: str | None
    title: str
    agency: str
    licence: str
    series: str | None = None
    cadence: Literal["year", "quarter", "month", "election", "mandate", "school_year", "five_years"]
    additivity: Literal["exact", "rounding", "ckm", "sample", "none"]
    preliminary: Literal["none", "all"] = "none"
    certainty: Certainty
    expected: date | None = None
    breaks: tuple[Break, ...] = ()
    variables: dict[str, Variable]
    codes: dict[str, dict[str, Code]]
    selections: tuple[dict[str, SelectionValue], ...] = Field(min_length=1)

    @field_validator("selections", mode="before")
    @classmethod
    def _selection_words(cls, selections: Any) -> Any:
        for selection in selections if isinstance(selections, list) else []:
            for variable, value in selection.items() if isinstance(selection, dict) else []:
                if isinstance(value, str) and value not in KEYWORDS:
                    raise _refusal(f"{variable}: {value!r} is no selection", value, KEYWORDS, "or a list of codes")
                if isinstance(value, list) and not all(isinstance(code, str) for code in value):
                    raise PydanticCustomError("declaration", f"{variable}: codes are text, write them in quotes")
        return selections

    @model_validator(mode="after")
    def _is_known_or_found(self) -> Self:
        if (self.find is None) != self.id.startswith("TAB"):
            raise PydanticCustomError(
                "declaration", "find: it is for a table whose id is not established, which is named without TAB"
            )
        if self.region is not None and self.has("region"):
            raise PydanticCustomError("declaration", "region: it is for a table without a variable of regions")
        return self

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        for role, most in (("region", 1), ("partner", 1), ("sex", 1), ("contents", 1), ("period", 1)):
            names = [name for name, variable in self.variables.items() if variable.role == role]
            least = 0 if role in {"partner", "sex"} or (role == "region" and self.region) else 1
            if not least <= len(names) <= most:
                found = ", ".join(names) or "none"
                raise PydanticCustomError("declaration", f"variables: exactly one has role {role}; found {found}")
        for name in self.codes:
            self._known(f"codes: {name!r}", name)
        contents = self.variable("contents")
        if not self.codes.get(contents):
            raise PydanticCustomError("declaration", f"codes: name the codes of {contents}")
        for name, code in self.codes[contents].items():
            if code.unit is None and code.certainty == "V":
                raise PydanticCustomError(
                    "declaration", f"codes.{contents}.{name}.unit: a contents code needs its unit"
                )
        for number, one in enumerate(self.breaks):
            for name in one.parts if isinstance(one.parts, tuple) else ():
                if name not in self.codes[contents]:
                    raise _refusal(f"breaks[{number}].parts: {name!r} is no content", name, self.codes[contents])
        for number, selection in enumerate(self.selections):
            self._check_selection(f"selections[{number}]", selection)
        return self

    def _check_selection(self, where: str, selection: dict[str, SelectionValue]) -> None:
        for name, value in selection.items():
            self._known(f"{where}: {name!r}", name)
            role = self.variables[name].role
            if value in {"scope", "home"} and role not in {"region", "partner"}:
                raise PydanticCustomError("declaration", f"{where}.{name}: {value} is for regions, {name} is {role}")
            if value == "named" and name not in self.codes:
                raise PydanticCustomError("declaration", f"{where}.{name}: named, but codes has no {name}")
            if value == ():
                raise PydanticCustomError("declaration", f"{where}.{name}: no code is selected")
        for name in self.variables:
            if name not in selection:
                raise PydanticCustomError("declaration", f"{where}: {name} is missing; every variable is selected")

    def _known(self, what: str, name: str) -> None:
        if name not in self.variables:
            raise _refusal(f"{what} is no variable of the table", name, self.variables)

    def variable(self, role: Role) -> str:
        """The code of the variable that has the role; KeyError where the table has none."""
        for name, variable in self.variables.items():
            if variable.role == role:
                return name
        raise KeyError(role)

    def has(self, role: Role) -> bool:
        """Whether a variable of the table has the role."""
        return any(variable.role == role for variable in self.variables.values())

    def levels(self) -> tuple[Level, ...]:
        """The levels of the regions that the table is about."""
        for variable in self.variables.values():
            if isinstance(variable, RegionVariable) and variable.role == "region":
                return variable.levels
        return (_LEVELS[self.region],) if self.region else ()

    def sexes(self) -> dict[str, str]:
        """SCB's sex codes of this table with what they mean, women first; empty without such a variable."""
        for variable in self.variables.values():
            if isinstance(variable, SexVariable):
                parts = {"women": variable.women, "men": variable.men, "total": variable.total or ()}
                return {code: sex for sex, codes in parts.items() for code in codes}
        return {}


def load_tables(folder: Path) -> dict[str, TableDeclaration]:
    """The declarations of all files in the folder by table id; DeclarationError names what is wrong."""
    files = sorted(folder.glob("*.yml"), key=lambda path: (len(path.stem), path.stem))
    if not files:
        raise DeclarationError(f"{folder}: no table declaration (*.yml) is here; point to the folder sources/tables")
    return {path.stem: load_table(path) for path in files}


def load_table(path: Path) -> TableDeclaration:
    """The declaration in one file; DeclarationError names file, field, what is allowed and the closest match."""
    text = _read(path)
    try:
        # _UniqueKeys is a SafeLoader: it builds nothing but plain values.
        document = yaml.load(text, Loader=_UniqueKeys)  # noqa: S506
    except yaml.YAMLError as error:
        raise DeclarationError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise DeclarationError(f"{path}: a declaration is a mapping of fields such as id, title and variables")
    for field, value in document.items():
        if NOT_FILLED_IN in str(value):
            raise DeclarationError(f"{path}: {field}: is not filled in yet; write it in place of {NOT_FILLED_IN}")
    try:
        table = TableDeclaration.model_validate(document)
    except ValidationError as error:
        raise DeclarationError(f"{path}: {_explain(error)}") from error
    if table.id != path.stem:
        raise DeclarationError(f"{path}: id: {table.id!r} differs from the file name; write id: {path.stem}")
    return table


def _read(path: Path) -> str:
    """The text of the file; DeclarationError where it is none in UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors put a mark before the text
    except UnicodeDecodeError as error:
        raise DeclarationError(
            f"{path}: not UTF-8 (byte 0x{error.object[error.start]:02x} at position {error.start}); save it as UTF-8"
        ) from None
    except IsADirectoryError:
        raise DeclarationError(f"{path}: is a folder where a file is expected; move or rename it") from None


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, which YAML would let overwrite the first in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key!r} is given twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


_MODELS: dict[str, type[_Model]] = {
    "region": RegionVariable,
    "partner": RegionVariable,
    "sex": SexVariable,
    "dimension": PlainVariable,
    "contents": PlainVariable,
    "period": PlainVariable,
}


def _fields(location: tuple[int | str, ...]) -> Iterable[str]:
    """The fields that are allowed where an unknown one was found."""
    if len(location) == 1:
        return TableDeclaration.model_fields
    if location[0] == "breaks":
        return Break.model_fields
    if location[0] == "find":
        return Find.model_fields
    if location[0] == "codes":
        return Code.model_fields
    return _MODELS[str(location[2])].model_fields


def _explain(error: ValidationError) -> str:
    """The first of the errors in one line, with the number of the others."""
    # A misspelt field is also a missing one: the misspelling says more.
    details = sorted(error.errors(), key=lambda detail: detail["type"] == "missing")
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return _explain_one(details[0]) + more


def _explain_one(detail: ErrorDetails) -> str:
    location, given, context = detail["loc"], detail["input"], detail.get("ctx", {})
    # Pydantic puts the role of a variable into the location; the file has no such level.
    shown = location[:2] + location[3:] if location[:1] == ("variables",) and len(location) > 3 else location
    where = ".".join(str(part) for part in shown)
    match detail["type"]:
        case "extra_forbidden":
            refusal = _refusal(f"{where}: unknown field", str(location[-1]), _fields(location))
            return refusal.message()
        case "missing":
            return f"{where}: the field is missing"
        case "literal_error":
            allowed = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ", ").split(",")]
            return _refusal(f"{where}: {given!r} is not allowed", str(given), allowed).message()
        case "union_tag_invalid":
            allowed = [role.strip(" '") for role in str(context["expected_tags"]).split(",")]
            return _refusal(f"{where}.role: {context['tag']!r} is not allowed", str(context["tag"]), allowed).message()
        case "union_tag_not_found":
            return f"{where}.role: the field is missing; allowed: {', '.join(_MODELS)}"
        case "string_type":
            return f"{where}: {given!r} is not text; write it in quotes"
        case "declaration":
            return f"{where}: {detail['msg']}" if where else detail["msg"]
        case _:
            return f"{where}: {detail['msg']}; found {given!r}"


def _refusal(what: str, given: str, allowed: Iterable[str], also: str = "") -> PydanticCustomError:
    """An error that lists what is allowed and, where one is near, the closest match."""
    words = list(allowed)
    near = get_close_matches(given, words, n=1)
    text = f"{what}; allowed: {', '.join(words)}" + (f" {also}" if also else "")
    return PydanticCustomError("declaration", text + (f"; closest match: {near[0]}" if near else ""))
