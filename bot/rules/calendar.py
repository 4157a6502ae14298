"""The organization's holidays: the public ones of its country, and its own exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """A holiday is ``in`` it, in any year; each year is worked out when it is first asked."""

    country: str
    subdivision: str | None
    closed: tuple[date, ...]
    open: tuple[date, ...]

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return day in self.closed or (day not in self.open and day in _public(self.country, self.subdivision, day.year))


Days = frozenset[date] | Calendar
"""Holidays, which are treated like week-ends (docs/adr/0006-holidays.md); hashable, to be kept by."""


@lru_cache
def calendar(country: str, subdivision: str | None, closed: tuple[date, ...], open_: tuple[date, ...]) -> Calendar:
    """One calendar for the same words of the policy, so that what is computed with it can be kept by it."""
    return Calendar(country, subdivision, closed, open_)


def known_countries() -> dict[str, list[str]]:
    """By ISO 3166 code, the subdivisions that have a calendar of their own."""
    from holidays import list_supported_countries

    return list_supported_countries()


@lru_cache(maxsize=512)
def _public(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """With the neighbouring years, whose holidays may be observed in this one."""
    from holidays import country_holidays  # slow to import, and many organizations state no calendar

    found = country_holidays(country, subdiv=subdivision, years=(year - 1, year, year + 1))
    return frozenset(day for day in found if day.year == year)
