"""What a line of words means: ``[PERSON] TYPE [STATE] [NUMBER] [DATE]``, and the nearest command."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from bot.rules.dates import MOST_WORDS, Ambiguous, check_term, looks_like_a_date, read_date
from bot.rules.parsing.identifiers import normalize, read_state
from bot.rules.parsing.mentions import names_somebody
from bot.rules.parsing.names import NameMatch, fold, longest_name, names_of
from bot.rules.policy import CredentialType, Policies
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid

_WORD = re.compile(r"<[^<>]*>|\S+")
"""A mention is one word, whatever name Slack puts inside it."""
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
    kind: str | None = None

    @property
    def complete(self) -> bool:
        """Whether the line says everything its type needs."""
        return self.type is not None and self.ambiguous is None and not self.problems


def parse_add(text: str, policies: Policies, today: date) -> AddWords:
    """A whole ``add`` line. Relative dates count from ``today``, in the organization's zone.

    Problems: ``unknown_type`` (facts ``typed``, ``closest``), ``state_missing``, ``state_unknown``,
    ``number_missing``, ``takes_no_number``, ``date_missing``, ``takes_no_date``, and those of ``normalize``,
    ``read_date`` and ``check_term``.
    """
    words = words_of(text)
    match = longest_name(words, policies.credentials)
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
    person, rest = " ".join(words[: match.start]), list(words[match.end :])
    policy = policies.credentials[match.key]
    state, rest = _state(rest) if policy.jurisdiction else (None, rest)
    typed_number, date_text = _number_and_date(rest, policy, today)
    number = _number(typed_number, policy)
    day = _date(date_text, policy, today)
    return AddWords(
        person=person,
        type=match.key,
        kind=match.kind,
        state=state if isinstance(state, str) else None,
        number=number if isinstance(number, str) else typed_number or None,
        expires_on=day if isinstance(day, date) else None,
        date_text=date_text,
        ambiguous=day if isinstance(day, Ambiguous) else None,
        problems=tuple(part for part in (state, number, day) if isinstance(part, Invalid)),
    )


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


def _state(rest: list[str]) -> tuple[str | Invalid, list[str]]:
    """The state, if the first word has two letters, and what follows it."""
    if rest and re.fullmatch(r"[A-Za-z]{2}", rest[0]):
        return read_state(rest[0]), rest[1:]
    return read_state(""), rest


def _number_and_date(rest: list[str], policy: CredentialType, today: date) -> tuple[str, str]:
    """Where the number ends: before the first words that together read as a date, else after one word."""
    splits = (
        n for n in range(max(0, len(rest) - MOST_WORDS), len(rest)) if looks_like_a_date(" ".join(rest[n:]), today)
    )
    at = next(splits, None)
    if at is None:
        at = 1 if policy.number else 0
    return " ".join(rest[:at]), " ".join(rest[at:])


def _number(typed: str, policy: CredentialType) -> str | Invalid | None:
    if policy.number is None:
        return (
            Invalid("number", CredentialRefusal.TAKES_NO_NUMBER, {"label": policy.label, "typed": typed})
            if typed
            else None
        )
    if not typed:
        return Invalid(
            "number", CredentialRefusal.NUMBER_MISSING, {"label": policy.number.label, "example": policy.number.example}
        )
    return normalize(policy.number, typed)


def _date(text: str, policy: CredentialType, today: date) -> date | Invalid | Ambiguous | None:
    if not policy.expires:
        return (
            Invalid("expires_on", CredentialRefusal.TAKES_NO_DATE, {"label": policy.label, "typed": text})
            if text
            else None
        )
    if not text:
        return Invalid("expires_on", CommonRefusal.DATE_MISSING, {"label": policy.expiry_label})
    read = read_date(text, today)
    too_far = check_term(None, read, today) if isinstance(read, date) else None
    return too_far or read
