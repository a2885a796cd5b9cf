"""What a user of the demo may rely on: figures that agree with each other, and that never pass for statistics."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import orjson
import pytest

from sources.demo.documents import WATERMARK, codes, table_ids
from sources.demo.store import Catalogue, Table
from sources.demo.synthetic import open_catalogue

ROOT = Path(__file__).parents[2]
TABLES = (
    "TAB389", "TAB638", "TAB708", "TAB1212", "TAB1386", "TAB1492", "TAB1804", "TAB1807", "TAB1813", "TAB1828",
    "TAB1830", "TAB1970", "TAB2589", "TAB2597", "TAB3119", "TAB3200", "TAB3204", "TAB3205", "TAB3266", "TAB3267",
    "TAB3531", "TAB3554", "TAB3784", "TAB3981", "TAB4255", "TAB4268", "TAB4396", "TAB4434", "TAB4840", "TAB4879",
    "TAB4881", "TAB5211", "TAB5557", "TAB5655", "TAB5839", "TAB6260", "TAB6366", "TAB6369", "TAB6379", "TAB6383",
    "TAB6384", "TAB6471", "TAB6640", "DEMO0001",
)  # fmt: skip
VASTMANLAND = ("1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984")
COUNTIES = (
    "01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23",
    "24", "25",
)  # fmt: skip


@cache
def catalogue(*, drift: bool = False) -> Catalogue:
    return open_catalogue(drift=drift)


def table(table_id: str, *, drift: bool = False) -> Table:
    found = catalogue(drift=drift).table(table_id)
    assert found is not None
    return found


def all_codes(table_id: str, *, drift: bool = False) -> dict[str, list[str]]:
    document = table(table_id, drift=drift).metadata("sv")
    assert document is not None
    return {variable: codes(document, variable) for variable in document["id"]}


def cells(table_id: str, *, drift: bool = False, **chosen: str | list[str]) -> np.ndarray:
    """The figures of the codes chosen, shaped as the table; a variable not named is taken whole."""
    known = all_codes(table_id, drift=drift)
    assert set(chosen) <= set(known)
    wanted = {
        name: [given] if isinstance(given := chosen.get(name, list(known[name])), str) else given for name in known
    }
    positions = [np.array([known[name].index(code) for code in wanted[name]], dtype=np.int64) for name in known]
    answer = table(table_id, drift=drift).values(positions)
    return answer.values.reshape([len(axis) for axis in positions])


def some_positions(table_id: str, count: int) -> list[np.ndarray]:
    """A few positions along each axis, spread over it."""
    return [
        np.unique(np.linspace(0, len(known) - 1, min(count, len(known))).astype(np.int64))
        for known in all_codes(table_id).values()
    ]


def municipalities() -> list[str]:
    return [code for code in all_codes("TAB3200")["Region"] if len(code) == 4]


# --- what it is called -----------------------------------------------------------------------------------------


def test_all_tables_are_served_and_none_else():
    assert tuple(table_ids()) == TABLES
    assert [each.id for each in catalogue().tables()] == list(TABLES)


@pytest.mark.parametrize("table_id", TABLES)
@pytest.mark.parametrize("drift", [False, True])
def test_every_table_says_that_it_is_not_statistics(table_id, drift):
    for language in ("sv", "en"):
        document = table(table_id, drift=drift).metadata(language)
        assert document is not None
        assert document["source"] == WATERMARK
        assert document["note"][0].startswith(WATERMARK)
        assert document["extension"]["noteMandatory"]["0"] is True
        entry = table(table_id, drift=drift).entry(language)
        assert entry is not None
        assert entry["source"] == WATERMARK


@pytest.mark.parametrize("table_id", TABLES)
def test_metadata_are_well_formed_in_both_languages(table_id):
    swedish, english = table(table_id).metadata("sv"), table(table_id).metadata("en")
    assert swedish is not None
    assert english is not None
    assert swedish["label"] != english["label"]
    for document in (swedish, english):
        assert document["value"] == []
        assert document["id"] == list(document["dimension"])
        for variable, size in zip(document["id"], document["size"], strict=True):
            category = document["dimension"][variable]["category"]
            assert sorted(category["index"].values()) == list(range(size))
            assert set(category["label"]) == set(category["index"])
        contents = document["dimension"]["ContentsCode"]["category"]
        assert set(contents["unit"]) == set(contents["index"])
        assert document["extension"]["px"]["tableid"] == table_id
    assert all(codes(swedish, name) == codes(english, name) for name in swedish["id"])
    assert table(table_id).metadata("de") is None


def test_codes_are_made_up_only_where_scb_s_are_unknown():
    made_up = {
        (table_id, variable): sum(code.startswith("DEMO") for code in known)
        for table_id in TABLES
        for variable, known in all_codes(table_id).items()
    }
    assert {key: count for key, count in made_up.items() if count} == {
        ("TAB389", "BakgrVar"): 3,
        ("TAB389", "ContentsCode"): 8,
        ("TAB708", "BakgrVar"): 17,
        ("TAB1386", "Kon"): 1,
        ("TAB1386", "ContentsCode"): 5,
        ("TAB1804", "Bakgrund"): 2,
        ("TAB1804", "ContentsCode"): 2,
        ("TAB1807", "Bakgrund"): 5,
        ("TAB1807", "ContentsCode"): 2,
        ("TAB1813", "Bakgrund"): 5,
        ("TAB1813", "ContentsCode"): 2,
        ("TAB1828", "ContentsCode"): 1,
        ("TAB1970", "Parti"): 8,
        ("TAB2589", "Region"): 20,
        ("TAB2589", "Parti"): 8,
        ("TAB2597", "ArbetsSektor"): 6,
        ("TAB3119", "ContentsCode"): 1,
        ("TAB3204", "SNI2007"): 15,
        ("TAB3531", "Region"): 4,
        ("TAB3531", "Parti"): 8,
        ("TAB3554", "Inkomstklass"): 26,
        ("TAB3784", "SNI2007"): 15,
        ("TAB4255", "Bakgrund"): 5,
        ("TAB4255", "ContentsCode"): 3,
        ("TAB4268", "Bakgrund"): 5,
        ("TAB4268", "ContentsCode"): 3,
        ("TAB4434", "ContentsCode"): 1,
        ("TAB4840", "ContentsCode"): 1,
        ("TAB4879", "UtbildningsNiva"): 3,
        ("TAB4879", "ContentsCode"): 2,
        ("TAB4881", "BakgrVar"): 3,
        ("TAB4881", "ContentsCode"): 9,
        ("TAB5211", "Bakgrund"): 5,
        ("TAB5211", "ContentsCode"): 3,
        ("TAB5655", "ContentsCode"): 8,
        ("TAB6369", "Utbildngrupp"): 2,
        ("TAB6369", "Kon"): 1,
        ("TAB6369", "ContentsCode"): 5,
        ("TAB6379", "BakgrVar"): 5,
        ("TAB6379", "ContentsCode"): 11,
        ("TAB6383", "BakgrVar"): 5,
        ("TAB6383", "ContentsCode"): 9,
        ("TAB6384", "BakgrVar"): 5,
        ("TAB6384", "ContentsCode"): 9,
        ("DEMO0001", "ContentsCode"): 3,
    }
    integration = [set(all_codes(each)["ContentsCode"]) for each in ("TAB389", "TAB4881", "TAB6383", "TAB6384")]
    assert len(set.union(*integration)) == 44, "each integration table has contents codes of its own"


@pytest.mark.parametrize(
    ("table_id", "variable", "count"),
    [
        ("TAB3200", "Region", 312), ("TAB3200", "Alder", 20), ("TAB3784", "SNI2007", 17),
        ("TAB2597", "ArbetsSektor", 8), ("TAB3554", "Alder", 21),
        ("TAB3205", "Alder", 10), ("TAB6384", "Region", 21), ("TAB6384", "ContentsCode", 11),
        ("TAB4881", "Region", 290), ("TAB4881", "ContentsCode", 11),
        ("TAB1830", "Bostadskommun", 290), ("TAB4434", "Yrke2012", 149), ("TAB6471", "Alder", 134),
        ("TAB5557", "Alder", 137), ("TAB638", "Tid", 57), ("TAB3554", "Inkomstklass", 27), ("TAB3981", "Tid", 41),
        ("TAB1492", "Hushallstyp", 15), ("TAB1212", "Alder", 102), ("TAB6640", "Alder", 137),
        ("TAB1386", "Region", 291), ("TAB6366", "AlderFodelselandgr", 8), ("TAB6379", "ContentsCode", 11),
        ("DEMO0001", "Region", 26),
        ("TAB708", "Region", 291), ("TAB708", "BakgrVar", 27), ("TAB6260", "Tid", 78), ("TAB3784", "Tid", 79),
    ],
)  # fmt: skip
def test_dimensions_are_as_large_as_scb_s(table_id, variable, count):
    assert len(all_codes(table_id)[variable]) == count


@pytest.mark.parametrize("table_id", ["TAB1492", "TAB6471", "TAB3200", "TAB3205", "TAB5557", "TAB5839"])
def test_codes_and_labels_are_those_of_the_recorded_metadata(shared, table_id):
    recorded = orjson.loads((shared / "recordings" / table_id / "metadata.json").read_bytes())
    served = table(table_id).metadata("sv")
    assert served is not None
    assert served["id"] == recorded["id"]
    assert served["size"] == recorded["size"]
    assert served["updated"] == recorded["updated"]
    assert served["role"] == recorded["role"]
    for name in recorded["id"]:
        mine, real = served["dimension"][name], recorded["dimension"][name]
        assert mine["label"] == real["label"]
        assert codes(served, name) == codes(recorded, name)
        assert mine["category"]["label"] == real["category"]["label"]
        assert set(real["category"]) <= set(mine["category"])
        assert set(real["extension"]) <= set(mine["extension"])
        assert mine["category"].get("unit") == real["category"].get("unit")
    assert [note for note in recorded.get("note", []) if note not in served["note"]] == []
    assert set(served) == set(recorded) | {"note"}


# --- the same figures, however they are asked for -----------------------------------------------------------------


@pytest.mark.parametrize("table_id", TABLES)
def test_figures_do_not_depend_on_order_or_split(table_id):
    positions = some_positions(table_id, 5)
    asked = table(table_id)
    whole = asked.values(positions)
    shape = [len(axis) for axis in positions]
    turned = asked.values([axis[::-1] for axis in positions])
    assert np.array_equal(turned.values.reshape(shape), np.flip(whole.values.reshape(shape)), equal_nan=True)
    for axis in range(len(positions)):
        parts = []
        for one in positions[axis]:
            part = asked.values([*positions[:axis], np.array([one]), *positions[axis + 1 :]])
            parts.append(part.values.reshape([*shape[:axis], 1, *shape[axis + 1 :]]))
        assert np.array_equal(np.concatenate(parts, axis=axis), whole.values.reshape(shape), equal_nan=True)


def test_a_figure_not_shown_is_null_with_two_dots():
    answer = table("TAB3205").values(some_positions("TAB3205", 10))
    assert answer.symbols == ("..",)
    assert answer.status is not None
    assert np.array_equal(answer.status == 0, np.isnan(answer.values))
    assert np.isnan(answer.values).any()


def test_figures_are_equal_in_another_process_under_another_hash_seed():
    code = (
        "import hashlib, numpy as np\n"
        "from sources.demo.synthetic import open_catalogue\n"
        "digest = hashlib.sha256()\n"
        "for table in open_catalogue().tables():\n"
        "    sizes = table.metadata('sv')['size']\n"
        "    spread = [np.unique(np.linspace(0, size - 1, 4).astype(np.int64)) for size in sizes]\n"
        "    digest.update(table.values(spread).values.tobytes())\n"
        "print(digest.hexdigest())\n"
    )
    seen = set()
    for hash_seed, threads in (("1", "1"), ("77", "2")):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_another_seed_gives_other_figures():
    other = open_catalogue(seed=2).table("TAB3200")
    assert other is not None
    positions = some_positions("TAB3200", 4)
    assert not np.array_equal(other.values(positions).values, table("TAB3200").values(positions).values)


@pytest.mark.parametrize("table_id", TABLES)
def test_drifted_tables_hold_equal_figures_by_code(table_id):
    known = all_codes(table_id)
    drifted = all_codes(table_id, drift=True)
    assert {name: sorted(set(drifted[name]) - {"DEMO9999"}) for name in drifted} == {
        name: sorted(known[name]) for name in known
    }
    some = {
        name: [known[name][at] for at in axis] for name, axis in zip(known, some_positions(table_id, 4), strict=True)
    }
    before = cells(table_id, **some)
    after = cells(table_id, drift=True, **some)
    turn = [list(drifted).index(name) for name in known]
    assert np.array_equal(after.transpose(turn), before, equal_nan=True)


def test_drift_moves_what_no_reader_may_rely_on():
    document = table("TAB3200", drift=True).metadata("sv")
    plain = table("TAB3200").metadata("sv")
    assert document is not None
    assert plain is not None
    assert document["id"][1] == "Region"
    assert document["extension"]["px"]["stub"][1] == "Region"
    assert codes(document, "Region") != codes(plain, "Region")
    assert len(codes(document, "ContentsCode")) == 12
    assert document["label"].endswith("2020–2024")
    assert plain["label"].endswith("2020-2024")
    assert catalogue(drift=True).config["maxDataCells"] != catalogue().config["maxDataCells"]


# --- figures that agree within a table ------------------------------------------------------------------------------


@pytest.mark.parametrize("table_id", ["TAB5839", "TAB3266", "TAB3267"])
def test_women_and_men_add_up_exactly_where_the_table_is_exact(table_id):
    parts, total = cells(table_id, Kon=["1", "2"]), cells(table_id, Kon="4")
    assert np.array_equal(parts.sum(axis=1), total[:, 0], equal_nan=True)


def test_income_adds_up_exactly_and_lies_between_women_and_men():
    persons = cells("TAB3554", Region=["00", *COUNTIES], Inkomstklass="TOT", ContentsCode="HE0110J9", Tid="2024")
    assert np.array_equal(persons[:, 0] + persons[:, 1], persons[:, 2])
    assert np.array_equal(persons[1:].sum(axis=0), persons[0])
    for contents in ("HE0110J7", "HE0110J8"):
        men, women, both = np.moveaxis(cells("TAB3554", Inkomstklass="TOT", ContentsCode=contents, Tid="2020"), 1, 0)
        shown = ~np.isnan(both)
        assert (both >= np.fmin(men, women) - 1e-9)[shown].all()
        assert (both <= np.fmax(men, women) + 1e-9)[shown].all()
    classes = cells("TAB3554", Region="1980", Kon="2", Alder="20-64", ContentsCode="HE0110J9", Tid="2020")
    assert classes[..., 1:, :, :].sum() == classes[..., 0, :, :].sum()


@pytest.mark.parametrize(
    ("table_id", "chosen"),
    [
        ("TAB3200", {"Alder": "20-64", "ContentsCode": ["000002NT", "000002NM", "000002NU"], "Tid": "2023"}),
        ("TAB6260", {"Alder": "16-64", "ContentsCode": ["000006HI", "000006I8"], "Tid": "2025M11"}),
        ("TAB3784", {"Fodelseregion": "tot", "Tid": "2024M11"}),
        ("TAB2597", {"Alder": "20-64", "Fodelseregion": "tot", "Tid": "2024M11"}),
        ("TAB3205", {"Alder": "15-74", "Fodelseregion": "tot", "Tid": "2024"}),
        ("TAB1828", {}),
        ("TAB1830", {"Tid": "2022"}),
        ("TAB6471", {"Alder": ["TotSA", "0-9", "40"], "Tid": "2026M01"}),
        ("TAB5557", {"Civilstand": "SC", "ContentsCode": "000007ME"}),
    ],
)
def test_women_and_men_add_up_within_the_noise_where_the_table_is_protected(table_id, chosen):
    known = all_codes(table_id)
    total = "TotSa" if "TotSa" in known["Kon"] else "1+2"
    axis = list(known).index("Kon")
    parts = cells(table_id, Kon=["1", "2"], **chosen).sum(axis=axis)
    difference = (parts - cells(table_id, Kon=total, **chosen).squeeze(axis))[~np.isnan(parts)]
    assert np.abs(difference[~np.isnan(difference)]).max() <= 9
    assert (difference != 0).any()


@pytest.mark.parametrize(
    ("table_id", "chosen", "exact"),
    [
        ("TAB3200", {"Alder": "20-64", "ContentsCode": ["000002NT", "000002NU"]}, False),
        ("TAB6260", {"Alder": "20-64", "ContentsCode": "000006HI", "Tid": ["2020M01", "2026M06"]}, False),
        ("TAB3784", {"SNI2007": "A-U+US", "Fodelseregion": "tot", "Tid": ["2020M01", "2026M07"]}, False),
        (
            "TAB2597",
            {"ArbetsSektor": ["010", "030"], "Alder": "20-64", "Fodelseregion": "tot", "Tid": "2024M11"},
            False,
        ),
        ("TAB3205", {"Yrkesstallning": ["ANST", "TOT"], "Alder": "15-74", "Fodelseregion": "tot"}, False),
        ("TAB4434", {}, True),
        ("TAB3119", {}, True),
        ("TAB638", {"Alder": "tot", "Tid": ["2007", "2024"], "ContentsCode": "BE0101N1"}, True),
        ("TAB5557", {"Alder": "TotSA", "ContentsCode": "000007ME"}, False),
        ("TAB6471", {"Alder": ["TotSA", "20-29"], "Tid": "2026M04"}, False),
        ("TAB3981", {"Alder": "tot16-74", "Tid": ["2007", "2025"]}, True),
    ],
)
def test_kommuner_add_up_to_lan_and_lan_to_riket(table_id, chosen, exact):
    country = cells(table_id, Region="00", **chosen)[0]
    counties = cells(table_id, Region=list(COUNTIES), **chosen)
    for county in ("19", "03"):
        within = [code for code in municipalities() if code.startswith(county)]
        difference = cells(table_id, Region=within, **chosen).sum(axis=0) - counties[COUNTIES.index(county)]
        assert np.nanmax(np.abs(difference)) <= (0 if exact else 3 * (len(within) + 1))
    assert np.nanmax(np.abs(counties.sum(axis=0) - country)) <= (0 if exact else 3 * 22)


def test_rates_are_the_ratio_of_the_counts():
    counts = cells("TAB3200", Alder="20-64", ContentsCode=["000002NT", "000002NM", "000002NL", "000002NU"])
    rates = cells("TAB3200", Alder="20-64", ContentsCode=["000002NN", "000002NK", "000002NS"])
    employed, unemployed, force, everyone = np.moveaxis(counts, 4, 0)
    large = (everyone > 2000) & ~np.isnan(unemployed)
    for rate, of in zip(
        np.moveaxis(rates, 4, 0), ((unemployed, force), (force, everyone), (employed, everyone)), strict=True
    ):
        assert np.abs(rate - 100 * of[0] / of[1])[large].max() < 0.4
    whole = cells("TAB3200", Region="00", Alder="20-64", Fodelseregion="tot", ContentsCode="000002NS").ravel()
    assert (whole > 70).all()
    assert (whole < 90).all()


def test_statuses_add_up_to_the_employed():
    parts = cells("TAB3205", Alder="15-74", Yrkesstallning=["ANST", "EGAB", "EGFÖR"], ContentsCode="000002XS")
    total = cells("TAB3205", Alder="15-74", Yrkesstallning="TOT", ContentsCode="000002XS")
    difference = parts.sum(axis=1) - total[:, 0]
    assert np.nanmax(np.abs(difference)) <= 12


# --- figures that agree across tables -----------------------------------------------------------------------------


def test_the_matrix_agrees_with_the_commuting_table():
    matrix = cells("TAB1830", Kon=["1", "2"], Tid="2023")[..., 0, 0]
    at_home = np.einsum("iik->ik", matrix)
    margins = cells("TAB1828", Kon=["1", "2"], Tid="2023")[..., 0]
    assert np.abs(matrix.sum(axis=0) - at_home - margins[:, :, 0]).max() <= 3
    assert np.abs(matrix.sum(axis=1) - at_home - margins[:, :, 1]).max() <= 3
    assert np.abs(at_home - margins[:, :, 2]).max() <= 3


def test_small_relations_are_nothing_or_at_least_three():
    matrix = cells("TAB1830", Tid=["2020", "2024"])
    assert not np.isin(matrix, [1, 2]).any()
    assert (matrix == 0).mean() > 0.5


def test_workers_by_residence_and_workplace_are_those_of_the_matrix():
    commuters = cells("TAB1828", Kon=["1", "2"], Tid="2022")[..., 0]
    chosen = {"Alder": "15-74", "Fodelseregion": "tot", "Kon": ["1", "2"], "Tid": "2022"}
    employed = cells("TAB3200", Region=municipalities(), ContentsCode="000002NT", **chosen).squeeze()
    status = cells("TAB3205", Region=municipalities(), Yrkesstallning="TOT", **chosen).squeeze()
    resident, workplace = commuters[..., 1] + commuters[..., 2], commuters[..., 0] + commuters[..., 2]
    assert np.abs(resident - employed).max() <= 9
    assert np.abs(resident - status[..., 1]).max() <= 9
    assert np.abs(workplace - status[..., 0]).max() <= 9


def test_industries_and_sectors_hold_the_same_workers():
    both = {"Fodelseregion": "tot", "Tid": ["2020M01", "2024M11", "2026M07"]}
    industry = cells("TAB3784", SNI2007="A-U+US", **both).squeeze()
    sector = cells("TAB2597", ArbetsSektor="010", Alder="15-74", **both).squeeze()
    assert np.abs(industry - sector).max() <= 6
    status = cells("TAB6260", Alder="15-74", ContentsCode="000006HI", Fodelseregion="tot", Tid="2024M11").squeeze()
    assert np.abs(industry[:, :, 1, 1] - status).max() <= 6


def test_occupations_hold_the_employees_of_the_region():
    occupied = cells("TAB4434", Region=["00", *COUNTIES], Tid="2022").sum(axis=1).squeeze()
    chosen = {"Region": ["00", *COUNTIES], "Kon": ["1", "2"], "Fodelseregion": "tot", "Tid": "2022"}
    employees = cells("TAB3205", Yrkesstallning="ANST", Alder="16-64", ContentsCode="000002XJ", **chosen).squeeze()
    assert np.abs(occupied - employees).max() <= 3


def test_education_holds_the_population_of_its_ages():
    people = cells("TAB638", Alder=[str(age) for age in range(16, 75)], ContentsCode="BE0101N1", Tid="2020")
    educated = cells("TAB3981", Alder="tot16-74", Tid="2020")
    assert np.array_equal(people.sum(axis=(1, 2)).squeeze(), educated.sum(axis=2).squeeze())


def test_the_population_is_the_same_in_all_tables():
    region = ["00", "19", *VASTMANLAND]
    ages = [str(age) for age in range(15, 75)]
    stock = cells("TAB638", Region=region, Alder=ages, ContentsCode="BE0101N1", Tid="2024").sum(axis=(1, 2)).squeeze()
    chosen = {"Alder": "15-74", "Fodelseregion": "tot", "Kon": ["1", "2"]}
    labour = cells("TAB3200", Region=region, ContentsCode="000002NU", Tid="2024", **chosen).squeeze()
    assert np.abs(stock - labour).max() <= 3
    year = cells("TAB5557", Region=region, Civilstand="SC", Alder="TotSA", ContentsCode="000007ME").squeeze()
    month = cells("TAB6471", Region=region, Alder="TotSA", Tid="2025M12").squeeze()
    assert np.abs(year - month).max() <= 6
    before = (
        cells("TAB638", Region=region, Alder="tot", ContentsCode="BE0101N1", Tid="2024").sum(axis=(1, 2, 3)).squeeze()
    )
    growth = cells("TAB5557", Region=region, Civilstand="SC", Alder="TotSA", Kon="TotSa", ContentsCode="000007MG")
    assert np.abs(year[:, 0] - before - growth.squeeze()).max() <= 6


def test_the_integration_tables_agree_with_the_register():
    chosen = {"UtbNiv": "000", "Kon": ["1", "2"], "Tid": "2023"}
    share = cells("TAB6384", BakgrVar="TOT", ContentsCode="000007KE", **chosen).squeeze()
    rate = cells(
        "TAB3200",
        Region=list(COUNTIES),
        Kon=["1", "2"],
        Alder="20-65",
        Fodelseregion="tot",
        ContentsCode="000002NS",
        Tid="2023",
    )
    assert np.abs(share - rate.squeeze()).max() < 0.01
    local = cells("TAB6383", Region="1980", BakgrVar="TOT", ContentsCode="000007K3", **chosen).squeeze()
    town = cells(
        "TAB3200",
        Region="1980",
        Kon=["1", "2"],
        Alder="20-65",
        Fodelseregion="tot",
        ContentsCode="000002NS",
        Tid="2023",
    )
    assert np.abs(local - town.squeeze()).max() < 0.01


def test_the_preliminary_year_is_that_of_the_register():
    chosen = {"Kon": ["1", "2"], "Alder": "20-64", "Fodelseregion": "tot", "Tid": ["2020", "2024"]}
    final = cells("TAB3200", ContentsCode="000002NS", **chosen)
    assert np.abs(cells("TAB5655", ContentsCode="000006J6", **chosen) - final).max() < 0.01


def test_the_register_of_industries_is_november_of_the_monthly_table():
    chosen = {"Fodelseregion": "tot", "Region": ["00", "19", "1980"]}
    year = cells("TAB3204", ContentsCode="000002XH", Tid="2023", **chosen)
    month = cells("TAB3784", ContentsCode="0000054D", Tid="2023M11", **chosen)
    assert np.nanmax(np.abs(year - month)) <= 6


def test_what_is_moved_out_of_one_kommun_is_moved_into_another():
    moves = cells("TAB1212", Alder="tot", ContentsCode=["BE0101A2", "BE0101A3", "BE0101A4"], Tid=["2007", "2024"])
    regions = all_codes("TAB1212")["Region"]
    into, out, net = np.moveaxis(moves[[len(code) == 4 for code in regions]].squeeze(1), 2, 0)
    assert np.array_equal(into - out, net)
    assert (net.sum(axis=0) == 0).all()
    assert (moves[regions.index("00")] == 0).all()
    home = [code.startswith("19") for code in regions if len(code) == 4]
    assert np.array_equal(net[home, :, 1].sum(axis=0), moves[regions.index("19"), 0, :, 2, 1])


def test_benefits_are_shares_of_the_population():
    people = cells(
        "TAB638", Region="1980", Alder=[str(age) for age in range(20, 65)], ContentsCode="BE0101N1", Tid="2023"
    )
    chosen = {"Region": "1980", "Kon": ["1", "2"], "Aldersgrupp": "20-64", "Tid": "2023M05"}
    parts = cells("TAB1386", **chosen).squeeze()
    assert np.array_equal(parts[:, 7], people.sum(axis=(1, 2)).squeeze())
    assert np.array_equal(parts[:, :6].sum(axis=1), parts[:, 6])
    assert np.allclose(parts[:, 8], 100 * parts[:, 6] / parts[:, 7])


def test_net_income_is_less_than_earned_income():
    chosen = {"Region": ["00", *COUNTIES], "Alder": "20-64", "Tid": "2024"}
    net = cells("TAB4840", ContentsCode="000001ON", **chosen).squeeze()
    earned = cells("TAB3554", Inkomstklass="TOT", ContentsCode="HE0110J8", **chosen).squeeze()
    assert (net < earned).all()


def test_councils_of_a_kommun_that_did_not_exist_are_not_shown():
    members = cells("TAB1970", Region=["0331", "1980"], Tid=["2002", "2006", "2022"]).squeeze()
    assert np.isnan(members[0, :, :, 0]).all()
    assert not np.isnan(members[0, :, :, 1:]).any()
    men, women = members[1, :, :, 2].sum(axis=0)
    assert 0.35 < women / (men + women) < 0.55


def test_the_survey_has_a_margin_and_the_whole_has_a_smaller_one():
    chosen = {"Arbetskraftstillh": "SYS", "Tid": "2025K4"}
    margin = cells("DEMO0001", Region="19", ContentsCode="DEMO0003", **chosen).ravel()
    assert margin[2] < margin[:2].min()
    assert cells("DEMO0001", Region="00", ContentsCode="DEMO0003", **chosen).max() < margin.min()
    assert 60 < cells("DEMO0001", Region="00", Kon="1+2", ContentsCode="AM0401VF", **chosen).item() < 75


def test_commuting_over_the_county_border_is_that_of_the_matrix():
    region = all_codes("TAB1830")["Bostadskommun"]
    matrix = cells("TAB1830", Kon=["1", "2"], Tid="2023")[..., 0, 0]
    home = np.array([code.startswith("19") for code in region])
    out = matrix[home][:, ~home].sum(axis=(0, 1)) / matrix[home].sum(axis=(0, 1))
    border = cells("TAB6369", Region="19", Utbildngrupp="00S", Kon=["1", "2"], Tid="2023").squeeze()
    assert np.allclose(border[:, 2] / border[:, 4], out, atol=1e-4)


# --- history and holes ----------------------------------------------------------------------------------------------


def test_a_kommun_has_nothing_before_it_existed():
    people = cells(
        "TAB638", Region=["0331", "0330"], Alder="tot", ContentsCode="BE0101N1", Tid=["2002", "2003", "2006", "2007"]
    )
    assert (people.sum(axis=(1, 2, 3)).squeeze() > 0).tolist() == [
        [False, False, False, True],
        [False, True, True, True],
    ]
    assert not np.isnan(people).any()
    heby = cells("TAB3981", Region="0331", Alder="tot16-74", Tid=["2006", "2007"]).sum(axis=(1, 2, 3)).squeeze()
    assert heby[0] == 0 < heby[1]
    income = cells("TAB3554", Region="0331", Alder="20-64", Kon="2", Inkomstklass="TOT", Tid=["2006", "2007"]).squeeze()
    assert np.isnan(income[:3, 0]).all()
    assert not np.isnan(income[:, 1]).any()
    commuters = cells("TAB3266", Region="0331", Tid=["2006", "2007"])
    assert np.isnan(commuters[..., 0]).all()
    assert not np.isnan(commuters[..., 1]).any()


def test_heby_leaves_vastmanland_in_2007():
    people = cells("TAB638", Region=["19", *VASTMANLAND], Alder="tot", ContentsCode="BE0101N1", Tid=["2006", "2007"])
    by_region = people.sum(axis=(1, 2, 3)).squeeze()
    assert by_region[0, 0] > by_region[1:, 0].sum() + 10_000
    assert by_region[0, 1] == by_region[1:, 1].sum()
    country = cells("TAB638", Region=["00", *COUNTIES], Alder="tot", ContentsCode="BE0101N1", Tid="2006").sum(
        axis=(1, 2, 3)
    )
    assert country[1:].sum() == country[0].sum()


def test_ages_that_scb_leaves_out_of_the_status_table_are_not_shown():
    chosen = {"Region": "19", "Yrkesstallning": "TOT", "Kon": "2", "Fodelseregion": "tot", "ContentsCode": "000002XS"}
    shown = cells("TAB3205", Alder=["16-66", "20-66", "20-64"], **chosen).squeeze()
    assert np.isnan(shown).tolist() == [[False, False, True, True, True]] * 2 + [[False] * 5]


def test_unemployment_above_seventy_is_not_shown():
    values = cells("TAB3200", Region="00", Kon="2", Alder="70-74", Fodelseregion="tot", Tid="2024").ravel()
    assert np.flatnonzero(np.isnan(values)).tolist() == [1, 8]


def test_small_groups_are_not_shown():
    chosen = {"Alder": "15-74", "Fodelseregion": "ut", "ContentsCode": "000002XS", "Yrkesstallning": "EGAB"}
    company = cells("TAB3205", Region=list(VASTMANLAND), Kon="2", **chosen)
    assert np.isnan(company).any()
    assert not np.isnan(company).all()
    assert not np.isnan(cells("TAB3205", Region=["00", *COUNTIES], Kon="2", **chosen)).any()


def test_seven_kommuner_are_missing_in_the_last_term_none_of_them_in_vastmanland():
    elected = cells("TAB708", Kon="030", BakgrVar="samald", ContentsCode="0000009U").squeeze()
    assert np.isnan(elected).sum(axis=0).tolist() == [0, 0, 0, 0, 7]
    home = cells("TAB708", Region=list(VASTMANLAND), Kon="030", BakgrVar="samald", ContentsCode="0000009U")
    assert not np.isnan(home).any()
    assert ((home > 25) & (home < 62)).all()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("TAB3267", "2003"), ("TAB3266", "2004")),
        (("TAB3266", "2018"), ("TAB5839", "2019")),
        (("TAB5839", "2019"), ("TAB1828", "2020")),
    ],
)
def test_commuting_series_differ_where_the_source_changed(before, after):
    workers = [np.nansum(cells(name, Kon=["1", "2"], Tid=year)[:, :, 1:]) for name, year in (before, after)]
    assert 0.004 < abs(workers[1] / workers[0] - 1) < 0.1


def test_entrepreneurs_are_counted_anew_in_2024():
    chosen = {"Region": "00", "Kon": "1+2", "Alder": "15-74", "Fodelseregion": "tot", "ContentsCode": "000002XS"}
    company = cells("TAB3205", Yrkesstallning="EGAB", **chosen).ravel()
    own = cells("TAB3205", Yrkesstallning="EGFÖR", **chosen).ravel()
    assert company[4] / company[3] > 1.08
    assert own[4] / own[3] < 0.92
    assert 0.95 < company[3] / company[2] < 1.06


def test_education_jumps_when_the_register_changed():
    long = cells("TAB3981", Region="00", UtbildningsNiva="6", Alder="tot16-74").sum(axis=3).ravel()
    years = [int(year) for year in all_codes("TAB3981")["Tid"]]
    growth = dict(zip(years[1:], long[1:] / long[:-1], strict=True))
    assert growth[2000] > growth[1999] + 0.05
    assert growth[1990] > growth[1989] + 0.04


def test_levels_are_like_sweden_s():
    shares = cells(
        "TAB3200", Region="00", Alder="20-64", Fodelseregion="tot", ContentsCode="000002NS", Tid="2024"
    ).ravel()
    assert 81 < shares[0] < 86
    assert 76 < shares[1] < 81
    median = cells(
        "TAB3554", Region="00", Alder="20-64", Inkomstklass="TOT", ContentsCode="HE0110J8", Tid="2024"
    ).ravel()
    assert 0.74 < median[1] / median[0] < 0.88
    own = cells(
        "TAB3205",
        Region="00",
        Yrkesstallning="EGFÖR",
        Alder="15-74",
        Fodelseregion="tot",
        ContentsCode="000002XS",
        Tid="2023",
    ).ravel()
    assert 0.26 < own[1] / own[2] < 0.36
    managers = [code for code in all_codes("TAB4434")["Yrke2012"] if code.startswith("1")]
    men, women = cells("TAB4434", Region="00", Yrke2012=managers, Tid="2024").sum(axis=1).ravel()
    assert len(managers) == 30
    assert 0.40 < women / (men + women) < 0.46
