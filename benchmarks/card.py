"""Fifty people press **Approve** on one card in the same instant: until the card shows what that led to.

Ours takes one of the fifty votes, tells the others who was first, and brings the card up to date. Bare Bolt with
``process_before_response`` answers each press with one ``chat.update`` and knows nothing else; the card is up to date
when all fifty are done.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from benchmarks.harness.places import KEY, ZONE, context
from benchmarks.harness.processes import bare_bolt, credbot
from benchmarks.harness.ratio import Ratio, Sample, show
from bot.changes.privileges.requests import request_privileges
from bot.changes.roster.columns import RosterRejected
from bot.changes.roster.importer import ImportReport, import_rows
from bot.changes.roster.reader import read_rows
from bot.rules.context import Context
from bot.rules.people.models import CLI, Person
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.outbox.claim import left
from bot.store.tables import PersonRow, ProviderRow, RoleAssignment
from slack_sandbox.connection import payloads
from slack_sandbox.conversations import Message, as_message
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

AT_ONCE = 50
TIMES = 12
WARM_UP = 2
PATIENCE = 60.0
PAUSE = 1.3
"""Seconds between two rounds: ours keeps below Slack's 50 updates a minute, and would wait for that."""
PRIVILEGE = "psychotherapy_core"
HOLDS = (("license", "NY", "A-1"), ("malpractice", "", "M-1"))
HEADER = (
    *("name", "email", "provider_type", "credential", "state", "number"),
    *("issued_on", "expires_on", "verified_on", "confirm"),
)


def measure(times: int = TIMES, at_once: int = AT_ONCE, warm_up: int = WARM_UP) -> list[Ratio]:
    """``times``: cards, after ``warm_up`` others; ``at_once``: people who press each in the same instant."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ours, bare = Channel(at_once), Channel(at_once)
        for each in (ours, bare):
            running.enter_context(each.slack)
        clinic = Clinic(Path(folder), ours, times + warm_up)
        more = {"CREDBOT_APPROVALS_CHANNEL": ours.id}
        running.enter_context(credbot(ours.slack, "Socket Mode", Path(folder), **more))
        running.enter_context(bare_bolt(bare.slack, "Socket Mode"))
        mine, other = [], []
        for _ in range(times + warm_up):
            mine.append(ours.all_press(clinic.next_card(), updates=1))
            other.append(bare.all_press(bare.posts_a_card(), updates=at_once))
            time.sleep(PAUSE)
    what = f"click to card updated, {at_once} at once on one card"
    return [Ratio(what, Sample(tuple(mine[warm_up:])), "chat.update", Sample(tuple(other[warm_up:])), 1.5, "p99")]


class Channel:
    """A workspace of its own for each app: a private channel with so many people."""

    def __init__(self, many: int) -> None:
        self.workspace = Workspace()
        self.workspace.rates_enabled = False
        self.people = [
            self.workspace.add_person(f"p{n}", f"Approver {n}", f"p{n}@riverbend.example", ZONE) for n in range(many)
        ]
        handles = [f"p{n}" for n in range(many)]
        self.id = self.workspace.add_channel("privilege-requests", private=True, members=["credbot", *handles])
        self.slack = Server(self.workspace)

    def all_press(self, card: Message, *, updates: int) -> float:
        """The seconds until the last of so many updates of the card."""
        presses = [self._press(card, user_id) for user_id in self.people]
        earlier = len(self.workspace.log)
        begun = datetime.now(UTC)
        for press in presses:
            self.slack.socket_mode.send("interactive", press)
        return _eventually(lambda: self._updated(card, earlier, updates)) - begun.timestamp()

    def posts_a_card(self) -> Message:
        """As the bare app would: a line, and a button."""
        button = {"type": "button", "action_id": "approve", "text": {"type": "plain_text", "text": "Approve"}}
        row = {"type": "actions", "block_id": "row", "elements": [button]}
        return self.workspace.post(self.workspace.app_message(self.id, "A request", [row]))

    def card(self, after: str) -> Message | None:
        """The first card posted after that moment, once it can be pressed."""
        conversation = self.workspace.conversations.get(self.id)
        assert conversation is not None
        posted = (message for message in list(conversation.messages) if message.ts > after and not message.is_reply)
        return next((message for message in posted if _approve(message)), None)

    def _updated(self, card: Message, earlier: int, updates: int) -> float | None:
        calls = [call for call in list(self.workspace.log)[earlier:] if call.method == "chat.update"]
        mine = [call.at.timestamp() for call in calls if call.args["ts"] == card.ts and call.answer["ok"]]
        return mine[-1] if len(mine) >= updates else None

    def _press(self, card: Message, user_id: str) -> dict[str, Any]:
        person = self.workspace.people.get(user_id)
        block, element = _approve(card) or ({}, {})
        assert person is not None
        url = f"{self.slack.url}/response/{self.workspace.team_id}/"
        url += self.workspace.one_shots.new_response_url(user_id, self.id, card.ts)
        action = {**element, "block_id": block["block_id"], "action_ts": f"{time.time():.6f}"}
        shown = as_message(card, [], with_metadata=True)
        return payloads.message_action(
            self.workspace, person, self.id, shown, action, values={}, ephemeral=False, response_url=url
        )


class Clinic:
    """Our database, written to beside the running bot: approvers, and a new request for each round."""

    def __init__(self, folder: Path, channel: Channel, providers: int) -> None:
        self._channel = channel
        self._db = Database(f"sqlite:///{folder}/credbot.db", (KEY,))
        migrate(self._db.engine)
        self._import(_roster(folder / "roster.csv", providers))
        with self._db.writing() as session:
            for number, slack_user_id in enumerate(channel.people):
                _hire(session, slack_user_id, number)
            self._providers = list(session.exec(select(ProviderRow.id).order_by(col(ProviderRow.id))))

    def next_card(self) -> Message:
        """A new request's card, once nothing else waits to be sent."""
        ctx = self._context()
        newest = self._channel.workspace.new_ts()
        provider_id = self._providers.pop()
        assert provider_id is not None
        asked = self._db.transact(lambda session: request_privileges(session, ctx, _cora(), provider_id, [PRIVILEGE]))
        assert isinstance(asked, list), asked
        _eventually(lambda: self._quiet() or None)
        return _eventually(lambda: self._channel.card(newest))

    def _quiet(self) -> bool:
        with self._db.reading() as session:
            return left(session) == (0, 0)

    def _import(self, path: Path) -> None:
        ctx = self._context()
        rows = read_rows(path, ctx.policies, ctx.today)
        assert not isinstance(rows, RosterRejected), rows
        report = self._db.transact(lambda session: import_rows(session, ctx, rows, path.name))
        assert isinstance(report, ImportReport), report

    def _context(self) -> Context:
        return context(datetime.now(UTC), approvals_channel=self._channel.id)


def _cora() -> Person:
    return CLI


def _roster(path: Path, providers: int) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(providers):
            who = (f"Provider {number}", f"provider{number}@riverbend.example", "psychologist")
            for credential, state, licensed in HOLDS:
                writer.writerow((*who, credential, state, licensed, "2025-01-15", "2028-01-31", "2025-02-20", "yes"))
    return path


def _hire(session: Session, slack_user_id: str, number: int) -> None:
    person = PersonRow(slack_user_id=slack_user_id, name=f"Approver {number}", time_zone=ZONE)
    session.add(person)
    session.flush()
    session.add(
        RoleAssignment(
            person_id=person.id or 0, role="approver", body="department_chair",
            valid_from=datetime(2026, 1, 1, tzinfo=UTC).date(), recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip


def _approve(message: Message) -> tuple[dict[str, Any], dict[str, Any]] | None:
    for block in message.blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["text"]["text"] == "Approve":
                return block, element
    return None


def _eventually(look: Callable[[], Any]) -> Any:
    patience = time.monotonic() + PATIENCE
    while (found := look()) is None:
        assert time.monotonic() < patience, "it never came"
        time.sleep(0.005)
    return found


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
