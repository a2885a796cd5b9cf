"""From a query to axes: for each variable of the table the codes of the answer and the positions behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sources.demo.errors import RefusedError, parameter_error
from sources.demo.grammar import expand
from sources.demo.query import Choice, Placement, Query
from sources.demo.store import Catalogue, Document, Positions, Table

MISSING = "Missing selection for mandantory variable"  # sic


@dataclass(frozen=True)
class Axis:
    """One variable of the table as the answer has it."""

    variable: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[Positions, ...]
    """The positions summed into each code: one position, or the members of an aggregation's group."""
    eliminated: bool = False
    asked: int = 1
    """How many codes were asked for, repeated ones included."""
    covers_all: bool = False
    """Whether the groups hold every code of the variable."""
    aggregated: bool = False
    repeated: bool = False
    """Whether a code was asked for twice, which SCB's database does not survive."""


@dataclass(frozen=True)
class Layout:
    """The variables of the answer in its heading and its stub."""

    heading: tuple[str, ...]
    stub: tuple[str, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The `id` of the answer."""
        return self.stub + self.heading


@dataclass(frozen=True)
class Resolver:
    """Resolves queries against one table in one language."""

    catalogue: Catalogue
    table: Table
    metadata: Document
    language: str

    @property
    def flavour(self) -> Literal["cnmm", "px"]:
        """Which data source's habits to follow."""
        return self.catalogue.flavour

    def variable(self, name: str) -> str:
        """The variable's code in the table's own spelling; `time` names the time variable."""
        spelled: dict[str, str] = {code.casefold(): code for code in self.metadata["dimension"]}
        if name.casefold() in spelled:
            return spelled[name.casefold()]
        if name.casefold() == "time" and self.metadata["role"].get("time"):
            return str(self.metadata["role"]["time"][0])
        raise parameter_error("Non-existent variable")

    def codelist(self, variable: str, codelist_id: str) -> Document:
        """The codelist, if it is one of this variable's."""
        listed = self.metadata["dimension"][variable]["extension"].get("codelists", [])
        document = None
        if any(item["id"] == codelist_id for item in listed):
            document = self.catalogue.codelist(codelist_id, self.language)
        if document is None:
            raise parameter_error("Non-existent codelist")
        return document

    def axes(self, query: Query) -> list[Axis]:
        """All variables of the table in its own order; the checks come in the order of the server's."""
        named = [(self.variable(choice.variable), choice) for choice in query.choices]
        codelists = {
            variable: self.codelist(variable, choice.codelist) for variable, choice in named if choice.codelist
        }
        chosen = {variable for variable, _ in named}
        for variable, dimension in self.metadata["dimension"].items():
            if variable not in chosen and not dimension["extension"]["elimination"]:
                raise parameter_error(MISSING)
        axes: dict[str, Axis] = {}
        for variable, choice in named:
            axis = self._chosen(variable, choice, codelists.get(variable))
            axes[variable] = _united(axes[variable], axis) if variable in axes else axis
        ordered = [axes.get(code) or self._eliminated(code) for code in self.metadata["id"]]
        return [self._ordered(axis) for axis in ordered]

    def _chosen(self, variable: str, choice: Choice, codelist: Document | None) -> Axis:
        dimension = self.metadata["dimension"][variable]
        position: Mapping[str, int] = dimension["category"]["index"]
        codes = sorted(position, key=position.__getitem__)
        labels: Mapping[str, str] = dimension["category"]["label"]
        groups = {code: [index] for code, index in position.items()}
        if codelist is not None:
            values = codelist["values"]
            if codelist["type"] == "Valueset":
                values = [value for value in values if value["code"] in position]
                groups = {value["code"]: [position[value["code"]]] for value in values}
            else:
                groups = {
                    value["code"]: [position[code] for code in value["valueMap"] if code in position]
                    for value in values
                }
            codes = [value["code"] for value in values]
            labels = {value["code"]: value["label"] for value in values}
        is_time = variable in self.metadata["role"].get("time", ())
        picked = expand(choice.codes, codes, is_time=is_time)
        if not picked:
            if codelist is not None or not dimension["extension"]["elimination"]:
                raise parameter_error(MISSING)
            return self._eliminated(variable)
        chosen = [codes[index] for index in picked]
        if codelist is not None and not all(groups[code] for code in chosen):
            return self._plain_members(variable, chosen, groups)
        members = {index for code in chosen for index in groups[code]}
        return Axis(
            variable,
            tuple(chosen),
            tuple(labels[code] for code in chosen),
            tuple(np.array(groups[code], np.int64) for code in chosen),
            asked=len(chosen),
            covers_all=len(members) == len(position),
            aggregated=codelist is not None,
        )

    def _plain_members(self, variable: str, chosen: Sequence[str], groups: Mapping[str, list[int]]) -> Axis:
        """What PX files give for a group without any code of the table: plain codes, too many values."""
        if self.flavour == "cnmm":
            raise parameter_error("Non-existent value")
        category = self.metadata["dimension"][variable]["category"]
        code_at = {index: code for code, index in category["index"].items()}
        members = sorted({index for code in chosen for index in groups[code]})
        codes = tuple(code_at[index] for index in members)
        return Axis(
            variable,
            codes,
            tuple(category["label"][code] for code in codes),
            tuple(np.array([index], np.int64) for index in members),
            asked=len(members) + sum(not groups[code] for code in chosen),
            aggregated=True,
        )

    def _eliminated(self, variable: str) -> Axis:
        dimension = self.metadata["dimension"][variable]
        position: Mapping[str, int] = dimension["category"]["index"]
        total = dimension["extension"].get("eliminationValueCode") or self.table.totals.get(variable)
        if total is not None and total not in position:
            raise parameter_error(MISSING)
        members = range(len(position)) if total is None else [position[total]]
        return Axis(variable, (), (), (np.array(members, np.int64),), eliminated=True)

    def _ordered(self, axis: Axis) -> Axis:
        """PX files put the codes in the order of the table and miscount repeated ones, SCB's database does neither."""
        keys = [code.casefold() for code in axis.codes]
        unique = len(set(keys)) == len(keys)
        if axis.eliminated or self.flavour == "cnmm":
            return replace(axis, repeated=not unique)
        first = {key: keys.index(key) for key in keys}
        ranks = sorted(first.values(), key=lambda at: (int(axis.groups[at].min()), at))
        return replace(
            axis,
            codes=tuple(axis.codes[at] for at in ranks),
            labels=tuple(axis.labels[at] for at in ranks),
            groups=tuple(axis.groups[at] for at in ranks),
        )

    def layout(self, axes: Sequence[Axis], placement: Placement | None) -> Layout:
        """Where the variables go. A placement that does not fit the answer is ignored."""
        kept = [axis.variable for axis in axes if not axis.eliminated]
        px = self.metadata["extension"]["px"]
        usual = Layout(
            tuple(code for code in px["heading"] if code in kept), tuple(code for code in px["stub"] if code in kept)
        )
        spelled = {code.casefold(): code for code in kept}
        if placement is None or not (placement.heading or placement.stub):
            return usual
        heading = [spelled.get(name.casefold()) for name in placement.heading]
        stub = [spelled.get(name.casefold()) for name in placement.stub]
        named = [code for code in heading + stub if code is not None]
        rest = [code for code in kept if code not in named]
        if len(named) < len(heading) + len(stub) or len(set(named)) < len(named) or (rest and heading and stub):
            return usual
        known_heading = tuple(code for code in heading if code is not None)
        known_stub = tuple(code for code in stub if code is not None)
        return Layout(known_heading or tuple(rest), known_stub or tuple(rest))


def _united(first: Axis, second: Axis) -> Axis:
    """A variable that is chosen twice, also once as `time`: all its codes, counted as the first choice's."""
    if first.eliminated or second.eliminated:
        return second if first.eliminated else first
    extra = [at for at, code in enumerate(second.codes) if code not in first.codes]
    return replace(
        first,
        codes=first.codes + tuple(second.codes[at] for at in extra),
        labels=first.labels + tuple(second.labels[at] for at in extra),
        groups=first.groups + tuple(second.groups[at] for at in extra),
        covers_all=first.covers_all or second.covers_all,
    )


def check_size(axes: Sequence[Axis], limit: int) -> None:
    """Refuses an answer of more than `limit` cells; like the server it multiplies in 32 bits."""
    product = 1
    for axis in axes:
        product *= axis.asked
    wrapped = (product + 2**31) % 2**32 - 2**31
    if wrapped > limit:
        raise parameter_error("Too many cells selected", detail=True)
    if wrapped != product or any(axis.repeated for axis in axes):
        raise RefusedError(500)


def default_selection(table: Table, metadata: Document, language: str) -> Document:
    """The table's own default selection, or one by PxWebApi's rule.

    The first contents, the last period (all periods when there is but one more variable), and of the other
    variables the first and the last in full, mandatory ones before others: the longer one in the stub. The
    rest is eliminated, or where that cannot be, its first code is taken.
    """
    own = table.default_selection(language)
    if own is not None:
        return own
    role, dimensions = metadata["role"], metadata["dimension"]
    contents, time = list(role.get("metric", ()))[:1], list(role.get("time", ()))[:1]
    px = metadata["extension"]["px"]
    order = [code for code in (*px["stub"], *px["heading"]) if code in dimensions]
    others = [code for code in order if code not in contents + time]
    mandatory = [code for code in others if not _can_leave_out(table, dimensions[code], code)]
    candidates = mandatory if len(mandatory) > 1 else [*mandatory, *(c for c in others if c not in mandatory)]
    codes = {code: list(dimensions[code]["category"]["index"]) for code in order}
    pair = list(dict.fromkeys((*candidates[:1], *candidates[-1:])))
    pair.sort(key=lambda code: (len(codes[code]), order.index(code)), reverse=True)
    picked = {code: codes[code][:1] for code in contents}
    picked |= {code: codes[code] if len(others) < 2 else codes[code][-1:] for code in time}
    picked |= {code: codes[code] for code in pair}
    picked |= {code: codes[code][:1] if code in mandatory else [] for code in others if code not in pair}
    shown = [code for code in picked if picked[code]]
    stub = pair[:1] + [code for code in shown if code not in (*contents, *time, *pair)]
    return {
        "selection": [{"variableCode": code, "valueCodes": list(values)} for code, values in picked.items()],
        "placement": {"heading": [*contents, *time, *pair[1:]], "stub": stub},
    }


def _can_leave_out(table: Table, dimension: Document, variable: str) -> bool:
    total = table.totals.get(variable)
    return bool(dimension["extension"]["elimination"]) and (total is None or total in dimension["category"]["index"])


def query_of(document: Document) -> Query:
    """A default selection as a query."""
    choices = tuple(
        Choice(item["variableCode"], tuple(item["valueCodes"]), item.get("codelist") or "")
        for item in document["selection"]
    )
    placement = document.get("placement")
    if placement is None:
        return Query(choices)
    return Query(choices, Placement(tuple(placement["heading"]), tuple(placement["stub"])))
