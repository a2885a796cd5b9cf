"""Bad input and bad luck: a clear word and an exit code, and nothing that was published is lost."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from flows import embedded, refresh, settings
from sources import client

Jamstat = Any
"""The class of that name in conftest.py."""

EMPLOYED, ENTREPRENEURS = "employment_rate", "women_share_entrepreneurs"
BOTH = "entrepreneurs_per_1000_inhabitants"
"""They read TAB3200, TAB3205, and both."""

TABLE = "sources/tables/TAB3205.yml"
INDICATOR = f"transforms/indicators/{ENTREPRENEURS}.sql"

Edit = Callable[[str, str, str], Path]


def fetched(jamstat: Jamstat, **client_options: Any) -> dict[str, refresh.TableState]:
    """What became of the tables when all is fetched anew; nothing that was published has changed."""
    before = jamstat.published()
    quick = {"backoff": 0.01, "read_timeout": 5.0, "ceiling": 10.0} | client_options
    url = jamstat.server.base_url
    with (
        refresh.opened(settings.load(), "demo", url, anew=True) as run,
        client.Client(url, **quick) as asking,
    ):
        states = refresh.fetch_all(run, asking, list(run.project.tables))
    assert jamstat.published() == before
    return states


def assert_failed(states: dict[str, refresh.TableState], reason: str) -> None:
    """One table failed, for that reason in one line; the other came."""
    assert {one: state.state for one, state in states.items()} == {"TAB3200": "loaded", "TAB3205": "failed"}
    assert reason in states["TAB3205"].reason
    assert "\n" not in states["TAB3205"].reason


def assert_refused(done: Any, code: int, *words: str) -> None:
    """The command ended with the code and one line that has the words."""
    assert done.code == code, done.out + done.err
    assert done.err.startswith("jamstat: ")
    assert done.err.count("\n") == 1
    for word in words:
        assert word in done.err


# --- a declaration and a table that do not agree


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Alder: ", "Aldern: ", "has no variable 'Aldern'; it has Alder"),
        (
            "    Fodelseregion: [tot, in, ut]\n",
            "",
            "has a variable 'Fodelseregion' that the declaration does not select",
        ),
        ("[15-74]", "[15-47]", "Alder has no code '15-47'; nearest: "),
        ("000002XS", "000002XZ", "has no code '000002XZ' (employed_by_residence); nearest: '000002XS'"),
        ("unit: antal", "unit: procent", "is in 'antal', declared in 'procent'"),
        ("decimals: 0", "decimals: 1", "has 0 decimals, declared 1"),
        ("{code: ANST}", "{code: ANST, label: lantbrukare}", "not 'lantbrukare'"),
    ],
)
def test_a_declaration_that_does_not_fit_fails_its_table(
    jamstat: Jamstat, edit: Edit, old: str, new: str, reason: str
) -> None:
    edit(TABLE, old, new)
    if not new:
        edit(TABLE, "  Fodelseregion: {role: dimension}\n", "")
        edit(TABLE, "    Fodelseregion: [tot]\n", "")
    states = fetched(jamstat)
    assert_failed(states, reason)
    assert f"in {TABLE}" in states["TAB3205"].reason


@pytest.mark.parametrize(
    ("fault", "parameters", "reason"),
    [
        ("codes_changed", {"variable": "Yrkesstallning", "code": "EGAB"}, "has no code 'EGAB' (company_owners)"),
        ("missing_region", {"code": "1980"}, "Region has no code '1980'; nearest: "),
        ("drop_dimension", {}, "has no variable 'Kon'"),
        ("unit_changed", {}, "is in 'tusental', declared in 'antal'"),
        ("labels_changed", {"variable": "Kon"}, "labelled 'män' in the data, 'män (ny)' in the metadata"),
        ("updated", {"updated": ""}, "does not say when the table was updated"),
        ("duplicate_codes", {"variable": "Region"}, "Region: category positions do not run 0, 1, 2"),
        ("html200", {}, "200 with text/html; charset=utf-8 instead of application/json"),
        ("truncate", {}, "try again later"),
    ],
)
def test_metadata_that_no_longer_match_fail_their_table(
    jamstat: Jamstat, fault: str, parameters: dict[str, str], reason: str
) -> None:
    jamstat.server.switch_on(jamstat.server.fault(fault, "TAB3205/metadata", **parameters))
    assert_failed(fetched(jamstat), reason)


# --- answers that are not what was asked for


@pytest.mark.parametrize(
    ("fault", "parameters", "reason"),
    [
        ("truncate", {}, "try again later"),
        ("html200", {}, "200 with text/html; charset=utf-8 instead of application/json"),
        ("csv200", {}, "200 with text/csv; charset=iso-8859-1 instead of application/json"),
        ("problem200", {}, "not a json-stat 2.0 dataset but 'Non-existent table'"),
        ("nan", {}, "the answer is not JSON"),
        ("string", {}, "something else than plain numbers"),
        ("short_value", {}, "values where its dimensions span"),
        ("duplicate_codes", {"variable": "Kon"}, "Kon: category positions do not run 0, 1, 2"),
        ("drop_dimension", {}, "asked for the variables Alder, ContentsCode, Fodelseregion, Kon, "),
        ("missing_region", {"code": "1980"}, "Region: asked for 32 codes, got 31; lacking ['1980']"),
        ("codes_added", {"variable": "Kon"}, "not asked for ['NYKOD']"),
        ("sex_swapped", {}, "labelled 'kvinnor' in the data, 'män' in the metadata"),
        ("problem", {"title": "Too many cells selected, maximum is 1"}, "403 Too many cells selected, maximum is 1"),
    ],
)
def test_an_answer_that_breaks_the_contract_fails_its_table(
    jamstat: Jamstat, fault: str, parameters: dict[str, str], reason: str
) -> None:
    if fault == "problem":
        parameters = {**parameters, "status": 403}
    jamstat.server.switch_on(jamstat.server.fault(fault, "TAB3205/data", **parameters))
    assert_failed(fetched(jamstat), reason)


@pytest.mark.usefixtures("no_site")
def test_a_lower_limit_on_cells_takes_more_calls_for_equal_figures(jamstat: Jamstat) -> None:
    figures = {one: jamstat.rows(one) for one in (EMPLOYED, ENTREPRENEURS, BOTH)}
    jamstat.server.switch_on(jamstat.server.fault("lower_limit", "TAB3200/data", cells=4000))
    done = jamstat("refresh", "--source", "demo", "--full")
    assert done.code == 0, done.out
    assert len([call for call in jamstat.server.calls("TAB3200") if call.startswith("POST")]) > 8
    assert {one: jamstat.rows(one) for one in figures} == figures


# --- answers that only the build finds wrong


def assert_held_back(jamstat: Jamstat, before: dict[str, Any], held: set[str], *words: str) -> None:
    """Those are held back for that reason with their last figures and the run of these; the rest is of this run."""
    found = jamstat.indicators()
    assert {one for one, entry in found.items() if entry["state"] == "held_back"} == held
    for one in held:
        assert found[one]["run_id"] == before["run_id"]
        assert found[one]["published_at"]
        assert jamstat.rows(one) == before[one]
        for word in words:
            assert word in found[one]["reason"]
    for one in {EMPLOYED, ENTREPRENEURS, BOTH} - held:
        assert found[one]["run_id"] == jamstat.manifest()["run_id"] != before["run_id"]


@pytest.fixture
def before(jamstat: Jamstat) -> dict[str, Any]:
    """The run that published last, and its rows."""
    rows = {one: jamstat.rows(one) for one in (EMPLOYED, ENTREPRENEURS, BOTH)}
    return {"run_id": jamstat.manifest()["run_id"], **rows}


OWNERS = ("company_owners", "sole_proprietors")


def test_swapped_labels_of_women_and_men_hold_back_what_depends_on_them(
    jamstat: Jamstat, before: dict[str, Any]
) -> None:
    jamstat.server.switch_on(jamstat.server.fault("sex_swapped", "TAB3205/"))
    done = jamstat("demo")
    assert done.code == 1
    assert f"held back: {ENTREPRENEURS}: " in done.out
    assert_held_back(jamstat, before, {ENTREPRENEURS, BOTH}, "sex_codes_right")
    again = jamstat("check")
    assert again.code == 1
    assert "Koderna för kön har andra benämningar" in again.out
    for told in (done.out, again.out):
        assert "Syntetiska demodata – inte statistik" in told
    traced = jamstat("trace", ENTREPRENEURS, "--region", "19", "--period", "2023")
    assert traced.code == 0
    assert f"the figures are those of run {before['run_id']}" in traced.out
    found = json.loads(jamstat("trace", ENTREPRENEURS, "--region", "19", "--period", "2023", "--json").out)
    assert "and so are the cells" in found["note"]
    of = {
        sex: sum(cell["value"] for cell in found["cells"] if cell["sex"] == sex and cell["operand"] in OWNERS)
        for sex in ("women", "men")
    }
    (figure,) = found["figures"]
    made = 100 * of["women"] / (of["women"] + of["men"])
    assert made == pytest.approx(figure["value"]), "the cells are those that the figure was made from"
    kept = {one["fetch_id"]: one["sha256"] for one in found["fetches"]}
    for cell in found["cells"]:
        sha = kept[cell["fetch_id"]]
        body = (jamstat.data / "raw" / "objects" / sha[:2] / f"{sha}.zst").read_bytes()
        with pa.input_stream(pa.py_buffer(body), compression="zstd") as stream:
            assert json.loads(stream.read())["value"][cell["index"]] == cell["value"]


@pytest.mark.usefixtures("no_site")
def test_swapped_codes_of_women_and_men_in_a_declaration_are_found(
    jamstat: Jamstat, before: dict[str, Any], edit: Edit
) -> None:
    edit(TABLE, 'women: "2", men: "1"', 'women: "1", men: "2"')
    assert jamstat("refresh", "--source", "demo", "--full").code == 1
    assert_held_back(jamstat, before, {ENTREPRENEURS, BOTH}, "sex_codes_right")


@pytest.mark.usefixtures("no_site")
def test_a_region_with_figures_outside_its_life_span_is_found(
    jamstat: Jamstat, before: dict[str, Any], edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edit(
        "transforms/reference/regions.csv", "1984,Arboga,municipality,19,,", "1984,Arboga,municipality,19,2023-01-01,"
    )
    reference = partial(refresh.transforms.load_reference, folder=root / "transforms" / "reference")
    monkeypatch.setattr(refresh.transforms, "load_reference", reference)
    assert jamstat("refresh", "--source", "demo", "--full").code == 1
    assert_held_back(jamstat, before, {EMPLOYED, ENTREPRENEURS, BOTH}, "region_in_life_span")


@pytest.mark.usefixtures("no_site")
def test_a_cell_that_comes_twice_with_different_values_fails_its_table(
    jamstat: Jamstat, before: dict[str, Any], edit: Edit
) -> None:
    grid = (
        "  - {Region: scope, Yrkesstallning: [ANST], Kon: all, Alder: [15-74], Fodelseregion: [tot, in, ut], "
        "ContentsCode: named, Tid: all}\n"
    )
    edit(TABLE, "selections:\n", f"selections:\n{grid}")
    other = jamstat.server.fault("string", "TAB3205/data", body=r'"valueCodes":\["ANST"\]', content=12345)
    jamstat.server.switch_on(other)
    done = jamstat("refresh", "--source", "demo", "--full")
    assert done.code == 1
    assert "TAB3205: " in done.out
    assert_held_back(jamstat, before, {ENTREPRENEURS, BOTH}, "came twice with different values", "fetch the table anew")


@pytest.mark.usefixtures("no_site")
def test_a_cell_that_comes_twice_with_one_value_is_kept_once(jamstat: Jamstat, edit: Edit) -> None:
    figures = jamstat.figures(ENTREPRENEURS)
    grid = (
        "  - {Region: scope, Yrkesstallning: [ANST], Kon: all, Alder: [15-74], Fodelseregion: [tot, in, ut], "
        "ContentsCode: named, Tid: all}\n"
    )
    edit(TABLE, "selections:\n", f"selections:\n{grid}")
    assert jamstat("refresh", "--source", "demo", "--full").code == 0
    assert jamstat.figures(ENTREPRENEURS) == figures


@pytest.mark.usefixtures("no_site")
@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_a_kept_answer_that_is_damaged_fails_its_table_until_it_is_fetched_anew(
    jamstat: Jamstat, before: dict[str, Any], damage: str
) -> None:
    largest = {}
    for record in (jamstat.data / "raw" / "records" / "TAB3205").glob("*.json"):
        fields = refresh.json.loads(record.read_text(encoding="utf-8"))
        if fields["request"]:
            largest = fields
    kept = jamstat.data / "raw" / "objects" / largest["sha256"][:2] / f"{largest['sha256']}.zst"
    if damage == "altered":
        kept.write_bytes(b"altered")
    else:
        kept.unlink()
    jamstat.server.switch_on(jamstat.server.fault("updated", "TAB3200/"))  # so that there is something to build
    done = jamstat("demo")
    if damage == "gone":  # it is fetched anew at once
        assert done.code == 0
        return
    assert done.code == 1
    assert_held_back(jamstat, before, {ENTREPRENEURS, BOTH}, "the stored answer", "fetch the table anew")
    assert jamstat("refresh", "--source", "demo", "--full").code == 0


# --- indicator files


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("polarity: parity", "polarity: paritet", ("polarity", "closest", "parity")),
        ("unit: percent", "unit: percent\nunits: percent", ("units", "unit")),
        ("with operands as (", "delete from staged.TAB3205; with operands as (", ("select",)),
        ("with operands as (", "with cells as (", ("operands",)),
        ("staged.TAB3205", "staged.TAB3250", ("staged.TAB3250", "closest: TAB3205")),
        ("women + men as persons", "women + as persons", ("cannot be read",)),
        ("staged.TAB3205", "staged.tab3205", ("staged.tab3205", "closest: TAB3205")),
    ],
)
def test_an_indicator_file_that_cannot_be_used_stops_the_run_before_it_asks(
    jamstat: Jamstat, edit: Edit, old: str, new: str, words: tuple[str, ...]
) -> None:
    before = jamstat.published()
    edit(INDICATOR, old, new)
    assert_refused(jamstat("demo"), 2, f"{ENTREPRENEURS}.sql: ", *words)
    assert jamstat.published() == before
    assert not jamstat.server.calls("/tables/")


def test_an_indicator_that_names_an_unknown_goal_is_held_back_and_the_rest_is_built(
    jamstat: Jamstat, before: dict[str, Any], edit: Edit
) -> None:
    edit(INDICATOR, "  - rus-2030.foretagsklimat", "  - rus-2030.foretagsklimatet")
    done = jamstat("demo")
    assert done.code == 1
    told = "goals: unknown goal 'rus-2030.foretagsklimatet'; closest match: rus-2030.foretagsklimat"
    assert f"held back: {ENTREPRENEURS}.sql: {told}" in done.out
    assert_held_back(jamstat, before, {ENTREPRENEURS}, told)


def test_a_table_file_that_cannot_be_used_stops_the_run_before_it_asks(jamstat: Jamstat, edit: Edit) -> None:
    before = jamstat.published()
    edit(TABLE, "cadence: year", "cadense: year")
    assert_refused(jamstat("demo"), 2, "TAB3205.yml: cadense: unknown field", "closest match: cadence")
    assert jamstat.published() == before


def test_an_operand_that_no_table_declares_is_a_misspelling_and_no_fault_of_the_source(
    jamstat: Jamstat, edit: Edit
) -> None:
    edit(f"transforms/indicators/{EMPLOYED}.sql", "'employed'", "'employd'")
    (jamstat.data / "last_good" / "home-19" / "indicators.json").unlink()
    done = jamstat("refresh", "--source", "demo", "--full")
    assert (
        f"  {EMPLOYED}.sql: operands: no cells for employd; 'employd' is declared in none of its tables; "
        "closest: employed; correct the name\n"
    ) in done.out
    assert jamstat.indicators()[EMPLOYED]["state"] == "not_built"


DIVIDED = {
    "no denominator": ("paired(denominator, value, sex, (region_code, period)) as denominator", "null as denominator"),
    "division by zero": ("1000.0 * numerator / nullif(denominator, 0)", "numerator / (denominator - denominator)"),
}


@pytest.mark.usefixtures("no_site")
@pytest.mark.parametrize("what", DIVIDED)
def test_a_formula_that_divides_by_zero_or_hides_its_denominator_is_held_back_with_file_and_field(
    jamstat: Jamstat, before: dict[str, Any], edit: Edit, what: str
) -> None:
    edit(f"transforms/indicators/{BOTH}.sql", *DIVIDED[what])
    done = jamstat("refresh", "--source", "demo", "--full")
    assert done.code == 1
    field = {"no denominator": "denominator: Beräknade andelar", "division by zero": "value: Värden är oändliga"}[what]
    assert f"held back: {BOTH}.sql: " in done.out
    assert f"{BOTH}.sql: {field}" in done.out
    assert_held_back(jamstat, before, {BOTH}, " celler, först ")


@pytest.mark.usefixtures("no_site")
def test_a_period_in_one_table_and_not_in_the_other_is_told(jamstat: Jamstat, edit: Edit) -> None:
    both = f"transforms/indicators/{BOTH}.sql"
    edit(both, "and occupational_status in", "and period > '2020' and occupational_status in")
    done = jamstat("refresh", "--source", "demo", "--full", "--accept", BOTH)
    assert f"{BOTH}.sql: operands: I vissa perioder saknas ett av de tal som formeln behöver" in done.out
    assert "först 2020 " in done.out


def test_a_settings_file_in_another_encoding_is_named(jamstat: Jamstat) -> None:
    (jamstat.home / "jamstat.toml").write_bytes('contact = "å"'.encode("latin-1"))
    assert_refused(jamstat("list"), 2, "jamstat.toml: not UTF-8 (byte 0xe5 at position 11); save it as UTF-8")


def test_an_indicator_that_cannot_be_computed_is_named(jamstat: Jamstat, edit: Edit) -> None:
    before = jamstat.published()
    edit(INDICATOR, "women + men as persons", "(women + men + cast(period || 'x' as integer)) as persons")
    done = jamstat("refresh", "--source", "demo", "--full")
    assert_refused(done, 2, f"{ENTREPRENEURS}.sql: ", "2020x")
    assert jamstat.published() == before


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JAMSTAT_SCOPE", "everywhere", ("JAMSTAT_SCOPE", "'home' or 'national'", "'everywhere'")),
        ("JAMSTAT_COMPARISON_REGIONS", "00,1999", ("comparison_regions", "'1999'", "closest: ")),
        ("JAMSTAT_HOMEREGION", "20", ("JAMSTAT_HOMEREGION: no such setting", "closest: JAMSTAT_HOME_REGION")),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: tuple[str, ...]
) -> None:
    before = jamstat.published()
    monkeypatch.setenv(name, value)
    assert_refused(jamstat("demo"), 2, *words)
    assert jamstat.published() == before


def test_a_settings_file_that_cannot_be_read_is_named(jamstat: Jamstat) -> None:
    (jamstat.home / "jamstat.toml").write_text("home_region = [", encoding="utf-8")
    assert_refused(jamstat("list"), 2, "jamstat.toml: not readable as TOML")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("refresh", "--tabel", "TAB3200"), ("No such option: --tabel", "--table")),
        (("refresh", "--source", "recorded"), ("--recordings",)),
        (("refresh", "--source", "recorded", "--recordings", "nowhere"), ("nowhere: no such folder",)),
        (("show", "employment_rat"), ("closest: employment_rate",)),
        (("trace", EMPLOYED, "--region", "9999", "--period", "2023"), ("region_code '9999'", "closest: ")),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_what_to_write(
    jamstat: Jamstat, command: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_refused(jamstat(*command), 2, *words)


def test_a_folder_that_cannot_be_written_is_named(jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    before = jamstat.published()
    monkeypatch.setenv("JAMSTAT_DATA_DIR", "/proc/nowhere")
    assert_refused(jamstat("demo"), 2, "/proc/nowhere", "name another folder")
    assert jamstat.published() == before


# --- a source that does not answer


def test_a_source_that_refuses_connections_is_unreachable(jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    before = jamstat.published()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(embedded, "server", lambda *_: nullcontext(f"http://127.0.0.1:{port}/api/v2"))
    assert_refused(jamstat("demo"), 3, f"127.0.0.1:{port}", "Connection refused", "try again later")
    assert jamstat.published() == before
    start, fail = map(json.loads, max((jamstat.data / "history" / "openlineage").iterdir()).read_text().splitlines())
    assert (start["eventType"], fail["eventType"]) == ("START", "FAIL")
    assert "Connection refused" in fail["run"]["facets"]["errorMessage"]["message"]


@pytest.mark.parametrize("path", ["/config", "/tables/"])
def test_a_source_that_hangs_is_unreachable(jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    before = jamstat.published()
    monkeypatch.setattr(client, "Client", partial(client.Client, read_timeout=0.2, ceiling=0.5))
    jamstat.server.switch_on(jamstat.server.fault("hang", path))
    assert_refused(jamstat("demo"), 3, path, "ReadTimeout", "try again later")
    assert jamstat.published() == before


def test_a_table_that_hangs_fails_alone(jamstat: Jamstat) -> None:
    jamstat.server.switch_on(jamstat.server.fault("hang", "TAB3205/metadata"))
    assert_failed(fetched(jamstat, read_timeout=0.5, ceiling=1.0), "ReadTimeout")


# --- another run


@pytest.mark.usefixtures("no_site")
def test_a_second_run_is_refused_and_names_the_first(jamstat: Jamstat) -> None:
    before = jamstat.published()
    with refresh.opened(settings.load(), "demo", "http://127.0.0.1:1/api/v2") as first:
        done = jamstat("demo")
    assert_refused(done, 2, f"process {os.getpid()}, run {first.run_id}", "wait until it has ended")
    assert jamstat.published() == before
    assert jamstat("demo").code == 0


# --- a full disk

FULL_AT = {
    "the answers": (refresh, "fetch_all"),
    "the cells": (refresh, "load"),
    "the history": (refresh, "record_checks"),
    "the last good figures": (refresh, "write_last_good"),
    "the release": (refresh.release, "publish"),
}
"""Who finds the disk full, by what is to be written."""


@pytest.fixture
def fill(request: pytest.FixtureRequest, fresh: Jamstat, baseline: Path) -> Iterator[Callable[[bool], None]]:
    """Leaves no room, or makes room again: on a small disk, or by a limit on files where only root may mount one."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    filler = fresh.home / "filler"

    def limit(full: bool) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000 if full else usual[0], usual[1]))

    def disk(full: bool) -> None:
        if full:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(bytes(1 << 16)):
                    pass
        else:
            filler.unlink(missing_ok=True)

    with ExitStack() as stack:
        stack.callback(limit, full=False)
        mounted = request.param == "disk" and stack.enter_context(small_disk(fresh.home))
        shutil.copytree(baseline, fresh.home, symlinks=True, dirs_exist_ok=True)
        yield disk if mounted else limit


# Its own group, so that no signal to the tests reaches it: it unmounts when they close its input or are gone.
SMALL_DISK = 'mount -t tmpfs -o size=128m tmpfs "$0" || exit; echo mounted; cat; umount --lazy "$0"'


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A block in which a small disk is mounted on the folder, if this user may; it is gone even if we are killed."""
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        ["sh", "-c", SMALL_DISK, folder], stdin=pipe, stdout=pipe, stderr=null, start_new_session=True
    ) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        mounted = keeper.stdout.readline() == b"mounted\n"
        try:
            yield mounted
        finally:
            keeper.stdin.close()
            assert not mounted or keeper.wait() == 0


@pytest.mark.parametrize(
    ("what", "fill"), [*((one, "disk") for one in FULL_AT), ("the release", "limit")], indirect=["fill"]
)
def test_a_full_disk_leaves_what_was_published_and_the_next_run_publishes(
    fresh: Jamstat,
    fill: Callable[[bool], None],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    what: str,
) -> None:
    if what != "the release":
        request.getfixturevalue("no_site")
    before = fresh.published()
    module, name = FULL_AT[what]
    function = getattr(module, name)

    def full(*arguments: Any, **named: Any) -> Any:
        fill(True)
        return function(*arguments, **named)

    fresh.server.switch_on(fresh.server.fault("updated", "TAB320."))
    with monkeypatch.context() as patched:
        patched.setattr(module, name, full)
        done = fresh("demo")
    fill(False)

    assert_refused(done, 2, "make room")
    assert fresh.published() == before
    left = [file for file in fresh.home.rglob(".*") if file.is_file() or "unfinished" in file.name]
    assert not left
    assert fresh("demo").code == 0
    assert fresh.published() != before


# --- stopped in the middle


def wait_for(what: Callable[[], Any], process: "subprocess.Popen[str]") -> None:
    """Nothing, as soon as it is so."""
    patience = time.monotonic() + 60
    while not what():
        assert time.monotonic() < patience
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, str]:
    """Exit status and last words after the signal, sent as a terminal sends it; no process is left of the group."""
    sent = time.monotonic()
    os.killpg(process.pid, number)
    _, words = process.communicate(timeout=90)
    assert time.monotonic() - sent < 28, "it waited for the answer that hangs"
    if number == signal.SIGINT:
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    return process.returncode, words


INTERRUPTED = (130, "jamstat: interrupted; what was published stands as it was\n")
KILLED = (-signal.SIGKILL, "")


@pytest.mark.usefixtures("no_site")
def test_a_download_that_was_interrupted_is_continued(jamstat: Jamstat) -> None:
    before = jamstat.published()
    newer = jamstat.server.fault("updated", "TAB320.")
    jamstat.server.switch_on(jamstat.server.fault("hang", "TAB3205/data"), newer)
    complete = jamstat.data / "raw" / "sets" / "home-19" / "TAB3200.json"
    old = complete.read_bytes()
    process = jamstat.start("demo")
    wait_for(lambda: complete.read_bytes() != old and jamstat.server.calls("TAB3205/data"), process)

    assert stop(process, signal.SIGINT) == INTERRUPTED
    assert jamstat.published() == before

    assert_continued(jamstat, newer)
    assert jamstat.published() != before


@pytest.mark.usefixtures("no_site")
def test_a_first_download_that_was_killed_is_continued(fresh: Jamstat) -> None:
    fresh.server.switch_on(fresh.server.fault("hang", "TAB3205/data"))
    complete = fresh.data / "raw" / "sets" / "home-19" / "TAB3200.json"
    process = fresh.start("demo")
    wait_for(lambda: complete.exists() and fresh.server.calls("TAB3205/data"), process)

    assert stop(process, signal.SIGKILL) == KILLED
    assert not fresh.build.exists()

    assert_continued(fresh)


def assert_continued(jamstat: Jamstat, *faults: dict[str, Any]) -> None:
    """The next run publishes and asks for no more than what had not come."""
    jamstat.server.heal()
    jamstat.server.switch_on(*faults)
    assert jamstat("demo").code == 0
    posts = [call for call in jamstat.server.calls() if call.startswith("POST")]
    assert posts == ["POST /tables/TAB3205/data"] * 2  # its two grids


@pytest.mark.usefixtures("no_site")
@pytest.mark.parametrize(
    ("at", "number", "ended"),
    [
        ("build", signal.SIGINT, INTERRUPTED),
        ("publish", signal.SIGINT, INTERRUPTED),
        ("publish", signal.SIGKILL, KILLED),
    ],
)
def test_a_build_or_a_publication_that_was_stopped_is_done_by_the_next_run(
    jamstat: Jamstat, at: str, number: signal.Signals, ended: Any
) -> None:
    before = jamstat.published()
    releases = jamstat.build / "releases"
    if at == "build":  # with a server of its own, which must end too
        process = jamstat.start("refresh", "--source", "demo", "--full", own_server=True)
        wait_for(lambda: list(jamstat.data.glob(".warehouse.duckdb.*")), process)
    else:
        process = jamstat.start("refresh", "--source", "demo", "--full", stay_at="reports.manifest.render")
        wait_for(lambda: list(releases.glob(".*/jamstat.xlsx")), process)

    assert stop(process, number) == ended
    left = {name: one for name, one in jamstat.published().items() if name not in before}
    if number == signal.SIGINT:
        assert not left
        assert not list(releases.glob(".*"))
        assert not list(jamstat.data.glob(".warehouse*"))
    assert {name: one for name, one in jamstat.published().items() if name not in left} == before

    jamstat.server.heal()
    assert jamstat("demo").code == 0
    assert jamstat.manifest()["run_id"] > before_run(before)
    assert not [call for call in jamstat.server.calls() if call.startswith("POST")]
    assert not list(jamstat.data.glob(".warehouse*")), "half a warehouse is cleared away"
    assert not list(releases.glob(".*")), "half a release too"


def before_run(published: dict[str, str]) -> str:
    """The run that `latest` led to."""
    return Path(published["latest"]).name
