"""One soak: a clinic, its processes, everything that goes wrong, and what is found afterwards."""

from __future__ import annotations

import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Lock
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from sqlmodel import col, func, select

from bot.app import build
from bot.bot import Bot
from bot.clock import Clock
from bot.demo import backstory, clinic
from bot.settings import read_settings
from bot.store.schema import bring_up_to_date
from bot.store.tables import AuditEvent, OutboxMessage
from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace
from soak.attack import under_attack, waited_too_long
from soak.clock import SharedClock
from soak.crew import Crew, log_text
from soak.database import Database
from soak.findings import findings
from soak.logs import leaks, secrets_of
from soak.people import Crowd
from soak.plan import LEASE, Attack, Pace, Step, plan

MONDAY = datetime(2027, 3, 1, 10, tzinfo=ZoneInfo("America/New_York"))
"""Business time begins on a Monday without a holiday near."""
PROVIDERS = ("lee", "priya", "noah", "imani", "elena", "marcus", "grace", "daniel")
PEOPLE = ("cora", "ben", "ada", "ruth", "ines", "mo", "vera", *PROVIDERS)
QUIET_WITHIN = 240.0
"""Seconds in which all that waits must have gone out, at Slack's pace."""
USUAL, ATTACK = Pace(), Attack()
FLOODER = "mo"
OPEN = ("pending", "claimed", "sending", "uncertain", "asked", "failed")


class FrontDoor(Workspace):
    """A workspace that reaches its app at any of several ports, as through a balancer that knows who is up."""

    ports: tuple[int, ...] = ()
    is_up: Callable[[int], bool] = staticmethod(lambda _: True)

    @property
    def request_url(self) -> str | None:  # type: ignore[override]
        up = [port for port in self.ports if self.is_up(port)] or list(self.ports)
        return f"http://127.0.0.1:{random.choice(up)}/slack/events" if up else None

    @request_url.setter
    def request_url(self, _: str | None) -> None:
        return


@dataclass
class Report:
    """What came of it. ``findings`` empty: everything held."""

    seed: int
    folder: Path
    findings: list[str]
    figures: dict[str, object] = field(default_factory=dict)


@dataclass
class Soak:
    """Everything that the steps work on."""

    workspace: FrontDoor
    crew: Crew
    crowd: Crowd
    clock: SharedClock
    database: Database
    bot: Bot
    one_at_a_time: Mapping[str, Lock] = field(default_factory=lambda: {"database": Lock(), "clock": Lock()})

    def take(self, step: Step) -> None:
        facts: Mapping[str, object] = step.facts
        match step.what:
            case "act":
                self.crowd.act(str(facts["who"]), step.seed, self.bot.clock.today())
            case "fault":
                self.workspace.faults.add(str(facts["method"]), facts["kind"], seconds=facts["seconds"])  # type: ignore[arg-type]
            case "kill":
                self.crew.kill(str(facts["process"]))
            case "stop":
                self.crew.stop(str(facts["process"]))
            case "database":
                with self.one_at_a_time["database"]:
                    self.database.goes_away(float(str(facts["seconds"])))
            case "clock":
                with self.one_at_a_time["clock"]:
                    self.clock.jump(timedelta(hours=int(str(facts["hours"]))))


def soak(
    database: Database,
    words: Mapping[str, str],
    folder: Path,
    *,
    seed: int,
    seconds: float,
    pace: Pace = USUAL,
    attack: Attack = ATTACK,
) -> Report:
    """Lives through one plan. ``words``: each process's name and what it runs; their logs are kept in ``folder``."""
    with _opened(database, words, folder) as it:
        steps = plan(seed, seconds, pace, PEOPLE, it.crew.names)
        it.crew.start()
        _wait(it.crew.all_ready, 60, "The processes did not get ready.")
        _wait(lambda: _states(it.bot)["pending"] == 0, 30, "What the clinic began with did not go out.")
        _live_through(it, steps)
        left = _comes_to_rest(it)
        waited = _attacked(it, attack)
        it.crew.end()
        told = (f"a log tells {leak}" for leak in leaks(log_text(folder), secrets_of(it.bot, it.workspace)))
        found = [
            *it.crew.complaints,
            *waited_too_long(waited, attack.longest),
            *findings(it.bot, it.workspace, it.crowd.recorded),
            *told,
        ]
        figures = {"seconds to catch up": left, "answered in, during an attack": f"{median(waited):.2f} s"}
        return Report(seed, folder, found, _figures(it, steps) | figures)


@contextmanager
def _opened(database: Database, words: Mapping[str, str], folder: Path) -> Iterator[Soak]:
    clock = SharedClock(folder / "ahead")
    clock.set(MONDAY)
    workspace = FrontDoor(domain=clinic.DOMAIN)
    workspace.now = clock.now
    staff = clinic.settle_in(workspace)
    ports = {name: _free_port() for name, word in words.items() if word == "web"}
    with Server(workspace) as server:
        server.http_mode.retry_delays = (0.0, 2.0, 4.0)
        common = {
            "PATH": "/usr/bin:/bin",
            "SLACK_BOT_TOKEN": workspace.app.bot_token,
            "SLACK_APP_TOKEN": workspace.app.app_token,
            "SLACK_SIGNING_SECRET": workspace.app.signing_secret,
            "SLACK_API_URL": server.api_url,
            "DATABASE_URL": database.url,
            "CREDBOT_ADMINS": workspace.person("ada").id,
            "CREDBOT_APPROVALS_CHANNEL": staff.channels["approvals"],
            "CREDBOT_TEAM_CHANNEL": staff.channels["team"],
            "CREDBOT_TIMEZONE": staff.time_zone,
            "CREDBOT_POLICIES": str(clinic.POLICIES),
            "CREDBOT_SECRET_KEY": Fernet.generate_key().decode(),
            "CREDBOT_SEND_LEASE": str(LEASE),
        }
        settings = read_settings(None, **{k.lower(): v for k, v in common.items() if k != "PATH"})
        bot = build(settings, Clock(settings.zone, clock.now))
        bring_up_to_date(bot.db)
        backstory.hire(bot, workspace, staff.roles)
        backstory.bring_in_files(bot, clinic.write_roster(workspace, bot.clock.today(), folder / "clinic.csv"))
        backstory.what_was_going_on(bot, workspace)
        crew = Crew(
            folder, words, {name: common | {"PORT": str(ports.get(name, 0))} for name in words}, folder / "ahead"
        )
        workspace.ports = tuple(ports.values())
        workspace.is_up = lambda port: crew.ready(next(name for name, one in ports.items() if one == port))
        try:
            yield Soak(workspace, crew, Crowd(Client(workspace), PEOPLE, PROVIDERS), clock, database, bot)
        finally:
            crew.kill_all()
            bot.db.dispose()


def _live_through(it: Soak, steps: list[Step]) -> None:
    begun = time.monotonic()
    with ThreadPoolExecutor(24, thread_name_prefix="soak") as threads:
        under_way = []
        for step in steps:
            while (ahead := begun + step.at - time.monotonic()) > 0:
                it.crew.look_after()
                time.sleep(min(ahead, 0.2))
            under_way.append(threads.submit(it.take, step))
        for ended in under_way:
            ended.result()


def _comes_to_rest(it: Soak) -> float:
    """Nothing goes wrong any more: what waits goes out, and an admin answers what asks for one. How long it took."""
    for fault in it.workspace.faults.waiting():
        fault.times = 0
    begun = time.monotonic()
    quiet = 0
    while quiet < 3 and time.monotonic() - begun < QUIET_WITHIN:
        it.crew.look_after()
        waiting = _states(it.bot)
        if waiting["asked"] or waiting["failed"]:
            it.crowd.settle_trouble(quiet, it.bot.clock.today())
        quiet = quiet + 1 if not any(waiting[state] for state in OPEN) and it.crew.all_ready() else 0
        time.sleep(1)
    return round(time.monotonic() - begun, 1)


def _attacked(it: Soak, attack: Attack) -> list[float]:
    slack = Client(it.workspace)
    waited = under_attack(slack.as_(FLOODER), slack.as_(PROVIDERS[0]), it.workspace.ports, attack)
    _comes_to_rest(it)
    return waited


def _states(bot: Bot) -> Counter[str]:
    with bot.reading() as session:
        counted = select(OutboxMessage.state, func.count()).group_by(col(OutboxMessage.state))
        return Counter(dict(session.exec(counted).all()))


def _acts(bot: Bot) -> dict[str, int]:
    """Audit events by act, the import's own included."""
    with bot.reading() as session:
        return dict(session.exec(select(AuditEvent.act, func.count()).group_by(AuditEvent.act)).all())


def _figures(it: Soak, steps: list[Step]) -> dict[str, object]:
    happened = Counter(step.what for step in steps)
    faults = Counter(str(step.facts["kind"]) for step in steps if step.what == "fault")
    return {
        "business days": (it.clock.now().date() - MONDAY.date()).days,
        "what people did": dict(it.crowd.did),
        "what came of it": _acts(it.bot),
        "what changed under their hands": dict(it.crowd.stumbled),
        "how processes ended": dict(it.crew.ends),
        "databases away": happened["database"],
        "faults planned": dict(faults),
        "faults left": len(it.workspace.faults.waiting()),
        "outbox": dict(_states(it.bot)),
        "calls": dict(Counter(call.method for call in list(it.workspace.log)).most_common()),
        "recorded, as somebody read": len(it.crowd.recorded),
    }


def _wait(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    patience = time.monotonic() + seconds
    while not true():
        if time.monotonic() > patience:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
