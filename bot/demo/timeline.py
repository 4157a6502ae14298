"""What the page's timeline shows of the days to come: the reminders of `credbot nudges preview`, and what ends when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time

from sqlmodel import Session

from bot.bot import Bot
from bot.cards.dates import day, in_days
from bot.cards.names import identity_name, name_of, privilege_name
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider
from bot.rules.reminders.catalog import DeadlineKind
from bot.store.providers import profiles
from bot.store.reminders.preview import SILENCE, PreviewLine, preview
from bot.store.reports.status_and_lists import expiring_view
from slack_sandbox.page.app_info import UpcomingJob

AHEAD = 90
"""Days: as far as a reminder of most credentials reaches."""
_ID = re.compile(r" <\w+>$")
TITLES = {
    DeadlineKind.LAPSED: "Lapsed",
    DeadlineKind.LAPSE_WARNING: "About to lapse",
    DeadlineKind.VERIFY: "Verify",
    DeadlineKind.DISCREPANCY: "Discrepancy",
    DeadlineKind.NOT_ACTIVE: "Look again",
    DeadlineKind.ISSUER: "Ask the issuer",
    DeadlineKind.FILED: "Filed, not answered yet",
    DeadlineKind.CONFIRM_FILING: "Confirm the filing",
    DeadlineKind.FILING_REVIEW: "Does the filing still hold?",
    DeadlineKind.HELP: "Help",
}


def foresee(bot: Bot) -> list[UpcomingJob]:
    """The next ninety days if nobody acts, as of now."""
    today = bot.clock.today()
    with bot.reading() as session:
        found = preview(session, bot.context(), today, AHEAD)
        lines = [line for line in found if isinstance(line, PreviewLine)]
        providers = profiles.providers(session, {line.provider_id for line in lines})
        return [*_reminders(lines, providers, bot.policies), *_expiries(session, bot, today)]


def _reminders(
    lines: list[PreviewLine], providers: Mapping[int, Provider], policies: Policies
) -> Iterator[UpcomingJob]:
    for line in lines:
        due = (
            f"due {day(line.due_on)}" if line.kind is not DeadlineKind.EXPIRY else _expires(line.due_on, line.at.date())
        )
        about = f"no answer yet, {due}" if line.rung == SILENCE else due
        who = _ID.sub("", line.reader)
        yield UpcomingJob(line.at, who, _title(line, who, providers, policies), about, held=line.held)


def _title(line: PreviewLine, who: str, providers: Mapping[int, Provider], policies: Policies) -> str:
    """As the messages begin: what for, whose unless it is the reader's own, and which."""
    provider = providers.get(line.provider_id)
    whose = [provider.name] if provider and provider.name != who else []
    words = line.what.removeprefix(f"{line.kind.replace('_', ' ')} ")
    first, *rest = words.split()
    if line.kind is DeadlineKind.STEP:
        return " · ".join([first, *whose, privilege_name(policies, *rest)])
    what = identity_name(policies, line.about) if line.about else words.capitalize()
    title = f"{TITLES[line.kind]}: " if line.kind in TITLES else ""
    return title + " · ".join([*whose, what])


def _expires(on: date, seen_on: date) -> str:
    return f"{'expires' if on >= seen_on else 'expired'} {in_days(on, seen_on)}"


def _expiries(session: Session, bot: Bot, today: date) -> Iterator[UpcomingJob]:
    for row in expiring_view(session, bot.policies, today, AHEAD).rows:
        term, credential = row.judged.term, row.judged.credential
        if term.expires_on is None or term.expires_on < today:
            continue
        end = datetime.combine(term.expires_on, time.max, bot.clock.zone).astimezone(UTC)
        name = name_of(bot.policies, credential)
        yield UpcomingJob(end, row.provider.name, f"{name} expires", "at the end of the day", all_day=True)
