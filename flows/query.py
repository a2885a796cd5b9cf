"""What the command line asks of a published release and its warehouse."""

import csv
import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from flows import project as projects
from flows import tracing
from flows.settings import Settings
from sources.raw_store import RawStore
from warehouse import database, history


class UnknownIndicator(ValueError):
    """No indicator has that id; the message names the closest."""


def describe(manifest: dict[str, Any], release: Path, indicator: str) -> dict[str, Any]:
    """One indicator of a release: what the manifest says of it, and `figures` of the home region's latest period.

    Raises:
        UnknownIndicator: the release has no indicator with that id.
    """
    entries = {one["id"]: one for one in manifest["indicators"]}
    if indicator not in entries:
        raise UnknownIndicator(_unknown(indicator, list(entries)))
    entry = entries[indicator]
    return {**entry, "origin": manifest["origin_label"], "figures": _figures(manifest, release, entry)}


def _figures(manifest: dict[str, Any], release: Path, entry: dict[str, Any]) -> list[dict[str, Any]]:
    path = release / "tables" / f"{entry['id']}.csv"
    if not path.exists():
        return []
    figures: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["period"] == entry["last_period"]:
                key = (row["region"], row["partner_code"], row["category"], row["series"])
                shown = {name: row[name] for name in ("region", "period", "category", "unit")}
                figure = figures.setdefault(row["region_code"], {}).setdefault(key, shown)
                figure[row["sex"]] = row["value"] or row["status"]
    home = manifest["home_region"]
    kommuner = [code for code in figures if len(code) == 4 and code in manifest.get("home_municipalities", [])]
    return [figure for code in ([home] if home in figures else kommuner) for figure in figures[code].values()]


def latest_origin(settings: Settings) -> str:
    """The origin of the latest release.

    Raises:
        WarehouseError: nothing has been published yet.
    """
    path = settings.build_dir / "latest" / "manifest.json"
    if not path.exists():
        raise database.WarehouseError(f"{path}: nothing is published yet; run `jamstat refresh` first")
    return str(json.loads(path.read_text(encoding="utf-8"))["origin"])


def trace(settings: Settings, indicator: str, key: tracing.Key) -> tracing.Trace:
    """The cells behind a figure of the latest release.

    Raises:
        UnknownIndicator: no indicator has that id.
        NotFound: the indicator has no figure with that key.
    """
    data = settings.data_dir / latest_origin(settings)
    indicators = projects.load().indicators
    if indicator not in indicators:
        raise UnknownIndicator(_unknown(indicator, list(indicators)))
    with database.connect(data / "warehouse.duckdb") as con:
        history.attach(con, data / "history")
        return tracing.trace(con, RawStore(data / "raw"), indicators[indicator], key)


def _unknown(indicator: str, known: list[str]) -> str:
    near = get_close_matches(indicator, known, n=3, cutoff=0.3) or known[:3]
    return f"no indicator is called {indicator!r}; closest: {', '.join(near)}; see `jamstat list`"
