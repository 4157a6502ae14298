"""Sends what a person did to the app, and waits for the acknowledgement as long as Slack would."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sandbox.api.errors import ApiError
from slack_sandbox.connection.transport import Ack, Envelope
from slack_sandbox.conversations import Conversation
from slack_sandbox.people import Person
from slack_sandbox.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """How it went: seconds until the acknowledgement, and what Slack said if there was none."""

    seconds: float
    notice: str | None = None


def acting(workspace: Workspace, user_id: str) -> Person:
    """The person who acts; deactivated people cannot."""
    person = workspace.people.get(user_id)
    if person is None:
        raise KeyError(user_id)
    if person.deactivated:
        raise PermissionError(f"@{person.handle} is deactivated.")
    return person


def place_of(workspace: Workspace, user_id: str, channel_id: str) -> Conversation:
    """A conversation in which they may act."""
    found = workspace.conversations.get(channel_id)
    if found is None or user_id not in found.members:
        raise PermissionError("They are not in that conversation.")
    return found


def _no_answer(_body: dict[str, Any]) -> None:
    """What comes with most acknowledgements means nothing to Slack."""


def send(
    workspace: Workspace,
    kind: Envelope,
    payload: dict[str, Any],
    apply: Callable[[dict[str, Any]], None] = _no_answer,
) -> Outcome:
    """Send, wait as long as Slack would, and apply what came with the acknowledgement.

    It is applied when it arrives, maybe after a later call of the app: what arrives last is what is shown.
    """
    transport = workspace.transport
    if transport is None or workspace.refusal is not None:
        return Outcome(0.0, "dispatch_failed")
    started = time.monotonic()
    acknowledged: Future[float] = Future()
    settled: Future[str | None] = Future()

    def settle(sent: "Future[Ack]") -> None:
        try:
            _set(settled, _settle(sent.result(), apply))
        except Exception as error:
            with suppress(InvalidStateError):
                settled.set_exception(error)

    def take(sent: "Future[Ack]") -> None:
        seconds = time.monotonic() - started
        if seconds <= workspace.ack_seconds:
            _set(acknowledged, seconds)
            _after(workspace.ack_travels(), lambda: settle(sent))

    for delivery in transport.send(kind, payload):
        delivery.add_done_callback(take)
    try:
        seconds = acknowledged.result(timeout=workspace.ack_seconds)
    except TimeoutError:
        return Outcome(time.monotonic() - started, "operation_timeout")
    return Outcome(seconds, settled.result())


def _set(first: "Future[T]", value: T) -> None:
    with suppress(InvalidStateError):
        first.set_result(value)


def _after(seconds: float, do: Callable[[], None]) -> None:
    if seconds <= 0:
        do()
        return
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


def _settle(ack: Ack, apply: Callable[[dict[str, Any]], None]) -> str | None:
    """Slack's word for what went wrong with an acknowledgement, if anything did."""
    if ack.error is not None:
        return ack.error
    try:
        apply(ack.body)
    except ApiError as error:
        return error.error
    return None


def told(workspace: Workspace, user_id: str, sent: Outcome, notice: str) -> Outcome:
    """The outcome as the person hears of it: `{error}` in the notice is Slack's word."""
    text = notice.format(error=sent.notice) if sent.notice else None
    return Outcome(sent.seconds, show_notice(workspace, user_id, text))


def show_notice(workspace: Workspace, user_id: str, notice: str | None) -> str | None:
    """Show a person what Slack has to say, or take the last word away; returns it."""
    with workspace.changing():
        if notice is None:
            workspace.notices.pop(user_id, None)
        else:
            workspace.notices[user_id] = notice
    return notice


def response_url(workspace: Workspace, user: str, channel: str, message_ts: str | None = None) -> str:
    """A new response URL on this server."""
    secret = workspace.one_shots.new_response_url(user, channel, message_ts)
    return f"{workspace.base_url}/response/{workspace.team_id}/{secret}"


def remember_typed(workspace: Workspace, values: dict[str, dict[str, Any]]) -> None:
    """Keep what was typed into a form, by block and action id, for the strict check."""
    for entries in values.values():
        for raw in entries.values():
            if isinstance(raw, str):
                workspace.strict.remember_typed(raw)
