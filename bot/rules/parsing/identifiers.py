"""Numbers and states as issuers write them. Shape and check digits prove form, never that a number exists."""

from __future__ import annotations

import re
import unicodedata

from bot.rules.policy import NumberFormat
from bot.rules.refusals import CredentialRefusal, Invalid

MOST = 60
"""Characters of a number: no issuer writes a longer one, and patterns are tried on no more."""

_BEFORE = re.compile(r"(?:(?:NO|NUM|NUMBER)(?:\s*[.:#]+|\s)|#)\s*(?=\S*[0-9])")
"""What is written before a number and is no part of it: "No. 123456", "no 123456", "#123456"."""
_ENDS = " .,;:-–—()[]\"'“”‘’"
"""No number begins or ends with these; a sentence does."""

_NPI = re.compile(r"[12][0-9]{9}")
_DEA = re.compile(r"[A-Z][A-Z9][0-9]{7}")
_NPI_PREFIX_SUM = 24
"""What the card issuer prefix 80840 adds to an NPI's Luhn sum (CMS, NPI check digit)."""

_CODES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND "
    "OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI"
)
STATES = frozenset(_CODES.split())
"""Postal codes of the states, the District and the territories that license (USPS Publication 28)."""


def read_state(text: str) -> str | Invalid:
    """The two-letter postal code, in any case; ``state_missing`` where empty, ``state_unknown`` otherwise."""
    typed = text.strip()
    if not typed:
        return Invalid("state", CredentialRefusal.STATE_MISSING)
    return (
        typed.upper()
        if typed.upper() in STATES
        else Invalid("state", CredentialRefusal.STATE_UNKNOWN, {"typed": typed})
    )


def npi_ok(number: str) -> bool:
    """Whether ten digits form an NPI: first 1 or 2, and Luhn over 80840 + NPI fits (45 CFR 162.406)."""
    if not _NPI.fullmatch(number):
        return False
    digits = [int(d) for d in number]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (_NPI_PREFIX_SUM + sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def dea_ok(number: str) -> bool:
    """Whether a DEA number's check digit fits; an institutional suffix after a hyphen is not part of it."""
    stem = number.partition("-")[0]
    if not _DEA.fullmatch(stem):
        return False
    digits = [int(d) for d in stem[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def normalize(policy: NumberFormat, text: str) -> str | Invalid:
    """The number as stored: upper case, without spaces that its pattern does not allow, and without what only stands
    around it.

    Errors are ``number_format``, ``npi_check_digit`` and ``dea_check_digit``, with facts ``label``,
    ``example`` and ``typed``.
    """
    number = _fitting(policy.pattern, text)
    if number is None:
        return _invalid(CredentialRefusal.NUMBER_FORMAT, policy, text)
    if policy.check == "npi" and not npi_ok(number):
        return _invalid(CredentialRefusal.NPI_CHECK_DIGIT, policy, text)
    if policy.check == "dea" and not dea_ok(number):
        return _invalid(CredentialRefusal.DEA_CHECK_DIGIT, policy, text)
    return number


def trimmed(text: str) -> str:
    """The same without punctuation at its ends, and without "No." or "#" before it."""
    bare = text.strip(_ENDS)
    return _BEFORE.sub("", bare.upper(), count=1) if _BEFORE.match(bare.upper()) else bare


def dea_name_warning(number: str, last_name: str) -> bool:
    """Whether the second letter fits no part of the last name.

    Only a warning: names change, and 9 stands for a business.
    """
    initials = {_latin_initial(part) for part in re.split(r"[\s-]+", last_name.strip())} - {""}
    return bool(initials) and number[1:2] not in initials | {"9"}


def _fitting(pattern: str, text: str) -> str | None:
    """The text as typed, else without its spaces, whichever the pattern takes."""
    if len(text) > MOST:
        return None
    spaced = trimmed(" ".join(unicodedata.normalize("NFKC", text).upper().split()))
    candidates = (spaced, spaced.replace(" ", ""))
    return next((c for c in candidates if len(c) <= MOST and re.fullmatch(pattern, c, re.ASCII)), None)


def _invalid(code: CredentialRefusal, policy: NumberFormat, typed: str) -> Invalid:
    return Invalid("number", code, {"label": policy.label, "example": policy.example, "typed": typed.strip()})


def _latin_initial(name: str) -> str:
    initial = unicodedata.normalize("NFKD", name)[:1].upper()
    return initial if initial.isascii() and initial.isalpha() else ""
