"""Dates as people type them, the terms they bound, and business days."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, Question

DAY = timedelta(days=1)
FURTHEST_YEARS = 50
"""No credential runs longer; a date further ahead is a slip of the finger."""

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""A date outside is a slip of the finger, and years near 1 or 9999 leave no room to count from."""
MOST_WORDS = 6
"""Of a date as people write it: "15th of January of the year" has one word more."""

_MOST_CHARACTERS = 40
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_LEAP_DAY = (2, 29)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
"""What phones and PDFs write for a hyphen."""
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_MONTH_AND_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})|([0-9]{4})[-/.]([0-9]{1,2})")
_SHORT_NUMBERS = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.]'?[0-9]{2}")
_RELATIVE = re.compile(
    r"today|tomorrow|yesterday"
    r"|in ([0-9]{1,4}|an?) (day|week|month|year)s?"
    r"|([0-9]{1,4}|an?) (day|week|month|year)s? ago"
)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A date that reads as two days, such as 3/4/2027: the person is asked. The US reading comes first."""

    text: str
    choices: tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Near:
    """No day by itself, and the one that was probably meant."""

    code: CommonRefusal
    day: date


def read_date(text: str, today: date, field: str = "expires_on") -> date | Invalid | Ambiguous:
    """The day that somebody typed, ISO first; relative words count from ``today``.

    Errors are ``unreadable_date``, ``two_digit_year``, ``no_such_day`` and ``far_off_date``, with the fact ``typed``;
    questions ``last_of_month`` of a month without a day, and ``feb_28`` of Feb 29 in a common year, as some boards
    print it, with the day they offer as the fact ``meant``.
    """
    typed = " ".join(text.split())
    found = _found(typed.translate(_DASHES), today) if len(typed) <= _MOST_CHARACTERS else None
    if isinstance(found, _Near):
        facts = {"typed": typed, "meant": found.day}
        return Question(field, found.code, facts, about=found.day.isoformat(), offer=found.day)
    found = found or CommonRefusal.UNREADABLE_DATE
    return Invalid(field, found, {"typed": typed}) if isinstance(found, CommonRefusal) else found


def looks_like_a_date(text: str, today: date) -> bool:
    """An impossible day or a short year is a date all the same, only a wrong one."""
    read = read_date(text, today)
    return not isinstance(read, Invalid) or read.code != CommonRefusal.UNREADABLE_DATE


def month_end(read: date | Invalid | Ambiguous) -> date | Invalid | Ambiguous:
    """What was read, where a month says its last day."""
    if isinstance(read, Question) and read.code is CommonRefusal.LAST_OF_MONTH and read.offer:
        return read.offer
    return read


def check_term(
    issued_on: date | None, expires_on: date | None, today: date, *, begins_later: bool = False
) -> Invalid | None:
    """Why two dates cannot bound a term: ``issued_in_future``, ``expiry_before_issue`` or ``too_far``."""
    if issued_on and issued_on > today and not begins_later:
        return Invalid("issued_on", CredentialRefusal.ISSUED_IN_FUTURE, {"issued_on": issued_on})
    if issued_on and expires_on and expires_on < issued_on:
        return Invalid(
            "expires_on", CredentialRefusal.EXPIRY_BEFORE_ISSUE, {"issued_on": issued_on, "expires_on": expires_on}
        )
    if expires_on and expires_on > add_months(today, 12 * FURTHEST_YEARS):
        return Invalid("expires_on", CredentialRefusal.TOO_FAR, {"expires_on": expires_on, "years": FURTHEST_YEARS})
    return None


def ask_year(
    issued_on: date | None, expires_on: date | None, today: date, longest_months: int | None
) -> Question | None:
    """``year_right`` of a term that is longer than its type's usually are.

    It counts from its issue; from ``today`` where that is not known, is still to come, or is longer ago than a term
    lasts, and so another term's.
    """
    if expires_on is None or longest_months is None:
        return None
    since = add_months(today, -longest_months)
    begins = issued_on if issued_on and since < issued_on < today else today
    if expires_on <= add_months(begins, longest_months):
        return None
    return Question("expires_on", CredentialRefusal.YEAR_RIGHT, {"expires_on": expires_on}, about=str(expires_on))


def add_months(day: date, months: int) -> date:
    """The same day of a later month. The end of a month stays one: Feb 28, 2027 + 12 is Feb 29, 2028."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    length = monthrange(year, month)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, length if at_end else min(day.day, length))


def anniversary_end(start: date, months: int) -> date:
    """The last day of a term of that many months: the day before its anniversary."""
    return add_months(start, months) - DAY


def is_business_day(day: date, holidays: Container[date] = frozenset()) -> bool:
    """Monday to Friday, unless it is a holiday."""
    return day.weekday() < 5 and day not in holidays


def next_business_day(day: date, holidays: Container[date] = frozenset()) -> date:
    """The day itself where it is one, else the first business day after it."""
    while not is_business_day(day, holidays):
        day += DAY
    return day


def previous_business_day(day: date, holidays: Container[date] = frozenset()) -> date:
    """The day itself where it is one, else the last business day before it."""
    while not is_business_day(day, holidays):
        day -= DAY
    return day


def add_business_days(day: date, count: int, holidays: Container[date] = frozenset()) -> date:
    """The ``count``-th business day after ``day`` (before it where negative), which itself does not count."""
    for _ in range(count):
        day = next_business_day(day + DAY, holidays)
    for _ in range(-count):
        day = previous_business_day(day - DAY, holidays)
    return day


def _found(typed: str, today: date) -> date | Ambiguous | _Near | CommonRefusal | None:
    return _numeric(typed) or _named(typed) or _relative(typed, today)


def _numeric(typed: str) -> date | Ambiguous | _Near | CommonRefusal | None:
    if iso := _ISO.fullmatch(typed):
        year, month, day = (int(part) for part in iso.groups())
        return _day(year, month, day)
    if only := _MONTH_AND_YEAR.fullmatch(typed):
        return _last_of(int(only[2] or only[3]), int(only[1] or only[4]))
    if _SHORT_NUMBERS.fullmatch(typed):
        return CommonRefusal.TWO_DIGIT_YEAR
    if numbers := _NUMBERS.fullmatch(typed):
        first, second, year = (int(numbers[group]) for group in (1, 3, 4))
        return _either_way(typed, first, second, year)
    return None


def _either_way(typed: str, first: int, second: int, year: int) -> date | Ambiguous | _Near | CommonRefusal:
    """Month first, as in the US, unless only the other order makes a day."""
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if isinstance(month_first, _Near):
        return month_first
    if not isinstance(month_first, date):
        return day_first
    if not isinstance(day_first, date) or day_first == month_first:
        return month_first
    return Ambiguous(typed, (month_first, day_first))


def _named(typed: str) -> date | _Near | CommonRefusal | None:
    """A day, a month's name and a year in any order, as in "Jan 15, 2027" or "15th of January 2027"; or no day."""
    words = [w for w in re.split(r"[\s,./-]+", typed.lower().replace("'", "")) if w not in ("", "of")]
    months = [m for w in words if (m := _month(w))]
    numbers = [re.sub(r"(?<=[0-9])(st|nd|rd|th)$", "", w) for w in words if not _month(w)]
    if len(months) == 1 and len(numbers) == 1 and re.fullmatch(r"[0-9]{4}", numbers[0]):
        return _last_of(int(numbers[0]), months[0])
    if len(months) != 1 or len(numbers) != 2 or not all(re.fullmatch(r"[0-9]+", n) for n in numbers):
        return None
    years = [n for n in numbers if len(n) == 4]
    days = [n for n in numbers if len(n) <= 2]
    if len(days) == 2:
        return CommonRefusal.TWO_DIGIT_YEAR
    return _day(int(years[0]), months[0], int(days[0])) if years and days else None


def _month(word: str) -> int | None:
    """1 to 12 for a month's English name or its first three letters or more ("sept")."""
    found = [n for n, name in enumerate(_MONTHS, 1) if len(word) >= 3 and name.startswith(word)]
    return found[0] if found else None


@lru_cache(maxsize=256)
def _relative(typed: str, today: date) -> date | CommonRefusal | None:
    if not _RELATIVE.fullmatch(typed.lower()):
        return None
    # Slow to import, and most dates never get here.
    import dateparser

    settings = {"STRICT_PARSING": True, "RELATIVE_BASE": datetime.combine(today, time())}
    found = dateparser.parse(typed, languages=["en"], settings=settings)
    return _within_reach(found.date()) if found else CommonRefusal.FAR_OFF_DATE


def _day(year: int, month: int, day: int) -> date | _Near | CommonRefusal:
    if not EARLIEST.year <= year <= LATEST.year:
        return CommonRefusal.FAR_OFF_DATE
    if (month, day) == _LEAP_DAY and not isleap(year):
        return _Near(CommonRefusal.FEB_28, date(year, month, day - 1))
    try:
        return date(year, month, day)
    except ValueError:
        return CommonRefusal.NO_SUCH_DAY


def _last_of(year: int, month: int) -> _Near | None:
    """The month's last day. A number such as 1234-05 is no month at all."""
    if not EARLIEST.year <= year <= LATEST.year or not 1 <= month <= len(_MONTHS):
        return None
    return _Near(CommonRefusal.LAST_OF_MONTH, date(year, month, monthrange(year, month)[1]))


def _within_reach(day: date) -> date | CommonRefusal:
    return day if EARLIEST <= day <= LATEST else CommonRefusal.FAR_OFF_DATE
