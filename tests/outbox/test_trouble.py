"""Rate limits, channels that are gone, messages that were deleted, templates that break."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.store.outbox import messages

if TYPE_CHECKING:
    from conftest import Setup


def say(desk: Setup, *numbers: int, channel: str | None = None, kind: str = "note") -> None:
    with desk.db.writing() as session:
        for number in numbers:
            messages.say(session, kind, number, channel or desk.channel, key=f"{kind} {number}")


def test_a_429_is_honoured(both: Setup) -> None:
    """After a 429 the method rests for Retry-After in the whole workspace, and nothing is lost or doubled."""
    lee = both.person("lee")
    both.workspace.faults.add("chat.postMessage", "ratelimited", seconds=2)
    say(both, 1)
    started = time.monotonic()
    both.delivery().deliver_once()
    say(both, 2, channel=lee)

    both.drain()

    assert time.monotonic() - started >= 2
    assert both.said() == ["note 1"]
    assert both.states() == ["sent", "sent"]


def test_a_conversation_gets_one_message_a_second(desk: Setup) -> None:
    """Many messages for one channel leave at its pace, which two deliveries share."""
    say(desk, *range(5))
    started = time.monotonic()
    one, other = desk.delivery(), desk.delivery()
    while desk.states().count("sent") < 5:
        assert time.monotonic() - started < 60
        one.deliver_once()
        other.deliver_once()

    assert time.monotonic() - started >= 2 * 1.1
    assert desk.said() == [f"note {number}" for number in range(5)]


def test_slack_that_cannot_be_reached_costs_nothing(desk: Setup) -> None:
    """A refused connection means that nothing was sent: it waits, and is not looked for."""
    say(desk, 1)
    clients = (desk.slack.client, desk.slack.sending)
    for client in clients:
        client.base_url = "http://127.0.0.1:9/api/"
    desk.delivery().deliver_once()
    assert desk.states() == ["pending"]

    for client in clients:
        client.base_url = desk.workspace.base_url + "/api/"
    assert desk.drain().sent == 1


def test_a_revoked_token_fails_no_message(desk: Setup) -> None:
    """Whatever is wrong with the token, messages wait until it is mended."""
    lee = desk.person("lee")
    desk.slack.client.token = desk.slack.sending.token = "xoxb-revoked"
    say(desk, 1, channel=lee)

    counts = desk.drain()

    assert desk.states() == ["pending"]
    assert (counts.next_in or 0) > 60


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda clinic: clinic.archive("approvals"), "channel_archived"),
        (lambda clinic: clinic.kick("approvals", "credbot"), "channel_missing"),
        (lambda clinic: clinic.share("approvals"), "channel_shared"),
        (lambda clinic: setattr(clinic.conversations.named("approvals"), "kind", "channel"), "channel_public"),
    ],
)
def test_an_unfit_channel_gets_nothing(desk: Setup, spoil: object, reason: str) -> None:
    """A channel that is archived, left, shared or public gets no pointer to a file; admins are told why."""
    spoil(desk.workspace)  # type: ignore[operator]
    say(desk, 1)

    assert desk.drain().failed == 1
    assert desk.said() == []
    assert [(code, facts["reason"]) for code, facts in desk.alarms] == [("not_delivered", reason)]


def test_a_channel_archived_under_the_call_fails_the_message(desk: Setup) -> None:
    """What Slack refuses for good is failed, an admin is told, and Send again works once it is mended."""
    desk.workspace.faults.add("chat.postMessage", "archive_channel")
    say(desk, 1)
    assert desk.drain().failed == 1
    assert desk.alarms[0][1]["reason"] == "is_archived"

    desk.workspace.conversations.named("approvals").archived = False
    with desk.db.writing() as session:
        assert messages.send_again(session, 1)
    desk.drain()

    assert desk.said() == ["note 1"]


def test_a_deactivated_person_fails_what_waits_for_them(desk: Setup) -> None:
    """Whoever cannot get a DM any more holds nothing up; each message is reported."""
    lee = desk.person("lee")
    desk.workspace.deactivate("lee")
    say(desk, 1, 2, channel=lee)

    desk.drain()

    assert desk.states() == ["failed", "failed"]
    assert [facts["reason"] for _, facts in desk.alarms] == ["user_disabled", "user_disabled"]


def test_a_deleted_card_is_posted_anew_and_its_replies_follow(desk: Setup) -> None:
    """A card whose message was deleted is posted once more; later replies go under the new one."""
    with desk.db.writing() as session:
        card = messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    old = desk.workspace.conversations.named("approvals").lasting()[0]
    old.deleted = True
    desk.words["card"] = "granted"
    with desk.db.writing() as session:
        messages.refresh(session, "card", 1)
        messages.say(session, "note", 1, desk.channel, key="reply", after_card=card)
    desk.drain()

    new, reply = desk.workspace.conversations.named("approvals").lasting()
    assert (new.text, reply.thread_ts) == ("card 1 granted", new.ts)
    assert desk.card().replaced_ts == old.ts


def test_a_closed_card_is_posted_anew_with_a_link(desk: Setup) -> None:
    """Where the old message still stands but cannot be changed, the new one links to it."""
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    old = desk.workspace.conversations.named("approvals").lasting()[0]
    old.bot_id = "B0SOMEONE"
    desk.words["card"] = "granted"
    with desk.db.writing() as session:
        messages.refresh(session, "card", 1)
    desk.drain()

    new = desk.workspace.conversations.named("approvals").lasting()[1]
    assert f"p{old.ts.replace('.', '')}|an earlier message>" in str(new.blocks)


def test_a_reply_to_a_deleted_card_brings_the_card_back(desk: Setup) -> None:
    """A reply whose parent was deleted waits until the card is posted anew, and goes there."""
    with desk.db.writing() as session:
        card = messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    desk.workspace.conversations.named("approvals").lasting()[0].deleted = True
    with desk.db.writing() as session:
        messages.say(session, "note", 1, desk.channel, key="reply", after_card=card)
    desk.drain()

    new, reply = desk.workspace.conversations.named("approvals").lasting()
    assert (new.text, reply.text, reply.thread_ts) == ("card 1 open", "note 1", new.ts)


def test_a_broken_template_sends_the_fallback(desk: Setup) -> None:
    """A message whose template fails goes out in plain words, and an admin is told."""
    say(desk, 7, kind="broken")

    assert desk.drain().sent == 1
    assert desk.said() == ["plain broken 7"]
    assert [code for code, _ in desk.alarms] == ["template_failed"]


def test_a_change_during_the_call_is_shown_afterwards(desk: Setup) -> None:
    """A card that changes while an older state is being sent gets one more update."""
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)

    post = desk.slack.post

    def post_after_a_change(*arguments: Any, **named: Any) -> str:
        desk.words["card"] = "granted"
        with desk.db.writing() as session:
            messages.refresh(session, "card", 1)
        return post(*arguments, **named)

    desk.slack.post = post_after_a_change  # type: ignore[method-assign]
    desk.drain()

    assert desk.said() == ["card 1 granted"]
