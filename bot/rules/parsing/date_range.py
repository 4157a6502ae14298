"""A name and one or two dates, in either order, as after ``/cred leave``, ``end`` and ``away``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.rules.dates import MOST_WORDS, Ambiguous, looks_like_a_date, read_date
from bot.rules.parsing.add import words_of
from bot.rules.parsing.mentions import names_somebody
from bot.rules.refusals import CommonRefusal, Invalid

BETWEEN = frozenset({"to", "until", "till", "through", "-", "\u2013", "\u2014", "and"})
BEFORE = frozenset({"from", "on", "since"})

_AT_AN_END = 2 * MOST_WORDS
"""Dates begin or end a line: this many words from either end are tried."""

_Words = Sequence[str]
_Dates = tuple[_Words, ...]


@dataclass(frozen=True, slots=True)
class DateRange:
    """A line as understood, for a form to open prefilled; ``problems`` say what was not."""

    name: str = ""
    """The words that are no dates: whom they are about."""
    days: Mapping[str, date] = field(default_factory=dict)
    problems: tuple[Invalid, ...] = ()


def read_range(text: str, fields: Sequence[str], today: date) -> DateRange:
    """``fields`` are the dates' names, in order; the later one may be left out, and so may all.

    Relative dates count from ``today``. Problems are those of ``read_date``, and ``ambiguous_date`` (``typed``,
    ``choices``); a word that is left over is an ``unreadable_date``.
    """
    words = words_of(text)
    at = next((at for at in _starts(words) if next(_dates_at(words[at:], 1, today), None)), None)
    if at is None:
        return _without_dates(words, fields)
    end, dates = max(_dates_at(words[at:], len(fields), today), key=lambda found: found[0])
    before, after = words[:at], words[at + end :]
    if before and before[-1].lower() in BETWEEN and len(dates) < len(fields):
        return _only_the_last(before[:-1], [*dates[0], *after], fields, today)
    name = _less(before, BEFORE) or ([] if _is(after, BETWEEN) else after)
    typed = dict(zip(fields, dates, strict=False))
    left = [] if name is after else after
    return _read(name, typed, today, left=(fields[-1], left[_is(left, BETWEEN) :]))


def unread(words: str, fields: Sequence[str]) -> tuple[Invalid, ...]:
    """The problems of words that should have been dates, and are none."""
    said = words_of(words)
    between = (at for at, word in enumerate(said) if word.lower() in BETWEEN and 0 < at < len(said) - 1)
    at = next(between, len(said))
    parts = [part for part in (said[:at], said[at + 1 :]) if part]
    return tuple(_unreadable(name, part) for name, part in zip(fields, parts, strict=False))


def _starts(words: _Words) -> Iterator[int]:
    middle = range(_AT_AN_END, len(words) - _AT_AN_END)
    return (at for at in range(len(words)) if at not in middle)


def _dates_at(words: _Words, most: int, today: date) -> Iterator[tuple[int, _Dates]]:
    """The ways to read a date, or two, from the first word on, with the number of words that each takes."""
    for end in range(1, min(MOST_WORDS, len(words)) + 1):
        if not looks_like_a_date(" ".join(words[:end]), today):
            continue
        yield end, (words[:end],)
        if most > 1:
            second = end + _is(words[end:], BETWEEN)
            for length, dates in _dates_at(words[second:], 1, today):
                yield second + length, (words[:end], *dates)


def _without_dates(words: _Words, fields: Sequence[str]) -> DateRange:
    """After a mention the rest was meant as dates; without one it may all be a name."""
    if len(words) > 1 and names_somebody(words[0]):
        return DateRange(words[0], problems=(_unreadable(fields[0], words[1:]),))
    return DateRange(" ".join(words))


def _only_the_last(before: _Words, last: _Words, fields: Sequence[str], today: date) -> DateRange:
    """``Christmas to Jan 4, 2027``: the first was meant as a date, too."""
    name, first = (before[:1], before[1:]) if before and names_somebody(before[0]) else (before, [])
    return _read(name, {fields[-1]: last}, today, left=(fields[0], _less(first, BEFORE, at=0)))


def _read(name: _Words, typed: Mapping[str, _Words], today: date, *, left: tuple[str, _Words]) -> DateRange:
    read = {field: read_date(" ".join(words), today, field) for field, words in typed.items()}
    problems = [answer for answer in read.values() if isinstance(answer, Invalid)]
    problems += [
        Invalid(name, CommonRefusal.AMBIGUOUS_DATE, {"typed": answer.text, "choices": answer.choices})
        for name, answer in read.items()
        if isinstance(answer, Ambiguous)
    ]
    problems += [_unreadable(*left)] if left[1] else []
    days = {name: answer for name, answer in read.items() if isinstance(answer, date)}
    return DateRange(" ".join(name), days, tuple(problems))


def _less(words: _Words, small: frozenset[str], at: int = -1) -> _Words:
    if not words or words[at].lower() not in small:
        return words
    return words[1:] if at == 0 else words[:-1]


def _is(words: _Words, small: frozenset[str]) -> bool:
    return bool(words) and words[0].lower() in small


def _unreadable(field: str, words: _Words) -> Invalid:
    return Invalid(field, CommonRefusal.UNREADABLE_DATE, {"typed": " ".join(words)})
