"""What a run publishes, seen as its readers see it: files, workbook, manifest and which release is the latest.

The golden files are written anew with `JAMSTAT_GOLDEN=write pytest tests/unit/test_reports.py`; read the difference
before committing it.
"""

import csv
import fcntl
import hashlib
import io
import json
import os
import random
import resource
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from reports import release, tables, wording
from reports.release import Release, ReleaseError, publish
from tests.warehouses import small as warehouse

pytestmark = pytest.mark.usefixtures("drawn_once")

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "reports"
WATERMARK = "Syntetiska demodata – inte statistik"
SHOWN = ["commuting_relations", "employment_rate", "occupation_segregation_index", "women_share_regional_council"]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return warehouse()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, drawn: Path) -> Release:
    """The release of the small warehouse; never to be changed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(release, "cache_of", lambda _, origin: drawn / origin)
        return publish(warehouse(), tmp_path_factory.mktemp("published"))


def rows_of(release: Release, indicator: str) -> list[dict[str, str]]:
    with (release.path / "tables" / f"{indicator}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheet_of(release: Release, name: str) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(release.path / "jamstat.xlsx")[name]


def lines_of(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[dict[str, object]]:
    (table,) = sheet.tables.values()
    header, *lines = [[cell.value for cell in row] for row in sheet[table.ref]]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_what_a_killed_run_left_goes_and_what_a_living_one_writes_stays(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    left, living = (tmp_path / "releases" / f".{name}.unfinished" for name in ("left", "living"))
    for folder in (left, living):
        (folder / "tables").mkdir(parents=True)
    (tmp_path / ".latest.left").symlink_to("releases/left")
    descriptor = os.open(living, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        publish(con, tmp_path)
    finally:
        os.close(descriptor)
    assert living.exists()
    assert not left.exists()
    assert not (tmp_path / ".latest.left").is_symlink()


# --- The machine files


@pytest.mark.parametrize("indicator", SHOWN)
def test_csv_is_exactly_the_agreed_file(published: Release, indicator: str) -> None:
    written = (published.path / "tables" / f"{indicator}.csv").read_bytes()
    golden = GOLDEN / f"{indicator}.csv"
    if os.environ.get("JAMSTAT_GOLDEN") == "write":
        golden.write_bytes(written)
    assert written.decode("utf-8") == golden.read_bytes().decode("utf-8")


def test_csv_has_the_agreed_columns_and_line_ends(published: Release) -> None:
    text = (published.path / "tables" / "employment_rate.csv").read_bytes()
    assert text.startswith(
        b"indicator,region_code,region,partner_code,partner,period,sex,category,series,value,numerator,denominator,"
        b"status,margin,reason,is_preliminary,categories,coverage,unit,source,origin\n"
    )
    assert b"\r" not in text
    assert text.endswith(b"\n")


def test_a_measure_of_segregation_stands_with_its_categories_and_its_coverage(published: Release) -> None:
    rows = {row["region_code"]: row for row in rows_of(published, "occupation_segregation_index")}
    assert (rows["19"]["categories"], rows["19"]["coverage"]) == ("147", "98.75")
    # Of riket it is not known.
    assert (rows["00"]["categories"], rows["00"]["coverage"]) == ("", "")
    assert {row["coverage"] for row in rows_of(published, "employment_rate")} == {""}


def test_a_missing_value_is_empty_with_the_sources_symbol_and_never_zero(published: Release) -> None:
    (row,) = [
        row for row in rows_of(published, "employment_rate") if (row["region"], row["sex"]) == ("Norberg", "women")
    ]
    assert (row["value"], row["status"]) == ("", "..")


def test_numbers_read_back_as_the_same_numbers(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    draw = random.Random(1)
    values = [draw.uniform(-1e6, 1e6) for _ in range(500)] + [float(draw.randint(0, 10**9)) for _ in range(500)]
    values += [1e15, 1e16, 1e22, 1e-5, 0.1 + 0.2, 0.0, -0.5, 123456789012345680.0]
    con.execute("delete from indicators.observation where indicator = 'commuting_relations'")
    con.execute(
        "insert into indicators.observation (indicator, region_code, period, sex, category, value) "
        "select 'commuting_relations', '19', unnest(?), 'women', 'all', unnest(?::double[])",
        [[f"{at:05}" for at in range(len(values))], values],
    )
    texts = [row["value"] for row in rows_of(publish(con, tmp_path), "commuting_relations")]
    assert [float(text) for text in texts] == values
    whole = [str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value) for value in values]
    assert texts == whole


def test_a_value_as_published_names_its_source_and_a_derived_one_who_computed_it(published: Release) -> None:
    assert rows_of(published, "commuting_relations")[0]["source"] == "Källa: SCB, tabell TAB1830, hämtad 2026-02-02"
    # The latest of two fetches, on the day that it was in Sweden.
    assert rows_of(published, "employment_rate")[0]["source"] == (
        "Egen beräkning (Region Västmanland) på underlag från SCB, tabell TAB1830, hämtad 2026-02-02; "
        "SCB, tabell TAB3200, hämtad 2026-02-02"
    )
    assert "Valmyndigheten, tabell TAB708" in rows_of(published, "women_share_regional_council")[0]["source"]


def test_a_held_back_indicator_states_the_fetch_that_its_older_figures_rest_on(published: Release) -> None:
    source = rows_of(published, "occupation_segregation_index")[0]["source"]
    assert source.endswith("tabell TAB4434, hämtad 2025-11-20")


def test_made_up_figures_say_so_in_every_row_and_are_never_called_scbs(tmp_path: Path) -> None:
    release = publish(warehouse("demo"), tmp_path)
    for indicator in SHOWN:
        for row in rows_of(release, indicator):
            assert row["origin"] == WATERMARK
            assert row["source"].startswith(WATERMARK)
            assert "Källa: SCB" not in row["source"]
            assert "underlag från SCB" not in row["source"]


def test_parquet_has_the_rows_of_the_csv_typed_and_says_what_it_is(published: Release) -> None:
    table = pq.read_table(published.path / "tables" / "employment_rate.parquet")
    assert tuple(table.column_names) == tables.COLUMNS
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["value"], types["is_preliminary"], types["region_code"]) == ("double", "bool", "string")
    texts = rows_of(published, "employment_rate")
    assert [row["region_code"] for row in table.to_pylist()] == [row["region_code"] for row in texts]
    assert table["value"].to_pylist() == [float(row["value"]) if row["value"] else None for row in texts]
    header = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert header["jamstat.indicator"] == "employment_rate"
    assert header["jamstat.title"] == "Sysselsättningsgrad"
    assert header["jamstat.unit"] == "percent"
    assert header["jamstat.run_id"] == "run-0001"
    assert header["jamstat.origin"] == "SCB"


def test_only_indicators_with_figures_have_files(published: Release) -> None:
    written = {path.name.partition(".")[0] for path in (published.path / "tables").iterdir()}
    assert written == set(SHOWN)


# --- The workbook


def test_every_indicator_has_a_sheet_with_a_real_table_and_no_merged_cells(published: Release) -> None:
    book = openpyxl.load_workbook(published.path / "jamstat.xlsx")
    assert book.sheetnames == ["Om arbetsboken", "Innehåll", *SHOWN]
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
    for name in ["Innehåll", *SHOWN]:
        assert len(book[name].tables) == 1
        assert book[name].freeze_panes
    assert book["employment_rate"]["A1"].value == "Sysselsättningsgrad"


def test_women_stand_before_men_and_the_gap_beside_them(published: Release) -> None:
    lines = lines_of(sheet_of(published, "employment_rate"))
    assert list(lines[0])[4:8] == [
        "Kvinnor, % av kvinnorna",
        "Män, % av männen",
        "Skillnad (kvinnor − män), procentenheter",
        "Kvot (kvinnor/män)",
    ]
    (line,) = [
        line
        for line in lines
        if (line["Region"], line["Period"], line["Grupp"]) == ("Västmanlands län", "2024", "samtliga")
    ]
    assert list(line.values())[4:8] == [78.45, 82.94999999999999, -4.499999999999986, 0.9457504520795662]


def test_home_region_first_then_riket_kommuner_in_swedish_order_and_compared_regions(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("update reference.region set name = 'Åmål' where region_code = '1962'")
    lines = lines_of(sheet_of(publish(con, tmp_path), "employment_rate"))
    order = list(dict.fromkeys(line["Region"] for line in lines))
    assert order == ["Västmanlands län", "Riket", "Arboga", "Västerås", "Åmål", "Uppsala län"]


def test_missing_values_are_shown_with_the_symbol_or_the_reason(published: Release) -> None:
    lines = lines_of(sheet_of(published, "employment_rate"))
    norberg = next(line for line in lines if line["Region"] == "Norberg")
    assert (norberg["Kvinnor, % av kvinnorna"], norberg["Män, % av männen"]) == ("..", 81.25)
    assert norberg["Skillnad (kvinnor − män), procentenheter"] == ".."
    group = next(line for line in lines if line["Grupp"] == "20–54 år")
    assert group["Män, % av männen"] == "Nämnaren är noll"


def test_a_share_shows_its_one_value_and_the_band(published: Release) -> None:
    (line,) = lines_of(sheet_of(published, "women_share_regional_council"))
    assert line == {
        "Region": "Västmanlands län",
        "Period": "2022",
        "Andel kvinnor, % av kvinnor och män": 41.55844155844156,
        "Nämnare": 77,
        "Könsfördelning": "jämn könsfördelning",
    }


def test_a_representation_ratio_is_not_called_a_share_of_women(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("update reference.indicator set unit = 'ratio' where indicator = 'women_share_regional_council'")
    release = publish(con, tmp_path)
    (line,) = lines_of(sheet_of(release, "women_share_regional_council"))
    assert line["Värde, ratio"] == 41.55844155844156
    assert "% kvinnor" not in page_of(release)


def test_relations_are_the_largest_of_the_latest_period(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute(
        "insert into indicators.observation (indicator, region_code, partner_code, period, sex, category, value) "
        "select 'commuting_relations', '1980', 'k' || n, '2024', sex, 'all', n "
        "from range(1, 151) as t(n), (values ('women'), ('men')) as s(sex)"
    )
    lines = lines_of(sheet_of(publish(con, tmp_path), "commuting_relations"))
    assert len(lines) == 100
    assert {line["Period"] for line in lines} == {"2024"}
    first = list(lines[0].values())
    assert first[:2] == ["Västerås", "Uppsala"]
    assert (lines[0]["Kvinnor, antal"], lines[0]["Män, antal"]) == (400, 610)
    largest = [max(line["Kvinnor, antal"], line["Män, antal"]) for line in lines]
    assert largest == sorted(largest, reverse=True)


def test_contents_lists_every_indicator_and_links_to_those_with_a_sheet(published: Release) -> None:
    sheet = sheet_of(published, "Innehåll")
    lines = {line["Blad"]: line for line in lines_of(sheet)}
    assert len(lines) == 6
    assert lines["employment_rate"]["Tema"] == "Arbete"
    assert lines["employment_rate"]["Mål"] == "Ekonomisk jämställdhet; Öka andelen sysselsatta"
    assert lines["employment_rate"]["Senaste period"] == "2024"
    assert lines["unemployment_rate"]["Läge"].startswith("Källa ej bekräftad (")
    assert lines["occupation_segregation_index"]["Läge"].startswith("Kvarhållen från 2025-11-21 (")
    linked = {cell.value for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert linked == set(SHOWN)


def test_every_sheet_of_made_up_figures_says_so_in_red(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(publish(warehouse("demo"), tmp_path).path / "jamstat.xlsx")
    for sheet in book.worksheets:
        marks = [cell for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == WATERMARK]
        assert marks, sheet.title
        assert marks[0].font.color.rgb == "FFB00020"
        assert marks[0].font.bold
    assert marks[0].font.size < book["Om arbetsboken"]["A2"].font.size


def test_long_ids_get_sheet_names_that_excel_takes(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    stem = "median_disposable_income_of_single_adults"
    for relation in ("reference.indicator", "provenance.indicator_state", "indicators.observation"):
        con.execute(f"update {relation} set indicator = '{stem}_1' where indicator = 'employment_rate'")
        con.execute(f"update {relation} set indicator = '{stem}_2' where indicator = 'occupation_segregation_index'")
    names = openpyxl.load_workbook(publish(con, tmp_path).path / "jamstat.xlsx").sheetnames
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names) == 6


# --- The manifest


def test_manifest_says_what_the_release_holds(published: Release) -> None:
    manifest = json.loads((published.path / "manifest.json").read_bytes())
    assert manifest["run_id"] == "run-0001"
    assert manifest["checks"] == {"passed": 1, "critical_failed": 1, "warnings": 1}
    assert {"table": "TAB9999", "what": "tabellen"} in manifest["not_recorded"]
    indicators = {item["id"]: item for item in manifest["indicators"]}
    rate = indicators["employment_rate"]
    assert (rate["title"], rate["theme"], rate["unit"]) == ("Sysselsättningsgrad", "arbete", "percent")
    assert (rate["measure"], rate["polarity"], rate["state"]) == ("level", "higher", "published")
    assert rate["goals"] == ["jamstalldhetspolitiken.ekonomisk-jamstalldhet", "rus-2030.sysselsatta"]
    assert rate["tables"] == ["TAB1830", "TAB3200"]
    assert (rate["first_period"], rate["last_period"]) == ("2018", "2024")
    assert rate["rows"] == len(rows_of(published, "employment_rate"))
    assert indicators["unemployment_rate"]["files"] == {}
    held = indicators["occupation_segregation_index"]
    assert (held["state"], held["run_id"], held["published_at"]) == ("held_back", "run-0000", "2025-11-21T08:00:00Z")
    files = [file for item in manifest["indicators"] for file in item["files"].values()] + [manifest["workbook"]]
    files += manifest["open_data"]
    for file in files:
        content = (published.path / file["path"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)


# --- The page (how it looks is in tests/browser)


def page_of(release: Release) -> str:
    return (release.path / "index.html").read_text(encoding="utf-8")


def test_page_shows_the_latest_figures_as_swedes_write_them(published: Release) -> None:
    page = page_of(published)
    # 82.94999999999999 is below 82.95, so it rounds down; the difference comes from the unrounded values.
    for text in ("78,5", "82,9", "−4,5", "41,6", "2024 · BAS · preliminär"):
        assert text in page


def test_page_shows_every_goal_and_why_one_cannot_be_followed(
    con: duckdb.DuckDBPyConnection, published: Release
) -> None:
    page = page_of(published)
    for row in con.execute("select wording from reference.goal where wording is not null").fetchall():
        assert row[0] in page
    assert "Målbild för Länstransportplan 2018-2029 (ej fastställt)" in page
    assert "Delmål okant (ej fastställt)" in page
    assert "Enkäten Liv och hälsa" in page
    assert "4 av 7 mål" in page
    # Readers get the reason in Swedish; the run's own words are in the manifest.
    assert "Källa ej bekräftad (källan saknar uppgifter som behövs)" in page
    assert "Inte byggd (ej inspelat: TAB9999)" in page
    assert "Kvarhållen från 2025-11-21 (stoppad av kontroll: value_range)" in page
    assert "no cells" not in page


def test_page_escapes_what_the_warehouse_says(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("update reference.indicator set title = '<b>Andel & del</b>' where indicator = 'employment_rate'")
    assert "&lt;b&gt;Andel &amp; del&lt;/b&gt;" in page_of(publish(con, tmp_path))


def test_page_says_first_of_all_when_figures_are_made_up(tmp_path: Path) -> None:
    body = page_of(publish(warehouse("demo"), tmp_path)).split("<body>")[1]
    assert body.index(WATERMARK) < body.index("<header")
    assert WATERMARK not in page_of(publish(warehouse(), tmp_path / "scb"))


# --- Publishing


def latest_of(build: Path) -> str:
    return str((build / "latest").readlink())


def test_latest_leads_to_the_newest_release_by_a_relative_link(tmp_path: Path) -> None:
    first = publish(warehouse(run_id="run-1"), tmp_path)
    assert first == Release(tmp_path / "releases" / "run-1", is_latest=True)
    second = publish(warehouse(run_id="run-2"), tmp_path)
    assert second.is_latest
    assert latest_of(tmp_path) == "releases/run-2"
    assert first.path.is_dir()


@pytest.mark.parametrize("origin", ["demo", "recorded"])
def test_only_scb_takes_the_place_of_scb(tmp_path: Path, origin: str) -> None:
    assert publish(warehouse(origin, "run-1"), tmp_path).is_latest
    assert publish(warehouse("scb", "run-2"), tmp_path).is_latest
    beside = publish(warehouse(origin, "run-3"), tmp_path)
    assert not beside.is_latest
    assert (beside.path / "index.html").exists()
    assert latest_of(tmp_path) == "releases/run-2"


def test_a_link_to_a_release_that_is_gone_does_not_stop_the_next(tmp_path: Path) -> None:
    shutil.rmtree(publish(warehouse(run_id="run-1"), tmp_path).path)
    assert publish(warehouse("demo", "run-2"), tmp_path).is_latest


def test_a_release_is_never_overwritten(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    publish(con, tmp_path)
    with pytest.raises(ReleaseError, match="run-0001: this release exists already"):
        publish(con, tmp_path)


def test_a_folder_in_the_place_of_the_link_is_left_alone(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(ReleaseError, match="must be a link"):
        publish(con, tmp_path)
    assert not (tmp_path / "releases").exists()


def test_a_release_can_be_read_by_others(published: Release) -> None:
    assert published.path.stat().st_mode & 0o555 == 0o555


def content_of(build: Path) -> dict[str, bytes]:
    return {str(path.relative_to(build)): path.read_bytes() for path in build.rglob("*") if path.is_file()}


class Interrupted(BaseException):
    """Stands for Ctrl-C, which is no `Exception`."""


@pytest.mark.parametrize("stop_at", range(1, 12))
def test_an_interruption_at_any_step_leaves_what_was_published(
    published: Release, tmp_path: Path, stop_at: int
) -> None:
    shutil.copytree(published.path.parents[1], tmp_path, symlinks=True, dirs_exist_ok=True)
    before = content_of(tmp_path)

    def stop(done: int, steps: int, what: str) -> None:
        if done == stop_at:
            raise Interrupted

    with pytest.raises(Interrupted):
        publish(warehouse(run_id="run-2"), tmp_path, progress=stop)
    assert content_of(tmp_path) == before
    assert latest_of(tmp_path) == "releases/run-0001"
    assert {path.name for path in tmp_path.iterdir()} == {"latest", "releases"}
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["run-0001"]
    assert publish(warehouse(run_id="run-2"), tmp_path).is_latest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB where we may mount one; elsewhere a limit on the size of a file."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted and mounted.returncode == 0:
        yield disk
        subprocess.run(["umount", disk], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    yield disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("rows", [40_000, 100_000])
def test_a_full_disk_leaves_what_was_published(small_disk: Path, rows: int) -> None:
    build = small_disk / "build"
    small = warehouse(run_id="run-1")
    small.execute("update provenance.indicator_state set state = 'not_built' where indicator != 'employment_rate'")
    small.execute("delete from indicators.observation where region_code != '19'")
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY:
        publish(small, build)
    before = content_of(build / "releases")
    large = warehouse(run_id="run-2")
    large.execute(
        "insert into indicators.observation (indicator, region_code, partner_code, period, sex, category, value) "
        f"select 'commuting_relations', '1980', 'k' || n, '2024', 'women', 'all', random() from range({rows}) as t(n)"
    )
    with pytest.raises(ReleaseError, match=r"run-2: could not be written \(.+\); nothing was published"):
        publish(large, build)
    assert content_of(build / "releases") == before
    assert not [path for path in small_disk.rglob("*") if "run-2" in path.name]


def test_two_publications_are_byte_identical(tmp_path: Path) -> None:
    publish(warehouse(threads=1), tmp_path / "a")
    publish(warehouse(threads=4), tmp_path / "b")
    assert content_of(tmp_path / "a") == content_of(tmp_path / "b")


def test_another_run_of_the_same_data_changes_only_what_names_the_run(tmp_path: Path) -> None:
    one, two = publish(warehouse(run_id="run-1"), tmp_path), publish(warehouse(run_id="run-2"), tmp_path)
    for path in (one.path / "tables").glob("*.csv"):
        assert path.read_bytes() == (two.path / "tables" / path.name).read_bytes()
    texts = [page_of(release).replace(release.path.name, "") for release in (one, two)]
    assert texts[0] == texts[1]


def test_the_workbook_does_not_tell_when_it_was_made(published: Release) -> None:
    content = (published.path / "jamstat.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2026-02-03T23:30:00Z" in archive.read("docProps/core.xml")


def test_a_warehouse_opened_for_reading_is_enough(tmp_path: Path) -> None:
    source = warehouse()
    own = source.execute("select current_database()").fetchall()[0][0]
    source.execute(f"attach '{tmp_path / 'w.duckdb'}' as target")
    source.execute(f'copy from database "{own}" to target')
    source.close()
    with duckdb.connect(tmp_path / "w.duckdb", read_only=True) as con:
        assert publish(con, tmp_path / "build").is_latest


# --- Rounding and words


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.345, 2, "2,35"),
        (0.25, 1, "0,3"),
        (-0.25, 1, "−0,3"),
        (1.005, 2, "1,01"),
        (-0.04, 1, "0,0"),
        (1234567.0, 0, "1\u00a0234\u00a0567"),
        (0.5, 0, "1"),
    ],
)
def test_numbers_are_rounded_once_half_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert wording.swedish(value, decimals) == text


def test_a_difference_carries_its_sign() -> None:
    assert wording.swedish(3.5, 1, signed=True) == "+3,5"
    assert wording.swedish(-3.5, 1, signed=True) == "−3,5"
    assert wording.swedish(0.04, 1, signed=True) == "0,0"


# --- Sentences


def test_what_an_indicator_shows_stands_in_words_in_manifest_page_and_workbook(published: Release) -> None:
    told = (
        "Sysselsättningsgraden var 78,5\u00a0procent för kvinnor och 82,9\u00a0procent för män i Västmanlands län 2024 "
        "enligt preliminära uppgifter, en skillnad på 4,5\u00a0procentenheter (i riket 3,4). "
        "Utvecklingen sedan 2023, då skillnaden var 4,7\u00a0procentenheter: båda förbättras lika mycket."
    )
    entries = {one["id"]: one for one in json.loads((published.path / "manifest.json").read_bytes())["indicators"]}
    assert entries["employment_rate"]["sentence"] == told
    assert entries["transition_rate"]["sentence"] is None
    assert entries["transition_rate"]["sentence_reason"]
    assert told in (published.path / "index.html").read_text(encoding="utf-8")
    lines = {line["Blad"]: line["I korthet"] for line in lines_of(sheet_of(published, "Innehåll"))}
    assert lines["employment_rate"] == told
    assert not lines["transition_rate"]


def test_a_release_of_scb_that_appears_meanwhile_keeps_latest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = release._write

    def slowly(*arguments: Any) -> None:
        write(*arguments)
        monkeypatch.setattr(release, "_write", write)
        publish(warehouse("scb", "run-scb"), tmp_path)

    monkeypatch.setattr(release, "_write", slowly)
    done = publish(warehouse("demo", "run-demo"), tmp_path)
    assert not done.is_latest
    assert (tmp_path / "latest").resolve().name == "run-scb"


def test_a_warning_stands_with_the_indicator(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("""
        insert into checks.result values
        ('coverage', 'warning', 'indicator', 'employment_rate', false, '3', '0', 'Under 95 procent är kända')
    """)
    done = publish(con, tmp_path)
    manifest = json.loads((done.path / "manifest.json").read_text(encoding="utf-8"))
    warned = {one["id"]: one["warnings"] for one in manifest["indicators"]}
    assert warned["employment_rate"] == ["Under 95 procent är kända"]
    assert "Under 95 procent är kända." in (done.path / "index.html").read_text(encoding="utf-8")
    texts = [str(cell.value) for row in sheet_of(done, "employment_rate").iter_rows(max_row=8) for cell in row]
    assert any("Under 95 procent är kända." in text for text in texts)
