"""Triggers and response URLs work a few times, for a short while."""

import json
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_sandbox.person.actions import response_url
from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Hello"},
    "blocks": [{"type": "divider"}],
}


class Watch:
    """Monotonic seconds that a test moves by hand."""

    def __init__(self, workspace: Workspace) -> None:
        self.seconds = 0.0
        workspace.real_time = lambda: self.seconds


def post(url: str, body: dict[str, Any]) -> tuple[int, str]:
    """POST JSON to a response URL: status and body."""
    answer = httpx.post(url, json=body)
    return answer.status_code, answer.text


def opening(web: WebClient, trigger_id: str) -> str:
    """Slack's word for opening a modal with this trigger."""
    try:
        web.views_open(trigger_id=trigger_id, view=VIEW)
    except SlackApiError as error:
        return str(error.response["error"])
    return "ok"


def test_a_trigger_opens_one_modal(workspace: Workspace, web: WebClient) -> None:
    """A second use answers exchanged_trigger_id, an invented trigger invalid_trigger_id."""
    trigger = workspace.one_shots.new_trigger(workspace.person("cora").id)

    assert opening(web, trigger) == "ok"
    assert opening(web, trigger) == "exchanged_trigger_id"
    assert opening(web, "1.2.3") == "invalid_trigger_id"


@pytest.mark.parametrize(("age", "word"), [(2.9, "ok"), (3.1, "expired_trigger_id")])
def test_a_trigger_lives_three_seconds(workspace: Workspace, web: WebClient, age: float, word: str) -> None:
    """A trigger that is older than three seconds opens nothing."""
    watch = Watch(workspace)
    trigger = workspace.one_shots.new_trigger(workspace.person("cora").id)

    watch.seconds = age

    assert opening(web, trigger) == word


@pytest.fixture
def url(workspace: Workspace, server: Server) -> str:
    """A response URL of a command that Cora typed in #approvals."""
    channel = workspace.conversations.named("approvals").id
    return response_url(workspace, workspace.person("cora").id, channel)


def test_a_response_is_ephemeral_unless_said_otherwise(url: str, slack: Client) -> None:
    """Only who typed the command sees the answer; in_channel shows it to everybody."""
    assert post(url, {"text": "Between us"}) == (200, "ok")
    assert post(url, {"text": "For all", "response_type": "in_channel"}) == (200, "ok")

    assert slack.as_("cora").reads() == "Between us\nFor all"
    assert slack.as_("lee").reads() == "For all"


def test_a_response_url_works_five_times(url: str) -> None:
    """The sixth use of a response URL is refused."""
    assert [post(url, {"text": "x"})[0] for _ in range(6)] == [200] * 5 + [404]
    assert json.loads(post(url, {"text": "x"})[1])["error"] == "used_url"


@pytest.mark.parametrize(("minutes", "status"), [(29.9, 200), (30.1, 404)])
def test_a_response_url_lives_thirty_minutes(workspace: Workspace, server: Server, minutes: float, status: int) -> None:
    """After thirty minutes a response URL is gone."""
    watch = Watch(workspace)
    cora = workspace.person("cora").id
    url = response_url(workspace, cora, workspace.direct_message(cora).id)

    watch.seconds = minutes * 60

    assert post(url, {"text": "x"})[0] == status


def test_the_original_can_be_replaced_and_deleted(workspace: Workspace, web: WebClient, slack: Client) -> None:
    """The response URL of a press can change, then delete, the message with the button."""
    cora = workspace.person("cora").id
    posted = web.chat_postMessage(channel=cora, text="Old")
    url = response_url(workspace, cora, posted["channel"], posted["ts"])

    post(url, {"text": "New", "replace_original": True})
    assert slack.as_("cora").reads() == "New"

    post(url, {"delete_original": True})
    assert slack.as_("cora").reads() == ""


def test_a_bad_response_is_refused_and_recorded(url: str, workspace: Workspace) -> None:
    """Blocks beyond the limits are invalid_blocks in a response URL, too."""
    status, body = post(url, {"text": "x", "blocks": [{"type": "divider"}] * 51})

    assert (status, json.loads(body)["error"]) == (200, "invalid_blocks")
    assert [v.where for v in workspace.violations] == ["response_url"]
