"""How fast a body becomes a table: our decoder against pxwebpy and pyjstat, on the same 149 760 cells."""

import time
from collections.abc import Callable
from typing import Any

import orjson

ROUNDS = 7


def body() -> bytes:
    """An answer in SCB's usual shape, 312 x 20 x 2 x 1 x 12 cells, every fiftieth null with a symbol."""
    sizes = {"Region": 312, "Alder": 20, "Kon": 2, "ContentsCode": 1, "Tid": 12}
    total = 312 * 20 * 2 * 1 * 12
    dimension = {
        name: {
            "label": name.lower(),
            "category": {
                "index": {f"{name[0]}{at:03d}": at for at in range(size)},
                "label": {f"{name[0]}{at:03d}": f"{name} nummer {at}" for at in range(size)},
            },
            "extension": {"show": "code"},
        }
        for name, size in sizes.items()
    }
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": "bench",
        "source": "bench",
        "updated": "2026-01-01T00:00:00Z",
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": list(sizes),
        "size": list(sizes.values()),
        "dimension": dimension,
        "value": [None if at % 50 == 49 else at + (0.5 if at % 3 == 0 else 0) for at in range(total)],
        "status": {str(at): ".." for at in range(49, total, 50)},
    }
    return orjson.dumps(document)


def measure() -> list[dict[str, Any]]:
    """Time of each peer over ours, the quickest of several rounds that alternate."""
    import json

    import pandas as pd
    from pxweb._internal.functions import unpack_table_data
    from pyjstat import pyjstat

    from sources.decoder import decode, parse

    content = body()
    text = content.decode()

    def pxwebpy() -> object:
        return pd.DataFrame(unpack_table_data(json.loads(content), show="code"))

    def pyjstat_frame() -> object:
        return pyjstat.Dataset.read(text).write("dataframe")

    def ours() -> object:
        return decode(parse(content), labels=True)

    best = {work: float("inf") for work in (ours, pxwebpy, pyjstat_frame)}
    for _ in range(ROUNDS):
        for work, quickest in best.items():
            best[work] = min(quickest, timed(work))
    return [
        ratio("decode 150 000 cells: pxwebpy to pandas / ours", best[pxwebpy] / best[ours], 15),
        ratio("decode 150 000 cells: pyjstat to pandas / ours", best[pyjstat_frame] / best[ours], 70),
    ]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(name: str, value: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value, "bound": bound, "holds": value >= bound}
