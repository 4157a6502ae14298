"""Whom and when: ``[PERSON] DATE [DATE]``, as after ``/cred leave`` and ``/cred end``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.rules.dates import Ambiguous, read_date
from bot.rules.values import Invalid
from bot.rules.words_in import looks_like_a_date, words_of

BETWEEN = frozenset({"to", "until", "till", "through", "-", "–", "and"})
BEFORE = frozenset({"from", "on", "since"})


@dataclass(frozen=True, slots=True)
class WhenWords:
    """A line as understood, for a form to open prefilled; ``problems`` say what was not."""

    person: str = ""
    days: Mapping[str, date] = field(default_factory=dict)
    problems: tuple[Invalid, ...] = ()


def parse_when(text: str, fields: Sequence[str], today: date) -> WhenWords:
    """``fields`` are the dates' names, in order; the later ones may be left out, and so may all of them.

    Problems are those of ``read_date``, and ``ambiguous_date`` (``typed``, ``choices``).
    """
    words = words_of(text)
    for at in range(len(words)):
        for dates in _splits(words[at:], len(fields), today):
            return _read(" ".join(_less(words[:at], BEFORE)), dict(zip(fields, dates, strict=False)), today)
    named = words and words[0].startswith(("@", "<@"))
    if named and len(words) > 1:
        return _read(words[0], {fields[0]: " ".join(words[1:])}, today)
    return WhenWords(" ".join(words))


def _splits(words: Sequence[str], most: int, today: date) -> Iterator[tuple[str, ...]]:
    """The ways to read all these words as at most so many dates."""
    if looks_like_a_date(" ".join(words), today):
        yield (" ".join(words),)
    for at in range(1, len(words) if most > 1 else 1):
        first, second = _less(words[:at], BETWEEN), words[at:]
        if first and looks_like_a_date(" ".join(first), today) and looks_like_a_date(" ".join(second), today):
            yield " ".join(first), " ".join(second)


def _less(words: Sequence[str], small: frozenset[str]) -> Sequence[str]:
    return words[:-1] if words and words[-1].lower() in small else words


def _read(person: str, typed: Mapping[str, str], today: date) -> WhenWords:
    read = {name: read_date(text, today, name) for name, text in typed.items()}
    problems = [answer for answer in read.values() if isinstance(answer, Invalid)]
    problems += [
        Invalid(name, "ambiguous_date", {"typed": answer.text, "choices": answer.choices})
        for name, answer in read.items()
        if isinstance(answer, Ambiguous)
    ]
    days = {name: answer for name, answer in read.items() if isinstance(answer, date)}
    return WhenWords(person, days, tuple(problems))
