"""The briefs of the whole demo, where all indicators compete for one page."""

import re
from pathlib import Path

import pypdf

from tests import documents


def test_a_brief_s_pdf_has_one_page_with_the_rows_the_picture_and_every_source_of_its_page(full_demo: Path) -> None:
    briefs = sorted((full_demo / "build" / "latest" / "site" / "underlag").rglob("underlag.pdf"))
    assert len(briefs) > 10
    for brief in briefs:
        page = (brief.parent / "index.html").read_text(encoding="utf-8")
        shown = page[page.index('<div class="document">') : page.index("</main>")]
        text = documents.text_of_pdf(brief)
        reader = pypdf.PdfReader(brief)
        assert len(reader.pages) == 1, brief
        assert set(re.findall(r"TAB\d+", shown)) == set(re.findall(r"TAB\d+", text)), brief
        assert shown.count("Egen beräkning") == text.count("Egen beräkning"), brief
        assert 0 < len(re.findall('<th scope="row">', shown)) <= 3, brief
        assert ("<figure" in shown) == any(one.role == "/Figure" for one in documents.structure(reader).all()), brief
