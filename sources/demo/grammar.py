"""PxWebApi's selection expressions: which codes a list of codes and expressions stands for."""

import re
from collections.abc import Sequence

from sources.demo.errors import parameter_error

_COUNT = re.compile(r"(TOP|BOTTOM)\(([1-9][0-9]*)(?:,([0-9]+))?\)", re.IGNORECASE)
_BETWEEN = re.compile(r"RANGE\(([^,]+),([^,)]+)\)", re.IGNORECASE)
_OPEN = re.compile(r"(FROM|TO)\(([^,]+)\)", re.IGNORECASE)
_FUNCTION = re.compile(r"(TOP|BOTTOM|RANGE|FROM|TO)\(", re.IGNORECASE)


def expand(wanted: Sequence[str], codes: Sequence[str], *, is_time: bool) -> list[int]:
    """The positions in `codes` that `wanted` stands for: explicit codes first, then what expressions add.

    An explicit code that is repeated, also in another letter case, comes twice. What an expression gives is
    added only when the same spelling is not there already.
    """
    position = {code.casefold(): index for index, code in reversed(list(enumerate(codes)))}
    explicit = [text for text in wanted if text.casefold() in position]
    chosen = [position[text.casefold()] for text in explicit]
    spelled = set(explicit)
    for text in wanted:
        if text.casefold() in position:
            continue
        for index in _expression(text, codes, position, is_time=is_time):
            if codes[index] not in spelled:
                spelled.add(codes[index])
                chosen.append(index)
    return chosen


def _expression(text: str, codes: Sequence[str], position: dict[str, int], *, is_time: bool) -> Sequence[int]:
    if "*" in text:
        return _with_stars(text, codes)
    if "?" in text:
        pattern = re.compile(".".join(re.escape(part) for part in text.split("?")), re.IGNORECASE | re.DOTALL)
        return [index for index, code in enumerate(codes) if pattern.fullmatch(code)]
    if not _FUNCTION.match(text):
        raise parameter_error("Non-existent value")
    count = len(codes)
    if match := _COUNT.fullmatch(text):
        number, offset = int(match[2]), int(match[3] or 0)
        from_start = (match[1].upper() == "TOP") != is_time  # TOP of the time variable is its last periods
        if from_start:
            return range(min(offset, count), min(offset + number, count))
        return range(max(count - offset - number, 0), max(count - offset, 0))
    if match := _BETWEEN.fullmatch(text):
        low, high = sorted((_end(match[1], position), _end(match[2], position)))
        return range(low, high + 1)
    if match := _OPEN.fullmatch(text):
        end = _end(match[2], position)
        return range(end, count) if match[1].upper() == "FROM" else range(end + 1)
    raise parameter_error("Illegal selection expression")


def _with_stars(text: str, codes: Sequence[str]) -> list[int]:
    core = text.removeprefix("*").removesuffix("*").casefold()  # beside a star a question mark is literal
    if "*" in core:
        raise parameter_error("Illegal selection expression")
    folded = enumerate(code.casefold() for code in codes)
    if text.startswith("*") and text.endswith("*"):
        return [index for index, code in folded if core in code]
    if text.startswith("*"):
        return [index for index, code in folded if code.endswith(core)]
    if text.endswith("*"):
        return [index for index, code in folded if code.startswith(core)]
    raise parameter_error("Illegal selection expression")


def _end(code: str, position: dict[str, int]) -> int:
    index = position.get(code.casefold())
    if index is None:
        raise parameter_error("Non-existent value")
    return index
