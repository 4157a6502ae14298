"""A granted privilege in one line, wherever it is shown."""

from __future__ import annotations

from datetime import date

from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.names import credential_name, privilege_name, reason_words
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.privileges.models import PrivilegeView


def grant_line(grant: PrivilegeView, on: date, policies: Policies, words: Words, *, why: bool) -> Mrkdwn:
    """Whether it works on a day; ``why`` names the credentials whose lapse made it inactive."""
    because = [credential_name(policies, key) for key in grant.inactive_because] if why else []
    return words.line(
        _piece(grant, on, why=why),
        name=privilege_name(policies, grant.privilege),
        site=grant.site,
        starts_on=grant.starts_on,
        ends_on=grant.last_day,
        since=grant.inactive_since,
        because=because,
        ended_on=grant.ended_on,
        reason=reason_words(grant.ended_because, words) if why else None,
    )


def active_or_not(grant: PrivilegeView, on: date, policies: Policies, words: Words) -> Mrkdwn:
    """All that anybody who works here may know of it."""
    name = privilege_name(policies, grant.privilege)
    return words.line("grant_active_or_not", name=name, site=grant.site, active=grant.active(on))


def _piece(grant: PrivilegeView, on: date, *, why: bool) -> str:
    if grant.ended_on and grant.ended_on <= on:
        return "grant_ended_with_provider"
    if grant.ends_on < on:
        return "grant_ended"
    if grant.inactive_since:
        return "grant_inactive" if why and not grant.why_withheld else "grant_not_active"
    return "grant_not_begun" if on < grant.starts_on else "grant_active"
