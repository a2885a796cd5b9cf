"""From marks to SVG: one Vega-Lite template made with Altair, compiled once, filled with data and drawn by vl-convert.

Why one template: Altair needs 20 ms to build and check a specification and Vega-Lite 10 ms to compile it, which is more
than Vega needs to draw it. Everything that differs between pictures is data, so that is paid once, and Vega draws many
pictures at once.

Why texts go round Vega: it measures every text at about 1 ms each, and a picture has up to a hundred. They are put
where its scales have them afterwards. A test holds both alike.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from importlib.metadata import version
from typing import Any, cast

import orjson

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
_SHAPES = ("zones", "rules", "dots", "bars", "areas", "lines", "points")
_LAYERS = (*_SHAPES, "texts")


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

    @cached_property
    def _mark(self) -> str:  # a name with a line before it is no part of what is hashed
        """What the names of its patterns end with, so that they are its own on a page."""
        return hashlib.sha256(orjson.dumps(self)).hexdigest()[:8]

    def _padding(self) -> dict[str, int]:
        return {"left": self.left, "top": self.top, "right": self.right, "bottom": self.bottom}

    def _params(self) -> dict[str, float]:
        return {"x0": self.x[0], "x1": self.x[1], "y0": self.y[0], "y1": self.y[1]}

    def _placed(self) -> Sequence[tuple[int, int, "Drawing"]]:
        """The pictures of which it consists, each with its place in it."""
        return self.panels or ((0, 0, self),)

    def _wordless(self) -> tuple[bytes, dict[str, list[list[dict[str, Any]]]]]:
        """What decides its shapes, and the rows of each mark by layer: the parts of lines one by one."""
        marks: dict[str, list[list[dict[str, Any]]]] = {}
        for layer in _SHAPES:
            parts: dict[str, list[dict[str, Any]]] = {}
            for row in self.layers.get(layer, ()):
                parts.setdefault(row["part"] if layer == "lines" else layer, []).append(_wordless(row))
            marks[layer] = list(parts.values())
        return orjson.dumps([self.plot_width, self.plot_height, self.x, self.y, marks]), marks

    def _texts(self) -> str:
        """Its words, each at its place between the margins."""
        across, up = self.plot_width / (self.x[1] - self.x[0]), self.plot_height / (self.y[1] - self.y[0])
        return "".join(
            text_element(row, round((row["x"] - self.x[0]) * across, 1), round((self.y[1] - row["y"]) * up, 1))
            for row in self.layers.get("texts", ())
        )


def draw(drawings: Sequence[Drawing]) -> list[str]:
    """The inline SVG of each picture.

    Vega draws them all at once and without words, for it needs longer to begin than to draw. What differs in nothing
    but words, as a picture in two languages mostly does, is drawn once.
    """
    plain = {id(one): one._wordless() for whole in drawings for _, _, one in whole._placed()}
    marks = {key: (one, rows) for whole in drawings for _, _, one in whole._placed() for key, rows in [plain[id(one)]]}
    shapes = dict(zip(marks, _shapes(list(marks.values())), strict=True))
    found = []
    for whole in drawings:
        body = ""
        for at, (x, y, one) in enumerate(whole._placed()):
            inside = shapes[plain[id(one)][0]] + one._texts()
            finished = _finished(inside, (one.left, one.top), f"{whole._mark}{at}")
            body += f'<g transform="translate({x},{y})">{finished}</g>' if whole.panels else finished
        found.append(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole.width} {whole.height}">{body}</svg>')
    return found


def _shapes(pictures: Sequence[tuple[Drawing, Mapping[str, Sequence[Sequence[Row]]]]]) -> list[str]:
    """Vega's SVG of each picture, without what a reader never sees, coordinates to tenths."""
    if not pictures:
        return []
    vega = cast("dict[str, Any]", orjson.loads(_compiled()))
    templates = dict(zip(_SHAPES, vega["marks"], strict=True))
    shared = [scale for scale in vega["scales"] if scale["name"] not in ("x", "y")]
    (scale,) = (scale for scale in vega["scales"] if scale["name"] == "x")
    vega["scales"], vega["marks"], owners = shared, [], []
    for at, (one, _) in enumerate(pictures):
        for name, domain, span in (("x", one.x, (0, one.plot_width)), ("y", one.y, (one.plot_height, 0))):
            vega["scales"].append(scale | {"name": f"{name}{at}", "domain": domain, "range": span})
    for layer in _SHAPES:
        own = [(at, part) for at, (_, marks) in enumerate(pictures) for part in marks[layer]]
        for some in ([one] for one in own) if layer == "lines" else [own] if own else []:
            name = f"{len(vega['marks'])}"
            rows = [{**row, "own_x": f"x{at}", "own_y": f"y{at}"} for at, part in some for row in part]
            vega["data"].append({"name": name, "values": rows})
            vega["marks"].append(templates[layer] | {"from": {"data": name}})
            # A line is one shape, of any other mark every row is.
            owners.append([at for at, part in some for _ in (part[:1] if layer == "lines" else part)])
    svg: str = _vl_convert().vega_to_svg(orjson.dumps(vega).decode())
    svg = _NUMBER.sub(_tenth, svg).replace(' opacity="1"', "").replace(' stroke-dasharray="1,0"', "")
    svg = _CIRCLE.sub(r'<circle cx="\1" cy="\2" r="\3"', svg)
    bodies: list[list[str]] = [[] for _ in pictures]
    for mark, found in zip(owners, _MARK.findall(svg), strict=True):
        for at, shape in zip(mark, _SHAPE.findall(found), strict=True):
            bodies[at].append(shape)
    return ["".join(body) for body in bodies]


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
    """The template compiled to Vega, without texts."""
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
    marks = [mark.get("marks", [mark])[0] for mark in vega["marks"]][: len(_SHAPES)]
    for layer, mark in zip(_SHAPES, marks, strict=True):
        shown = mark["encode"]["update"]
        for name in ("defined", "tooltip"):
            shown.pop(name, None)
        for name in ("x", "x2", "y", "y2"):  # each picture has scales of its own
            if name in shown:
                shown[name]["scale"] = {"datum": f"own_{name[0]}"}
        if layer == "areas":
            shown["fill"] = {"field": "properties.fill"}
        del mark["name"], mark["from"]
    vega["marks"] = marks
    return orjson.dumps(vega)


_CIRCLE = re.compile(r'<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M([\d.]+),0A[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_MARK = re.compile('<g class="mark-(?!group)[^>]*>(.*?)</g>')
_SHAPE = re.compile("<[^>]*/>")


def _finished(inside: str, at: tuple[int, int], mark: str) -> str:
    """Shapes and texts at their place, with tokens and patterns put in."""
    body = f'<g fill="none" transform="translate({at[0]},{at[1]})">{inside}</g>'
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
