"""What a line of words says of an absence: ``FROM TO [NAME]``, with dates as people type them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.rules.dates import Ambiguous, read_date
from bot.rules.values import Invalid

BETWEEN = frozenset({"to", "until", "till", "through", "-", "\u2013", "\u2014"})


@dataclass(frozen=True, slots=True)
class AwayWords:
    """A line as understood, for a form to open prefilled; ``problems`` say what was not."""

    from_on: date | None = None
    until: date | None = None
    name: str = ""
    """The words after the dates: who stands in."""
    problems: tuple[Invalid, ...] = ()


def parse_away(text: str, today: date) -> AwayWords:
    """Relative dates count from ``today``. Problems: those of ``read_date``, and ``ambiguous_date``."""
    words = [word for word in text.split() if word.lower() != "from"]
    if not words:
        return AwayWords()
    for name_at in range(len(words), 1, -1):
        for first, second in _splits(words[:name_at]):
            read = _read(first, "from_on", today), _read(second, "until", today)
            if all(_is_date(one) for one in read):
                return _understood(*read, " ".join(words[name_at:]))
    first, second = next(_splits(words), (words, []))
    until = _read(second, "until", today) if second else None
    return _understood(_read(first, "from_on", today), until, "")


def _splits(words: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Both sides of a word such as "to", else every place between two words."""
    marked = [at for at, word in enumerate(words) if word.lower() in BETWEEN and 0 < at < len(words) - 1]
    for at in marked:
        yield words[:at], words[at + 1 :]
    for at in range(1, len(words)):
        yield words[:at], words[at:]


def _read(words: Sequence[str], field: str, today: date) -> date | Invalid | Ambiguous:
    return read_date(" ".join(words), today, field)


def _is_date(read: date | Invalid | Ambiguous) -> bool:
    """An impossible day or a short year is a date all the same, only a wrong one."""
    return not isinstance(read, Invalid) or read.code != "unreadable_date"


def _understood(first: date | Invalid | Ambiguous, second: date | Invalid | Ambiguous | None, name: str) -> AwayWords:
    problems = [_problem(field, one) for field, one in (("from_on", first), ("until", second))]
    return AwayWords(
        from_on=first if isinstance(first, date) else None,
        until=second if isinstance(second, date) else None,
        name=name,
        problems=tuple(problem for problem in problems if problem),
    )


def _problem(field: str, read: date | Invalid | Ambiguous | None) -> Invalid | None:
    if isinstance(read, Ambiguous):
        return Invalid(field, "ambiguous_date", {"typed": read.text, "choices": read.choices})
    return read if isinstance(read, Invalid) else None
