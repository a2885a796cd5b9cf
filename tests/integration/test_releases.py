"""Releases: made, compared, approved and built again, and what is refused or flagged on the way."""

import hashlib
import io
import json
import os
import re
import shutil
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pypdf
import pytest

from flows import software

Jamstat = Any
"""The class of that name in conftest.py."""

COMMIT = "0" * 40


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout has no changes."""
    monkeypatch.setattr(software, "git", lambda *_: (COMMIT, False))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home with the release rv-1, once one is made."""
    return {"home": tmp_path_factory.mktemp("released") / "home"}


@pytest.fixture
def released(jamstat: Jamstat, kept: dict[str, Path]) -> Jamstat:
    """Jamstat where the release rv-1 is made."""
    if not kept["home"].exists():
        done = jamstat("release", "rv-1")
        assert done.code == 0, done.err
        shutil.copytree(jamstat.home, kept["home"], symlinks=True)
    else:
        shutil.rmtree(jamstat.home)
        shutil.copytree(kept["home"], jamstat.home, symlinks=True)
        for file in (jamstat.home / "data").rglob("run.json"):
            text = json.loads(file.read_text(encoding="utf-8"))
            text["release"] = str(jamstat.build / "releases" / text["run_id"])
            file.write_text(json.dumps(text), encoding="utf-8")
    return jamstat


def folder(jamstat: Jamstat, release_id: str = "rv-1") -> Path:
    path: Path = jamstat.build / "releases" / release_id
    return path


def manifest(jamstat: Jamstat, release_id: str = "rv-1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder(jamstat, release_id) / "manifest.json").read_text(encoding="utf-8"))
    return found


def accept_all(jamstat: Jamstat, release_id: str = "rv-1", until: str = "2999-01-01") -> list[str]:
    """The options that accept every warning that is open."""
    rules = {one["rule"] for one in manifest(jamstat, release_id)["release"]["open_warnings"]}
    return [part for rule in sorted(rules) for part in ("--accept", f"{rule}:*:{until}")]


def approve(jamstat: Jamstat, release_id: str = "rv-1", *more: str) -> Any:
    return jamstat(
        "approve", release_id, "--by", "Kim Ek", "--comment", "Läst.", *accept_all(jamstat, release_id), *more
    )


def named(path: Path) -> Iterator[tuple[str, str]]:
    """Every kind of file that names its release, with its text."""
    for name in ("tables/employment_rate.xlsx", "jamstat.xlsx", "kvalitetsrapport.xlsx"):
        book = openpyxl.load_workbook(path / name, read_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True, max_row=40)
        yield name, " ".join(str(cell) for row in rows for cell in row if cell)
        yield f"{name}: properties", str(book.properties.description)
    pdf = min((path / "site" / "underlag").rglob("*.pdf"))
    yield (
        str(pdf.relative_to(path)),
        " ".join(
            text for page in pypdf.PdfReader(io.BytesIO(pdf.read_bytes())).pages for text in page.extract_text().split()
        ).replace("\u00ad", "-"),
    )
    docx = min((path / "site").rglob("*.docx"))
    with zipfile.ZipFile(docx) as book:
        yield str(docx.relative_to(path)), re.sub("<[^>]+>", "", book.read("word/document.xml").decode())
    for name in (
        "datapackage.json",
        "datasets/dcat.rdf",
        "datasets/dcat.ttl",
        "tables/employment_rate.csv-metadata.json",
    ):
        yield name, (path / name).read_text(encoding="utf-8")


def write(path: Path, content: bytes) -> None:
    """The file is another one with that content; what was linked to it stays as it was."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def test_a_release_holds_everything_it_rests_on_and_is_built_again_byte_for_byte(released: Jamstat) -> None:
    path = folder(released)
    assert released.latest.resolve() == path
    listed = {one["path"]: one for one in manifest(released)["files"]}
    found = {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}
    assert found == set(listed) | {"manifest.json"}
    assert not any(file.stat().st_mode & 0o222 for file in path.rglob("*") if file.is_file())
    raw = {one["sha256"] for one in manifest(released)["raw"]}
    assert raw == {file.stem for file in (path / "inputs" / "raw" / "objects").rglob("*.zst")}
    assert manifest(released)["software"]["packages"]["duckdb"]
    assert released("list").code == 0

    shutil.rmtree(released.home / "data")
    shutil.rmtree(released.build / "cache")
    done = released("verify", "rv-1")
    assert done.code == 0, done.out + done.err
    assert "byte for byte" in done.out


def test_its_pages_name_it_and_say_that_it_is_not_approved(released: Jamstat) -> None:
    site = folder(released) / "site"
    page = (site / "indikatorer" / "employment_rate" / "index.html").read_text(encoding="utf-8")
    content = manifest(released)["release"]["content_sha256"]
    assert f"Release-id rv-1, <code>sha256:{content}</code>" in page
    assert "ej godkänd" in page
    assert "inte är incheckade" not in page
    assert "ej godkänd" in (folder(released) / "index.html").read_text(encoding="utf-8")
    english = (site / "en" / "om" / "utgavan" / "index.html").read_text(encoding="utf-8")
    assert "not approved" in english
    for file in folder(released).rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "<!--utgava-->" not in text
        assert "Sveriges officiella statistik" not in text


def test_a_run_after_it_finds_nothing_new(released: Jamstat) -> None:
    done = released("demo")
    assert done.code == 0
    assert "nothing has changed since run" in done.out
    assert released.latest.resolve() == folder(released)
    assert released("report").code == 2, "a release is never changed"


def test_its_files_name_it_and_its_approval(released: Jamstat) -> None:
    content = manifest(released)["release"]["content_sha256"]
    for name, text in named(folder(released)):
        assert "rv-1, ej godkänd" in text, name
        if "properties" not in name:
            assert f"Release-id rv-1, sha256:{content}" in text.replace("sha256: ", "sha256:"), name
    assert json.loads((folder(released) / "datapackage.json").read_text(encoding="utf-8"))["version"] == "rv-1"

    assert approve(released).code == 0
    edition = folder(released, "rv-1.approved")
    for name, text in named(edition):
        assert "ej godkänd" not in text, name
        assert re.search(r"rv-1, godkänd \d{4}-\d\d-\d\d av Kim Ek", text), name
    package = json.loads((edition / "datapackage.json").read_text(encoding="utf-8"))
    approval = json.loads((edition / "approval.json").read_text(encoding="utf-8"))
    listed = {one["path"]: (one["sha256"], one["bytes"]) for one in manifest(released)["files"]}
    listed |= {one["path"]: (one["sha256"], one["bytes"]) for one in approval["files"]}
    for file in edition.rglob("*"):
        name = file.relative_to(edition).as_posix()
        if file.is_file() and name not in ("manifest.json", "approval.json"):
            body = file.read_bytes()
            assert listed[name] == (hashlib.sha256(body).hexdigest(), len(body)), name
    for one in package["resources"]:
        assert one["hash"].removeprefix("sha256:") == listed[one["path"]][0]
    rdf = (edition / "datasets" / "dcat.rdf").read_text(encoding="utf-8")
    turtle = (edition / "datasets" / "dcat.ttl").read_text(encoding="utf-8")
    for digest, size in (listed[f"tables/employment_rate.{kind}"] for kind in ("xlsx", "csv", "parquet")):
        assert re.search(rf"byteSize[^>]*>{size}</dcat:byteSize>.{{0,400}}{digest}", rdf, re.DOTALL)
        assert re.search(rf'byteSize "{size}".{{0,400}}{digest}', turtle, re.DOTALL)

    done = released("verify", "rv-1", "--files-only")
    assert done.code == 0, done.out
    for other in ({"files": []}, {"auto_approved": True}, {"basis": {}}, {"known_gaps": []}):
        write(edition / "approval.json", json.dumps(approval | other).encode())
        assert released("verify", "rv-1", "--files-only").code == 1


def test_it_has_the_events_of_its_run(released: Jamstat) -> None:
    run_id = manifest(released)["run_id"]
    told, run = ((path / "openlineage.ndjson").read_text(encoding="utf-8").splitlines()
                 for path in (folder(released), released.build / "releases" / run_id))  # fmt: skip
    assert len(told) == len(run) == 2
    for one, other in zip(map(json.loads, told), map(json.loads, run), strict=True):
        assert one["run"] == other["run"]
        assert one["eventTime"] == other["eventTime"]
        assert one.get("outputs") == other.get("outputs")


@pytest.mark.parametrize("release_id", ["rv-1", "Rv 2026", "../x", "latest", "", "rv\n", "å", "a" * 65])
def test_a_taken_or_unfit_id_is_refused(released: Jamstat, release_id: str) -> None:
    before = released.published()
    done = released("release", release_id)
    assert done.code == 2
    assert "choose another" in done.err
    assert done.err.count("\n") == 1
    assert not (released.build / "releases" / "latest").exists()
    assert released.published() == before


@pytest.mark.parametrize("harm", ["altered", "missing", "added", "raw", "manifest", "reseal"])
def test_harm_to_a_release_is_named(released: Jamstat, harm: str) -> None:
    path = folder(released)
    victim = {
        "altered": path / "tables" / "employment_rate.csv",
        "missing": path / "site" / "index.html",
        "added": path / "tables" / "more.csv",
        "raw": next((path / "inputs" / "raw" / "objects").rglob("*.zst")),
    }.get(harm, path / "manifest.json")
    if harm == "missing":
        victim.unlink()
    elif harm in ("manifest", "reseal"):
        document = manifest(released)
        document["checks"]["passed"] += 1
        if harm == "reseal":
            from flows import releases

            document["seal"] = releases._seal(document)
        write(victim, json.dumps(document).encode())
    else:
        write(victim, b"other")
    words = {"missing": "is missing", "added": "does not belong", "reseal": "says other things"}

    done = released("verify", "rv-1")

    assert done.code == 1
    assert str(victim) in done.out
    assert words.get(harm, "has been altered") in done.out
    if harm != "reseal":
        assert released("approve", "rv-1", "--by", "A", "--comment", "b").code == 2


def test_a_raw_answer_swapped_with_its_hashes_does_not_give_the_release(released: Jamstat) -> None:
    from flows import releases

    path = folder(released)
    (body, other) = sorted((path / "inputs" / "raw" / "objects").rglob("*.zst"))[:2]
    write(body, other.read_bytes())
    document = manifest(released)
    files = {one["path"]: one for one in document["files"]}
    name = body.relative_to(path).as_posix()
    files[name] |= {"sha256": releases._sha256(body), "bytes": body.stat().st_size}
    document["seal"] = releases._seal(document)
    write(path / "manifest.json", json.dumps(document).encode())
    done = released("verify", "rv-1")
    assert done.code == 1
    assert done.out


def test_a_tampered_raw_object_is_not_released(jamstat: Jamstat) -> None:
    victim = max((jamstat.data / "raw" / "objects").rglob("*.zst"), key=lambda file: file.stat().st_size)
    write(victim, b"other")
    done = jamstat("release", "rv-1")
    assert done.code == 2
    assert victim.name in done.err
    assert "fetch the table anew" in done.err
    assert not folder(jamstat).exists()


def test_a_tampered_database_is_not_released(jamstat: Jamstat) -> None:
    with duckdb.connect(str(jamstat.data / "warehouse.duckdb")) as con:
        con.execute("update indicators.employment_rate set value = value + 1 where region_code = '19'")
    done = jamstat("release", "rv-1")
    assert done.code == 2
    assert "the raw answers give other figures of employment_rate" in done.err
    assert not folder(jamstat).exists()


def test_a_tampered_table_is_not_released(jamstat: Jamstat) -> None:
    victim = jamstat.latest / "tables" / "employment_rate.csv"
    write(victim, victim.read_bytes().replace(b"employment_rate,19,", b"employment_rate,20,", 1))
    done = jamstat("release", "rv-1")
    assert done.code == 2
    assert "employment_rate.csv" in done.err
    assert "has been altered" in done.err


def test_changed_declarations_are_to_be_run_before_they_are_released(
    jamstat: Jamstat, edit: Callable[[str, str, str], Path]
) -> None:
    edit("transforms/indicators/employment_rate.sql", "Sysselsättningsgrad", "Sysselsättning")
    done = jamstat("release", "rv-1")
    assert done.code == 2
    assert "run `jamstat refresh`" in done.err


def test_a_dirty_tree_is_flagged_everywhere(jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "git", lambda *_: (COMMIT, True))
    done = jamstat("release", "rv-1")
    assert done.code == 0
    assert "in no commit" in done.err
    assert manifest(jamstat)["software"]["dirty"] is True
    page = (folder(jamstat) / "site" / "index.html").read_text(encoding="utf-8")
    assert "byggd med ändringar som inte är incheckade" in page


def test_another_library_is_flagged_before_the_comparison(released: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = software.packages()
    monkeypatch.setattr(software, "packages", lambda: {**installed, "duckdb": "0.0.1"})
    monkeypatch.setattr(software, "git", lambda *_: ("2" * 40, True))
    done = released("verify", "rv-1")
    assert done.code == 0, "what it was built with is taken from the manifest"
    assert "duckdb" in done.err
    assert installed["duckdb"] in done.err
    assert "0.0.1" in done.err


def test_a_second_release_tells_what_differs(released: Jamstat, edit: Callable[[str, str, str], Path]) -> None:
    edit(
        "transforms/indicators/employment_rate.sql",
        "max(value) filter (where operand = 'employment_rate') as value",
        "max(value) filter (where operand = 'employment_rate') - 1 as value",
    )
    assert released("demo").code in (0, 1)
    done = released("release", "rv-2")
    assert done.code == 0, done.err
    assert "changes since rv-1" in done.out
    again = released("diff", "rv-1", "rv-2", "--json")
    found = json.loads(again.out)
    assert found["diff_hash"] == manifest(released, "rv-2")["release"]["diff_hash"]
    assert found["counts"]["corrected"] > 0
    assert found["counts"]["revised"] == 0
    assert [one["indicator"] for one in found["indicators"]] == ["employment_rate"]
    page = (folder(released, "rv-2") / "site" / "om" / "utgavan" / "index.html").read_text(encoding="utf-8")
    assert "Rättat" in page
    assert released("diff", "rv-2", "latest").out.startswith("changes since rv-2: none")
    assert released("diff", "rv-2", "rv-2").out.startswith("changes since rv-2: none")
    assert released("verify", "rv-2").code == 0
    unknown = released("diff", "rv-1", "rv-3")
    assert unknown.code == 2
    assert "closest: rv-2" in unknown.err or "closest: rv-1" in unknown.err

    document = manifest(released)
    document["made_at"] = "2020-01-01T00:00:00+00:00"
    write(folder(released) / "manifest.json", json.dumps(document).encode())
    refused = released("approve", "rv-2", "--by", "A", "--comment", "b")
    assert refused.code == 2
    assert "has changed since rv-2 was compared with it" in refused.err


@pytest.mark.parametrize("name", ["manifest.json", "tables/employment_rate.parquet", "source_cells.parquet"])
def test_nothing_is_compared_with_a_release_that_was_altered(released: Jamstat, name: str) -> None:
    file = folder(released) / name
    write(file, file.read_bytes().replace(b'"made_at"', b'"made_on"') if name == "manifest.json" else b"other")
    for command in (("diff", "rv-1", "latest"), ("release", "rv-2")):
        refused = released(*command)
        assert refused.code == 2
        assert f"{name}: has been altered, so nothing is compared with it" in refused.err
    assert not folder(released, "rv-2").exists()


def test_a_correction_is_traced_to_what_the_source_serves_and_told_as_ours(
    released: Jamstat, edit: Callable[[str, str, str], Path]
) -> None:
    asked = ("trace", "employment_rate", "--region", "1980", "--period", "2023", "--sex", "women", "--category", "all")
    before = json.loads(released(*asked, "--json").out)
    cell = next(one for one in before["cells"] if one["operand"] == "employment_rate")
    assert (cell["served"], cell["correction"], cell["verified"]) == (cell["value"], None, True)
    ours = round(cell["value"] - 1.5, 1)
    written = {
        "table": "TAB3200", "cell": cell["codes"], "expect": cell["value"], "value": ours, "reason": "Felskriven.",
        "reporter": "A", "reported": "2026-11-01", "status": "reported",
    }  # fmt: skip
    edit("transforms/corrections.yml", "corrections: []", f"corrections: [{json.dumps(written)}]")
    assert released("demo").code == 0

    after = json.loads(released(*asked, "--json").out)
    corrected = next(one for one in after["cells"] if one["operand"] == "employment_rate")
    assert corrected == {**cell, "value": ours, "correction": "Felskriven."}
    assert f"agree, SCB's {cell['value']} corrected: Felskriven." in released(*asked).out
    page = (released.latest / "site/indikatorer/employment_rate/sparning/1980/index.html").read_text(encoding="utf-8")
    shown, served = (str(one).replace(".", ",") for one in (ours, cell["value"]))
    assert re.search(
        rf'employment_rate <b>{shown}</b> <span class="at">\d+:{cell["index"]}</span> '
        rf"\(källan: {served}; rättad av oss: Felskriven\.\)",
        page,
    )
    told = released("diff", "rv-1", "latest").out
    assert "corrected: changed by us: the source's cells behind the figure are the same" in told
    assert f"Västerås 2023, women: {cell['value']:.6g} -> {ours:.6g}" in told
    assert "Sysselsättningsgrad 20–64 år (employment_rate): 1 cell, 2023" in told


def test_an_approval_stands_on_the_pages_and_changes_nothing_in_the_release(released: Jamstat) -> None:
    before = {file: file.read_bytes() for file in folder(released).rglob("*") if file.is_file()}
    done = released(
        "approve", "rv-1", "--by", "Kim <b>Ek</b>", "--role", "chef", "--comment", "Läst.", *accept_all(released)
    )
    assert done.code == 0, done.err
    assert before == {file: file.read_bytes() for file in folder(released).rglob("*") if file.is_file()}
    edition = folder(released, "rv-1.approved")
    assert released.latest.resolve() == edition
    approval = json.loads((edition / "approval.json").read_text(encoding="utf-8"))
    assert approval["diff_hash"] == manifest(released)["release"]["diff_hash"]
    assert approval["manifest_hash"]
    for file in edition.rglob("*.html"):
        assert "ej godkänd" not in file.read_text(encoding="utf-8")
    page = (edition / "site" / "om" / "utgavan" / "index.html").read_text(encoding="utf-8")
    assert "Kim &lt;b&gt;Ek" in page
    assert released("verify", "rv-1", "--files-only").code == 0
    again = released("approve", "rv-1", "--by", "B", "--comment", "c")
    assert again.code == 2
    assert "was approved by Kim" in again.err
    write(edition / "site" / "index.html", b"other")
    assert released("verify", "rv-1", "--files-only").code == 1


def test_an_approval_of_a_changed_diff_is_refused(released: Jamstat) -> None:
    from flows import releases

    path = folder(released)
    write(path / "changes.csv", (path / "changes.csv").read_bytes() + b"x\n")
    document = manifest(released)
    for one in document["files"]:
        if one["path"] == "changes.csv":
            one["sha256"] = releases._sha256(path / "changes.csv")
    document["seal"] = releases._seal(document)
    write(path / "manifest.json", json.dumps(document).encode())
    done = released("approve", "rv-1", "--by", "A", "--comment", "b")
    assert done.code == 2
    assert "differs in other cells" in done.err
    assert not folder(released, "rv-1.approved").exists()


def test_what_is_accepted_is_open_and_has_a_day_to_come(released: Jamstat) -> None:
    for accept, words in (
        ("x", "wanted RULE:SUBJECT:EXPIRY"),
        ("a:b:2000-01-01", "the day has passed"),
        ("a:b:2999-01-01", "no such warning is open"),
    ):
        done = released("approve", "rv-1", "--by", "A", "--comment", "b", "--accept", accept)
        assert done.code == 2
        assert words in done.err


@pytest.mark.parametrize(("by", "comment"), [("", "b"), ("A", " "), ("A\x07", "b"), ("A", "b\nc")])
def test_an_approval_has_a_name_and_a_ground_that_can_be_read(released: Jamstat, by: str, comment: str) -> None:
    done = released("approve", "rv-1", "--by", by, "--comment", comment)
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert not folder(released, "rv-1.approved").exists()


def test_open_warnings_are_accepted_by_name_until_a_day(released: Jamstat) -> None:
    warnings = manifest(released)["release"]["open_warnings"]
    warning = "counties_add_up_noise:TAB3200"
    done = released("approve", "rv-1", "--by", "A", "--comment", "b", "--accept", f"{warning}:2999-01-01")
    assert done.code == 2
    assert f"{len(warnings) - 1} open warnings that nobody has accepted" in done.err
    assert done.err.count("\n") == 1
    page = (folder(released) / "site" / "om" / "utgavan" / "index.html").read_text(encoding="utf-8")
    assert "counties_add_up_noise" in page
    done = approve(released, "rv-1", "--accept", f"{warning}:2998-01-01:Känt brus")
    assert done.code == 0, done.err
    approval = folder(released, "rv-1.approved") / "approval.json"
    said = json.loads(approval.read_text(encoding="utf-8"))
    assert [(one["rule"], one["subject"]) for one in said["accepted_warnings"]] == [
        (one["rule"], one["subject"]) for one in warnings
    ]
    named = {f"{one['rule']}:{one['subject']}": one for one in said["accepted_warnings"]}
    assert (named[warning]["expires"], named[warning]["comment"]) == ("2998-01-01", "Känt brus")
    assert {one["comment"] for name, one in named.items() if name != warning} == {"Läst."}


def test_an_acceptance_lasts_until_its_day_and_stops_the_next_approval_after_it(
    released: Jamstat, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import releases

    warning = "counties_add_up_noise:TAB3200"
    assert approve(released, "rv-1", "--accept", f"{warning}:2998-01-01").code == 0
    with monkeypatch.context() as later:
        later.setattr(releases, "_today", lambda: "2998-06-01")
        flagged = released("verify", "rv-1", "--files-only")
    assert flagged.code == 0
    assert f"{warning.replace(':', ': ')}: was accepted until 2998-01-01 by Kim Ek" in flagged.err
    assert flagged.err.count("was accepted until") == 1
    approval = folder(released, "rv-1.approved") / "approval.json"
    sealed = approval.read_bytes()
    said = json.loads(sealed)
    said["accepted_warnings"][0]["expires"] = "2999-12-31"
    write(approval, json.dumps(said).encode())
    assert released("verify", "rv-1", "--files-only").code == 1
    refused = released("release", "rv-2")
    assert refused.code == 2
    assert "approval.json: has been altered" in refused.err

    said = json.loads(sealed)
    for one in said["accepted_warnings"]:
        if f"{one['rule']}:{one['subject']}" == warning:
            one["expires"] = "2020-01-01"
    write(approval, json.dumps(said | {"seal": releases._seal(said)}).encode())
    assert released("verify", "rv-1", "--files-only").code == 1, "the pages say another day"
    done = released("release", "rv-2")

    assert done.code == 0, done.err
    assert f"{warning.replace(':', ': ')}: was accepted until 2020-01-01 by Kim Ek (rv-1)" in done.err
    page = (folder(released, "rv-2") / "site" / "om" / "utgavan" / "index.html").read_text(encoding="utf-8")
    assert "counties_add_up_noise: TAB3200" in page
    refused = released("approve", "rv-2", "--by", "A", "--comment", "b")
    assert refused.code == 2
    assert "is critical now" in refused.err
    anew = released("approve", "rv-2", "--by", "A", "--comment", "b", "--accept", f"{warning}:2999-01-01")
    assert anew.code == 0, "what was accepted in rv-1 until a day to come is accepted still: " + anew.err
    signed = json.loads((folder(released, "rv-2.approved") / "approval.json").read_text(encoding="utf-8"))
    assert {one.get("release_id") for one in signed["accepted_warnings"]} == {None, "rv-1"}
    assert released("verify", "rv-2").code == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_release_leaves_nothing_that_is_in_the_way(jamstat: Jamstat, how: int) -> None:
    before = jamstat.latest.resolve()
    process = jamstat.start("release", "rv-1", stay_at="reports.manifest.render")
    unfinished = jamstat.build / "releases" / ".rv-1.unfinished" / "tables"
    deadline = time.monotonic() + 120
    while not list(unfinished.glob("*.json")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    os.killpg(process.pid, how)
    process.communicate()
    assert jamstat.latest.resolve() == before
    assert not folder(jamstat).exists()
    done = jamstat("verify", "rv-1")
    assert done.code == 2
    assert "no such release" in done.err
    if how == signal.SIGKILL:
        done = jamstat("release", "rv-1")
        assert done.code == 0, done.err
        assert not list((jamstat.build / "releases").glob(".*"))


def test_figures_of_another_origin_are_not_compared(released: Jamstat) -> None:
    from flows import releases

    other = folder(released, "other")
    other.mkdir()
    document = manifest(released) | {"origin": "scb"}
    document["seal"] = releases._seal(document)
    (other / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
    done = released("diff", "other", "rv-1")
    assert done.code == 2
    assert "origin differs" in done.err
