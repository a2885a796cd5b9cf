"""A declaration meets a table's metadata: explicit codes to ask for, or a named difference."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from sources.declarations import Code, RegionVariable, SelectionValue, TableDeclaration
from sources.decoder import Dataset
from sources.errors import SelectionError

_COUNT = re.compile(r"(top|bottom)\(\s*([1-9][0-9]*)\s*(?:,\s*([0-9]+)\s*)?\)", re.IGNORECASE)
_ENDS = re.compile(r"(?:(from|to)\(\s*([^(),]+?)\s*\)|range\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\))", re.IGNORECASE)
_PATTERN = re.compile(r"\*?[^*?]*\*?|[^*]*")
"""`*` at either end, or any number of `?`, not both."""


@dataclass(frozen=True)
class Regions:
    """The regions of a run: codes per level (country, county, municipality), and the home county's kommuner."""

    levels: Mapping[str, Sequence[str]]
    home: Sequence[str]
    national: bool


@dataclass(frozen=True)
class Resolved:
    """What to ask a table for.

    Attributes:
        grids: codes per variable, in the order of the declaration's selections and of the metadata.
        names: declared name to code, per variable, for the codes that were found.
        by_label: the part of `names` that was found by label, to be locked.
        missing: declared codes that the table does not list, as `variable code`; only when `partial`.
        unresolved: why a name that is not certain has no code.
    """

    grids: tuple[dict[str, tuple[str, ...]], ...]
    names: dict[str, dict[str, str]]
    by_label: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()


def resolve(
    table: TableDeclaration,
    metadata: Dataset,
    regions: Regions,
    *,
    locked: Mapping[str, Mapping[str, str]] | None = None,
    partial: bool = False,
) -> Resolved:
    """The codes to ask for.

    Args:
        table: the declaration.
        metadata: the table's metadata as served now.
        regions: the regions of this run.
        locked: codes found by label before, per variable and name; a different finding is refused.
        partial: the source holds part of the table (recordings): what is absent is listed, not refused.

    Raises:
        SelectionError: a variable, code, label or unit of the declaration does not fit, with the nearest match.
    """
    return _Resolver(table, metadata, regions, locked or {}, partial).resolve()


def expand(values: Sequence[str], codes: Sequence[str], *, time: bool) -> list[str]:
    """The codes that PxWebApi's selection grammar picks, without repetition.

    `top(n)` of a time variable is the newest n; of any other the first n. Two expressions make a union. What
    picks nothing (an unknown code or end, a pattern without a match, a malformed expression) is kept as it is:
    to send it would silently eliminate the variable.
    """
    ordered = sorted(codes) if time else list(codes)
    spelling = {code.casefold(): code for code in reversed(codes)} | {code: code for code in codes}
    picked: list[str] = []
    for value in values:
        if code := _spelled(value, spelling):
            picked.append(code)
        else:
            picked += _expression(value, ordered, spelling, time=time) or [value]
    return list(dict.fromkeys(picked))


def _expression(value: str, codes: Sequence[str], spelling: Mapping[str, str], *, time: bool) -> Sequence[str]:
    """The codes that an expression picks; none when it picks none or is no expression."""
    if count := _COUNT.fullmatch(value):
        skipped, upto = int(count[3] or 0), int(count[3] or 0) + int(count[2])
        if (count[1].lower() == "top") == time:
            return codes[max(len(codes) - upto, 0) : max(len(codes) - skipped, 0)]
        return codes[skipped:upto]
    if ends := _ENDS.fullmatch(value):
        at = [codes.index(code) for end in ends.groups()[1:] if end and (code := _spelled(end, spelling))]
        if ends[1]:
            return (codes[at[0] :] if ends[1].lower() == "from" else codes[: at[0] + 1]) if at else ()
        return codes[min(at) : max(at) + 1] if len(at) == 2 else ()
    if ("*" in value or "?" in value) and _PATTERN.fullmatch(value):
        expression = re.escape(value).replace(r"\*", ".*").replace(r"\?", ".")
        return [code for code in codes if re.fullmatch(expression, code, re.IGNORECASE)]
    return ()


def _spelled(code: str, spelling: Mapping[str, str]) -> str | None:
    """The code as the table spells it."""
    return spelling.get(code) or spelling.get(code.casefold())


def normal(label: str) -> str:
    """A label with case, spaces and dashes made alike, for comparison only."""
    text = re.sub(r"[–—−‐‑]", "-", unicodedata.normalize("NFC", label).casefold())
    return re.sub(r"\s+", " ", text).replace(" ,", ",").strip()


def _nearest(wanted: str, codes: Iterable[str], labels: Mapping[str, str]) -> str:
    """The three codes nearest to one wanted, by code or by label, with their labels."""
    known = list(codes)
    by_label = {normal(labels.get(code, "")): code for code in known}
    close = get_close_matches(wanted, known, n=3, cutoff=0.4)
    close += [by_label[label] for label in get_close_matches(normal(wanted), by_label, n=3, cutoff=0.5)]
    found = list(dict.fromkeys(close))[:3] or known[:3]
    return "nearest: " + ", ".join(f"{code!r} ({labels.get(code, '')})" for code in found)


class _Resolver:
    def __init__(
        self,
        table: TableDeclaration,
        metadata: Dataset,
        regions: Regions,
        locked: Mapping[str, Mapping[str, str]],
        partial: bool,
    ) -> None:
        self.table, self.metadata, self.regions = table, metadata, regions
        self.locked, self.partial = locked, partial
        self.names: dict[str, dict[str, str]] = {}
        self.by_label: dict[str, dict[str, str]] = {}
        self.missing: list[str] = []
        self.unresolved: list[str] = []

    def resolve(self) -> Resolved:
        declared, served = set(self.table.variables), set(self.metadata.dimensions)
        for variable in sorted(declared - served):
            close = get_close_matches(variable, served, n=1) or sorted(served)
            self._fail(f"has no variable {variable!r}; it has {', '.join(close)}", "variables")
        for variable in sorted(served - declared):
            self._fail(f"has a variable {variable!r} that the declaration does not select", "variables")
        for sex, meaning in self.table.sexes().items():
            self._known(self.table.variable("sex"), sex, meaning)
        for variable, named in self.table.codes.items():
            self.names[variable] = {}
            for name, code in named.items():
                if (found := self._name(variable, name, code)) is not None:
                    self.names[variable][name] = found
        grids = tuple(self._grid(selection) for selection in self.table.selections)
        return Resolved(
            tuple({repr(grid): grid for grid in grids}.values()),
            self.names,
            self.by_label,
            tuple(dict.fromkeys(self.missing)),
            tuple(self.unresolved),
        )

    def _grid(self, selection: Mapping[str, SelectionValue]) -> dict[str, tuple[str, ...]]:
        grid = {}
        for variable, value in selection.items():
            known = self.metadata.dimensions[variable]
            wanted = self._wanted(variable, value)
            codes = {code for code in wanted if self._known(variable, code)}
            if not codes:
                self._fail(f"lists none of the {len(wanted)} codes of {variable} that are selected", variable)
            grid[variable] = tuple(code for code in known if code in codes)
        return grid

    def _wanted(self, variable: str, value: SelectionValue) -> Sequence[str]:
        known = self.metadata.dimensions[variable]
        declared = self.table.variables[variable]
        if value == "home" and not self.regions.national:
            return self.regions.home
        if value in ("all", "home"):
            return known
        if value == "named":
            return list(dict.fromkeys(self.names[variable].values()))
        if value == "scope":
            levels = declared.levels if isinstance(declared, RegionVariable) else ()
            return [code for level in levels for code in self.regions.levels[level]]
        return expand(value, known, time=declared.role == "period")

    def _known(self, variable: str, code: str, name: str = "") -> bool:
        """Whether the table lists the code; an absent one is noted when the source is partial, else refused."""
        if code in self.metadata.dimensions[variable]:
            return True
        if not self.partial:
            near = _nearest(code, self.metadata.dimensions[variable], self.metadata.labels[variable])
            self._fail(f"{variable} has no code {code!r}{f' ({name})' if name else ''}; {near}", variable)
        self.missing.append(f"{variable} {code}")
        return False

    def _name(self, variable: str, name: str, declared: Code) -> str | None:
        """The code of a declared name, or None when it is not certain and not found."""
        labels = self.metadata.labels[variable]
        codes = self.metadata.dimensions[variable]
        if declared.code is None:
            found = [code for code in codes if normal(labels.get(code, "")) == normal(declared.label or "")]
            locked = self.locked.get(variable, {}).get(name)
            if locked is not None and [locked] != found:
                self._fail(f"{variable} {name} was {locked!r}, the label now gives {found}; review the lock", variable)
            if len(found) != 1:
                what = "no code is" if not found else f"{len(found)} codes are"
                near = _nearest(declared.label or "", codes, labels)
                self.unresolved.append(f"{variable} {name}: {what} labelled {declared.label!r}; {near}")
                return None
            self.by_label.setdefault(variable, {})[name] = found[0]
            code = found[0]
        else:
            code = declared.code
            if code not in codes:
                if declared.certainty == "V" or self.partial:
                    return code if self._known(variable, code, name) else None
                self.unresolved.append(f"{variable} {name}: no code {code!r}; {_nearest(code, codes, labels)}")
                return None
            if declared.label and normal(labels.get(code, "")) != normal(declared.label):
                self._fail(f"{variable} {code!r} is {labels.get(code)!r}, not {declared.label!r}", variable)
        unit, decimals = self.metadata.units.get(code, (declared.unit, declared.decimals))
        if declared.unit is not None and normal(unit or "") != normal(declared.unit):
            self._fail(f"{variable} {code!r} is in {unit!r}, declared in {declared.unit!r}", variable)
        if declared.decimals is not None and decimals != declared.decimals:
            self._fail(f"{variable} {code!r} has {decimals} decimals, declared {declared.decimals}", variable)
        return code

    def _fail(self, what: str, variable: str) -> None:
        raise SelectionError(
            f"{self.table.id}: {what} (metadata of {self.metadata.updated or 'unknown date'}); "
            f"see {variable} in sources/tables/{self.table.id}.yml"
        )
