"""What the web report costs: built from nothing, built again unchanged, by page at both scopes, and in a browser.

The runs at home and at national scope are made first, on synthetic figures; the second takes some minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

JAMSTAT = str(Path(sys.executable).with_name("jamstat"))
COLD, UNCHANGED, HEAVIEST, SHOWN = 60.0, 5.0, 250.0, 1.0
ALIKE = re.compile("(^|/)(sparning|kvalitet)/")
"""The pages of traces and of quality, which a site has of its home region: as many and as light at either scope.

Counted with the rest they make the mean page the lighter, the fewer kommuner a site has.
"""
PAGES = ("indikatorer/employment_rate/", "indikatorer/occupation_segregation_index/", "indikatorer/voter_turnout/")
LARGEST_PAINT = """() => new Promise(found => new PerformanceObserver(
    list => found(list.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""


def measure() -> list[dict[str, Any]]:
    """Seconds of builds and of a page in the browser, the weight of a page, and the cost of a page by scope."""
    with TemporaryDirectory() as name:
        home, whole = (Built(Path(name) / scope, scope) for scope in ("home", "national"))
        cold, unchanged = home.cold(), home.again()
        national = whole.cold()
        own, others = home.rest(), whole.rest()
        heaviest = max(map(weight, (home.site / "indikatorer").glob("*/index.html"))) / 1000
        shown = max(painted(home.site))
        label, larger = f"{home.pages} pages of the site", f"a page of the national site ({whole.pages} pages)"
        ratio = (national / whole.pages) / (cold / home.pages)
    return [
        at_most(f"{label}: seconds", cold, COLD),
        at_most("the same, nothing changed: seconds", unchanged, UNCHANGED),
        at_most("heaviest indicator page without the bundle, kB", heaviest, HEAVIEST),
        at_most(f"largest contentful paint, slowest of {len(PAGES)} pages, seconds", shown, SHOWN),
        at_most(f"{larger} / of the county's, seconds", ratio, 1.0),
        {"name": "the same without traces and quality", "value": others / own, "bound": None, "holds": True},
    ]


def at_most(name: str, value: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value, "bound": bound, "holds": value <= bound}


class Built:
    """A finished run of synthetic figures in a folder of its own, and the commands that build its site."""

    def __init__(self, folder: Path, scope: str) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "JAMSTAT_DATA_DIR": str(folder / "data"), "JAMSTAT_BUILD_DIR": str(folder / "build"),
        }  # fmt: skip
        self.run("refresh", "--source", "demo", "--scope", scope)

    @property
    def site(self) -> Path:
        return self.folder / "build" / "latest" / "site"

    @property
    def pages(self) -> int:
        return sum(1 for _ in self.site.rglob("*.html"))

    def run(self, *command: str) -> float:
        """Seconds that the command took."""
        start = time.perf_counter()
        done = subprocess.run([JAMSTAT, *command], check=False, capture_output=True, text=True, env=self.environment)
        # An indicator that the checks hold back (1) is no matter here.
        if done.returncode not in (0, 1):
            raise RuntimeError(f"jamstat {' '.join(command)}: {done.stderr}")
        return time.perf_counter() - start

    def cold(self) -> float:
        """Seconds of a build from a warm warehouse, with no site and no cache of contents and pictures."""
        shutil.rmtree(self.site)
        shutil.rmtree(self.folder / "build" / "cache")
        return self.run("report")

    def rest(self) -> float:
        """Seconds a page of a build that makes all pages but those of `ALIKE`, which are in the cache."""
        from reports import catalogue, release
        from reports.web import build
        from warehouse import database

        with database.connect(self.folder / "data" / "demo" / "warehouse.duckdb") as con:
            read = catalogue.read(con)
            cache = release.cache_of(self.folder / "build", read.run.origin)
            works = build.plan(con, read, self.site.resolve().parent).works
        others = [cache / build.CONTENTS / work.key for work in works if not ALIKE.search(work.path)]
        for content in others:
            shutil.rmtree(content)
        shutil.rmtree(self.site)
        return self.run("report") / len(others)

    def again(self) -> float:
        """Seconds of the quickest of three builds in which nothing has changed."""
        return min(self.run("report") for _ in range(3))


def weight(page: Path) -> int:
    """The bytes of a page with its style sheet and scripts, but for the bundle that draws interactive charts."""
    text = page.read_text(encoding="utf-8")
    beside: list[str] = re.findall(r'<(?:link|script)[^>]+(?:href|src)="([^"]+\.(?:css|js|svg))"', text)
    files = {(page.parent / name).resolve() for name in beside}
    return len(text.encode()) + sum(file.stat().st_size for file in files if file.name != "vega.js")


def painted(site: Path) -> Iterator[float]:
    """Seconds to the largest contentful paint of each page, served on this machine: the median of three visits."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        for page in PAGES:
            times = []
            for _ in range(3):
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                tab = context.new_page()
                tab.goto(address + page)
                times.append(tab.evaluate(LARGEST_PAINT) / 1000)
                context.close()
            yield sorted(times)[1]
        browser.close()


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site on a web server of this machine."""
    command = [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(site)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        port = re.search(r"port (\d+)", server.stdout.readline())
        assert port is not None
        yield f"http://127.0.0.1:{port[1]}/"
        server.terminate()
