"""Faults strike the planned calls, and only those."""

import http.client
import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.workspace import Workspace


@pytest.fixture
def channel(workspace: Workspace) -> str:
    """The private channel that the app is in."""
    return workspace.conversations.named("approvals").id


def said(workspace: Workspace) -> list[str]:
    """What stands in the channel."""
    return [m.text for m in workspace.conversations.named("approvals").lasting()]


def test_a_lost_answer_has_its_effect(web: WebClient, channel: str, workspace: Workspace) -> None:
    """The connection closes without an answer, but the message is posted; the next call is fine."""
    workspace.faults.add("chat.postMessage", "lost_answer")

    with pytest.raises((http.client.HTTPException, OSError)):
        web.chat_postMessage(channel=channel, text="once")

    assert said(workspace) == ["once"]
    assert web.chat_postMessage(channel=channel, text="twice")["ok"]


def test_a_cut_connection_has_no_effect(web: WebClient, channel: str, workspace: Workspace) -> None:
    """The connection is cut before anything happens."""
    workspace.faults.add("chat.postMessage", "cut")

    with pytest.raises((http.client.HTTPException, OSError)):
        web.chat_postMessage(channel=channel, text="never")

    assert said(workspace) == []
    assert workspace.calls("chat.postMessage") == []


def test_a_planned_429_says_when(web: WebClient, channel: str, workspace: Workspace) -> None:
    """A planned rate limit answers 429 with its Retry-After, as often as planned."""
    workspace.faults.add("chat.postMessage", "ratelimited", times=2, seconds=7)

    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            web.chat_postMessage(channel=channel, text="later")
        assert caught.value.response.headers["Retry-After"] == "7"

    assert web.chat_postMessage(channel=channel, text="now")["ok"]


def test_a_slow_call_answers_late(web: WebClient, channel: str, workspace: Workspace) -> None:
    """A slow call takes its time and then does its work."""
    workspace.faults.add("chat.postMessage", "slow", seconds=0.2)

    started = time.monotonic()
    web.chat_postMessage(channel=channel, text="at last")

    assert time.monotonic() - started >= 0.2
    assert said(workspace) == ["at last"]


@pytest.mark.parametrize(("kind", "word"), [("archive_channel", "is_archived"), ("remove_bot", "channel_not_found")])
def test_the_channel_is_lost_under_the_call(
    web: WebClient, channel: str, workspace: Workspace, kind: str, word: str
) -> None:
    """The channel is archived, or the app removed from it, just before the call is answered."""
    workspace.faults.add("chat.postMessage", kind)  # type: ignore[arg-type]

    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=channel, text="x")

    assert caught.value.response["error"] == word


def test_a_fault_strikes_only_what_it_matches(web: WebClient, channel: str, workspace: Workspace) -> None:
    """A fault for one channel spares the others, and waits for its own."""
    workspace.faults.add("chat.postMessage", "cut", match={"channel": channel})

    assert web.chat_postMessage(channel=workspace.person("cora").id, text="spared")["ok"]
    assert [fault.kind for fault in workspace.faults.waiting()] == ["cut"]
