"""A delivery between a real database and the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from bot.cards.block_kit.message import Message
from bot.clock import Clock, stopped_at
from bot.outbox.delivery import Delivery
from bot.outbox.message_kind import Dropped, MessageKind
from bot.outbox.slack import Slack
from bot.store.engine import Database
from bot.store.outbox.claim import Claim
from bot.store.tables import Card, OutboxMessage, PersonRow
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
LEASE = 0.5


@dataclass
class Setup:
    """What a test works with. ``words``: the cards' state; ``rendered``: those used; ``alarms``: what admins heard."""

    db: Database
    workspace: Workspace
    slack: Slack
    channel: str
    words: dict[str, str] = field(default_factory=lambda: {"card": "open"})
    rendered: list[str] = field(default_factory=list)
    alarms: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return stopped_at(NOON, ZoneInfo("UTC"))

    def kinds(self) -> dict[str, MessageKind]:
        renders = {"note": self._note, "card": self._card, "broken": self._broken, "over": self._over}
        return {
            name: MessageKind(name, render, lambda claim: f"plain {claim.kind} {claim.subject}")
            for name, render in renders.items()
        }

    def delivery(self, lease: float = LEASE) -> Delivery:
        return Delivery(self.db, self.slack, self.kinds(), self.clock, send_lease=lease, on_alarm=self._hear)

    def drain(self, max_wait: float = 5) -> Any:
        return self.delivery().drain(max_wait)

    def person(self, handle: str) -> str:
        """The conversation of a person who gets a row now."""
        account = self.workspace.person(handle)
        with self.db.writing() as session:
            person = PersonRow(slack_user_id=account.id, email=account.email, name=account.name)
            session.add(person)
            session.flush()
            return f"person:{person.id}"

    def rows(self) -> list[OutboxMessage]:
        with self.db.reading() as session:
            return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def card(self) -> Card:
        with self.db.reading() as session:
            return session.exec(select(Card)).one()

    def said(self) -> list[str]:
        """What stands in the channel, threads included."""
        return [m.text for m in self.workspace.conversations.named("approvals").lasting()]

    def _hear(self, _session: Session, code: str, facts: Mapping[str, Any]) -> None:
        self.alarms.append((code, facts))

    def _note(self, _session: Session, claim: Claim, _now: datetime) -> Message:
        return Message(f"note {claim.subject}", [])

    def _card(self, _session: Session, claim: Claim, _now: datetime) -> Message:
        self.rendered.append(self.words["card"])
        return Message(f"card {claim.subject} {self.words['card']}", [])

    def _broken(self, _session: Session, _claim: Claim, _now: datetime) -> Message:
        raise KeyError("a name the template does not know")

    def _over(self, _session: Session, _claim: Claim, _now: datetime) -> Dropped:
        return Dropped("it was reported meanwhile")


@pytest.fixture
def workspace() -> Workspace:
    clinic = Workspace()
    clinic.rates_enabled = False
    clinic.add_person("cora", "Cora Diaz", "cora@clinic.test", "America/New_York", admin=True)
    clinic.add_person("lee", "Lee Chen", "lee@clinic.test", "America/Los_Angeles")
    clinic.add_channel("approvals", members=["credbot", "cora", "lee"])
    return clinic


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    with Server(workspace) as running:
        yield running


@pytest.fixture
def slack(workspace: Workspace, server: Server) -> Slack:
    return Slack(workspace.app.bot_token, server.api_url, timeout=2)


@pytest.fixture
def make(workspace: Workspace, slack: Slack) -> Callable[[Database], Setup]:
    return lambda db: Setup(db, workspace, slack, workspace.conversations.named("approvals").id)


@pytest.fixture
def desk(make: Callable[[Database], Setup], sqlite_db: Database) -> Setup:
    """On SQLite."""
    return make(sqlite_db)


@pytest.fixture
def both(make: Callable[[Database], Setup], db: Database) -> Setup:
    """The same test on both databases."""
    return make(db)
