"""Sends what a person did to the app, and waits for the acknowledgement as long as Slack would."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from bot.sandbox.api_errors import ApiError
from bot.sandbox.conversations import Conversation
from bot.sandbox.people import Person
from bot.sandbox.transport import Ack, Envelope
from bot.sandbox.workspace import Workspace


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

    It is applied where it arrives, so that no later call of the app can overtake it.
    """
    transport = workspace.transport
    if transport is None or workspace.refusal is not None:
        return Outcome(0.0, "dispatch_failed")
    started = time.monotonic()
    settled: Future[str | None] = Future()

    def settle(sent: "Future[Ack]") -> None:
        if time.monotonic() - started > workspace.ack_seconds:
            return
        try:
            settled.set_result(_settle(sent.result(), apply))
        except Exception as error:
            settled.set_exception(error)

    transport.send(kind, payload).add_done_callback(settle)
    try:
        error = settled.result(timeout=workspace.ack_seconds)
    except TimeoutError:
        error = "operation_timeout"
    return Outcome(time.monotonic() - started, error)


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
