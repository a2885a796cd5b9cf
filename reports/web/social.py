"""The picture that stands beside a link to the site elsewhere: its sign and its name, never a figure that grows old."""

from html import escape

from reports.drawing import INK, INK2, MEN, PAPER, WOMEN
from reports.scales import shortened, wrapped

WIDTH, HEIGHT = 1200, 630
_DEMO = "#FFE08A"
_LEFT = 90
_FONT = "Liberation Sans"


def card(name: str, publisher: str, watermark: str | None) -> str:
    """The card as SVG, 1200 by 630: the mark, the site's name and its publisher; made-up figures say so on top.

    Args:
        name: what the site is called.
        publisher: who stands behind it.
        watermark: what to say when the figures are made up.
    """
    room = WIDTH - 2 * _LEFT
    size = next((size for size in (84, 72, 60, 48) if len(_lines(name, size, room)) < 3), 40)
    lines = _lines(name, size, room)[:4]
    top = 330 - (len(lines) - 2) * size * 0.3
    texts = [_text(_LEFT, top + at * size * 1.16, line, size, 700, INK) for at, line in enumerate(lines)]
    texts.append(_text(_LEFT, HEIGHT - 70, shortened(publisher, 34, room), 34, 400, INK2))
    banner = ""
    if watermark:
        stripes = "".join(f'<path d="M{x} 0h24l-78 78h-24z" fill="{INK}"/>' for x in range(0, 200, 48))
        banner = (
            f'<rect width="{WIDTH}" height="78" fill="{_DEMO}"/><svg width="120" height="78">{stripes}</svg>'
            + _text(146, 51, _lines(watermark, 34, WIDTH - 236)[0], 34, 700, INK)
        )
    mark = (
        f'<g transform="translate({_LEFT - 4},128) scale(3.6)"><path d="M9 12h26" stroke="{INK}" stroke-width="2.5"/>'
        f'<circle cx="9" cy="12" r="8" fill="{WOMEN}"/><path d="M35 2.6 43.6 19H26.4z" fill="{MEN}"/></g>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{_FONT}"><rect width="100%" height="100%" fill="{PAPER}"/>{banner}{mark}{"".join(texts)}</svg>'
    )


def png(svg: str) -> bytes:
    """The card as PNG."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=1))


def _lines(text: str, size: float, room: float) -> list[str]:
    """The text in lines that have room; a single word longer than a line is cut."""
    return [shortened(line, size * 1.06, room) for line in wrapped(text, size * 1.06, room)] or [""]


def _text(x: float, y: float, words: str, size: int, weight: int, fill: str) -> str:
    safe = escape("".join(sign for sign in words if sign.isprintable()), quote=False)
    return f'<text x="{x}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" fill="{fill}">{safe}</text>'
