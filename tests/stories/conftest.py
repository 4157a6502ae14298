"""A small clinic in a Slack workspace on this machine, with the real bot in it, for each story."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot import app, log
from bot.bot import Bot
from bot.changes.people.roles import grant_role, parse_role, revoke_role, write_role
from bot.clock import Clock
from bot.executor import rate_limit
from bot.handlers.dispatch import responses
from bot.handlers.dispatch.identity import identified
from bot.jobs import schedule
from bot.rules.people.models import CLI, HeldRole
from bot.server import lifecycle
from bot.settings import Settings
from bot.store.audit.chain_check import ChainVerified, verify
from bot.store.outbox import pace
from bot.store.reminders.missing_subjects import missing_subjects
from bot.store.tables import AuditEvent, OutboxMessage
from slack_sandbox.api.rate_limits import Rates
from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.person.actor import Actor
from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace
from tests.conftest import KEY, Template
from tests.stories.rosters import import_rows

ZONE = "America/New_York"
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
SPEED = 4
"""So many times faster than Slack's is the pace here, on both sides; the tests of outbox and processes keep to it."""
QUIET = frozenset(range(1, 9)) | frozenset(range(16, 24))
PEOPLE = {
    "cora": ("Cora Diaz", "coordinator"),
    "lee": ("Lee Chen", "provider"),
    "maya": ("Maya Okafor", "provider"),
    "dana": ("Dana Whitfield", "approver:department_chair"),
    "omar": ("Omar Haddad", "approver:credentials_committee"),
    "priya": ("Priya Raman", "approver:credentials_committee"),
    "ruth": ("Ruth Adler", "approver:medical_director"),
    "ada": ("Ada Novak", "admin"),
    "noah": ("Noah Berg", None),
}


@dataclass
class Clinic:
    """The workspace, the bot in it, and the calendar that both live by."""

    slack: Client
    workspace: Workspace
    server: Server
    calendar: WorkspaceClock
    bot: Bot
    approvals: str
    team: str

    def __getattr__(self, handle: str) -> Actor:
        if handle not in PEOPLE and handle != "gus":
            raise AttributeError(handle)
        return self.slack.as_(handle)

    def delivered(self) -> None:
        """Waits until everything that was said is out."""
        self.bot.delivery.drain(5)

    def settled(self) -> None:
        """Waits until nothing is on its way any more, whatever was uncertain included."""
        patience = time.monotonic() + 60
        while self.bot.delivery.drain(5).waiting:
            assert time.monotonic() < patience, "messages are still on their way"
            time.sleep(0.05)

    def on(self, day: str, at: str = "09:05") -> None:
        """Moves the clock to a moment in New York."""
        self.calendar.jump(datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC))

    def switched_off_until(self, day: str) -> None:
        """Nothing runs until that morning; then the bot is back, and catches up."""
        live, self.calendar.run_hour = self.calendar.run_hour, lambda _: None
        self.on(day, "09:00")
        self.calendar.run_hour = live
        self.on(day)

    def is_also(self, handle: str, role: str) -> None:
        """They have had one more role for long, so nobody is told."""
        person = identified(self.bot, self.workspace.person(handle).id)
        assert person is not None
        _has_had(self.bot, person.id, role)

    def is_given(self, handle: str, role: str) -> None:
        """Grants one more role, as ``credbot role grant`` would."""
        person, held = identified(self.bot, self.workspace.person(handle).id), parse_role(role)
        assert person is not None
        assert isinstance(held, HeldRole)
        self.bot.transact(lambda session: grant_role(session, self.bot.context(), CLI, person.id, held))

    def is_no_longer(self, handle: str, role: str) -> None:
        """Takes a role away, as ``credbot role revoke`` would."""
        person, held = identified(self.bot, self.workspace.person(handle).id), parse_role(role)
        assert person is not None
        assert isinstance(held, HeldRole)
        self.bot.transact(lambda session: revoke_role(session, self.bot.context(), CLI, person.id, held))

    def leaves(self, handle: str) -> None:
        """Deactivates somebody's account, and waits until the bot has heard of it."""
        self.workspace.deactivate(handle)
        user_id, patience = self.workspace.person(handle).id, time.monotonic() + 30
        while not (person := identified(self.bot, user_id)) or not person.deactivated:
            assert time.monotonic() < patience, f"the bot never heard that {handle} left"
            time.sleep(0.02)

    def eventually(self, holds: Callable[[], bool], patience: float = 30) -> None:
        """Looks until it holds."""
        until = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < until, "it never came to hold"
            time.sleep(0.02)

    def acts(self, act: str, reason: str | None = None) -> int:
        """How many audit events there are of an act, for a reason."""
        query = select(AuditEvent).where(AuditEvent.act == act)
        with self.bot.reading() as session:
            return len([event for event in session.exec(query) if reason in (None, event.reason)])

    def roster(self, *rows: Mapping[str, str]) -> None:
        """Imports a roster, as ``credbot import roster`` would."""
        import_rows(self.bot, rows)


@pytest.fixture
def messages() -> Path | None:
    """A folder that overrides templates; a story's module may have its own."""
    return None


@pytest.fixture
def rules() -> Path | None:
    """A folder that overrides policies; a story's module may have its own."""
    return None


@pytest.fixture
def enterprise() -> str | None:
    """The Enterprise Grid organization of the workspace; a story's module may have one."""
    return None


@pytest.fixture(scope="session")
def hired_file(tmp_path_factory: pytest.TempPathFactory, migrated_file: Template) -> Template:
    """The clinic's database on its first morning, for all stories with rules and a workspace like everybody's."""
    path = tmp_path_factory.mktemp("hired") / "clinic.db"
    with _opened(Workspace(), migrated_file.copied_to(path)) as first:
        _hire(first.bot, first.workspace)
        with first.bot.reading() as session:
            assert not session.exec(select(OutboxMessage)).all(), "a story would never hear what was said before it"
    return replace(migrated_file, database=str(path))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, rules: Path | None, enterprise: str | None) -> str:
    """A fresh SQLite database; a story's module may have another."""
    of_its_own = rules is not None or enterprise is not None
    template: Template = request.getfixturevalue("migrated_file" if of_its_own else "hired_file")
    return template.copied_to(tmp_path / "clinic.db")


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch, shipped_once: None) -> None:
    """What would take most of a story's time, and is not what it is about."""
    for method, gap in pace.GAPS.items():
        faster = pace.Gap(gap.workspace / SPEED, gap.conversation / SPEED)
        monkeypatch.setitem(pace.GAPS, method, faster)


@pytest.fixture
def a_minute() -> int:
    """Pieces of one person a minute. People in stories are quick; a story of a flood has the bot's own."""
    return 100_000


@pytest.fixture
def triggers_live() -> float:
    """Seconds, as acknowledgements are waited for: as a busy machine needs; a story about them has Slack's three."""
    return 30


@pytest.fixture
def clinic(
    hurry: None,
    database_url: str,
    messages: Path | None,
    rules: Path | None,
    enterprise: str | None,
    triggers_live: float,
    a_minute: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Clinic]:
    log.configure("ERROR", sys.__stderr__)
    workspace = Workspace(enterprise_id=enterprise)
    workspace.one_shots.trigger_seconds = workspace.ack_seconds = triggers_live
    monkeypatch.setattr(responses, "TRIGGER_LIVES", triggers_live - 1)
    monkeypatch.setattr(rate_limit, "A_MINUTE", a_minute)
    workspace.rates = Rates(lambda: SPEED * time.monotonic())
    with _opened(workspace, database_url, messages=messages, rules=rules) as opened:
        if not opened.acts("role_granted"):
            _hire(opened.bot, workspace)
        yield opened
    with opened.bot.reading() as session:
        checked = verify(session, opened.bot.settings.credbot_secret_key)
        assert isinstance(checked, ChainVerified), checked
        assert missing_subjects(session) == []
    workspace.strict.raise_on_violations()


@contextmanager
def _opened(
    workspace: Workspace, database_url: str, *, messages: Path | None = None, rules: Path | None = None
) -> Iterator[Clinic]:
    """The workspace's people and channels, and the bot among them until the block ends."""
    for handle, (name, _) in PEOPLE.items():
        workspace.add_person(handle, name, f"{handle}@riverbend.example", ZONE)
    workspace.add_person("gus", "Gus Vale", "gus@elsewhere.example", ZONE, guest=True)
    approvals = workspace.add_channel(
        "privilege-requests", private=True, members=["credbot", "cora", "dana", "omar", "priya", "ruth"]
    )
    team = workspace.add_channel("credentialing", private=True, members=["credbot", "cora", "ada"])
    workspace.add_channel("general", private=False, members=["credbot", *PEOPLE])
    calendar = WorkspaceClock(MONDAY_AT_TEN, ZONE)
    with Server(workspace, calendar=calendar) as server:
        settings = Settings(
            _env_file=None,
            slack_bot_token=workspace.app.bot_token,
            slack_signing_secret=workspace.app.signing_secret,
            slack_api_url=server.api_url,
            database_url=database_url,
            credbot_approvals_channel=approvals,
            credbot_team_channel=team,
            credbot_timezone=ZONE,
            credbot_messages=messages,
            credbot_policies=rules,
            credbot_secret_key=KEY,
            credbot_send_lease=2,
            port=0,
        )
        bot = app.build(settings, Clock(ZoneInfo(ZONE), calendar.now))
        running = lifecycle.start(bot, way="http", jobs=False, delivery=True, host="127.0.0.1")
        workspace.request_url = f"{running.url}/slack/events"
        calendar.run_hour = lambda now: _live_through(bot, now)
        yield Clinic(Client(workspace), workspace, server, calendar, bot, approvals, team)
        running.stop()


def _live_through(bot: Bot, now: datetime) -> None:
    """One hour of a jump: jobs, then delivery; hours in which nothing may happen anywhere in America are skipped."""
    if now.minute == 0 and now.astimezone(ZoneInfo(ZONE)).hour in QUIET:
        return
    schedule.run_due(bot.db, bot.context)
    bot.delivery.drain(5)


def _hire(bot: Bot, workspace: Workspace) -> None:
    """Each has had their role for long, so nobody is told; Lee and Maya get their files."""
    for handle, (_, role) in PEOPLE.items():
        person = identified(bot, workspace.person(handle).id)
        assert person is not None
        if role and role != "provider":
            _has_had(bot, person.id, role)
    rows = [
        {"name": PEOPLE[handle][0], "slack_user": workspace.person(handle).id, "provider_type": kind}
        for handle, kind in (("lee", "psychiatrist"), ("maya", "pmhnp"))
    ]
    import_rows(bot, rows)


def _has_had(bot: Bot, person_id: int, role: str) -> None:
    held = parse_role(role)
    assert isinstance(held, HeldRole)
    bot.transact(lambda session: write_role(session, bot.context(), CLI, person_id, held))
