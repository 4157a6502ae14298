"""Rules that a payload can break without Slack's refusing it are recorded, too."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_sandbox.person.actions import type_message
from slack_sandbox.workspace import Workspace


def section(kind: str, text: str) -> list[dict[str, object]]:
    """A section with this text."""
    return [{"type": "section", "text": {"type": kind, "text": text}}]


@pytest.mark.parametrize(
    ("typed", "raw", "escaped"),
    [
        ("my note <!channel>", "<!channel>", "&lt;!channel&gt;"),
        ("see <https://evil.test|here>", "<https://evil.test|here>", "&lt;https://…&gt;"),
        ("Smith & Jones", "Smith & Jones", "Smith &amp; Jones"),
        ("if 3 < 40", "3 < 40", "3 &lt; 40"),
        ("call AT&T", "AT&T", "AT&amp;T"),
    ],
)
def test_typed_markup_must_come_back_escaped(workspace: Workspace, typed: str, raw: str, escaped: str) -> None:
    """What a person typed is recorded when it comes back raw, not when it is escaped or plain."""
    workspace.strict.remember_typed(typed)

    workspace.strict.problems("here", {"text": f"You said {escaped}"}, "message")
    workspace.strict.problems("here", {"text": "t", "blocks": section("plain_text", raw)}, "message")
    assert workspace.violations == []

    workspace.strict.problems("here", {"text": "t", "blocks": section("mrkdwn", raw)}, "message")
    assert workspace.violations != []


def test_mentioning_somebody_is_no_echo(workspace: Workspace) -> None:
    """The app may mention a person whom somebody else mentioned by typing."""
    workspace.strict.remember_typed("<@U00000002> and @cora")

    workspace.strict.problems("here", {"text": "Ask <@U00000002>"}, "message")

    assert workspace.violations == []


def test_what_people_type_is_remembered(workspace: Workspace, web: WebClient) -> None:
    """An app that echoes a typed link in mrkdwn is caught by the run."""
    cora, channel = workspace.person("cora").id, workspace.conversations.named("approvals").id
    type_message(workspace, cora, channel, "look <https://evil.test|here>")

    web.chat_postMessage(channel=channel, text="Cora says <https://evil.test|here>")

    with pytest.raises(AssertionError, match=r"chat\.postMessage: typed markup"):
        workspace.strict.raise_on_violations()


def test_a_broadcast_is_refused(workspace: Workspace, web: WebClient) -> None:
    """A message that would ping the channel is not posted, and recorded."""
    channel = workspace.conversations.named("approvals").id

    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=channel, text="<!here> look")

    assert caught.value.response["error"] == "invalid_blocks"
    assert workspace.conversations.named("approvals").lasting() == []
    assert "pings everybody" in workspace.violations[0].problem
