"""What a person reads of Slack's markup."""

from typing import Any

import pytest

from slack_sandbox.page.snapshot import act, snapshot
from slack_sandbox.person.reading import Reader
from slack_sandbox.workspace import Workspace


@pytest.mark.parametrize(
    ("mrkdwn", "read"),
    [
        ("*Bold* and _soft_ and `code`", "Bold and soft and code"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("A &amp; B &lt;tag&gt;", "A & B <tag>"),
        ("Ask <@U00000002>", "Ask @cora"),
        ("<https://a.test|the page> <https://b.test>", "the page https://b.test"),
        ("<!date^1795444200^{date_short} at {time}|later>", "Nov 23, 2026 at 9:30 AM"),
        ("*<!date^00000000^{_}|*>x<!date^00000000^{_}|*>* _y_", "*x* y"),
    ],
)
def test_markup_is_read_as_it_looks(workspace: Workspace, mrkdwn: str, read: str) -> None:
    """Emphasis, entities, mentions, links and local dates look as they do in Slack."""
    assert Reader(workspace, "America/New_York").plain(mrkdwn) == read


def conversation(shown: dict[str, Any], name: str) -> dict[str, Any]:
    """One conversation of a snapshot."""
    found: dict[str, Any] = next(c for c in shown["conversations"] if c["name"] == name)
    return found


def test_a_snapshot_shows_what_the_person_may_see(workspace: Workspace) -> None:
    """Members see a private channel with threads and counts, others do not see it at all."""
    cora, lee, gil = (workspace.person(handle).id for handle in ("cora", "lee", "gil"))
    channel = workspace.conversations.named("approvals").id
    act(workspace, cora, {"do": "message", "channel": channel, "text": "Look"})
    parent = snapshot(workspace, lee, channel)["messages"][0]["ts"]
    reply = {"do": "message", "channel": channel, "text": "Yes", "thread_ts": parent}
    act(workspace, cora, reply)

    shown = snapshot(workspace, lee, channel, parent)

    assert conversation(shown, "approvals")["unread"] == 2
    assert [(m["text"], m["reply_count"]) for m in shown["messages"]] == [("Look", 1)]
    assert [m["text"] for m in shown["thread"]] == ["Look", "Yes"]
    assert {c["name"] for c in snapshot(workspace, gil)["conversations"]} == {"Credbot"}


def test_reading_clears_what_is_unread(workspace: Workspace) -> None:
    """Once somebody has looked at a conversation, neither it nor the person has anything unread."""
    cora, lee = workspace.person("cora").id, workspace.person("lee").id
    channel = workspace.conversations.named("approvals").id
    act(workspace, cora, {"do": "message", "channel": channel, "text": "Look"})

    act(workspace, lee, {"do": "read", "channel": channel})

    shown = snapshot(workspace, lee)
    assert conversation(shown, "approvals")["unread"] == 0
    assert {p["handle"]: p["unread"] for p in shown["people"]}["lee"] == 0


def test_a_person_with_something_new_is_seen_from_elsewhere(workspace: Workspace) -> None:
    """Whoever looks at the page sees how much is new for everybody else, but what they said themselves."""
    cora, channel = workspace.person("cora").id, workspace.conversations.named("approvals").id
    act(workspace, cora, {"do": "message", "channel": channel, "text": "Look"})

    unread = {p["handle"]: p["unread"] for p in snapshot(workspace, cora)["people"]}

    assert (unread["cora"], unread["lee"], unread["gil"]) == (0, 1, 0)


def test_a_long_conversation_shows_its_newest_part(workspace: Workspace) -> None:
    """Of many messages the newest come first, and how many there were before is said."""
    cora, channel = workspace.person("cora").id, workspace.conversations.named("approvals").id
    for number in range(7):
        act(workspace, cora, {"do": "message", "channel": channel, "text": str(number)})

    shown = snapshot(workspace, cora, channel, newest=3)

    assert ([m["text"] for m in shown["messages"]], shown["earlier"]) == (["4", "5", "6"], 4)


def test_where_somebody_cannot_look_the_app_is_shown(workspace: Workspace) -> None:
    """A conversation that one is not in leads to the direct message with the app."""
    gil, channel = workspace.person("gil").id, workspace.conversations.named("approvals").id

    assert snapshot(workspace, gil, channel)["here"] == workspace.direct_message(gil).id


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ({"do": "message", "channel": "C0", "text": "x"}, PermissionError),
        ({"do": "submit", "view_id": "V0", "values": {}}, KeyError),
        ({"do": "dance"}, ValueError),
    ],
)
def test_impossible_actions_are_refused(workspace: Workspace, action: dict[str, Any], error: type[Exception]) -> None:
    """A conversation one is not in, a modal that is gone, an unknown action: each has its error."""
    with pytest.raises(error):
        act(workspace, workspace.person("cora").id, action)


def test_an_unknown_command_is_told_by_slack(workspace: Workspace) -> None:
    """A command that no app has registered is answered by Slack itself."""
    cora = workspace.person("cora").id
    dm = workspace.direct_message(cora).id

    act(workspace, cora, {"do": "command", "channel": dm, "text": "/nope"})

    assert snapshot(workspace, cora)["notice"] == "/nope is not a valid command."
