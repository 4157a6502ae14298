"""The Web API answers, and refuses, in Slack's words."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_sandbox.person.actions import type_message
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace


def refusal(call: Callable[[], object]) -> dict[str, Any]:
    """What Slack answered to a call that it refused."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return dict(caught.value.response.data)


def error(call: Callable[[], object]) -> str:
    """Slack's word for why it refused."""
    return str(refusal(call)["error"])


@pytest.fixture
def channel(workspace: Workspace) -> str:
    """The private channel that the app is in."""
    return workspace.conversations.named("approvals").id


def test_auth_test_names_user_and_bot(web: WebClient, workspace: Workspace, server: Server) -> None:
    """auth.test answers user_id, bot_id, team_id and an address."""
    answer = web.auth_test()

    assert answer["user_id"] == workspace.app.bot_user
    assert answer["bot_id"] == workspace.app.bot_id
    assert answer["team_id"] == workspace.team_id
    assert answer["url"] == f"{server.url}/"
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "word"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("app", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(workspace: Workspace, server: Server, token: str, word: str) -> None:
    """No token, an unknown one and an app token each have their own refusal."""
    given = workspace.app.app_token if token == "app" else token
    web = WebClient(token=given, base_url=server.api_url)

    assert error(web.auth_test) == word


def test_a_bot_token_opens_no_connection(web: WebClient, workspace: Workspace) -> None:
    """apps.connections.open wants the app token."""
    bot_token = workspace.app.bot_token

    assert error(lambda: web.apps_connections_open(app_token=bot_token)) == "not_allowed_token_type"


def test_an_unknown_method_is_named_so(web: WebClient) -> None:
    """A method that the sandbox does not have answers unknown_method."""
    assert error(lambda: web.api_call("views.publish")) == "unknown_method"


def test_a_missing_scope_is_named(web: WebClient, workspace: Workspace) -> None:
    """conversations.info of a DM needs im:read, which the app was not granted."""
    dm = workspace.direct_message(workspace.person("cora").id).id

    answer = refusal(lambda: web.conversations_info(channel=dm))

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "im:read"
    assert "groups:read" in answer["provided"]


def test_a_private_channel_without_the_app_does_not_exist(web: WebClient, workspace: Workspace) -> None:
    """Without the app in it a private channel does not exist, and a public one is closed."""
    hidden = workspace.add_channel("hidden", members=["cora"])
    public = workspace.conversations.named("general").id

    assert error(lambda: web.conversations_info(channel=hidden)) == "channel_not_found"
    assert error(lambda: web.chat_postMessage(channel=hidden, text="x")) == "channel_not_found"
    assert error(lambda: web.chat_postMessage(channel=public, text="x")) == "not_in_channel"
    assert web.conversations_info(channel=public)["channel"]["is_member"] is False


def test_an_archived_channel_takes_no_messages(web: WebClient, workspace: Workspace, channel: str) -> None:
    """Posting to an archived channel answers is_archived."""
    workspace.archive("approvals")

    assert error(lambda: web.chat_postMessage(channel=channel, text="x")) == "is_archived"
    assert web.conversations_info(channel=channel)["channel"]["is_archived"] is True


def test_posting_to_a_person_opens_their_dm(web: WebClient, workspace: Workspace) -> None:
    """chat.postMessage to a user id lands in the DM that conversations.open returns."""
    cora = workspace.person("cora").id

    posted = web.chat_postMessage(channel=cora, text="Hello")

    assert posted["channel"] == web.conversations_open(users=cora)["channel"]["id"]
    assert posted["channel"].startswith("D")


def test_deactivated_people_and_bots_get_no_message(web: WebClient, workspace: Workspace) -> None:
    """A deactivated account is user_disabled, a bot cannot be written to."""
    workspace.deactivate("lee")
    lee, bot = workspace.person("lee").id, workspace.app.bot_user

    assert error(lambda: web.chat_postMessage(channel=lee, text="x")) == "user_disabled"
    assert error(lambda: web.chat_postMessage(channel=bot, text="x")) == "cannot_dm_bot"
    assert error(lambda: web.conversations_open(users=lee)) == "user_disabled"


def test_users_info_tells_who_somebody_is(web: WebClient, workspace: Workspace) -> None:
    """users.info gives zone, e-mail, guest and home team."""
    stranger = workspace.add_person("sam", "Sam", "sam@other.test", "UTC", team_id="T0OTHER")

    guest = web.users_info(user=workspace.person("gil").id)["user"]
    outside = web.users_info(user=stranger)["user"]

    assert (guest["is_restricted"], guest["tz"]) == (True, "UTC")
    assert guest["profile"]["email"] == "gil@outside.test"
    assert (outside["is_stranger"], outside["team_id"]) == (True, "T0OTHER")
    assert error(lambda: web.users_info(user="U0NOBODY")) == "user_not_found"


def test_an_organization_of_workspaces_is_named(web: WebClient, workspace: Workspace) -> None:
    """On Enterprise Grid a colleague's team is their own, and what they share says so; outsiders stay strangers."""
    workspace.enterprise_id = "E0HOSPITAL"
    places = {"team_id": "T0SISTER", "enterprise": "E0HOSPITAL"}
    colleague = workspace.add_person("rosa", "Rosa", "rosa@sister.test", "UTC", **places)
    stranger = workspace.add_person("sam", "Sam", "sam@other.test", "UTC", team_id="T0OTHER", enterprise="E0OTHER")
    channel = workspace.add_channel("sisters", members=["credbot"], org_shared=True)

    ours, theirs = (web.users_info(user=who)["user"] for who in (colleague, stranger))
    flags = web.conversations_info(channel=channel)["channel"]

    assert web.auth_test()["enterprise_id"] == "E0HOSPITAL"
    assert (ours["team_id"], ours["is_stranger"]) == ("T0SISTER", False)
    assert ours["enterprise_user"]["teams"] == ["T0SISTER", workspace.team_id]
    assert (theirs["is_stranger"], theirs["enterprise_user"]["teams"]) == (True, ["T0OTHER"])
    assert (flags["is_shared"], flags["is_ext_shared"], flags["is_org_shared"]) == (True, False, True)


def test_an_email_finds_its_active_account(web: WebClient, workspace: Workspace) -> None:
    """users.lookupByEmail ignores case and deactivated accounts."""
    assert web.users_lookupByEmail(email="LEE@clinic.test")["user"]["id"] == workspace.person("lee").id
    workspace.deactivate("lee")

    assert error(lambda: web.users_lookupByEmail(email="lee@clinic.test")) == "users_not_found"


def test_members_come_page_by_page(web: WebClient, channel: str, workspace: Workspace) -> None:
    """conversations.members follows its cursor to the end."""
    first = web.conversations_members(channel=channel, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = web.conversations_members(channel=channel, limit=2, cursor=cursor)

    assert set(first["members"] + second["members"]) == {
        workspace.person(handle).id for handle in ("credbot", "cora", "lee")
    }
    assert second["response_metadata"]["next_cursor"] == ""


def test_history_shows_parents_and_replies_the_thread(web: WebClient, channel: str) -> None:
    """History leaves replies out, replies starts with the parent, metadata comes on request."""
    metadata = {"event_type": "credbot", "event_payload": {"id": 7}}
    parent = web.chat_postMessage(channel=channel, text="Card", metadata=metadata)["ts"]
    web.chat_postMessage(channel=channel, text="Reply", thread_ts=parent)

    history = web.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    thread = web.conversations_replies(channel=channel, ts=parent)["messages"]

    assert [m["text"] for m in history] == ["Card"]
    assert history[0]["metadata"] == metadata
    assert history[0]["reply_count"] == 1
    assert [m["text"] for m in thread] == ["Card", "Reply"]
    assert "metadata" not in thread[0]


def test_history_is_bounded_and_paged(web: WebClient, channel: str, workspace: Workspace) -> None:
    """`oldest` excludes its own message unless inclusive; pages go from new to old."""
    workspace.rates_enabled = False
    stamps = [web.chat_postMessage(channel=channel, text=str(n))["ts"] for n in range(4)]

    def texts(**args: Any) -> list[str]:
        return [m["text"] for m in web.conversations_history(channel=channel, **args)["messages"]]

    first = web.conversations_history(channel=channel, limit=3)
    assert texts(oldest=stamps[1]) == ["3", "2"]
    assert texts(oldest=stamps[1], inclusive=True) == ["3", "2", "1"]
    assert texts(latest=stamps[1]) == ["0"]
    assert first["has_more"] is True
    assert texts(cursor=first["response_metadata"]["next_cursor"]) == ["0"]


@pytest.mark.parametrize("nested", [True, False])
def test_a_thread_needs_its_parent(web: WebClient, channel: str, nested: bool) -> None:
    """A reply to a reply, or to nothing, answers thread_not_found."""
    parent = web.chat_postMessage(channel=channel, text="Card")["ts"]
    reply = web.chat_postMessage(channel=channel, text="Reply", thread_ts=parent)["ts"]
    ts = reply if nested else "1.000001"

    answer = error(lambda: web.chat_postMessage(channel=channel, text="x", thread_ts=ts))

    assert answer == "thread_not_found"


def test_only_our_own_messages_can_be_updated(web: WebClient, channel: str, workspace: Workspace) -> None:
    """chat.update refuses other people's messages and unknown ones."""
    type_message(workspace, workspace.person("cora").id, channel, "Mine")
    theirs = workspace.conversations.named("approvals").messages[-1].ts

    assert error(lambda: web.chat_update(channel=channel, ts=theirs, text="x")) == "cant_update_message"
    assert error(lambda: web.chat_update(channel=channel, ts="1.2", text="x")) == "message_not_found"


def test_update_keeps_or_removes_blocks_as_slack_does(web: WebClient, channel: str, workspace: Workspace) -> None:
    """Neither text nor blocks keeps both, text alone removes the blocks."""
    ts = web.chat_postMessage(channel=channel, text="Old", blocks=[{"type": "divider"}])["ts"]
    message = workspace.conversations.named("approvals").find(ts)
    assert message is not None

    web.api_call("chat.update", json={"channel": channel, "ts": ts})
    assert (message.text, len(message.blocks)) == ("Old", 1)

    web.chat_update(channel=channel, ts=ts, text="New")
    assert (message.text, message.blocks) == ("New", [])


def test_too_long_an_update_is_refused(web: WebClient, channel: str) -> None:
    """chat.update takes 4,000 characters and not one more."""
    ts = web.chat_postMessage(channel=channel, text="Old")["ts"]

    web.chat_update(channel=channel, ts=ts, text="x" * 4000)

    assert error(lambda: web.chat_update(channel=channel, ts=ts, text="x" * 4001)) == "msg_too_long"


def test_an_ephemeral_note_is_for_one_member(web: WebClient, channel: str, workspace: Workspace) -> None:
    """chat.postEphemeral refuses people outside the channel; history never shows the note."""
    cora, gil = workspace.person("cora").id, workspace.person("gil").id

    web.chat_postEphemeral(channel=channel, user=cora, text="Psst")

    assert web.conversations_history(channel=channel)["messages"] == []
    refused = error(lambda: web.chat_postEphemeral(channel=channel, user=gil, text="Psst"))
    assert refused == "user_not_in_channel"


def test_a_permalink_leads_to_this_server(web: WebClient, channel: str, server: Server) -> None:
    """chat.getPermalink names channel and message."""
    ts = web.chat_postMessage(channel=channel, text="Card")["ts"]

    link = web.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]

    assert link == f"{server.url}/archives/{channel}/p{ts.replace('.', '')}"


def test_posts_beyond_the_pace_are_told_when_to_come_back(web: WebClient, channel: str) -> None:
    """The fourth message at once in a channel answers 429; other methods are not held up."""
    for _ in range(3):
        web.chat_postMessage(channel=channel, text="x")

    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=channel, text="x")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert web.auth_test()["ok"]


def test_the_log_keeps_every_call_without_its_token(web: WebClient, channel: str, workspace: Workspace) -> None:
    """Calls are written down with arguments and answer, never with a token."""
    web.chat_postMessage(channel=channel, text="Card", token=workspace.app.bot_token)

    call = workspace.calls("chat.postMessage")[0]

    assert call.args["text"] == "Card"
    assert call.answer["ok"] is True
    assert workspace.app.bot_token not in str(workspace.log)


@pytest.mark.parametrize("header", ["Host", "Origin"])
def test_other_names_and_other_pages_are_refused(server: Server, header: str) -> None:
    """A request under another host name, or from another origin, answers 403."""
    answer = httpx.get(server.api_url + "auth.test", headers={header: "http://evil.test"})

    assert answer.status_code == 403


def test_a_change_wakes_those_who_wait(web: WebClient, channel: str, workspace: Workspace) -> None:
    """wait_for_change returns at once when something has changed since, else after its time."""
    before = workspace.version
    web.chat_postMessage(channel=channel, text="Card")

    started = time.monotonic()
    assert workspace.wait_for_change(before, 30) > before
    assert time.monotonic() - started < 20
    assert workspace.wait_for_change(workspace.version, 0.01) == workspace.version
