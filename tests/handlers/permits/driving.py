"""Somebody presses, sends and types, through the bot's own listeners; what they get, and what was written, is kept."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App, BoltRequest
from sqlmodel import SQLModel

from bot import app
from bot.bot import Bot
from bot.clock import Clock
from bot.executor import Executor
from bot.executor.rate_limit import Budget
from bot.outbox.slack_values import Identity
from bot.settings import Settings
from bot.store.migrations import migrate
from tests.conftest import KEY
from tests.handlers.permits.clinic import HOME, Clinic, open_clinic, slack_id

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
UNWATCHED = ("audit_event", "audit_head", "processed_event")
"""The chain, and the key of a payload, which comes and goes again with a change that is refused."""
_COUNT = itertools.count(1)


@dataclass(frozen=True)
class Event:
    """An audit event, as far as the matrix looks."""

    actor: str
    act: str
    subject: str
    reason: str | None


@dataclass(frozen=True)
class Outcome:
    """Everything that reached the person, the events that were sealed, and the tables that changed besides."""

    said: str
    events: tuple[Event, ...]
    changed: frozenset[str]

    @property
    def refusals(self) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.act == "refused")


class Inline(Executor):
    """Work that is done before the listener acknowledges, in its own thread."""

    def offer(self, piece: Callable[[], None], **_: bool) -> bool:
        piece()
        return True


@dataclass
class RecordingSlack:
    """Takes everything that would be shown to somebody."""

    shown: list[Any] = field(default_factory=list)

    def who_am_i(self) -> Identity:
        return Identity(HOME, "Riverbend", "UCREDBOT", "BCREDBOT", "https://riverbend.example/", frozenset())

    def user(self, *_: str, **__: bool) -> None:
        return None

    def open_view(self, _: str, view: Any) -> dict[str, Any]:
        self.shown.append(view)
        return {"id": "V1", "hash": "1"}

    def update_view(self, view: Any, **_: str | None) -> dict[str, Any]:
        self.shown.append(view)
        return {"id": "V1", "hash": "2"}

    def respond(self, _: str, message: Any) -> bool:
        self.shown.append([message.text, message.blocks])
        return True


class Driver:
    """The bot beside one SQLite file that is put back after every change of it."""

    def __init__(self, path: Path) -> None:
        settings = Settings(
            _env_file=None,
            slack_bot_token="xoxb-1",
            slack_signing_secret="s",
            database_url=f"sqlite:///{path}",
            credbot_approvals_channel="CAPPROVALS",
            credbot_team_channel="CTEAM",
            credbot_timezone="America/New_York",
            credbot_secret_key=KEY,
        )
        built = app.build(settings, Clock(ZoneInfo("America/New_York"), lambda: NOW))
        migrate(built.db.engine)
        self.slack = RecordingSlack()
        self.bot: Bot = replace(built, slack=self.slack, executor=Inline(), budget=Budget(10**6))  # type: ignore[arg-type]
        self.clinic: Clinic = open_clinic(self.bot.db, self.bot.context())
        self.bolt: App = app.slack_app(self.bot)
        self.file = sqlite3.connect(path, isolation_level=None)
        _watch(self.file)
        self.pristine = sqlite3.connect(":memory:")
        self.file.backup(self.pristine)
        self.seen = self._newest()

    def presses(self, handle: str, action: str, value: str) -> Outcome:
        pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"}
        return self._comes(
            _interaction(handle, "block_actions")
            | {
                "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": False},
                "channel": {"id": "C1", "name": "general"},
                "response_url": "https://hooks.example/1",
                "actions": [pressed],
            }
        )

    def sends(self, handle: str, form: str, meta: Mapping[str, Any], values: Mapping[str, Any]) -> Outcome:
        state = {name: {"value": _state(value)} for name, value in values.items() if value is not None}
        view = {
            "id": "V1",
            "hash": "1",
            "type": "modal",
            "callback_id": form,
            "title": {"type": "plain_text", "text": "A form"},
            "blocks": [],
            "private_metadata": json.dumps({"n": f"n{next(_COUNT)}", **meta}),
            "state": {"values": state},
        }
        return self._comes(_interaction(handle, "view_submission") | {"view": view, "response_urls": []})

    def types(self, handle: str, words: str) -> Outcome:
        return self._comes(
            {
                "command": "/cred",
                "team_id": _team(handle),
                "user_id": slack_id(handle),
                "text": words,
                "trigger_id": f"{next(_COUNT)}.1",
                "channel_id": "C1",
                "response_url": "https://hooks.example/1",
            }
        )

    def _comes(self, body: dict[str, Any]) -> Outcome:
        """What became of it; whatever it changed is taken back."""
        self.slack.shown.clear()
        acknowledged = self.bolt.dispatch(BoltRequest(mode="socket_mode", body=body))
        assert acknowledged.status == 200
        said = json.dumps([self.slack.shown, acknowledged.body], ensure_ascii=False)
        changed = frozenset(row[0] for row in self.file.execute("SELECT DISTINCT what FROM watched"))
        events = self._sealed_since()
        if changed:
            self.pristine.backup(self.file)
            self.seen = self._newest()
        return Outcome(said, events, changed)

    def _sealed_since(self) -> tuple[Event, ...]:
        new = "SELECT actor, act, subject, reason FROM audit_event WHERE seq > ? ORDER BY seq"
        events = tuple(Event(*row) for row in self.file.execute(new, (self.seen,)))
        self.seen += len(events)
        return events

    def _newest(self) -> int:
        return int(self.file.execute("SELECT max(seq) FROM audit_event").fetchone()[0])

    def close(self) -> None:
        self.file.close()
        self.bot.db.dispose()


def same_words(said: str) -> str:
    """An answer without what differs from one request to the next."""
    return re.sub(r"\b(99999|\d{4})\b", "ID", said)


def _watch(file: sqlite3.Connection) -> None:
    """Triggers name every table of which a row was written, however it was written."""
    file.execute("CREATE TABLE watched (what TEXT)")
    for name in sorted(SQLModel.metadata.tables.keys() - set(UNWATCHED)):
        for verb in ("INSERT", "UPDATE", "DELETE"):
            noted = f"INSERT INTO watched VALUES ('{name}')"  # noqa: S608  (a table of ours)
            file.execute(f"CREATE TRIGGER watch_{verb}_{name} AFTER {verb} ON {name} BEGIN {noted}; END")


def _interaction(handle: str, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": _team(handle), "domain": "riverbend"},
        "user": {"id": slack_id(handle), "username": "x", "name": "x", "team_id": _team(handle)},
        "trigger_id": f"{next(_COUNT)}.1",
        "api_app_id": "A1",
        "token": "t",
    }


def _team(handle: str) -> str:
    return "TELSEWHERE" if handle == "outsider" else HOME


def _state(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"type": "multi_static_select", "selected_options": [{"value": str(one)} for one in value]}
    return {"type": "plain_text_input", "value": str(value)}
