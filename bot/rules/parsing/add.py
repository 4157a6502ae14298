"""What a line of words means: ``[PERSON] TYPE`` and what is stated of it, and the nearest command."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from bot.rules.credentials.input import CredentialInput, read_stated
from bot.rules.dates import Ambiguous, month_end, read_date
from bot.rules.parsing.mentions import names_somebody
from bot.rules.parsing.names import NameMatch, fold, longest_name, names_of
from bot.rules.parsing.statement import read_statement
from bot.rules.policy import CredentialType, Policies
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid

_WORD = re.compile(r"<[^<>]*>|\S+")
"""A mention is one word, whatever name Slack puts inside it."""
MOST_BEFORE = 40
"""Words among which the type has to stand: nobody's name is longer."""
_NEAR = 6
"""Words before the first number in which a mistyped type may stand."""


@dataclass(frozen=True, slots=True)
class AddWords:
    """A line as understood, for a form to open prefilled; ``problems`` say what was not."""

    person: str = ""
    """The words before the type; empty = whoever typed them."""
    type: str | None = None
    state: str | None = None
    number: str | None = None
    """As stored where its form is right, else as typed."""
    expires_on: date | None = None
    date_text: str = ""
    ambiguous: Ambiguous | None = None
    problems: tuple[Invalid, ...] = ()
    """What cannot be recorded as it stands, words that nobody understood among it."""
    issued_on: date | None = None
    kind: str | None = None

    @property
    def complete(self) -> bool:
        """Whether the line says everything its type needs."""
        return self.type is not None and self.ambiguous is None and not self.problems


def parse_add(text: str, policies: Policies, today: date) -> AddWords:
    """A whole ``add`` line. Relative dates count from ``today``, in the organization's zone.

    Problems: ``unknown_type`` (facts ``typed``, ``closest``), ``words_left`` (``typed``), and those of
    ``read_stated`` and ``read_date``, questions among them.
    """
    words = words_of(text)
    match = longest_name(words[:MOST_BEFORE], policies.credentials)
    if match is not None:
        return _understood(words, match, policies, today)
    meant = _misspelt(words, policies)
    if meant is None:
        return _without_type(words)
    typed = words[meant.start]
    understood = _understood(words, meant, policies, today)
    problem = Invalid(
        "type", CredentialRefusal.UNKNOWN_TYPE, {"typed": typed, "closest": policies.credentials[meant.key].label}
    )
    return replace(understood, problems=(problem, *understood.problems))


def _understood(words: Sequence[str], match: NameMatch, policies: Policies, today: date) -> AddWords:
    policy = policies.credentials[match.key]
    said = read_statement(words[match.end :], policy, today)
    issued_on, expires_on = (
        _day(text, policy, today, field) for field, text in (("issued_on", said.issue), ("expires_on", said.expiry))
    )
    stated = CredentialInput(
        match.key,
        said.state or None,
        said.number or None,
        issued_on if isinstance(issued_on, date) else None,
        expires_on if isinstance(expires_on, date) else None,
        match.kind,
    )
    read, problems = read_stated(stated, policies, today)
    if said.expiry and policy.may_expire and not isinstance(expires_on, date):
        problems = [problem for problem in problems if problem.code is not CommonRefusal.DATE_MISSING]
    problems += [day for day in (issued_on, expires_on) if isinstance(day, Invalid)]
    if said.left:
        problems.append(Invalid("", CredentialRefusal.WORDS_LEFT, {"typed": " ".join(said.left)}))
    return AddWords(
        person=" ".join(words[: match.start]),
        type=match.key,
        kind=match.kind,
        state=read.state,
        number=read.number or said.number or None,
        issued_on=stated.issued_on,
        expires_on=stated.expires_on if policy.may_expire else None,
        date_text=said.expiry,
        ambiguous=expires_on if isinstance(expires_on, Ambiguous) else None,
        problems=tuple(problems),
    )


def _day(text: str, policy: CredentialType, today: date, field: str) -> date | Invalid | Ambiguous | None:
    """A day as the type's documents show it; two readings of an issue date are left to the form."""
    if not text:
        return None
    read = read_date(text, today, field)
    if isinstance(read, Ambiguous) and field == "issued_on":
        return Invalid(field, CommonRefusal.AMBIGUOUS_DATE, {"typed": text, "choices": read.choices})
    return month_end(read) if policy.precision == "month" else read


def words_of(text: str) -> list[str]:
    """The words of a line; a mention stays whole."""
    return _WORD.findall(text)


def closest(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant: the only one that begins so, else one spelt nearly so; None."""
    said, by_spelling = word.lower(), {name.lower(): name for name in known}
    if len(said) > 2 * max(map(len, by_spelling), default=0):
        return None
    begun = [spelling for spelling in by_spelling if len(said) > 1 and spelling.startswith(said)]
    near = begun if len(begun) == 1 else get_close_matches(said, by_spelling, n=1)
    return by_spelling[near[0]] if near else None


def _names(policies: Policies) -> Iterator[tuple[str, str]]:
    for key, policy in policies.credentials.items():
        for name in names_of(key, policy):
            yield fold(name), key


def _misspelt(words: Sequence[str], policies: Policies) -> NameMatch | None:
    """A word near a type's name. Where nobody is mentioned, and no number or date follows, it may be a name as well."""
    names = dict(_names(policies))
    mentioned = bool(words) and names_somebody(words[0])
    digits = (n for n, word in enumerate(words) if n >= mentioned and re.search(r"[0-9]", word))
    until = next(digits, len(words) if mentioned else 0)
    near = ((n, closest(words[n], names)) for n in reversed(range(max(mentioned, until - _NEAR), until)))
    return next((NameMatch(names[name], n, n + 1) for n, name in near if name), None)


def _without_type(words: Sequence[str]) -> AddWords:
    """After a mention the rest was meant as a type; without one it may all be a name, which is asked."""
    if not words or not names_somebody(words[0]):
        return AddWords(person=" ".join(words))
    problem = Invalid("type", CredentialRefusal.UNKNOWN_TYPE, {"typed": " ".join(words[1:]), "closest": None})
    return AddWords(person=words[0], problems=(problem,) if words[1:] else ())
