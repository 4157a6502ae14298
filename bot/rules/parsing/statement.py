"""The words after a credential's type, each taken for what it says: state, number, a date; or left over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from bot.rules.dates import MOST_WORDS, looks_like_a_date
from bot.rules.parsing.identifiers import STATES, normalize, trimmed
from bot.rules.policy import CredentialType, NumberFormat
from bot.rules.refusals import Invalid

_ENDS = ".,;:-–—()[]|/#*"
_STATE = re.compile(r"[A-Za-z]{2}")


class _Cue(Enum):
    """What a word says of the one that follows it."""

    EXPIRY = auto()
    ISSUE = auto()
    NUMBER = auto()


_CUES: Mapping[str, _Cue] = {
    **dict.fromkeys(("exp", "expires", "expire", "expiry", "expiration", "expiring", "ends", "until"), _Cue.EXPIRY),
    **dict.fromkeys(("till", "thru", "through", "valid", "good", "due", "renew"), _Cue.EXPIRY),
    **dict.fromkeys(("eff", "effective", "iss", "issued", "issue", "from", "since", "starts", "begins"), _Cue.ISSUE),
    **dict.fromkeys(("no", "num", "number", "nr", "#"), _Cue.NUMBER),
}
_BETWEEN = frozenset({"on", "date", "by", "is", "of", "the"})
"""Words between such a word and what it is about."""
_GLUED = re.compile(r"([A-Za-z]+)[.:]*(?=[0-9])(.+)")
"""``EXP12/31/2028``, ``exp:12/31/2028``."""
_OPEN_ENDED = frozenset(
    {"lifetime", "indefinite", "permanent", "no expiration", "no expiration date", "no expiry", "never expires"}
    | {"does not expire", "doesn't expire"}
)

MOST_SAID = 24
"""Words after the type that are looked at: a line that says everything has a dozen."""


@dataclass(slots=True)
class Statement:
    """What the words say, as typed; ``left`` are those that say nothing known."""

    state: str = ""
    number: str = ""
    expiry: str = ""
    issue: str = ""
    open_ended: bool = False
    """It was said that there is no expiry."""
    left: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """The words on the way through."""

    said: Statement = field(default_factory=Statement)
    numbers: list[list[str]] = field(default_factory=list)
    """Words with a digit, those that follow each other together."""
    dates: list[tuple[_Cue | None, str]] = field(default_factory=list)
    cue: _Cue | None = None
    cues: list[str] = field(default_factory=list)
    """The words of the cue, until what they are about is found."""
    in_number: bool = False
    trailing: list[str] = field(default_factory=list)
    """What was left over since the last word that said something."""

    def take(self) -> _Cue | None:
        """The cue, which is used up; what came before it is no longer the end of the line."""
        cue, self.cue, self.cues, self.in_number = self.cue, None, [], False
        self.leave()
        return cue

    def leave(self) -> None:
        self.said.left += self.trailing
        self.trailing = []

    def leave_cue(self) -> None:
        """Nothing that it could be about came after it."""
        self.trailing += self.cues
        self.cue, self.cues = None, []


def read_statement(words: Sequence[str], policy: CredentialType, today: date) -> Statement:
    """The words in any order: the first date is the expiry, unless a word before it says otherwise.

    A word without a digit is never part of a number, nor is a second number part of the first, unless its type's
    numbers are written with spaces or carry a check digit.
    """
    split, cues = list(_split(words[:MOST_SAID], today)), {**_CUES, **_own_cues(policy)}
    reading, at = _Reading(), 0
    while at < len(split):
        at += _read(reading, split, at, policy, cues, today)
    reading.leave_cue()
    told = _told(reading, policy)
    told.left += words[MOST_SAID:]
    return told


def _read(
    reading: _Reading, words: Sequence[str], at: int, policy: CredentialType, cues: Mapping[str, _Cue], today: date
) -> int:
    """What the words say from there on, and how many of them say it."""
    word, bare = words[at], words[at].strip(_ENDS).casefold() or words[at]
    if not any(map(str.isalnum, word)) and bare not in cues:
        return 1
    if (
        policy.jurisdiction
        and not reading.said.state
        and _is_state(word.strip(_ENDS), first=at == 0 and bare not in cues)
    ):
        reading.take()
        reading.said.state = word.strip(_ENDS)
        return 1
    if length := _open_ended(words, at):
        reading.take()
        reading.said.open_ended = True
        return length
    length = 0 if reading.cue is _Cue.NUMBER and _has_digit(word) else _date_length(words, at, today)
    if length:
        reading.dates.append((reading.take(), " ".join(words[at : at + length]).strip(" ,;.")))
    elif bare in cues:
        if reading.cue not in (None, cues[bare]):
            reading.leave_cue()
        reading.cue, reading.in_number = cues[bare], False
        reading.cues.append(word)
    elif reading.cue and bare in _BETWEEN:
        reading.cues.append(word)
    elif _has_digit(word):
        _add_number(reading, word)
    else:
        reading.leave_cue()
        reading.trailing.append(word)
        reading.in_number = False
    return length or 1


def _add_number(reading: _Reading, word: str) -> None:
    if reading.cue not in (None, _Cue.NUMBER):
        reading.leave_cue()
    if reading.in_number:
        reading.numbers[-1].append(word)
    else:
        reading.take()
        reading.numbers.append([word])
    reading.in_number = True


def _told(reading: _Reading, policy: CredentialType) -> Statement:
    said = reading.said
    for cue, text in reading.dates:
        if cue is _Cue.ISSUE and not said.issue:
            said.issue = text
        elif cue is _Cue.EXPIRY and not said.expiry:
            said.expiry = text
    for cue, text in reading.dates:
        if text in (said.issue, said.expiry):
            continue
        if cue is None and not said.expiry:
            said.expiry = text
        else:
            said.left.append(text)
    if said.open_ended and said.expiry:
        said.left.append(said.expiry)
        said.expiry = ""
    first, *others = reading.numbers or [[]]
    said.number, more = _number(first, policy.number)
    said.left += [*more, *(word for group in others for word in group)]
    if policy.may_expire and not said.expiry and not said.open_ended:
        said.expiry = " ".join(reading.trailing)
    else:
        reading.leave()
    return said


def _number(words: Sequence[str], form: NumberFormat | None) -> tuple[str, Sequence[str]]:
    """The number, and the words that are not of it."""
    if form is None or len(words) < 2:
        return " ".join(map(trimmed, words)), ()
    if form.check:
        first = next((n for n in range(1, len(words)) if _is_right(form, words[:n])), len(words))
        return " ".join(map(trimmed, words[:first])), words[first:]
    whole = normalize(form, " ".join(words))
    if isinstance(whole, Invalid) or " " not in whole:
        return trimmed(words[0]), words[1:]
    return whole, ()


def _is_right(form: NumberFormat, words: Sequence[str]) -> bool:
    """Whether so many words are a number already, whose check digit fits: what follows is none of it."""
    return not isinstance(normalize(form, " ".join(map(trimmed, words))), Invalid)


def _split(words: Sequence[str], today: date) -> Iterator[str]:
    """``EXP12/31/2028`` and ``exp:12/31/2028`` are two words."""
    for word in words:
        glued = _GLUED.fullmatch(word)
        cue = _CUES.get(glued[1].casefold()) if glued else None
        if glued and cue not in (None, _Cue.NUMBER) and looks_like_a_date(glued[2].strip(" ,;."), today):
            yield from (glued[1], glued[2])
        else:
            yield word


def _own_cues(policy: CredentialType) -> dict[str, _Cue]:
    """A type's own words for its expiry and its number, as in "next attestation due"."""
    expiry = {word.casefold(): _Cue.EXPIRY for word in policy.expiry_label.split()}
    number = {word.casefold(): _Cue.NUMBER for word in (policy.number.label.split() if policy.number else ())}
    return {word: cue for word, cue in {**number, **expiry}.items() if word not in _BETWEEN and not _has_digit(word)}


def _is_state(word: str, *, first: bool) -> bool:
    """Two letters right after the type; elsewhere only a state's code in capitals."""
    return bool(_STATE.fullmatch(word)) and (first or word in STATES)


def _open_ended(words: Sequence[str], at: int) -> int:
    for length in (3, 2, 1):
        said = " ".join(word.strip(_ENDS) for word in words[at : at + length]).casefold()
        if len(words) - at >= length and said in _OPEN_ENDED:
            return length
    return 0


def _date_length(words: Sequence[str], at: int, today: date) -> int:
    """Of how many words from there on a date is: the longest."""
    longest = range(min(MOST_WORDS, len(words) - at), 0, -1)
    tries = ((length, " ".join(words[at : at + length]).strip(" ,;.")) for length in longest)
    return next((length for length, text in tries if looks_like_a_date(text, today)), 0)


def _has_digit(word: str) -> bool:
    return bool(re.search("[0-9]", unicodedata.normalize("NFKC", word)))
