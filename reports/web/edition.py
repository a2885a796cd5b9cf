"""The page of a release: what it is built from, whether it is approved, and what differs from the one before it."""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.stamp import PAGE, unapproved
from reports.web.pages import Page, Site
from reports.wording import period_name, shaped

MOST = 30
CLASSES = {
    "new": "Nytt",
    "revised": "Reviderat",
    "corrected": "Rättat",
    "definition": "Ändrad definition",
    "status": "Status ändrad",
    "removed": "Borttaget",
}
FIELDS = {
    "definition": "definition",
    "unit": "enhet",
    "measure": "mått",
    "polarity": "riktning",
    "period_type": "period",
    "tables": "källtabeller",
}
SEXES = {"women": "kvinnor", "men": "män", "total": "kvinnor och män"}


def all_pages(site: Site) -> Iterator[Page]:
    """The page, where the site is of a release."""
    stamp, t = site.stamp, site.t
    if stamp is None:
        return
    titles = {one.indicator: (one.title, one.decimals) for one in site.catalogue.indicators}
    items = [
        one | {"title": titles.get(one["indicator"], (t.quoted(one["title"]), 1))[0]}
        for one in stamp.changes["indicators"]
    ]
    inputs = {
        "release_id": stamp.release_id,
        "content": stamp.content,
        "dirty": stamp.dirty,
        "commit": stamp.built["git_commit"],
        "python": stamp.built["python"],
        "approval": str(unapproved(t, "helt")),
        "expired": [dict(one) for one in stamp.expired],
        "open_warnings": [
            {**one, "title": titles.get(one["subject"], (one["subject"], 1))[0], "message": t.quoted(one["message"])}
            for one in stamp.open_warnings
        ],
        "against": (stamp.changes["against"] or {}).get("id"),
        "diff_hash": stamp.changes["diff_hash"],
        "counts": [(t(name), stamp.changes["counts"][kind]) for kind, name in CLASSES.items()],
        "heads": [t(name) for name in CLASSES.values()],
        "kinds": list(CLASSES),
        "changed": items,
        "largest": _largest(site, items, titles),
        "definitions": [
            {
                "title": titles.get(one["indicator"], (one["indicator"], 1))[0],
                "field": t(FIELDS[one["field"]]),
                "old": t.quoted(_text(one["old"])),
                "new": t.quoted(_text(one["new"])),
            }
            for one in stamp.changes["definitions"]
        ],
    }
    yield Page(
        PAGE,
        "release",
        t("Om utgåvan"),
        t("Vad utgåvan är byggd av, om den är godkänd och vad som skiljer den från den förra."),
        inputs,
        "om",
    )


def _largest(site: Site, items: list[dict[str, Any]], titles: Mapping[str, tuple[str, int]]) -> list[dict[str, Any]]:
    """The largest changes of each indicator, as a person reads them."""
    t = site.t
    found = []
    for item in items:
        for one in item["largest"]:
            names = [one["region"], period_name(one["period"], shaped(one["period"]), t), t(SEXES[one["sex"]])]
            group = None if one["category"] == "all" else one["category"]
            found.append(
                one
                | {
                    "title": item["title"],
                    "cell": ", ".join(filter(None, (*names, group, one["partner_code"], one["series"]))),
                    "kind": t(CLASSES[one["class"]]),
                    "decimals": titles.get(item["indicator"], ("", 1))[1],
                }
            )
    return found[:MOST]


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
