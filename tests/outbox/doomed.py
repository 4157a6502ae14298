"""A delivery that kills itself, without a word, at one point between claim and record.

Reads lines of DATABASE_URL, API_URL, TOKEN and POINT with tabs between; answers each with how its delivery ended. Each
is a process of its own, forked from this one, which has loaded everything once.
"""

import os
import signal
import sys
import traceback
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from sqlalchemy import event

from bot.cards.block_kit.message import Message
from bot.clock import stopped_at
from bot.outbox.delivery import Delivery
from bot.outbox.message_kind import MessageKind, Render
from bot.outbox.slack import Slack
from bot.store.engine import Database
from bot.store.outbox.claim import Claim

CALLS = {
    "post": "chat.postMessage",
    "update": "chat.update",
    "open": "conversations.open",
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def renderer(point: str) -> Render:
    """Dies in the middle of it, if that is the point."""

    def render(_session: object, claim: Claim, _now: datetime) -> Message:
        if point == "rendering":
            die()
        return Message(f"{claim.kind} {claim.subject}", [])

    return render


def doom_calls(client: WebClient, point: str) -> None:
    """Dies before or after the request of one method: after = Slack has done it, nobody has heard."""
    when, _, which = point.partition(" ")
    api_call = client.api_call

    def doomed(api_method: str, **named: object) -> object:
        ours = api_method == CALLS.get(which)
        if ours and when == "before":
            die()
        answer = api_call(api_method, **named)  # type: ignore[arg-type]
        if ours and when == "after":
            die()
        return answer

    client.api_call = doomed  # type: ignore[method-assign,assignment]


def doom_commits(db: Database, point: str) -> None:
    """Dies just before the n-th commit that follows the start: "commit 2"."""
    when, _, number = point.partition(" ")
    counted = 0

    @event.listens_for(db.engine, "commit")
    def _count(_connection: object) -> None:
        nonlocal counted
        counted += 1
        if when == "commit" and counted == int(number):
            die()


def deliver(url: str, api: str, token: str, point: str) -> None:
    db = Database(url, ("unused",))
    slack = Slack(token, api, timeout=2)
    for client in (slack.client, slack.sending):
        doom_calls(client, point)
    doom_commits(db, point)
    kinds = {name: MessageKind(name, renderer(point), lambda claim: claim.kind) for name in ("note", "card")}
    clock = stopped_at(datetime.now(UTC), ZoneInfo("UTC"))
    Delivery(db, slack, kinds, clock, send_lease=1, on_alarm=lambda *_: None).drain(3)


for line in sys.stdin:
    child = os.fork()
    if not child:
        status = 1
        try:
            deliver(*line.rstrip("\n").split("\t"))
            status = 0
        except Exception:
            traceback.print_exc()
        os._exit(status)
    sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
    sys.stdout.flush()
