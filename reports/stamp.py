"""What the pages of a release say of it: its id, whether it is approved, and how it was built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from reports.web.language import SWEDISH, Language

PLACE, CITED = "<!--utgava-->", "<!--hanvisning-->"
"""Where a page says which release it is of, and where it says how to refer to it."""

PAGE = "om/utgavan"
_APPROVAL = re.compile(r"<!--godkannande-(kort|helt)-->.*?<!--/godkannande-->", re.DOTALL)


@dataclass(frozen=True)
class Stamp:
    """A release as its pages name it.

    release_id: its id.
    content: SHA-256 of the hash list of everything outside `site/`: tables, files and inputs.
    dirty: whether our files had changes that were in no commit.
    built: what it was built with (`code`, `python`, `libraries`, `lock_sha256`).
    changes: the summary of what differs from the release before it.
    expired: acceptances of warnings whose time has passed.
    """

    release_id: str
    content: str
    dirty: bool
    built: Mapping[str, Any]
    changes: Mapping[str, Any]
    expired: tuple[Mapping[str, Any], ...] = ()

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

    def _state(self, t: Language) -> list[Markup]:
        dirty = [Markup("<strong>{}</strong>").format(t("byggd med ändringar som inte är incheckade"))]
        return [unapproved(t, "kort"), *(dirty if self.dirty else [])]


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


def _between(kind: str, content: Markup) -> Markup:
    return Markup("<!--godkannande-{}-->{}<!--/godkannande-->").format(kind, content)
