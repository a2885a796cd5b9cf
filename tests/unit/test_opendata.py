"""What other systems read: JSON-stat, CSVW, the data package and the DCAT catalogue, held to their own validators."""

import csv
import hashlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from reports import catalogue as catalogues
from reports import opendata
from reports.release import Release, publish
from tests.warehouses import small

pytestmark = pytest.mark.usefixtures("drawn_once")

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "reports"
WATERMARK = "Syntetiska demodata – inte statistik"
SHOWN = ["commuting_relations", "employment_rate", "occupation_segregation_index", "women_share_regional_council"]


def warehouse(origin: str = "scb") -> duckdb.DuckDBPyConnection:
    return small(origin)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(warehouse(), tmp_path_factory.mktemp("scb"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(warehouse("demo"), tmp_path_factory.mktemp("demo"))


@pytest.fixture
def quiet() -> Iterator[None]:
    """The validators warn of things of their own making."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def stat(release: Release, indicator: str) -> dict[str, Any]:
    return dict(json.loads((release.path / "tables" / f"{indicator}.json").read_bytes()))


def csv_rows(release: Release, indicator: str) -> list[dict[str, str]]:
    with (release.path / "tables" / f"{indicator}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- JSON-stat


@pytest.mark.parametrize("indicator", SHOWN)
def test_jsonstat_is_valid(release: Release, indicator: str, quiet: None) -> None:
    from jsonstat_validator import validate_jsonstat

    assert validate_jsonstat(stat(release, indicator))


@pytest.mark.parametrize("indicator", SHOWN)
def test_jsonstat_has_every_value_and_symbol_of_the_csv(release: Release, indicator: str) -> None:
    cube = stat(release, indicator)
    names = {"region": "region_code", "partner": "partner_code"}
    found = 0
    for row in csv_rows(release, indicator):
        at = 0
        for name, size in zip(cube["id"], cube["size"], strict=True):
            codes = cube["dimension"][name]["category"]["index"]
            code = indicator if name == "contents" else row[names.get(name, name)] or "_"
            at = at * size + codes.index(code)
        value = cube["value"][at] if isinstance(cube["value"], list) else cube["value"].get(str(at))
        assert value == (float(row["value"]) if row["value"] else None)
        assert cube.get("status", {}).get(str(at)) == (row["status"] or row["reason"] or None)
        found += value is not None
    present = cube["value"] if isinstance(cube["value"], list) else cube["value"].values()
    assert found == len([value for value in present if value is not None])


def test_jsonstat_has_women_first_and_labels_that_people_read(release: Release) -> None:
    cube = stat(release, "employment_rate")
    sexes = cube["dimension"]["sex"]["category"]
    assert sexes["index"][:2] == ["women", "men"]
    assert sexes["label"]["women"] == "Kvinnor"
    assert cube["dimension"]["region"]["category"]["label"]["19"] == "Västmanlands län"
    assert cube["role"] == {"time": ["period"], "geo": ["region"], "metric": ["contents"]}
    assert cube["source"].startswith("Egen beräkning (Region Västmanland)")
    assert stat(release, "commuting_relations")["role"]["geo"] == ["region", "partner"]


# --- CSVW


def csvw_complaints(described: Path) -> list[str]:
    """What the validator objects to; it speaks in warnings only, so none may be silenced."""
    from csvw.metadata import CSVW

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        found = CSVW(str(described), validate=True)
        valid = found.is_valid
    complaints = [str(one.message) for one in found.warnings]
    assert valid == (not complaints)
    return complaints


@pytest.mark.parametrize("indicator", SHOWN)
def test_csvw_describes_the_csv_as_it_is(release: Release, indicator: str) -> None:
    from csvw.metadata import CSVW

    described = release.path / "tables" / f"{indicator}.csv-metadata.json"
    assert csvw_complaints(described) == []
    (table,) = CSVW(str(described)).tables
    rows = list(table)
    assert len(rows) == len(csv_rows(release, indicator))
    assert {type(row["value"]).__name__ for row in rows} <= {"float", "Decimal", "int", "NoneType"}


@pytest.mark.parametrize(("column", "kind"), [("sex", "date"), ("region", "number")])
def test_csvw_that_does_not_fit_the_csv_is_noticed(tmp_path: Path, column: str, kind: str) -> None:
    described = publish(warehouse(), tmp_path).path / "tables" / "employment_rate.csv-metadata.json"
    document = json.loads(described.read_bytes())
    next(one for one in document["tableSchema"]["columns"] if one["name"] == column)["datatype"] = kind
    described.write_text(json.dumps(document), encoding="utf-8")
    assert csvw_complaints(described)


# --- The data package


def test_the_data_package_is_valid_with_every_row_and_hash(release: Release, quiet: None) -> None:
    import frictionless

    report = frictionless.validate(str(release.path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    package = json.loads((release.path / "datapackage.json").read_bytes())
    tables = [resource for resource in package["resources"] if resource["format"] == "csv"]
    assert [resource["name"] for resource in tables] == [name.replace("_", "-") for name in catalogue_order()]
    for resource in package["resources"]:
        content = (release.path / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert package["contributors"] == [{"title": "Region Västmanland", "role": "publisher"}]


def test_data_package_catalogue_and_csvw_name_the_same_files(release: Release, quiet: None) -> None:
    import rdflib

    package = json.loads((release.path / "datapackage.json").read_bytes())
    listed = {resource["path"] for resource in package["resources"]}
    assert {Path(path).suffix for path in listed} == {".csv", ".xlsx", ".json", ".parquet"}
    root = "https://data.example.se/jamstalldhet/"
    offered = graph(release.path / opendata.CATALOGUE, "xml").objects(None, rdflib.DCAT.downloadURL)
    assert {str(place).removeprefix(root) for place in offered} == listed
    described = {
        f"tables/{json.loads(file.read_bytes())['url']}" for file in release.path.glob("tables/*.csv-metadata.json")
    }
    assert described == {path for path in listed if path.endswith(".csv")}


def catalogue_order() -> list[str]:
    return [item.indicator for item in catalogues.read(warehouse()).shown]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_data_package_notices_a_file_that_was_changed(tmp_path: Path, quiet: None, kind: str) -> None:
    import frictionless

    path = publish(warehouse(), tmp_path).path
    file = path / "tables" / f"employment_rate.{kind}"
    old, new = (b"Norberg", b"Nurberg") if kind == "csv" else (b"xl/", b"xm/")
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    assert not frictionless.validate(str(path / "datapackage.json")).valid


# --- DCAT-AP-SE


def graph(path: Path, kind: str, base: str = "https://data.example.se/jamstalldhet/datasets/dcat.rdf") -> Any:
    import rdflib

    found = rdflib.Graph()
    found.parse(data=path.read_text(encoding="utf-8"), format=kind, publicID=base)
    return found


def test_the_catalogue_fulfils_our_shapes_of_dcat_ap_se(release: Release, quiet: None) -> None:
    import pyshacl

    data = graph(release.path / opendata.CATALOGUE, "xml")
    conforms, _, text = pyshacl.validate(data, shacl_graph=str(ROOT / "tests" / "unit" / "dcat_shapes.ttl"))
    assert conforms, text


def test_the_catalogue_has_english_titles_where_there_are_any(release: Release, quiet: None) -> None:
    text = (release.path / opendata.CATALOGUE).read_text(encoding="utf-8")
    assert '<dcterms:title xml:lang="en">Women and men in ' in text
    assert text.count('<dcterms:title xml:lang="sv">') > text.count('<dcterms:title xml:lang="en">') > 0


def test_the_shapes_refuse_a_catalogue_without_publisher(release: Release, quiet: None) -> None:
    import pyshacl
    import rdflib

    data = graph(release.path / opendata.CATALOGUE, "xml")
    data.remove((None, rdflib.DCTERMS.publisher, None))
    conforms, _, text = pyshacl.validate(data, shacl_graph=str(ROOT / "tests" / "unit" / "dcat_shapes.ttl"))
    assert not conforms
    assert "publisher" in text


def test_rdf_and_turtle_say_the_same(release: Release, quiet: None) -> None:
    from rdflib.compare import isomorphic

    xml = graph(release.path / opendata.CATALOGUE, "xml")
    turtle = graph(release.path / opendata.TURTLE, "turtle")
    assert len(xml) > 100
    assert isomorphic(xml, turtle)


def test_addresses_of_the_catalogue_are_absolute_where_it_lies_and_lead_to_files(release: Release, quiet: None) -> None:
    import rdflib

    data = graph(release.path / opendata.CATALOGUE, "xml")
    places = [str(place) for place in data.objects(None, rdflib.DCAT.downloadURL)]
    root = "https://data.example.se/jamstalldhet/"
    assert len(places) == 4 * len(SHOWN)
    for place in places:
        assert place.startswith(root)
        assert (release.path / place.removeprefix(root)).is_file()


def test_a_known_address_and_licence_stand_in_the_catalogue(tmp_path: Path, quiet: None) -> None:
    con = warehouse()
    path = publish(con, tmp_path).path
    catalogue = catalogues.read(con)
    files = {name: {"csv": path / "tables" / f"{name}.csv"} for name in SHOWN}
    chosen = ("CC-BY-4.0", "http://creativecommons.org/licenses/by/4.0/", "Creative Commons Erkännande 4.0")
    opendata.write(catalogue, path, files, address="https://statistik.example.se/", licence=chosen)
    text = (path / opendata.CATALOGUE).read_text(encoding="utf-8")
    assert 'rdf:about="https://statistik.example.se/datasets/dcat#catalog"' in text
    assert chosen[1] in text
    assert opendata.LICENCE[1] not in text


# --- Of all of them


def test_made_up_figures_say_so_in_every_file_that_describes_them(demo: Release) -> None:
    described = [
        *(demo.path / "tables").glob("*.json"),
        demo.path / opendata.PACKAGE,
        demo.path / opendata.CATALOGUE,
        demo.path / opendata.TURTLE,
    ]
    assert len(described) == 2 * len(SHOWN) + 3
    for file in described:
        text = file.read_text(encoding="utf-8")
        assert WATERMARK in text, file
        assert "Källa: SCB" not in text, file


def test_two_releases_of_equal_warehouses_are_equal(tmp_path: Path) -> None:
    first, second = (publish(warehouse(), tmp_path / name).path for name in "ab")
    for file in [*first.glob("tables/*.json"), first / opendata.PACKAGE, first / opendata.CATALOGUE]:
        assert file.read_bytes() == (second / file.relative_to(first)).read_bytes()


EVIL = ["=1+1", "+46", "-2+3", "@sum", "\t=1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("name", EVIL)
def test_a_text_that_looks_like_a_formula_is_only_text(tmp_path: Path, name: str) -> None:
    con = warehouse()
    con.execute("update reference.region set name = ? where region_code = '19'", [name])
    con.execute("update reference.indicator set title = ?", [name])
    release = publish(con, tmp_path)
    regions = {row["region"] for row in csv_rows(release, "employment_rate")}
    assert f"'{name}" in regions
    assert name not in regions
    for row in csv_rows(release, "employment_rate"):
        for column, text in row.items():
            assert (
                column in {"value", "numerator", "denominator", "margin"}
                or text[:1] not in set("=+-@\t\r")
                or (len(text) == 1)
            )
    book = openpyxl.load_workbook(release.path / "jamstat.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert any(cell.value == name for sheet in book for row in sheet.iter_rows() for cell in row)


def test_negative_numbers_and_the_sign_for_nil_are_left_alone(tmp_path: Path) -> None:
    con = warehouse()
    con.execute(
        "update indicators.observation set value = -4.5, status = '-' where sex = 'women' and value is not null"
    )
    rows = csv_rows(publish(con, tmp_path), "employment_rate")
    women = [row for row in rows if row["sex"] == "women" and row["value"]]
    assert {row["value"] for row in women} == {"-4.5"}
    assert {row["status"] for row in women} == {"-"}
