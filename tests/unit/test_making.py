"""Pictures and files of pages made by other processes: as made here, each page once, errors where they belong."""

import os
from collections.abc import Mapping
from typing import Any

import pytest

from reports import charts
from reports.charts import Measure, Point
from reports.documents.model import Document, Paragraph
from reports.documents.typeset import DocumentError
from reports.web import making
from reports.web.making import Job, Made, Making, MakingError

PAGES = 11


def over_time(at: int) -> Mapping[str, Any]:
    measure = Measure("Sysselsättningsgrad", "percent", 1, "Källa: SCB", "Egen beräkning")
    points = [
        Point("Ö", str(year), sex, 70.0 + at + year % 7) for sex in ("women", "men") for year in range(2015, 2025)
    ]
    return {"time": charts.over_time(measure, points), "gap": None, "multiples": [charts.over_time(measure, points)]}


class Pictures:
    """What a page's pictures are made by, as another process gets it."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> Mapping[str, Any]:
        return over_time(self.at)


class Unmade:
    def __call__(self) -> Mapping[str, Any]:
        raise DocumentError("Underlag: kan inte sättas")


def made_of(pages: list[str]) -> list[tuple[str, dict[str, Made]]]:
    with Making() as begun:
        for at in range(PAGES):
            begun.begin(f"ritad {at}", {"sv": Job(Pictures(at)), "en": Job(Pictures(at + 1))})
        return [(page, dict(made)) for page, made in begun.made(pages)]


@pytest.fixture
def by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing; few pages are many enough for other processes."""
    monkeypatch.setattr(making, "MANY", 6)
    monkeypatch.setattr(making, "TOGETHER", 3)


def test_what_other_processes_make_is_what_this_one_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [name for at in range(PAGES) for name in (f"ritad {at}", f"skriven {at}")]
    here = made_of(pages)
    monkeypatch.setattr(making, "MANY", 6)
    monkeypatch.setattr(making, "TOGETHER", 3)
    there = made_of(pages)
    assert [page for page, _ in here] == pages
    assert sorted(page for page, _ in there) == sorted(pages)
    assert [page for page, _ in there if page.startswith("ritad")] == [f"ritad {at}" for at in range(PAGES)]
    assert dict(there) == dict(here)
    one = dict(there)["ritad 3"]["sv"]
    assert one.pictures["time"].file == "utveckling.svg"
    assert one.pictures["multiples"][0].file is None
    assert one.pictures["gap"] is None
    assert one.files["utveckling.svg"].startswith(b"<svg ")
    assert dict(there)["skriven 3"] == {}


@pytest.mark.usefixtures("by_others")
def test_an_error_of_another_process_comes_with_its_page() -> None:
    with Making() as begun:
        for at in range(PAGES):
            begun.begin(f"{at}", {"sv": Job(Unmade() if at == PAGES - 1 else Pictures(at))})
        given = begun.made([f"{at}" for at in range(PAGES)])
        assert [next(given)[0] for _ in range(PAGES - 2)] == [f"{at}" for at in range(PAGES - 2)]
        with pytest.raises(DocumentError, match="kan inte sättas"):
            list(given)


class Killed:
    def __call__(self) -> Mapping[str, Any]:
        os._exit(9)


@pytest.mark.usefixtures("by_others")
def test_a_process_that_is_killed_is_told_of_in_words() -> None:
    pages = [f"{at}" for at in range(PAGES)]
    with Making() as begun:
        for page in pages:
            begun.begin(page, {"sv": Job(Killed() if page == "10" else Pictures(int(page)))})
        with pytest.raises(MakingError, match="was ended, perhaps for want of memory"):
            list(begun.made(pages))


@pytest.mark.usefixtures("by_others")
def test_a_document_s_files_are_made_by_other_processes_too() -> None:
    document = Document("brief", "Underlag", "Prov", "Prov", (Paragraph("Ord"),), "underlag", word=True)
    with Making() as begun:
        for at in range(PAGES):
            begun.begin(f"{at}", {"sv": Job(NoPictures(), document)})
        for _, made in begun.made([f"{at}" for at in range(PAGES)]):
            assert set(made["sv"].files) == {"underlag.pdf", "underlag.docx", making.TOLD}
            assert made["sv"].files["underlag.pdf"].startswith(b"%PDF")


class NoPictures:
    def __call__(self) -> Mapping[str, Any]:
        return {"figures": {}}
