"""Releases: made, compared, approved and built again, and what is refused or flagged on the way."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import environment

Jamstat = Any
"""The class of that name in conftest.py."""

CLEAN = {"commit": "0" * 40, "dirty": False, "sha256": "1" * 64}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout has no changes."""
    monkeypatch.setattr(environment, "code", lambda *_: dict(CLEAN))


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
    assert manifest(released)["environment"]["libraries"]["duckdb"]
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


@pytest.mark.parametrize("release_id", ["rv-1", "Rv 2026", "../x"])
def test_a_taken_or_unfit_id_is_refused(released: Jamstat, release_id: str) -> None:
    before = released.published()
    done = released("release", release_id)
    assert done.code == 2
    assert "choose another" in done.err
    assert done.err.count("\n") == 1
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
    monkeypatch.setattr(environment, "code", lambda *_: {**CLEAN, "dirty": True})
    done = jamstat("release", "rv-1")
    assert done.code == 0
    assert "in no commit" in done.err
    assert manifest(jamstat)["environment"]["code"]["dirty"] is True
    page = (folder(jamstat) / "site" / "index.html").read_text(encoding="utf-8")
    assert "byggd med ändringar som inte är incheckade" in page


def test_git_says_whether_the_tree_is_dirty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert environment.code(tmp_path)["dirty"] is None
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.se"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    assert environment.code(tmp_path)["dirty"] is False
    (tmp_path / "new.txt").write_text("x", encoding="utf-8")
    assert environment.code(tmp_path)["dirty"] is True


def test_another_library_is_flagged_before_the_comparison(released: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = environment.libraries()
    monkeypatch.setattr(environment, "libraries", lambda: {**libraries, "duckdb": "0.0.1"})
    done = released("verify", "rv-1", "--files-only")
    assert done.code == 0
    assert "duckdb" in done.err
    assert libraries["duckdb"] in done.err
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


def test_an_approval_stands_on_the_pages_and_changes_nothing_in_the_release(released: Jamstat) -> None:
    before = {file: file.read_bytes() for file in folder(released).rglob("*") if file.is_file()}
    done = released("approve", "rv-1", "--by", "Kim <b>Ek</b>", "--role", "chef", "--comment", "Läst.")
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


def test_an_acceptance_that_has_expired_stops_the_next_approval(released: Jamstat) -> None:
    warning = "counties_add_up_noise:TAB3200"
    done = released("approve", "rv-1", "--by", "A", "--comment", "b", "--accept", f"{warning}:2999-01-01")
    assert done.code == 0, done.err
    approval = folder(released, "rv-1.approved") / "approval.json"
    said = json.loads(approval.read_text(encoding="utf-8"))
    assert [one["rule"] for one in said["accepted_warnings"]] == ["counties_add_up_noise"]
    assert said["open_warnings"], "the rest is told"
    write(approval, json.dumps(said).replace("2999-01-01", "2020-01-01").encode())

    done = released("release", "rv-2")

    assert done.code == 0, done.err
    assert f"{warning.replace(':', ': ')}: was accepted until 2020-01-01 by A (rv-1)" in done.err
    page = (folder(released, "rv-2") / "site" / "om" / "utgavan" / "index.html").read_text(encoding="utf-8")
    assert "counties_add_up_noise: TAB3200" in page
    refused = released("approve", "rv-2", "--by", "A", "--comment", "b")
    assert refused.code == 2
    assert "is critical now" in refused.err
    anew = released("approve", "rv-2", "--by", "A", "--comment", "b", "--accept", f"{warning}:2999-01-01")
    assert anew.code == 0, anew.err
    assert released("verify", "rv-2").code == 0


def test_figures_of_another_origin_are_not_compared(released: Jamstat) -> None:
    other = folder(released, "other")
    other.mkdir()
    (other / "manifest.json").write_text(json.dumps({**manifest(released), "origin": "scb"}), encoding="utf-8")
    done = released("diff", "other", "rv-1")
    assert done.code == 2
    assert "origin differs" in done.err
