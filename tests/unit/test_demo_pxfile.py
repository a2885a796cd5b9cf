"""The PX reader of the embedded server, on real files."""

from pathlib import Path

import numpy as np
import pytest

from sources.demo.pxfile import PxFile, PxFileError


def test_real_file_of_scb(shared: Path) -> None:
    file = PxFile(shared / "recordings" / "px" / "TAB2936.px")
    assert [file.code(name) for name in file.variables] == ["Kon", "FackligOrg", "ContentsCode", "Tid", "AnstForm"]
    assert file.codes("sex") == ["1", "2", "1+2"]
    assert file.cells.values.size == 189
    assert file.cells.status is not None
    assert file.cells.symbols == ("..",)
    assert int((file.cells.status >= 0).sum()) == 37
    stamp = file.updated("1000s")
    assert stamp is not None
    assert stamp.isoformat() == "2026-02-16T08:00:00+00:00"


def test_published_population_of_vastmanland(shared: Path) -> None:
    file = PxFile(shared / "recordings" / "px" / "BE0101A1.px")
    cells = file.cells.values.reshape(21, 4, 101, 2, 2)
    county = file.listed("VALUES", "region").index("19 Västmanland county")
    assert cells[county].sum(axis=(0, 1)).tolist() == [[129932, 130279], [131073, 131112]]


def test_data_note_stands_beside_its_value(shared: Path) -> None:
    cells = PxFile(shared / "recordings" / "pxwebapi" / "database" / "BE" / "TAB9010.px").cells
    assert cells.status is not None
    noted = {at: cells.symbols[code] for at, code in enumerate(cells.status) if code >= 0}
    assert noted == {2: "p", 11: "r", 19: ".."}
    assert not np.isnan(cells.values[2])


def test_text_over_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "A.px"
    path.write_text(
        'NOTE="first "\n"second";\nSTUB="a";\nHEADING="b";\nVALUES("a")="x","y";\n'
        'VALUES("b")="1","2",\n"3";\nDATA=\n1 2 3\n4 "-" 6;\n'
    )
    file = PxFile(path)
    assert file.text("NOTE") == "first second"
    assert file.listed("VALUES", "b") == ["1", "2", "3"]
    assert np.nan_to_num(file.cells.values).tolist() == [1, 2, 3, 4, 0, 6]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('MATRIX="A";\n', "no DATA"),
        ('STUB="a";\nHEADING="b";\nVALUES("a")="x";\nVALUES("b")="1";\nDATA=\n1 2;\n', "2 figures"),
    ],
)
def test_broken_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.px"
    path.write_text(text)
    with pytest.raises(PxFileError, match=f"broken.px.*{message}"):
        _ = PxFile(path).cells
