"""The bot as its handlers and jobs see it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from bot.cards.words import Words
from bot.clock import Clock
from bot.executor import Executor
from bot.executor.rate_limit import Budget
from bot.outbox.delivery import Delivery
from bot.outbox.slack import Slack
from bot.rules.context import Context
from bot.rules.policy import Policies
from bot.settings import Settings
from bot.store.engine import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that was wired once, by ``app.build``. Nothing in it changes."""

    settings: Settings
    clock: Clock
    policies: Policies
    words: Words
    slack: Slack
    db: Database
    executor: Executor
    budget: Budget
    searches: Budget
    """For what is typed into a searched list: a question for every few letters."""
    delivery: Delivery

    def reading(self) -> AbstractContextManager[Session]:
        return self.db.reading()

    def writing(self) -> AbstractContextManager[Session]:
        return self.db.writing()

    def transact(self, change: Callable[[Session], T]) -> T:
        """Runs the change in one transaction, again where the database asks for it, and wakes the delivery."""
        result = self.db.transact(change)
        self.delivery.wake()
        return result

    def context(self) -> Context:
        """What a change needs to know, as of now."""
        return context_of(self.settings, self.policies, self.clock)


def context_of(settings: Settings, policies: Policies, clock: Clock) -> Context:
    """The rules, the channels and the present moment."""
    return Context(
        policies=policies,
        now=clock.now(),
        zone=clock.zone,
        approvals_channel=settings.credbot_approvals_channel,
        team_channel=settings.credbot_team_channel,
        admins=settings.credbot_admins,
    )
