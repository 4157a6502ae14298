"""Who is here, away or gone: a status in words, and what a coordinator reads after changing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.block_kit.message import Message
from bot.cards.names import identity_name, privilege_name, reason_words, request_name
from bot.cards.notices import said
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.policy import Policies
from bot.rules.providers.employment import AWAY
from bot.rules.providers.models import EmploymentStatus, Provider, ProviderStatus


def status_line(status: ProviderStatus, words: Words, *, on: date) -> Mrkdwn:
    """What somebody is, or will be: "On leave since Dec 1, 2026, expected back on Jan 15, 2027"."""
    return words.line(_piece(status, on), **_facts(status, words))


def status_words(status: ProviderStatus, words: Words, *, on: date) -> str:
    """The same as plain text."""
    return words.plain(_piece(status, on), **_facts(status, words))


def _piece(status: ProviderStatus, on: date) -> str:
    to_come = status.since is not None and status.since > on
    return f"to_come_{status.status.value}" if to_come else f"employment_{status.status.value}"


def _facts(status: ProviderStatus, words: Words) -> dict[str, object]:
    reason = reason_words(status.reason, words)
    return {"since": status.since, "back_on": status.expected_back, "reason": reason}


def gone_on_leave(name: str, status: ProviderStatus, words: Words, *, on: date) -> Message:
    facts = {"name": name, "since": status.since, "back_on": status.expected_back, "on": on}
    return said(words.line("leave_recorded", **facts))


def ended(
    name: str,
    since: date | None,
    words: Words,
    *,
    on: date,
    withdrawn: Sequence[int],
    held: Sequence[int],
    supervised: Sequence[str],
) -> Message:
    """What the end does, and what it did already."""
    lines = [words.line("end_recorded", name=name, since=since, on=on)]
    lines += [words.line("end_withdrew", numbers=[request_name(n) for n in withdrawn])] if withdrawn else []
    lines += [words.line("end_held_back", numbers=[request_name(n) for n in held])] if held else []
    lines += [words.line("end_supervised", names=supervised)] if supervised else []
    return said(stacked(*lines))


def withdrawn(numbers: Sequence[int], words: Words) -> Message:
    return said(words.line("end_withdrew", numbers=[request_name(n) for n in numbers]))


def came_back(
    provider: Provider,
    before: ProviderStatus,
    now: ProviderStatus,
    policies: Policies,
    words: Words,
    *,
    called_off: bool,
    verify: Sequence[Identity],
    ask: Sequence[str],
) -> Message:
    """Back, rehired or taken back; ``verify``: credentials to be verified anew, ``ask``: privileges that ended."""
    if called_off or before.status not in AWAY:
        status = status_words(now, words, on=now.since or date.max)
        return said(words.line("taken_back", name=provider.name, status=status))
    piece = "rehired_recorded" if now.status is EmploymentStatus.REHIRED else "back_recorded"
    lines = [words.line(piece, name=provider.name)]
    if verify:
        names = [identity_name(policies, one) for one in verify]
        lines.append(words.line("to_verify_again", credentials=names))
    if ask:
        names = [privilege_name(policies, key) for key in ask]
        lines.append(words.line("to_request_again", privileges=names))
    return said(stacked(*lines))
