"""The calendar file: valid, whole days, an update of the same event, and marked where the figures are made up."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from icalendar import Calendar

from reports import catalogue, ics
from reports.followup import Entry
from tests import warehouses

ENTRY = Entry(
    "report-arsuppfoljning@scb.19.jamstat", "report", "Årsuppföljning; kvinnor, män", "2026-06-30", "Projektledare",
    "coming", False, 3, "2026-02-01T07:00:00Z", "2026-02-03T08:00:00Z",
)  # fmt: skip


def rendered(*entries: Entry, origin: str = "scb") -> bytes:
    return ics.render(entries, catalogue.read(warehouses.small(origin)).run)


def test_an_event_is_a_whole_day_with_its_version() -> None:
    (event,) = Calendar.from_ical(rendered(ENTRY)).walk("VEVENT")
    assert str(event["summary"]) == "Rapport: Årsuppföljning; kvinnor, män"
    assert (event["dtstart"].dt, event["dtend"].dt) == (dt.date(2026, 6, 30), dt.date(2026, 7, 1))
    assert (str(event["uid"]), event["sequence"]) == (ENTRY.uid, 3)
    assert event["last-modified"].dt == dt.datetime(2026, 2, 1, 7, tzinfo=dt.UTC)
    assert event["dtstamp"].dt == dt.datetime(2026, 2, 3, 8, tzinfo=dt.UTC)
    assert str(event["description"]) == "Ansvarig: Projektledare"


def test_the_file_is_as_the_standard_has_it() -> None:
    content = rendered(ENTRY, replace(ENTRY, uid="annan", title="Å" * 200))
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert not re.search(rb"(?<!\r)\n", content)
    assert max(map(len, lines)) <= 75
    calendar = Calendar.from_ical(content)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    assert str(calendar["prodid"]) == "-//Region Västmanland//jamstat//SV"
    assert calendar.errors == []
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
    assert content == rendered(ENTRY, replace(ENTRY, uid="annan", title="Å" * 200))


@pytest.mark.parametrize(
    ("change", "summary"),
    [
        ({"state": "late"}, "Försenat: Rapport: Årsuppföljning; kvinnor, män"),
        ({"state": "done"}, "Klart: Rapport: Årsuppföljning; kvinnor, män"),
        ({"kind": "data", "role": "SCB"}, "SCB publicerar: Årsuppföljning; kvinnor, män"),
    ],
)
def test_what_is_late_done_or_published_by_the_source_says_so(change: dict[str, str], summary: str) -> None:
    (event,) = Calendar.from_ical(rendered(replace(ENTRY, **change))).walk("VEVENT")  # type: ignore[arg-type]
    assert str(event["summary"]) == summary


def test_an_event_that_is_gone_is_cancelled() -> None:
    (event,) = Calendar.from_ical(rendered(replace(ENTRY, cancelled=True, state="cancelled"))).walk("VEVENT")
    assert str(event["status"]) == "CANCELLED"


def test_a_calendar_of_made_up_figures_says_so_everywhere() -> None:
    calendar = Calendar.from_ical(rendered(ENTRY, origin="demo"))
    (event,) = calendar.walk("VEVENT")
    for text in (calendar["x-wr-calname"], event["summary"]):
        assert str(text).endswith("(Syntetiska demodata – inte statistik)")
