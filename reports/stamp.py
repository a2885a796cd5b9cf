"""What the pages and files of a release say of it: its id, whether it is approved, and how it was built."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape as xml

from markupsafe import Markup, escape

from reports.web.language import SWEDISH, Language

PLACE, CITED = "<!--utgava-->", "<!--hanvisning-->"
"""Where a page says which release it is of, and where it says how to refer to it."""

PAGE = "om/utgavan"
_APPROVAL = re.compile(r"<!--godkannande-(kort|helt)-->.*?<!--/godkannande-->", re.DOTALL)
_TOLD_IN = ("xl/sharedStrings.xml", "docProps/core.xml", "word/document.xml")
"""The parts of an Office file that name the release."""
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Stamp:
    """A release as its pages and files name it.

    release_id: its id.
    content: SHA-256 of the hash list of all that does not name the release: SCB's answers, data files and changes.
    dirty: whether our files had changes that were in no commit.
    built: what it was built with (`git_commit`, `python`, `packages`, `lock_sha256` ...).
    changes: the summary of what differs from the release before it.
    expired: acceptances of warnings whose time has passed.
    open_warnings: what warns in the run (`rule`, `subject`, `message`).
    """

    release_id: str
    content: str
    dirty: bool
    built: Mapping[str, Any]
    changes: Mapping[str, Any]
    expired: tuple[Mapping[str, Any], ...] = ()
    open_warnings: tuple[Mapping[str, Any], ...] = ()

    @property
    def standing(self) -> str:
        """The id and that it is not approved, as files say it; an approval takes its place."""
        return standing(self.release_id)

    @property
    def reference(self) -> str:
        """What a reference in a file ends with."""
        return f"Release-id {self.release_id}, sha256:{self.content}."

    @property
    def checked_by(self) -> str:
        """How whoever has a file of the release checks it: a file cannot hold its own hash."""
        return (
            f"Filens egen kontrollsumma står i utgåvans {_MANIFEST}, efter ett godkännande i approval.json. "
            f"jamstat verify {self.release_id} bygger utgåvan igen ur SCB:s svar och jämför varje fil."
        )

    def facts(self, organisation: str, day: str, text: str) -> list[tuple[str, str]]:
        """The lines in which a file says what it is a part of, how to refer to it and how to check it."""
        return [
            ("Utgåva", self.standing),
            ("Hänvisning", f"{organisation} ({day[:4]}). {text} {self.reference}"),
            ("Kontrollera filen", self.checked_by),
        ]

    def line(self, home: str, t: Language) -> Markup:
        """The line of a page's footer."""
        link = Markup('<a href="{}{}/index.html">{}</a>').format(home, PAGE, t("Utgåva {id}", id=self.release_id))
        return Markup('<p class="utgava">{}</p>').format(Markup(" · ").join([link, *self._state(t)]))

    def citation(self, t: Language) -> Markup:
        """What a reference ends with."""
        return Markup(" {} <code>sha256:{}</code>.").format(t("Release-id {id},", id=self.release_id), self.content)

    def on_index(self, html: str) -> str:
        """The page of the release's folder, which is in Swedish, with its line."""
        return html.replace(PLACE, str(self.line("site/", SWEDISH)))

    def on_docx(self, book: bytes, facts: Sequence[tuple[str, str]]) -> bytes:
        """The DOCX with a last paragraph that names the release."""
        runs = "<w:r><w:br/></w:r>".join(f"<w:r><w:t>{xml(f'{name}: {text}')}</w:t></w:r>" for name, text in facts)
        paragraph = f"<w:p>{runs}</w:p>"

        def last(name: str, text: str) -> str:
            before, mark, after = text.rpartition("<w:sectPr")
            return before + paragraph + mark + after if name == "word/document.xml" else text

        return _rewritten(book, last)

    def _state(self, t: Language) -> list[Markup]:
        dirty = [Markup("<strong>{}</strong>").format(t("byggd med ändringar som inte är incheckade"))]
        return [unapproved(t, "kort"), *(dirty if self.dirty else [])]


def standing(release_id: str, approval: Mapping[str, Any] | None = None) -> str:
    """The id of a release and whether it is approved, as files say it in Swedish."""
    if approval is None:
        return f"{release_id}, ej godkänd"
    return f"{release_id}, godkänd {approval['time'][:10]} av {approval['name']}"


def unapproved(t: Language, kind: str) -> Markup:
    """Where a page says that its release is not approved: `kort` in the footer, `helt` on the release's own page."""
    return _between(kind, Markup("<strong>{}</strong>").format(t("ej godkänd")))


def approved(html: str, t: Language, approval: Mapping[str, Any]) -> str:
    """The page with the approval where it said that there is none."""
    day = str(approval["time"])[:10]
    short = escape(t("godkänd {day}", day=day))
    who = Markup('<span lang="sv">{}</span>').format(
        ", ".join(filter(None, (approval["name"], approval["role"], approval["comment"])))
    )
    rows = [
        Markup("<li><code>{}</code> {}</li>").format(
            f"{one['rule']}: {one['subject']}", t("till och med {day}", day=one["expires"])
        )
        for one in approval["accepted_warnings"]
    ]
    accepted = Markup("")
    if rows:
        accepted = Markup('<br>{}<ul class="plain">{}</ul>').format(t("Godtagna varningar:"), Markup("").join(rows))
    full = Markup("{}: {}{}").format(short, who, accepted)
    return _APPROVAL.sub(lambda found: str(_between(found[1], short if found[1] == "kort" else full)), html)


def approved_book(book: bytes, release_id: str, approval: Mapping[str, Any]) -> bytes:
    """The XLSX or DOCX with the approval where it said that there is none."""
    old, new = (xml(one) for one in (standing(release_id), standing(release_id, approval)))
    return _rewritten(book, lambda _, text: text.replace(old, new))


def _rewritten(book: bytes, change: Any) -> bytes:
    """The Office file with its texts changed; equal files are equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(made, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename in _TOLD_IN:
                content = change(entry.filename, content.decode("utf-8")).encode("utf-8")
            kept = zipfile.ZipInfo(entry.filename, entry.date_time)
            kept.compress_type, kept.external_attr = entry.compress_type, entry.external_attr
            after.writestr(kept, content, compresslevel=4)
    return made.getvalue()


def _between(kind: str, content: Markup) -> Markup:
    return Markup("<!--godkannande-{}-->{}<!--/godkannande-->").format(kind, content)
