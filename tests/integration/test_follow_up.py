"""The follow-up through the whole job: what is wrong in a file is told and left out, what is late is told."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
import yaml

from flows import project, refresh
from transforms import followup

Jamstat = Any
Edit = Callable[[str, str, str], Path]
CHALLENGE = "transforms/strategy/challenges/exempel.yml"
PLAN = "transforms/strategy/followup.yml"
IMAGE = "transforms/strategy/target_images/lanstransportplan-2018-2029.yml"


def test_a_challenge_of_a_renamed_goal_is_left_out_with_file_and_field_and_the_rest_is_built(
    jamstat: Jamstat, edit: Edit
) -> None:
    edit(CHALLENGE, "goal: rus-2030.sysselsatta", "goal: rus-2030.sysselsata")
    done = jamstat("demo")
    assert done.code == 0
    told = "challenges/exempel.yml: goal: unknown goal 'rus-2030.sysselsata'; closest match: rus-2030.sysselsatta"
    assert told in done.out
    site = jamstat.latest / "site"
    assert "unknown goal &#39;rus-2030.sysselsata&#39;" in (site / "utmaningar/index.html").read_text("utf-8")
    assert not (site / "utmaningar/exempel").exists()
    assert (site / "uppfoljning/index.html").exists()


def test_a_renamed_goal_holds_back_the_indicators_that_name_it_and_the_rest_is_built(
    jamstat: Jamstat, edit: Edit
) -> None:
    edit("transforms/strategy/rus-2030.yml", "  - id: rus-2030.sysselsatta", "  - id: rus-2030.sysselsattning")
    done = jamstat("demo")
    assert done.code == 1
    fault = "goals: unknown goal 'rus-2030.sysselsatta'; closest match: rus-2030.sysselsattning"
    assert f"employment_rate.sql: {fault}" in done.out + done.err
    for file in ("challenges/exempel.yml: goal: ", "followup.yml: audiences.0 (exempel): goals.0: "):
        assert f"{file}unknown goal 'rus-2030.sysselsatta'; closest match" in done.out
    manifest = json.loads((jamstat.latest / "manifest.json").read_text("utf-8"))
    states = {one["id"]: one["state"] for one in manifest["indicators"]}
    assert states["employment_rate"] == "held_back"
    assert "published" in states.values()
    assert "unknown goal" in (jamstat.latest / "site/kvalitet/index.html").read_text("utf-8")


def test_every_brief_of_a_demo_is_one_page_of_a4(jamstat: Jamstat) -> None:
    briefs = sorted((jamstat.latest / "site/underlag").rglob("underlag.pdf"))
    assert len(briefs) > 10
    for path in briefs:
        (page,) = pypdf.PdfReader(path).pages
        assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == (210, 297), path


def test_a_figure_that_is_no_longer_the_one_that_was_cited_is_told_from_what_to_what(
    jamstat: Jamstat, edit: Edit
) -> None:
    edit(CHALLENGE, 'region: "19", period: latest, sex: women', 'region: "19", period: "2023", sex: women, then: 12.3')
    done = jamstat("demo")
    assert (
        "challenges/exempel.yml: cites.1: employment_rate 19 2023: reviderad för 2023: 12,3\N{NO-BREAK SPACE}→"
        in done.out
    )
    page = (jamstat.latest / "site/utmaningar/exempel/index.html").read_text("utf-8")
    assert "Siffrorna har ändrats sedan texten skrevs." in page
    assert "12,3" in page


def test_a_day_that_has_passed_is_told_even_where_no_figure_has_changed(jamstat: Jamstat, edit: Edit) -> None:
    edit(PLAN, "due: 2027-02-28", "due: 2026-01-31")
    done = jamstat("demo")
    assert "försenat sedan 2026-01-31: Exempel – ändra: årsuppföljning (arsuppfoljning)" in done.out
    assert "En sak i planen är försenad" in (jamstat.latest / "site/uppfoljning/index.html").read_text("utf-8")
    assert "SUMMARY:Försenat: Rapport" in (jamstat.latest / "site/uppfoljning.ics").read_text("utf-8")


def test_the_region_s_text_of_a_target_image_stands_on_its_page(jamstat: Jamstat, edit: Edit) -> None:
    root = edit(IMAGE, "text: null", "text: Provtext")
    for field, value in (("decided_by", "Provnämnden"), ("decided_on", "2026-01-31"), ("source", "Protokoll, punkt 4")):
        edit(IMAGE, f"{field}: null", f"{field}: {value}")
    assert jamstat("demo").code == 0
    page = (jamstat.latest / "site/malbilder/jrt.lanstransportplan-2018-2029/index.html").read_text("utf-8")
    for text in ("<h1>Provtext</h1>", "Provnämnden", "2026-01-31", "Protokoll, punkt 4"):
        assert text in page
    assert "inte inlagd" not in page
    assert (root / IMAGE).exists()


def test_suggestions_are_drafts_that_become_challenges_once_worded(jamstat: Jamstat, tmp_path: Path) -> None:
    done = jamstat("challenge", "suggest")
    assert done.code == 0
    assert "på grund av" not in done.out
    for at, text in enumerate(done.out.split("---\n")[1:]):
        folder = tmp_path / str(at) / "challenges"
        folder.mkdir(parents=True)
        (folder / "utkast.yml").write_text(text, encoding="utf-8")
        declared = project.load(jamstat.checkout)
        _, drafted = followup.load(folder.parent, declared.strategies, declared.indicators, ["00", "19", "1980"])
        assert "is not filled in yet" in drafted.problems[0].message
        (folder / "utkast.yml").write_text(text.replace("FYLL_I", "Ord"), encoding="utf-8")
        found = followup.load(folder.parent, declared.strategies, declared.indicators, list(yaml_regions(text)))[1]
        assert found.problems == ()
        if "gap_against_country" in text or ", riket: " in text:
            assert re.search(r", riket: (?:[+−]\d|0)", text)
        assert list(found.challenges) == ["utkast"]


def test_what_changed_between_two_runs_of_two_years_is_told_in_the_report_of_the_later_one(
    fresh: Jamstat, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(day: dt.datetime, *faults: dict[str, Any]) -> dict[tuple[str, ...], str]:
        class Clock(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
                return day.astimezone(tz)

        monkeypatch.setattr(refresh, "dt", SimpleNamespace(**{**vars(dt), "datetime": Clock}))
        fresh.server.switch_on(*faults)
        done = fresh("demo")
        assert done.code == 0, done.out + done.err
        return fresh.figures("entrepreneurs_per_1000_inhabitants")

    earlier = (
        fresh.server.fault("scaled", "TAB3205/data", code="2022", factor=2),
        fresh.server.fault("codes_removed", "TAB3200/metadata", variable="Tid", code="2024"),
    )
    before = run(dt.datetime(2025, 6, 2, 8, tzinfo=dt.UTC), *earlier)
    fresh.checkout = tmp_path / "edited"
    shutil.copytree(checkout, fresh.checkout)
    file = fresh.checkout / "transforms/indicators/women_share_entrepreneurs.sql"
    file.write_text(
        file.read_text("utf-8").replace("\ndefinition: >-\n", "\ndefinition: >-\n  Nyskriven text.\n"), "utf-8"
    )
    monkeypatch.setenv("JAMSTAT_REPORT_YEAR", "2026")
    now = run(dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC), fresh.server.fault("updated", "TAB320."))

    report = (fresh.latest / "site/arsuppfoljning/rus-2030/index.html").read_text("utf-8").split('id="andringar"')[1]
    figures, definitions = (report.split(f'id="{mark}"')[1].split("<h3 id")[0] for mark in ("siffror", "definitioner"))
    assert "Läget 2026-06-01 jämfört med läget 2025-12-31." in figures
    assert "Läget 2026-06-01 jämfört med läget 2025-12-31." in definitions
    new, revised = (rows_of(table) for table in figures.split("<table>")[1:])
    assert ["Sysselsättningsgrad 20–64 år", "2023", "2024"] in new
    home = {key for key in before.keys() & now.keys() if key[0][:2] == "19" and before[key] not in ("", now[key])}
    assert {key[1] for key in home} == {"2022"}
    largest = max((float(now[key]) - float(before[key]) for key in home), key=abs)
    told = f"{largest:.1f}".replace("-", "−").replace(".", ",")
    assert revised == [["Företagare per 1 000 invånare 15–74 år", str(len(home)), "2022", f"{told} per 1 000 invånare"]]
    (defined,) = definitions.split("<table>")[1:]
    (row,) = rows_of(defined)
    assert row[:2] == ["Andel kvinnor bland företagare", "definition"]
    assert row[3] == f"Nyskriven text. {row[2]}"


def rows_of(table: str) -> list[list[str]]:
    """The texts of the cells of a table's body."""
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", table.split("<tbody>")[1], re.DOTALL)
    ]


def yaml_regions(text: str) -> set[str]:
    return {cite["region"] for cite in yaml.safe_load(text)["cites"]}


def test_a_goal_that_no_one_knows_is_refused_with_the_closest(jamstat: Jamstat) -> None:
    done = jamstat("challenge", "suggest", "--goal", "rus-2030.sysselsata")
    assert done.code == 2
    assert "closest: rus-2030.sysselsatta" in done.err
