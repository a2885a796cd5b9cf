"""The calendar of the follow-up as a file that calendar programs import and update (RFC 5545), in Swedish."""

import datetime as dt
from collections.abc import Sequence

from reports.catalogue import Run
from reports.followup import Entry

NAME = "uppfoljning.ics"
KINDS = {
    "data": "{role} publicerar: {title}",
    "evaluation": "Utvärdering: {title}",
    "report": "Rapport: {title}",
    "brief": "Underlag: {title}",
    "other": "{title}",
}
STATES = {"late": "Försenat: {what}", "done": "Klart: {what}"}


def render(entries: Sequence[Entry], run: Run) -> bytes:
    """The file: a whole day for each event, each with the number of its version. There is at least one.

    Args:
        entries: the events of `analysis.calendar`.
        run: whose calendar it is, and whether its figures are made up, which every event then says.
    """
    from icalendar import Calendar, Event

    mark = f" ({run.origin_label})" if run.synthetic else ""
    calendar = Calendar()
    calendar.add("prodid", f"-//{run.organisation}//jamstat//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Uppföljning i {run.home_name}{mark}")
    for one in entries:
        day = dt.date.fromisoformat(one.due)
        what = KINDS[one.kind].format(title=one.title, role=one.role or "Källan")
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", dt.datetime.fromisoformat(one.stamped))
        event.add("last-modified", dt.datetime.fromisoformat(one.modified))
        event.add("sequence", one.sequence)
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("summary", STATES.get(one.state, "{what}").format(what=what) + mark)
        if one.role and one.kind != "data":
            event.add("description", f"Ansvarig: {one.role}")
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
