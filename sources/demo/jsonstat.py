"""The json-stat2 document of a data answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sources.demo.cells import rounded
from sources.demo.errors import RefusedError
from sources.demo.resolve import Axis, Layout
from sources.demo.store import Cells, Document

_JOIN = {"sv": (" efter ", " och "), "en": (" by ", " and ")}
_PER_CONTENTS = ("refperiod", "measuringType", "priceType", "adjustment", "basePeriod", "alternativeText")


@dataclass(frozen=True)
class Answer:
    """What a data answer is made of."""

    metadata: Document
    language: str
    flavour: Literal["cnmm", "px"]
    axes: Sequence[Axis]
    layout: Layout
    cells: Cells
    updated: str
    totals: dict[str, str]

    def document(self) -> Document:
        """The whole answer."""
        kept = {axis.variable: axis for axis in self.axes if not axis.eliminated}
        order = self.layout.order
        values, status = self._values(order)
        extension = {key: value for key, value in self.metadata["extension"].items() if key != "contact"}
        extension["px"] = extension["px"] | {
            "heading": list(self.layout.heading),
            "stub": list(self.layout.stub),
        }
        extension["discontinued"] = extension.get("discontinued")
        if "contact" in self.metadata["extension"]:
            extension["contact"] = self.metadata["extension"]["contact"]
        document = {key: value for key, value in self.metadata.items() if key not in ("link", "value", "status")}
        document |= {
            "label": self._label(order),
            "updated": self.updated,
            "role": {
                role: variables
                for role, codes in self.metadata["role"].items()
                if (variables := [code for code in codes if code in kept])
            },
            "id": list(order),
            "size": [len(kept[code].codes) for code in order],
            "dimension": {code: self._dimension(kept[code]) for code in order},
            "extension": extension,
            "value": values,
        }
        if status:
            document["status"] = status
        return document

    def _label(self, order: Sequence[str]) -> str:
        contents = self.metadata["role"].get("metric", [])
        by_code = {axis.variable: axis for axis in self.axes}
        named = [
            self.metadata["dimension"][code]["label"]
            for code in order
            if code not in contents or (self.flavour == "cnmm" and len(by_code[code].codes) > 1)
        ]
        by, and_ = _JOIN.get(self.language, _JOIN["en"])
        title = str(self.metadata["extension"]["px"].get("contents", ""))
        if not named:
            return title
        return title + by + and_.join(part for part in (", ".join(named[:-1]), named[-1]) if part)

    def _dimension(self, axis: Axis) -> Document:
        dimension: Document = dict(self.metadata["dimension"][axis.variable])
        known = dimension["category"]
        codes = set(axis.codes)
        category: Document = {
            "index": {code: at for at, code in enumerate(axis.codes)},
            "label": dict(zip(axis.codes, axis.labels, strict=True)),
        }
        for key in ("note", "unit"):
            if held := _only(known.get(key), codes):
                category[key] = held
        extension: Document = {}
        for key, value in dimension["extension"].items():
            if key == "codelists":
                continue
            if key in (*_PER_CONTENTS, "categoryNoteMandatory"):
                if held := _only(value, codes):
                    extension[key] = held
            else:
                extension[key] = value
        extension.pop("eliminationValueCode", None)
        extension["elimination"], total = self._elimination(axis)
        if total is not None:
            extension["eliminationValueCode"] = total
        return dimension | {"category": category, "extension": extension}

    def _elimination(self, axis: Axis) -> tuple[bool, str | None]:
        """Whether what is left of the variable can be eliminated, and by which code."""
        extension = self.metadata["dimension"][axis.variable]["extension"]
        if not extension["elimination"]:
            return False, None
        total = extension.get("eliminationValueCode") or self.totals.get(axis.variable)
        if total is None or axis.aggregated:
            return axis.covers_all, None
        return (True, total) if total in axis.codes else (False, None)

    def _values(self, order: Sequence[str]) -> tuple[list[Any], dict[str, str]]:
        """The values and the statuses in the order of the answer, values rounded to their decimals."""
        shape = [len(axis.groups) for axis in self.axes]
        grid = self.cells.values.reshape(shape)
        place = {axis.variable: at for at, axis in enumerate(self.axes)}
        decimals = np.array(self._decimals(), np.int64)
        contents = [place[code] for code in self.metadata["role"].get("metric", ()) if code in place]
        if contents and decimals.size > 1:
            decimals = decimals.reshape([-1 if at == contents[0] else 1 for at in range(len(shape))])
        else:
            decimals = decimals.reshape([1] * len(shape))
        axes = [place[code] for code in order] + [place[a.variable] for a in self.axes if a.eliminated]
        turned = rounded(grid, decimals).transpose(axes).ravel()
        status: dict[str, str] = {}
        if self.cells.status is not None:
            codes = self.cells.status.reshape(shape).transpose(axes).ravel()
            where = np.flatnonzero(codes >= 0)
            symbols = self.cells.symbols
            status = {str(at): symbols[code] for at, code in zip(where.tolist(), codes[where].tolist(), strict=True)}
        values = _numbers(turned)
        asked = 1
        for axis in self.axes:
            asked *= axis.asked
        if asked > len(values):
            values += [0] * (asked - len(values))
        return (values, status) if asked >= len(values) else ([0] * asked, {})

    def _decimals(self) -> list[int]:
        metric = self.metadata["role"].get("metric", [])
        axis = next((axis for axis in self.axes if axis.variable in metric and not axis.eliminated), None)
        usual = int(self.metadata["extension"]["px"].get("decimals", 0))
        if axis is None:
            return [usual]
        units = self.metadata["dimension"][axis.variable]["category"].get("unit", {})
        return [int(units.get(code, {}).get("decimals", usual)) for code in axis.codes]


def _only(by_code: dict[str, Any] | None, codes: set[str]) -> dict[str, Any]:
    return {code: value for code, value in (by_code or {}).items() if code in codes}


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[Any]:
    """JSON's numbers: whole ones without decimals, null for NaN."""
    null = np.isnan(values)
    whole = ~null & (values == np.rint(values))
    if bool((np.abs(values[whole]) >= 2.0**63).any()):
        raise RefusedError(500)
    if bool(whole.all()):
        return list(values.astype(np.int64).tolist())
    numbers = values.astype(object)
    numbers[whole] = values[whole].astype(np.int64).astype(object)
    numbers[null] = None
    return list(numbers.tolist())
