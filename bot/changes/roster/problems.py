"""What is wrong with a cell, in a sentence for the person who mends the file."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, Refusal

_SENTENCES: Mapping[Refusal, str] = {
    CredentialRefusal.STATE_MISSING: "The two-letter state is missing.",
    CredentialRefusal.STATE_UNKNOWN: "“{typed}” isn't a state; write two letters, such as NY.",
    CredentialRefusal.TAKES_NO_STATE: "{label} has no state; leave this empty.",
    CredentialRefusal.NUMBER_MISSING: "The {label} is missing, such as {example}.",
    CredentialRefusal.TAKES_NO_NUMBER: "{label} has no number; leave this empty.",
    CredentialRefusal.NUMBER_FORMAT: "“{typed}” does not look like a {label}, such as {example}.",
    CredentialRefusal.NPI_CHECK_DIGIT: "“{typed}” is not an NPI: its last digit does not fit the others.",
    CredentialRefusal.DEA_CHECK_DIGIT: "“{typed}” is not a DEA number: its last digit does not fit the others.",
    CredentialRefusal.TAKES_NO_DATE: "{label} does not expire; leave this empty.",
    CredentialRefusal.ISSUED_IN_FUTURE: "{issued_on} is still to come.",
    CredentialRefusal.EXPIRY_BEFORE_ISSUE: "{expires_on} is before the issue date, {issued_on}.",
    CredentialRefusal.YEAR_RIGHT: "{expires_on}: is the year right?",
    CommonRefusal.FEB_28: "There is no “{typed}”: is it {meant}?",
    CommonRefusal.LAST_OF_MONTH: "“{typed}” is a month: is it {meant}, its last day?",
    CredentialRefusal.TOO_FAR: "{expires_on} is more than {years} years ahead.",
}


def in_words(problem: Invalid) -> str:
    """One sentence."""
    return _SENTENCES[problem.code].format_map(problem.facts)
