"""What a period code of Statistics Sweden means: its type, its first and last day, its order, its successor."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Cadence = Literal["year", "quarter", "month", "week", "election", "mandate", "school_year", "five_years"]

_FORMS: tuple[tuple[Cadence, str, str], ...] = (
    ("year", r"(?P<year>\d{4})", "2024"),
    ("quarter", r"(?P<year>\d{4})K(?P<part>[1-4])", "2020K4"),
    ("month", r"(?P<year>\d{4})M(?P<part>0[1-9]|1[0-2])", "2024M06"),
    ("week", r"(?P<year>\d{4})V(?P<part>0[1-9]|[1-4]\d|5[0-3])", "2026V30"),
    ("mandate", r"(?P<year>\d{4})-(?P<last>\d{4})", "2023-2026"),
    ("school_year", r"(?P<year>\d{4})/(?P<end>\d{2})", "2003/04"),
    ("five_years", r"(?P<year>\d{4})-(?P<last>\d{4})", "2018-2022"),
)
_YEARS = {"mandate": 4, "five_years": 5}


class PeriodError(ValueError):
    """A period code that is not one of SCB's, or not of the cadence that the table declares."""


@dataclass(frozen=True, slots=True)
class Period:
    """One period: `start_date` and `end_date` are its first and last day, `sort` orders periods of one type."""

    code: str
    type: Cadence
    start_date: date
    end_date: date
    sort: int


def describe(code: str, cadence: Cadence | None = None) -> Period:
    """The meaning of SCB's period code.

    An election is the year that it is held in, so its period is of type `year`.

    Args:
        code: as SCB writes it: `2024`, `2020K4`, `2024M06`, `2026V30`, `2023-2026`, `2003/04`, `2018-2022`.
        cadence: the cadence that the table declares. An interval of years needs it only where its length does
            not tell: four years are a mandate, five are `five_years`.

    Raises:
        PeriodError: the code has none of the forms, or another form than the cadence.
    """
    if cadence is not None and cadence not in get_args(Cadence):
        raise PeriodError(f"cadence {cadence!r}: not known; allowed: {', '.join(get_args(Cadence))}")
    if cadence == "election":
        return describe(code, "year")
    for kind, form, example in _FORMS:
        if cadence not in {None, kind}:
            continue
        found = re.fullmatch(form, code, flags=re.ASCII)
        if found is None:
            if cadence is not None:
                raise PeriodError(
                    f"period {code!r}: not a period of cadence {kind}; allowed: the form {example}; "
                    f"correct the cadence of the table or drop the period"
                )
            continue
        part, last = found.groupdict().get("part"), found.groupdict().get("last")
        if last is not None and int(last) - int(found["year"]) + 1 != _YEARS[kind]:
            if cadence is not None:
                raise PeriodError(
                    f"period {code!r}: a period of cadence {kind} has {_YEARS[kind]} years; e.g. {example}"
                )
            continue
        end = found.groupdict().get("end")
        if end is not None and int(end) != (int(found["year"]) + 1) % 100:
            raise PeriodError(f"period {code!r}: a school year ends in the year after it begins; e.g. {example}")
        return _period(code, kind, int(found["year"]), int(part or 1))
    raise PeriodError(f"period {code!r}: not a period code; allowed: {', '.join(form[2] for form in _FORMS)}")


def follows(earlier: str, later: str, cadence: Cadence) -> bool:
    """True when `later` is the period that comes next after `earlier`.

    A mandate period starts four years after the one before, an election is held at most four years after the last;
    five-year windows overlap and move by one year.
    """
    first, second = describe(earlier, cadence), describe(later, cadence)
    if cadence == "election":
        return 0 < second.start_date.year - first.start_date.year <= 4
    if cadence == "five_years":
        return second.start_date.year == first.start_date.year + 1
    return second.start_date == first.end_date + timedelta(days=1)


def _period(code: str, kind: Cadence, year: int, part: int) -> Period:
    if year == 0:
        raise PeriodError(f"period {code!r}: there is no year 0000")
    if kind == "week":
        try:
            start = date.fromisocalendar(year, part, 1)
        except ValueError as error:
            raise PeriodError(f"period {code!r}: {year} has no week {part}") from error
        return Period(code, kind, start, start + timedelta(days=6), start.toordinal())
    months = {"month": 1, "quarter": 3, "year": 12, "mandate": 48, "school_year": 12, "five_years": 60}[kind]
    start = date(year, 7 if kind == "school_year" else (part - 1) * months + 1, 1)
    final = year * 12 + start.month - 1 + months - 1
    last_year, last_month = final // 12, final % 12 + 1
    end = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    return Period(code, kind, start, end, start.toordinal())
