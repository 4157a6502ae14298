"""Faults strike the planned calls, and only those."""

import http.client
import time

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_sandbox.person.client import Client
from slack_sandbox.workspace import Workspace
from tests.slack_sandbox.conftest import Until


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


@pytest.mark.parametrize(("kind", "left"), [("server_error", []), ("server_error_after", ["once"])])
def test_a_gateway_answers_for_slack(
    web: WebClient, channel: str, workspace: Workspace, kind: str, left: list[str]
) -> None:
    """503 without a word of JSON, whether or not the message was posted behind it."""
    workspace.faults.add("chat.postMessage", kind)  # type: ignore[arg-type]

    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=channel, text="once")

    assert caught.value.response.status_code == 503
    assert said(workspace) == left


def test_a_late_effect_comes_after_the_caller_gave_up(
    web: WebClient, channel: str, workspace: Workspace, until: Until
) -> None:
    """The caller's time-out passes without an answer, and the message appears later all the same."""
    workspace.faults.add("chat.postMessage", "late_effect", seconds=0.3)
    web.timeout = 1

    with pytest.raises(OSError, match="timed out"):
        web.chat_postMessage(channel=channel, text="late")

    assert said(workspace) == []
    until(lambda: said(workspace) == ["late"])


def test_a_history_that_lags_shows_what_was_there_before(web: WebClient, channel: str, workspace: Workspace) -> None:
    """What was posted in the last seconds is not listed yet, and is the next time."""
    web.chat_postMessage(channel=channel, text="just now")
    workspace.faults.add("conversations.history", "lagging", seconds=60)

    assert web.conversations_history(channel=channel)["messages"] == []
    assert [m["text"] for m in web.conversations_history(channel=channel)["messages"]] == ["just now"]


def test_an_uninstalled_app_is_refused(app: App, workspace: Workspace, slack: Client, until: Until) -> None:
    """It hears that it is out; then its token opens nothing and nobody reaches it, until it is installed again."""
    heard: list[str] = []
    for event in ("tokens_revoked", "app_uninstalled"):
        app.event(event)(lambda event: heard.append(event["type"]))
    app.command("/cred")(lambda ack: ack("here"))
    workspace.uninstall()

    until(lambda: sorted(heard) == ["app_uninstalled", "tokens_revoked"])
    with pytest.raises(SlackApiError) as caught:
        app.client.auth_test()
    assert caught.value.response["error"] == "account_inactive"
    assert "dispatch_failed" in str(slack.as_("cora").types("/cred help", may_fail=True).notice)

    workspace.install_again()
    assert slack.as_("cora").types("/cred help").notice is None


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
