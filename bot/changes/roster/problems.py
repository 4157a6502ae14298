"""What is wrong with a cell, in a sentence for the person who mends the file."""

from __future__ import annotations

from bot.rules.results import Invalid

_SENTENCES = {
    "state_missing": "The two-letter state is missing.",
    "state_unknown": "“{typed}” is no state; write two letters, such as NY.",
    "takes_no_state": "{label} has no state; leave this empty.",
    "number_missing": "The {label} is missing, such as {example}.",
    "takes_no_number": "{label} has no number; leave this empty.",
    "number_format": "“{typed}” does not look like a {label}, such as {example}.",
    "npi_check_digit": "“{typed}” is not an NPI: its last digit does not fit the others.",
    "dea_check_digit": "“{typed}” is not a DEA number: its last digit does not fit the others.",
    "takes_no_date": "{label} does not expire; leave this empty.",
    "issued_in_future": "{issued_on} is still to come.",
    "expiry_before_issue": "{expires_on} is before the issue date, {issued_on}.",
    "too_far": "{expires_on} is more than {years} years ahead.",
}


def in_words(problem: Invalid) -> str:
    """One sentence."""
    return _SENTENCES[problem.code].format_map(problem.facts)
