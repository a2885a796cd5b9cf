"""From marks to SVG: one Vega-Lite template made with Altair, compiled once, filled with data and drawn by vl-convert.

Why one template: Altair needs 20 ms to build and check a specification and Vega-Lite 10 ms to compile it, which is more
than Vega needs to draw it. Everything that differs between pictures is data or a parameter, so that is paid once.

Why texts go round Vega: it measures every text at about 1 ms each, and a picture has up to a hundred. The compiled text
mark is drawn as a sign instead, whose place Vega decides; the text is put there afterwards. A test holds both alike.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import orjson

VERSION = 1
"""Part of every content hash: raise it when the same specification shall be drawn differently."""

DRAWN_BY = version("vl-convert-python")

WOMEN, MEN, TOTAL = "#4A1A6B", "#C77700", "#6B6572"
INK, INK2, PAPER = "#201A26", "#5B5463", "#FFFFFF"
RULE2, GRID, TINT, BAND = "#8A8290", "#E6E1D9", "#F6F3EE", "#EEF3F4"
LEVELS = ("#E3EFF1", "#B4D3DA", "#86B7C2", "#529AAA", "#0B5A6B")
DIVERGING = ("#A05C00", "#E0AE62", "#F2D29B", "#F0EDE7", "#E3D6EE", "#A98BC4", "#5C2D84")
HATCH_INK, HATCH_MEN, HATCH_PAPER = "#010203", "#010204", "#010205"
"""Colours that stand for a pattern until the SVG is finished; Vega has no patterns."""

FONT = '"Segoe UI",-apple-system,BlinkMacSystemFont,Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'
SEXES = ("women", "men", "total", "gap")

Row = Mapping[str, Any]

_TOKENS = {
    WOMEN: "women",
    MEN: "men",
    TOTAL: "total",
    INK: "ink",
    INK2: "ink2",
    PAPER: "paper",
    RULE2: "rule2",
    GRID: "grid",
    TINT: "tint",
    BAND: "band",
}
_HATCHES = {HATCH_INK: (INK, "i"), HATCH_MEN: (MEN, "m"), HATCH_PAPER: (RULE2, "p")}
KEPT = 64
"""How many pictures without words a process remembers: those of a few pages."""

_LAYERS = ("zones", "rules", "dots", "bars", "areas", "lines", "points", "texts")


@dataclass(frozen=True)
class Drawing:
    """One picture before it is drawn: its size, the span of both axes, and the rows of each layer.

    Layers, from the back: `zones` (x, x2, y, y2, fill), `rules` and dotted `dots` (x, x2, y, y2, stroke, width),
    `bars` (x, x2, y, y2, sex, fill), `areas` (GeoJSON features in pixels), `lines` (x, y, sex, part, width), `points`
    (x, y, sex, fill, size) and `texts` (x, y, dx, dy, text, align, size, weight, fill, halo).
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x: tuple[float, float]
    y: tuple[float, float]
    layers: Mapping[str, Sequence[Row]]
    panels: tuple[tuple[int, int, "Drawing"], ...] = field(default=())

    @property
    def plot_width(self) -> int:
        """How wide the part between the margins is, in pixels."""
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        """How high the part between the margins is, in pixels."""
        return self.height - self.top - self.bottom

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification: the template with this picture's data, without layers that have none."""
        if self.panels:
            inner = [_renamed(panel.spec(), at) for at, (_, _, panel) in enumerate(self.panels)]
            merged: dict[str, Any] = {"config": inner[0].pop("config"), "background": inner[0].pop("background")}
            merged["datasets"] = {name: rows for one in inner for name, rows in one.pop("datasets").items()}
            merged["params"] = [param for one in inner for param in one.pop("params")]
            paddings = [one.pop("padding") for one in inner]
            for one in inner:
                for key in ("autosize", "config", "background"):
                    one.pop(key, None)
            columns = len({x for x, _, _ in self.panels})
            return merged | {"padding": 4, "columns": columns, "spacing": paddings[0]["left"] + 16, "concat": inner}
        made = cast("dict[str, Any]", orjson.loads(_template()))
        used = {name: [dict(row) for row in self.layers.get(name, ())] for name in _LAYERS}
        made["layer"] = [layer for layer in made["layer"] if used[layer["data"]["name"]]]
        made["datasets"] = {name: rows for name, rows in used.items() if rows}
        made["params"] = [{"name": name, "value": value} for name, value in self._params().items()]
        return made | {"width": self.plot_width, "height": self.plot_height, "padding": self._padding()}

    def svg(self, folder: Path | None) -> str:
        """The finished inline SVG, read from the cache folder if it was drawn before."""
        path = self.cached(folder) if folder else None
        if path is not None and path.exists():
            return path.read_text(encoding="utf-8")
        text = self._draw()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(path)
        return text

    def cached(self, folder: Path) -> Path:
        """Where the cache folder has this picture, or will have it."""
        return folder / self.digest[:2] / f"{self.digest}.svg"

    @property
    def digest(self) -> str:
        """What tells this picture from every other: the hash of all that it is drawn from."""
        return self._digest

    @cached_property
    def _digest(self) -> str:  # a name with a line before it is no part of what is hashed
        seed = f"{VERSION} {DRAWN_BY} ".encode()
        return hashlib.sha256(seed + _template() + orjson.dumps(self, default=list)).hexdigest()[:32]

    def _padding(self) -> dict[str, int]:
        return {"left": self.left, "top": self.top, "right": self.right, "bottom": self.bottom}

    def _params(self) -> dict[str, float]:
        return {"x0": self.x[0], "x1": self.x[1], "y0": self.y[0], "y1": self.y[1]}

    def _draw(self) -> str:
        mark = self.digest[:8]
        if self.panels:
            body = "".join(
                f'<g transform="translate({x},{y})">{panel.body(f"{mark}{at}")}</g>'
                for at, (x, y, panel) in enumerate(self.panels)
            )
        else:
            body = self.body(mark)
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}">{body}</svg>'

    def body(self, mark: str) -> str:
        """What stands inside the SVG element; `mark` makes the names of its patterns its own."""
        texts = list(self.layers.get("texts", ()))
        return _finished(_shapes(orjson.dumps(self._vega(texts))), texts, mark)

    def _vega(self, texts: Sequence[Row]) -> dict[str, Any]:
        """The compiled template with this picture's data but for all words: its texts reduced to numbered places."""
        vega = cast("dict[str, Any]", orjson.loads(_compiled()))
        found = list(self._layered(texts))
        marks = dict(zip(_LAYERS, vega["marks"], strict=True))
        vega["data"] = [{"name": f"{at}", "values": rows} for at, (_, rows) in enumerate(found)]
        vega["marks"] = [marks[layer] | {"from": {"data": f"{at}"}} for at, (layer, _) in enumerate(found)]
        spans = {"x": (self.x, (0, self.plot_width)), "y": (self.y, (self.plot_height, 0))}
        for scale in vega["scales"]:
            if scale["name"] in spans:
                scale["domain"], scale["range"] = spans[scale["name"]]
        return vega | {"width": self.plot_width, "height": self.plot_height, "padding": self._padding()}

    def _layered(self, texts: Sequence[Row]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """What each mark is drawn from, by layer: the parts of lines one by one."""
        rows = dict(self.layers) | {"texts": [{"x": row["x"], "y": row["y"], "k": at} for at, row in enumerate(texts)]}
        for layer in _LAYERS:
            parts: dict[str, list[dict[str, Any]]] = {}
            for row in rows.get(layer, ()):
                parts.setdefault(row["part"] if layer == "lines" else layer, []).append(_wordless(row))
            yield from ((layer, part) for part in parts.values())


@lru_cache(KEPT)
def _shapes(vega: bytes) -> str:
    """Vega's SVG of a specification, without what a reader never sees, coordinates to tenths.

    That of a page's pictures serves both languages, where no place differs.
    """
    svg: str = _vl_convert().vega_to_svg(vega.decode())
    root = svg.index('<g fill="none"')
    start = svg.index(">", root) + 1
    shift = re.search(r'transform="[^"]*"', svg[root:start])
    # Vega numbers its clips from one picture to the next; nothing of ours needs to be cut off.
    body = _CLIP.sub("", svg[start : svg.rindex("</svg>")])
    body = _GROUP.sub("", _BACKGROUND.sub("", body))
    body = _GEOMETRY.sub(lambda found: f'{found[1]}="{_NUMBER.sub(_tenth, found[2])}"', body)
    body = body.replace(' opacity="1"', "").replace(' stroke-dasharray="1,0"', "")
    body = _CIRCLE.sub(r'<circle cx="\1" cy="\2" r="\3"', body)
    return f'<g fill="none" {shift[0] if shift else ""}>{body}</g>'


def _wordless(row: Row) -> dict[str, Any]:
    """The row, or the feature of a map, without what a pointer would be told."""
    kept = {name: value for name, value in row.items() if name != "tip"}
    return kept | {"properties": {"fill": kept["properties"]["fill"]}} if "properties" in kept else kept


def _renamed(spec: dict[str, Any], at: int) -> dict[str, Any]:
    """The specification with data and parameters named apart, so that several can stand in one."""
    text = orjson.dumps({key: value for key, value in spec.items() if key != "datasets"}).decode()
    for name in spec["datasets"]:
        text = text.replace(f'"data":{{"name":"{name}"}}', f'"data":{{"name":"{name}_{at}"}}')
    for name in ("x0", "x1", "y0", "y1"):
        text = text.replace(f'"expr":"{name}"', f'"expr":"{name}_{at}"')
        text = text.replace(f'{{"name":"{name}","value"', f'{{"name":"{name}_{at}","value"')
    data = {f"{name}_{at}": rows for name, rows in spec["datasets"].items()}
    return cast("dict[str, Any]", orjson.loads(text)) | {"datasets": data}


_MADE: dict[str, bytes] = {}
"""The templates of this process, once made."""


def prepared() -> dict[str, bytes]:
    """The templates, for `prepare` in another process."""
    _template(), _compiled()
    return _MADE


def prepare(made: Mapping[str, bytes]) -> None:
    """Nothing; this process draws by templates that another has made, and needs no Altair."""
    _MADE.update(made)


def _template() -> bytes:
    """The Vega-Lite template as JSON: every layer, no data."""
    return _MADE.get("template") or _MADE.setdefault("template", _make_template())


def _compiled() -> bytes:
    """The template compiled to Vega, where texts have become numbered signs."""
    return _MADE.get("compiled") or _MADE.setdefault("compiled", _compile())


def _make_template() -> bytes:
    import altair as alt

    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[alt.ExprRef("x0"), alt.ExprRef("x1")], zero=False, nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[alt.ExprRef("y0"), alt.ExprRef("y1")], zero=False, nice=False))
    span = {"x": x, "y": y, "x2": alt.X2("x2"), "y2": alt.Y2("y2")}
    sexes = list(SEXES)
    color = alt.Scale(domain=sexes, range=[WOMEN, MEN, TOTAL, INK])
    own: Any = {"scale": None, "legend": None}

    def chart(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name))

    stroke = alt.Stroke("stroke:N", **own)
    thick = alt.StrokeWidth("width:Q", **own)
    layers = [
        chart("zones").mark_rect().encode(**span, fill=alt.Fill("fill:N", **own)),
        chart("rules").mark_rule().encode(**span, stroke=stroke, strokeWidth=thick),
        chart("dots").mark_rule(strokeDash=[2, 3]).encode(**span, stroke=stroke, strokeWidth=thick),
        chart("bars").mark_rect().encode(**span, fill=alt.Fill("fill:N", **own), tooltip=alt.Tooltip("tip:N")),
        chart("areas")
        .mark_geoshape(stroke=PAPER, strokeWidth=1.5)
        .encode(fill=alt.Fill("properties.fill:N", **own), tooltip=alt.Tooltip("properties.tip:N")),
        chart("lines")
        .mark_line(strokeJoin="round")
        .encode(
            x=x,
            y=y,
            detail="part:N",
            color=alt.Color("sex:N", scale=color, legend=None),
            strokeDash=alt.StrokeDash(
                "sex:N", scale=alt.Scale(domain=sexes, range=[[1, 0], [8, 4], [2, 3], [1, 0]]), legend=None
            ),
            strokeWidth=alt.StrokeWidth("width:Q", **own),
        ),
        chart("points")
        .mark_point(filled=False, opacity=1, strokeWidth=2)
        .encode(
            x=x,
            y=y,
            stroke=alt.Stroke("sex:N", scale=color, legend=None),
            fill=alt.Fill("fill:N", **own),
            shape=alt.Shape(
                "sex:N",
                scale=alt.Scale(domain=sexes, range=["circle", "triangle-up", "diamond", "circle"]),
                legend=None,
            ),
            size=alt.Size("size:Q", **own),
            tooltip=alt.Tooltip("tip:N"),
        ),
        chart("texts")
        .mark_text(
            font="Liberation Sans",
            align=alt.ExprRef("datum.align"),
            dx=alt.ExprRef("datum.dx"),
            dy=alt.ExprRef("datum.dy"),
            fontSize=alt.ExprRef("datum.size"),
            fontWeight=alt.ExprRef("datum.weight"),
            baseline="alphabetic",
            limit=0,
        )
        .encode(x=x, y=y, text="text:N", fill=alt.Fill("fill:N", **own)),
    ]
    made = (
        alt.layer(*layers)
        .properties(
            background="transparent",
            autosize=alt.AutoSizeParams(type="none"),
            projection=alt.Projection(type="identity", scale=1, translate=[0, 0]),
            width=100,
            height=100,
        )
        .configure(aria=False)
        .configure_view(stroke=None)
    )
    spec = made.to_dict()
    # Which schema is meant is said by whoever draws it; an address of another site has no place in a page.
    del spec["$schema"]
    # Altair's own look is not wanted; ours stands in the marks.
    spec["config"] = {"aria": False, "view": {"stroke": None}}
    return orjson.dumps(spec)


def _compile() -> bytes:
    spec = cast("dict[str, Any]", orjson.loads(_template()))
    spec["datasets"] = {name: [] for name in _LAYERS}
    spec["params"] = [{"name": name, "value": 0} for name in ("x0", "x1", "y0", "y1")]
    vega = _vl_convert().vegalite_to_vega(spec)
    # Vega-Lite guards against values that are none and groups lines by part. Ours are all there and apart, and every
    # guard, group and signal is compiled for each picture. One that stands still shows no tooltips.
    vega["signals"], vega["data"] = [], []
    marks = [mark.get("marks", [mark])[0] for mark in vega["marks"]]
    for layer, mark in zip(_LAYERS, marks, strict=True):
        shown = mark["encode"]["update"]
        for name in ("defined", "tooltip"):
            shown.pop(name, None)
        if layer == "areas":
            shown["fill"] = {"field": "properties.fill"}
        if layer == "texts":
            mark["type"] = "symbol"
            mark["aria"] = True
            kept = {"x": shown["x"], "y": shown["y"]}
            mark["encode"] = {"update": kept | {"size": {"value": 0}, "description": {"field": "k"}}}
        del mark["name"], mark["from"]
    vega["marks"] = marks
    return orjson.dumps(vega)


_PLACE = re.compile(r'<path aria-label="(\d+)"[^>]*transform="translate\(([-\d.e]+),([-\d.e]+)\)"[^>]*/>')
_BACKGROUND = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_CIRCLE = re.compile(r'<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M([\d.]+),0A[^"]*"')
_GROUP = re.compile(r'</?g(?: (?:class="mark-[^"]*"|transform="translate\(0,0\)")[^>]*)?>')
_CLIP = re.compile(r'<defs><clipPath.*?</defs>| clip-path="[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_GEOMETRY = re.compile(r'\b(d|transform|x1|x2|y1|y2|width|height)="([^"]*)"')


def _finished(shapes: str, texts: Sequence[Row], mark: str) -> str:
    """The shapes with texts, tokens and patterns put in."""
    body = _PLACE.sub(lambda found: text_element(texts[int(found[1])], float(found[2]), float(found[3])), shapes)
    for color, token in _TOKENS.items():
        body = body.replace(f'="{color}"', f'="var(--{token},{color})"')
    patterns = ""
    for color, (ink, name) in _HATCHES.items():
        if f'="{color}"' in body:
            patterns += _pattern(f"{name}{mark}", ink)
            body = body.replace(f'="{color}"', f'="url(#{name}{mark})"')
    return (f"<defs>{patterns}</defs>" if patterns else "") + body


def text_element(row: Row, x: float, y: float) -> str:
    """A text at a place: its own offset is added, and a halo of paper where lines may run behind it."""
    anchor = {"left": "", "right": ' text-anchor="end"', "center": ' text-anchor="middle"'}[row["align"]]
    weight = f' font-weight="{row["weight"]}"' if row["weight"] != 400 else ""
    halo = f' paint-order="stroke" stroke="{PAPER}" stroke-width="4" stroke-linejoin="round"' if row.get("halo") else ""
    at = f'x="{_short(x + row["dx"])}" y="{_short(y + row["dy"])}"'
    words = escape(str(row["text"]), quote=False)
    return f'<text {at} font-size="{row["size"]}"{anchor}{weight} fill="{row["fill"]}"{halo}>{words}</text>'


def stand_alone(svg: str) -> str:
    """The picture's SVG with plain light colours, for a file that has no style sheet."""
    return re.sub(r"var\(--[a-z0-9]+,(#[0-9A-Fa-f]{6})\)", r"\1", svg)


def _pattern(name: str, ink: str) -> str:
    return (
        f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="var(--paper,{PAPER})"/>'
        f'<rect width="2.6" height="6" fill="var(--{_TOKENS[ink]},{ink})"/></pattern>'
    )


def _tenth(found: re.Match[str]) -> str:
    return _short(float(found[0]))


def _short(number: float) -> str:
    text = f"{number:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def _vl_convert() -> Any:
    import vl_convert

    return vl_convert
